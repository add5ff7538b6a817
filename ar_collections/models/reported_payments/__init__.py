from . import (  # isort: skip
    ar_credit_policy,
    ar_reported_payment,
    ar_reported_payment_line,
    ar_reported_payment_follow,
    ar_reported_payment_found,
    ar_customer,
    ar_communication,
    ar_facts,
)
