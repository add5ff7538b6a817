from . import (  # isort: skip
    ar_facts,
    ar_returned_payment,
    account_partial_reconcile,
    account_payment,
)
