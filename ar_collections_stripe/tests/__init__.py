# Odoo runs the test modules that are members of this package, so those of the packages are named here.
from . import (
    test_stripe_access,
    test_stripe_booking,
    test_stripe_booking_cases,
    test_stripe_changed_request,
    test_stripe_expiry,
    test_stripe_refund,
    test_stripe_sepa_life,
    test_stripe_setup,
    test_stripe_unanswered,
)
from .disputes import (
    test_stripe_catch_up,
    test_stripe_chargeback_access,
    test_stripe_chargeback_tour,
    test_stripe_dispute,
)
from .events import (
    test_stripe_endpoint,
    test_stripe_event,
    test_stripe_handled,
    test_stripe_odoo_webhook,
)
from .evidence import (
    test_stripe_evidence,
    test_stripe_evidence_gather,
)
from .reconcile import (
    test_core_reconciliation,
    test_stripe_reconcile,
    test_stripe_reconcile_access,
    test_stripe_reconcile_disputes,
    test_stripe_reconcile_older,
)
