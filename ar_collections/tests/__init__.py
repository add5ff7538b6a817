# Odoo runs the test modules that are members of this package, so those of the domains are named here.
from . import (
    test_access,
    test_all_are_collected,
    test_architecture,
    test_companies,
    test_concurrency,
    test_concurrency_recipients,
    test_core_change,
    test_core_laws,
    test_cron,
    test_extension_points,
    test_migration,
    test_migration_nightly,
    test_migration_recipients,
    test_migration_rounds,
    test_nightly_workers,
    test_odoo_roles,
    test_speed,
    test_upgrade,
)
from .agreements import (
    test_agreements_together,
    test_core_settlement,
    test_veto,
)
from .autopay import (
    test_autopay,
    test_autopay_failed,
    test_autopay_race,
    test_autopay_stripe,
    test_core_autopay,
    test_portal_autopay,
)
from .communications import (
    test_attachments,
    test_bounces,
    test_call_log,
    test_calls,
    test_channels,
    test_core_outcome,
    test_delivery,
    test_languages,
    test_letters,
    test_message,
    test_messages,
    test_notices,
    test_presend_check,
    test_recipients,
    test_recipients_decided,
    test_replies,
    test_signature,
    test_transient_refusals,
)
from .customers import (
    test_absences,
    test_addresses,
    test_batch_run,
    test_core_facts,
    test_customers,
    test_far_due_date,
    test_nightly,
    test_owed_non_trade,
    test_policies,
    test_problems,
)
from .dashboard import (
    test_dashboard,
    test_dashboard_tour,
)
from .disputes import (
    test_core_dispute,
    test_disputes,
    test_disputes_answered,
    test_disputes_staff,
    test_portal_dispute,
    test_scenario_dispute,
)
from .forecast import (
    test_cash_forecast,
    test_cash_forecast_agreements,
    test_cash_forecast_report,
    test_core_cash_forecast,
    test_payment_behavior,
)
from .metrics import (
    test_aging,
    test_as_of,
    test_collector_activity,
    test_core_metrics,
    test_digest,
    test_metrics,
    test_snapshots,
    test_snapshots_agreements,
    test_step_effect,
    test_top_debtors,
)
from .plans import (
    test_core_installments,
    test_core_plan,
    test_disputed_part,
    test_payment_plans,
    test_payment_plans_judged,
    test_plan_reminders,
    test_plan_tour,
    test_plan_wizard,
    test_portal_plan,
    test_scenario_plan,
)
from .portal import (
    test_core_allocation,
    test_core_typed_amount,
    test_pending_payments,
    test_portal_credits,
    test_portal_page,
    test_portal_pay,
    test_portal_safety,
    test_portal_tour,
    test_portal_visit,
    test_stripe,
    test_stripe_refund,
)
from .promises import (
    test_core_promise,
    test_portal_promise,
    test_promises,
    test_promises_judged,
    test_promises_nightly,
    test_promises_race,
    test_promises_staff,
    test_scenario_promise,
)
from .reminders import (
    test_core_contact_rules,
    test_core_exclusions,
    test_core_message,
    test_core_steps,
    test_core_upcoming,
    test_customer_items,
    test_log,
    test_message_edit,
    test_message_edit_presend,
    test_moved_due_dates,
    test_preview,
    test_review,
    test_rounds,
    test_run_day,
    test_safe_start,
    test_scenario_two_months,
)
from .salespeople import (
    test_salespeople,
    test_salespeople_notified,
)
from .team import (
    test_assignment,
    test_team_board,
)
from .worklist import (
    test_approvals,
    test_core_priority,
    test_customer_profile,
    test_overview,
    test_priority,
    test_worklist,
    test_worklist_tour,
)
