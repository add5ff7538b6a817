# Odoo runs the test modules that are members of this package, so those of the domains are named here.
from . import (
    test_accessible,
    test_all_are_collected,
    test_architecture,
    test_core_change,
    test_core_laws,
    test_cron,
    test_extension_points,
    test_help,
    test_import_files,
    test_installation,
    test_json2,
)
from .access import (
    test_access,
    test_access_fields,
    test_buttons,
    test_companies,
    test_odoo_roles,
    test_public_methods,
    test_screens_of_odoo,
    test_thread_rights,
    test_wizards,
)
from .agreements import (
    test_agreements_together,
    test_core_following,
    test_core_settlement,
    test_past,
    test_reposted,
    test_veto,
)
from .autopay import (
    test_autopay,
    test_autopay_failed,
    test_autopay_invite,
    test_autopay_notices,
    test_autopay_race,
    test_autopay_reported,
    test_autopay_stripe,
    test_autopay_tour,
    test_core_autopay,
    test_core_autopay_declines,
    test_core_autopay_limits,
    test_core_autopay_options,
    test_core_autopay_selection,
    test_core_typed_options,
    test_portal_autopay,
)
from .autopay.account import (
    test_account_after,
    test_account_bounds,
    test_account_charge,
    test_account_consent,
    test_account_declined,
    test_account_expiry,
    test_account_refused,
    test_account_waiting,
    test_portal_account_autopay,
    test_portal_account_safety,
)
from .communications import (
    test_attachments,
    test_bank_details,
    test_call_log,
    test_calls,
    test_channels,
    test_core_known_html,
    test_languages,
    test_letters,
    test_message,
    test_message_bodies,
    test_messages,
    test_notices,
    test_replies,
    test_signature,
    test_stamp,
)
from .communications.delivery import (
    test_bounces,
    test_core_outcome,
    test_delivery,
    test_last_contact,
    test_presend_check,
    test_presend_together,
    test_recipients,
    test_recipients_decided,
    test_refused,
    test_transient_refusals,
)
from .concurrency import (
    test_concurrency,
    test_concurrency_credit,
    test_concurrency_no_chase,
    test_concurrency_recipients,
    test_nightly_workers,
)
from .credit import (
    test_core_credit_request,
    test_core_effect,
    test_core_exposure,
    test_core_insurance,
    test_core_reasons,
    test_core_release,
    test_core_score,
    test_core_status,
    test_credit_check,
    test_credit_reasons,
    test_draft_room,
    test_exposure,
    test_limits,
)
from .credit.documents import (
    test_autopost,
    test_hold_screen,
    test_payment_terms,
    test_posting,
    test_posting_paid,
    test_release,
)
from .credit.exceptions import (
    test_core_exceptions,
    test_exceptions,
    test_exceptions_access,
    test_exceptions_end,
    test_exceptions_identity,
)
from .credit.insurance import test_insurance_clock
from .credit.reports import test_credit_usage
from .credit.requests import (
    test_changes_are_traced,
    test_credit_request_access,
    test_credit_request_decided,
    test_credit_request_identity,
    test_credit_request_made,
    test_credit_request_tour,
    test_limit_by_hand,
    test_one_person_alone,
    test_portal_limit,
)
from .credit.review import (
    test_core_review,
    test_data_duplicates,
    test_data_findings,
    test_data_findings_staff,
    test_data_review_speed,
    test_vat_numbers,
)
from .credit.risks import (
    test_core_risks,
    test_risk_register,
    test_risks,
    test_risks_access,
    test_risks_company,
)
from .credit.score import (
    test_behavior,
    test_core_behavior,
    test_core_features,
    test_score,
    test_segments,
)
from .credit.status import (
    test_credit_exclusions,
    test_credit_holds,
    test_credit_rules,
    test_credit_status,
    test_credit_status_check,
    test_credit_status_companies,
    test_credit_status_speed,
)
from .credit.terms import (
    test_published_terms,
    test_terms_announced,
    test_terms_page,
)
from .customers import (
    test_absences,
    test_addresses,
    test_batch_run,
    test_core_facts,
    test_core_owed,
    test_customers,
    test_far_due_date,
    test_handover,
    test_nightly,
    test_payer,
    test_policies,
    test_policy_warnings,
    test_problems,
    test_recently_entered,
)
from .customers.identity import (
    test_core_merge,
    test_identities_deleted,
    test_identities_items,
    test_identities_parent,
    test_merge,
)
from .customers.owed import (
    test_core_credits,
    test_owed_branches,
    test_owed_differences,
    test_owed_non_trade,
    test_owed_open,
    test_owed_payments,
    test_owed_refunds,
)
from .dashboard import (
    test_core_setup,
    test_dashboard,
    test_dashboard_tour,
    test_report_exports,
    test_setup,
    test_setup_tour,
)
from .disputes import (
    test_core_attachment,
    test_core_dispute,
    test_core_dispute_limits,
    test_disputes,
    test_disputes_answered,
    test_disputes_handover,
    test_disputes_pass_on,
    test_disputes_staff,
    test_portal_dispute,
    test_portal_dispute_link,
    test_scenario_dispute,
)
from .forecast import (
    test_cash_forecast,
    test_cash_forecast_agreements,
    test_cash_forecast_report,
    test_core_cash_forecast,
    test_payment_behavior,
)
from .invoicing.arrival import (
    test_arrival_mails,
    test_arrival_page,
    test_arrival_rule,
    test_core_arrival,
    test_mail_health,
)
from .invoicing.sending import (
    test_core_sending,
    test_sending,
    test_sending_identity,
    test_sending_mails,
    test_sending_requirements,
    test_sending_workers,
)
from .late_charges import (
    test_core_charge,
    test_core_debt,
    test_core_interest,
    test_core_rates,
    test_late_charges_accrued,
    test_late_charges_agreed,
    test_late_charges_changed,
    test_late_charges_claim,
    test_late_charges_copied,
    test_late_charges_edges,
    test_late_charges_invoiced,
    test_late_charges_shown,
    test_late_charges_started,
)
from .matching import (
    test_core_matching,
    test_core_suggest,
    test_group_matching,
    test_hold,
    test_matching_branches,
    test_public_reports,
    test_queue,
)
from .metrics import (
    test_aging,
    test_as_of,
    test_collector_activity,
    test_core_key_figures,
    test_core_metrics,
    test_digest,
    test_metrics,
    test_snapshots,
    test_snapshots_agreements,
    test_step_effect,
    test_top_debtors,
)
from .migration import (
    test_migration,
    test_migration_autopay_texts,
    test_migration_credit,
    test_migration_credit_rules,
    test_migration_exceptions,
    test_migration_late_charges,
    test_migration_links,
    test_migration_nightly,
    test_migration_overdue,
    test_migration_owed,
    test_migration_payers,
    test_migration_promises,
    test_migration_recipients,
    test_migration_rounds,
    test_migration_shipped_data,
    test_migration_tax_relief,
    test_migration_worklist,
    test_upgrade,
)
from .plans import (
    test_core_installments,
    test_core_judge,
    test_core_plan,
    test_core_schedule,
    test_disputed_part,
    test_payment_plans,
    test_payment_plans_judged,
    test_plan_overdue,
    test_plan_reminders,
    test_plan_reported,
    test_plan_tour,
    test_plan_wizard,
    test_portal_plan,
    test_portal_plan_paid,
    test_scenario_plan,
)
from .portal import (
    test_group_page,
    test_identities_page,
    test_portal_accessible,
    test_portal_credits,
    test_portal_direction,
    test_portal_limits,
    test_portal_lists,
    test_portal_malformed,
    test_portal_many_agreements,
    test_portal_page,
    test_portal_safety,
    test_portal_tour,
    test_portal_visit,
)
from .portal.links import (
    test_portal_links,
    test_portal_links_page,
    test_portal_links_staff,
    test_portal_new_link,
)
from .portal.payments import (
    test_core_allocation,
    test_core_spread,
    test_core_typed_amount,
    test_group_pay,
    test_paid_on,
    test_pending_payments,
    test_portal_pay,
    test_stripe,
    test_stripe_refund,
)
from .promises import (
    test_core_promise,
    test_portal_promise,
    test_portal_promise_change,
    test_portal_promise_link,
    test_promises,
    test_promises_judged,
    test_promises_nightly,
    test_promises_race,
    test_promises_staff,
    test_scenario_promise,
)
from .receipts import (
    test_core_receipts,
    test_group_month,
    test_group_receipts,
    test_receipt_branches,
    test_receipts,
)
from .recovery import (
    test_agency_told,
    test_core_allowance,
    test_core_commission,
    test_core_handover,
    test_core_recovery,
    test_core_recovery_settlement,
    test_core_write_off,
    test_country_rules,
    test_external,
    test_late_charges_recovery,
    test_pack,
    test_placed_not_asked,
    test_placements,
    test_placements_paid,
    test_recovery_rights,
    test_recovery_tour,
    test_speed_placements,
)
from .recovery.allowance import (
    test_allowance,
    test_core_provision,
)
from .recovery.insolvency import (
    test_core_insolvency,
    test_insolvency,
    test_insolvency_charges,
    test_insolvency_claim,
    test_insolvency_ended,
    test_insolvency_portal,
    test_insolvency_screen,
)
from .recovery.legal import (
    test_core_demand,
    test_core_legal_costs,
    test_final_demand,
    test_legal_costs,
    test_limitation,
    test_lump_sums_counted,
    test_payment_order,
)
from .recovery.settlements import (
    test_ability_page,
    test_core_settlement_parts,
    test_settlement,
    test_settlement_followed,
    test_settlement_offer,
    test_settlement_page,
    test_settlement_returned,
)
from .recovery.write_off import (
    test_tax_relief,
    test_write_off,
    test_write_off_figures,
    test_write_off_identity,
)
from .reminders import (
    test_core_contact_rules,
    test_core_exclusions,
    test_core_message,
    test_core_sample,
    test_core_steps,
    test_core_upcoming,
    test_failing_templates,
    test_log,
    test_moved_due_dates,
    test_next_of_invoice,
    test_preview,
    test_preview_of_later_days,
    test_returned_payments,
    test_review,
    test_rounds,
    test_run_day,
    test_safe_start,
    test_scenario_two_months,
    test_sent_entry,
    test_step_preview,
)
from .reminders.groups import (
    test_core_group,
    test_group,
    test_group_changes,
    test_group_diary,
    test_group_holds,
)
from .reminders.manual import (
    test_customer_items,
    test_message_edit,
    test_message_edit_presend,
    test_remind_now,
)
from .replies import (
    test_core_days,
    test_core_domains,
    test_core_reading,
    test_inquiries,
    test_proposals,
    test_reading,
    test_suspicious,
)
from .reported_payments import (
    test_core_report,
    test_portal_reported,
    test_reported_found,
    test_reported_identity,
    test_reported_payments,
)
from .salespeople import (
    test_salespeople,
    test_salespeople_notified,
)
from .speed import (
    test_speed,
    test_speed_flows,
    test_speed_night,
)
from .statements import (
    test_core_statements,
    test_group_statements,
    test_statement_activity,
    test_statement_asked,
    test_statement_branches,
    test_statements,
)
from .team import (
    test_assignment,
    test_team_board,
)
from .worklist import (
    test_approvals,
    test_approvals_recovery,
    test_core_priority,
    test_customer_profile,
    test_decided_anew,
    test_overview,
    test_priority,
    test_worklist,
    test_worklist_columns,
    test_worklist_tour,
)
