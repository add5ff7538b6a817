"""States with their legal transitions, and the selections shown to staff, by domain."""

from .autopay import (
    AUTOPAY_SKIPPED,
    CHARGE_TIMES,
)
from .communications import (
    AUTO_REPLY_HEADERS,
    CALL_RESULTS,
    CALLS_REACHED,
    CALLS_UNREACHED,
    CHANNELS,
    COMMUNICATION_MOVES,
    COMMUNICATION_STATES,
    CONTACT_STATES,
    FAILURES,
    NOTICES,
    RECIPIENT_MOVES,
    RECIPIENT_STATES,
    SERIOUS_TONES,
    STEP_FREE_STATES,
    STEP_USED_STATES,
    TONES,
    UNLIMITED_NOTICES,
    WAITING_STATES,
    WRITTEN,
)
from .credit import (
    CREDIT_CAUSES,
    CREDIT_EFFECTS,
    CREDIT_EXCEPTIONS,
    CREDIT_LIMIT_KINDS,
    CREDIT_PERCENT_BASES,
    CREDIT_REQUEST_KINDS,
    CREDIT_REQUEST_STATES,
    CREDIT_RISKS,
    CREDIT_RULES,
    CREDIT_SCOPES,
    CREDIT_STATES,
    CREDIT_STATUSES,
    DATA_FINDING_STATES,
    DATA_FINDINGS,
    HOLD_AGES,
    RISK_CLASSES,
    RISK_FEATURES,
    RISK_SOURCES,
    RISK_TRENDS,
    TERMS_STATES,
)
from .customers import (
    GROUP_AUDITOR,
)
from .disputes import (
    DISPUTE_STATES,
)
from .invoicing_sending import (
    BILLING_REQUIREMENTS,
    SENDING_MODES,
    SENDING_REASONS,
    SENDING_STATES,
from .invoicing import (
    ARRIVAL_KINDS,
    ARRIVAL_RULES,
    ARRIVAL_STATES,
)
from .late_charges import (
    DAY_COUNTS,
    LATE_CHARGE_CONVENTIONS,
    LATE_CHARGE_CREDITS,
    LATE_CHARGE_INVOICING,
    LATE_CHARGE_STATES,
)
from .matching import (
    MATCH_CODES,
)
from .nightly import (
    NIGHTLY_STEPS,
    PROBLEMS,
)
from .plans import (
    INSTALLMENT_STATES,
    PLAN_FREQUENCIES,
    PLAN_STATES,
)
from .portal import (
    LINK_ORIGINS,
)
from .promises import (
    PROMISE_STATES,
)
from .recovery import (
    AGENCY_DELIVERIES,
    AGENCY_KINDS,
    DEBTOR_KINDS,
    ENCLOSURE_KINDS,
    INSOLVENCY_KINDS,
    INSOLVENCY_STATES,
    LEGAL_COST_KINDS,
    LEGAL_COST_STATES,
    PACK_COLUMNS,
    PACK_FIELDS,
    PACK_FILES,
    PAYMENT_ORDER_FORMS,
    PLACEMENT_REASONS,
    PLACEMENT_STATES,
    SETTLEMENT_STATES,
    WRITE_OFF_KINDS,
    WRITE_OFF_REASONS,
    WRITE_OFF_STATES,
)
from .reminders import (
    CANCEL_REASONS,
    DECISION_CODES,
)
from .reported_payments import (
    REPORTED_PAYMENT_METHODS,
    REPORTED_PAYMENT_STATES,
)
from .worklist import (
    NOBODY_CAN,
)
