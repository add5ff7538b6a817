from . import (  # isort: skip
    ar_portal_count,
    ar_credit_policy,
    ar_customer_limits,
)
