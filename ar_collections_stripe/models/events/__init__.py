from . import (  # isort: skip
    ar_stripe_event,
    ar_stripe_event_handlers,
    ar_stripe_event_refunds,
    ar_stripe_event_run,
)
