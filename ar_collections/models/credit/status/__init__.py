from . import (  # isort: skip
    ar_credit_rule,
    ar_credit_policy_rules,
    ar_credit_exclusion,
    ar_credit_hold,
    ar_credit_facts,
    ar_customer_status,
    ar_customer_status_night,
    ar_customer_status_shown,
    ar_customer_hold,
)
