from . import (  # isort: skip
    ar_settlement,
    ar_settlement_line,
    ar_settlement_decision,
    ar_settlement_judge,
    ar_settlement_payment,
    ar_settlement_offer,
    ar_outreach,
    ar_communication,
    ar_payment_ability,
    account_partial_reconcile,
    ar_facts,
    ar_customer,
)
