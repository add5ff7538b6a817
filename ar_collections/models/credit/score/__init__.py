from . import (  # isort: skip
    res_company,
    ar_credit_scoring,
    ar_credit_feature,
    ar_credit_behavior,
    ar_credit_score,
    ar_customer_score,
    ar_customer_override,
    ar_customer_night,
    ar_customer_risk,
    ar_credit_policy,
    ar_customer_policy,
    ar_credit_migration,
)
