from . import (  # isort: skip
    ar_credit_policy,
    ar_promise,
    ar_promise_judge,
    ar_promise_portal,
    ar_promise_line,
    ar_facts,
    ar_outreach,
    ar_customer,
    account_move,
    account_partial_reconcile,
)
