from . import (
    ar_activation,
    ar_aging,
    ar_call_log,
    ar_customer_bulk,
    ar_dispute_new,
    ar_dispute_resolve,
    ar_payment_choice,
    ar_payment_plan_decide,
    ar_payment_plan_new,
    ar_preview,
    ar_promise_new,
    ar_promise_withdraw,
)
