"""Translated texts of the codes of ``core``: refusals, states and counts as customers and staff read them."""

from .autopay import (
    AUTOPAY_REFUSALS,
)
from .autopay_form import (
    AUTOPAY_ENTRY_REFUSALS,
)
from .credit import (
    BROKEN_RULES,
    CREDIT_REASONS,
    CREDIT_REASONS_OF_ONE_DAY,
    CREDIT_REASONS_WITHOUT_CLASS,
    CREDIT_REFUSALS,
    CREDIT_REQUEST_FACTS,
    DATA_FINDING_ADVICE,
    EXPOSURE_PARTS,
    INSURANCE_GAPS,
    INSURANCE_STEPS,
    RECOMMENDATION_REASONS,
    RISK_REASONS,
    RISK_REASONS_EARLY,
    RISK_SENTENCES,
    RULE_REFUSALS,
)
from .credit_page import (
    CREDIT_PAGE_REFUSALS,
)
from .disputes import (
    DISPUTE_REFUSALS,
    DISPUTE_STATES_FOR_CUSTOMERS,
)
from .late_charges import (
    LATE_CHARGE_REFUSALS,
)
from .nightly import (
    NEXT_RUN_ADVICE,
    PROBLEM_ADVICE,
)
from .plans import (
    PLAN_ERRORS,
    PLAN_EXCESSES,
)
from .portal import (
    ITEM_STATUSES,
    LIMIT_TEXTS,
    PAYMENT_REFUSALS,
)
from .promises import (
    PROMISE_REFUSALS,
)
from .recovery import (
    ALLOWANCE_REFUSALS,
    COMMISSION_REFUSALS,
    ELIGIBILITY_TEXTS,
    INSOLVENCY_REFUSALS,
    PLACEMENT_REFUSALS,
    SETTLEMENT_REFUSALS,
    WRITE_OFF_REFUSALS,
)
from .replies import (
    REPLY_FLAGS,
    REPLY_TASKS,
)
from .reported_payments import (
    REPORT_REFUSALS,
)
from .worklist import (
    ATTENTION,
    PRIORITY_PARTS,
)
