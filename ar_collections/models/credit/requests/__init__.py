from . import (  # isort: skip
    res_users,
    ar_credit_policy,
    ar_credit_history,
    ar_decision_mixin,
    ar_credit_request,
    ar_credit_request_facts,
    ar_credit_request_decision,
    ar_credit_request_notice,
    ar_credit_request_approval,
    ar_customer,
    ar_customer_authority,
    res_partner,
)
