from . import (  # isort: skip
    account_move_line,
    ar_payment_allocation,
    account_payment,
    payment_transaction,
    ar_customer_payment,
)
