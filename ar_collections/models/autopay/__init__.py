from . import (  # isort: skip
    ar_payment_plan,
    ar_autopay_consent,
    ar_autopay_charge,
    ar_payment_plan_installment,
    ar_communication,
    ar_payment_plan_installment_run,
    ar_facts,
    ar_credit_policy,
    payment_token,
    payment_transaction,
    account,
    portal,
)
