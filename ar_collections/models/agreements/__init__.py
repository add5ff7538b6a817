from . import (  # isort: skip
    ar_agreement,
    ar_agreement_line,
    ar_credit_note,
    account_move,
    res_partner,
    ar_credit_policy,
    ar_customer,
    ar_facts,
    ar_facts_past,
    ar_communication,
)
