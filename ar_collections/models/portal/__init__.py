from . import (  # isort: skip
    ar_payment_allocation,
    account_payment,
    payment_transaction,
    ar_customer_payment,
    ar_customer,
    ar_statement,
    ar_outreach,
)
