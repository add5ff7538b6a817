from . import (
    ar_dispute,
    ar_problem,
    ar_stripe_client,
    ar_stripe_dispute,
    ar_stripe_event,
    ar_stripe_event_handlers,
    ar_stripe_event_run,
    payment_provider,
    payment_provider_health,
    payment_provider_setup,
    payment_transaction,
    payment_transaction_unanswered,
)
