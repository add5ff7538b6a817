from . import (  # isort: skip
    ar_credit_policy,
    ar_dispute_reason,
    ar_dispute,
    ar_dispute_lifecycle,
    ar_dispute_escalation,
    ar_dispute_notice,
    ar_dispute_line,
    ar_dispute_report,
    ar_facts,
    ar_customer,
    ar_handover,
    account_move,
)
