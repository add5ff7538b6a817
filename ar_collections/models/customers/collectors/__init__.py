from . import (  # isort: skip
    ar_absence,
    ar_customer_collector,
    res_users,
)
