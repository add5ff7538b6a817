from . import (  # isort: skip
    ar_credit_rule,
    ar_credit_policy_rules,
)
