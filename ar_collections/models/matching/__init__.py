from . import (  # isort: skip
    ar_credit_policy,
    ar_facts_payments,
    ar_facts,
    ar_customer,
    ar_unmatched_payment,
    ar_unmatched_payment_apply,
)
