from . import (  # isort: skip
    ar_payment_plan,
    ar_payment_plan_agreement,
    ar_payment_plan_run,
    ar_payment_plan_portal,
    ar_payment_plan_line,
    ar_payment_plan_installment,
    ar_facts,
    ar_communication,
    ar_communication_line,
    ar_credit_policy,
    ar_customer,
    account_move,
)
