from . import (  # isort: skip
    ar_dispute,
    ar_stripe_dispute,
    ar_stripe_dispute_catch_up,
)
