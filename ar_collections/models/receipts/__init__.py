from . import (  # isort: skip
    ar_credit_policy,
    ar_customer,
    ar_payment_receipt,
    ar_payment_receipt_run,
    account_payment,
    ar_facts,
    ar_outreach,
)
