from . import (  # isort: skip
    ar_insolvency,
    ar_insolvency_stop,
    ar_insolvency_end,
    ar_insolvency_claim,
    ar_facts,
    account_move_line,
    account_move,
    ar_credit_standing,
    ar_late_charge,
    ar_customer,
    ar_customer_page,
)
