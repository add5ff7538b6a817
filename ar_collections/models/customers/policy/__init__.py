from . import (  # isort: skip
    ar_credit_policy,
    ar_credit_policy_rules,
    ar_credit_policy_filter,
    ar_credit_policy_calendar,
    ar_credit_policy_deleted,
)
