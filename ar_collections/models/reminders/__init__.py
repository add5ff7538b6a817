from . import (  # isort: skip
    schedule,
    returned_payments,
    ar_customer_decide,
    ar_customer_group,
    ar_customer_run,
    ar_customer_failed,
    ar_customer_anew,
    account_move,
    ar_communication_presend,
    manual,
)
