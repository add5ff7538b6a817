from . import (  # isort: skip
    ar_facts,
    ar_returned_payment,
    ar_returned_payment_without_entry,
    account_partial_reconcile,
    account_payment,
)
