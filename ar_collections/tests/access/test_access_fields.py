from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from ..common import ArCommon
from .test_access import RIGHTS

ROLES = ("auditor", "collector", "manager", "credit_manager")

#: {model: {lowest role: the stored fields that it may write}}. All other stored fields are written by our own code.
WRITABLE = {
    "ar.customer": {
        "collector": (
            "pause_until pause_reason excluded exclusion_reason snooze_until snooze_reason internal_note"
            " debtor_kind legal_form legal_representative legal_by_email billing_requirement_ids"
        ),
        "manager": (
            "active user_id policy_override_id policy_override_reason policy_override_until external_user_ids payer_id"
            " own_statements"
        ),
        "credit_manager": (
            "credit_limit_kind credit_limit credit_review_on temporary_limit_kind temporary_limit temporary_until"
            " is_group_limit insurer_id insurance_number insured_amount insured_percent insured_until"
            " insurance_decided_on guarantee_amount guarantee_until extension_days notify_days hand_over_days"
            " insured_terms_days is_discretionary has_bad_experience insurer_notified_on insurer_handed_over_on"
            " insurer_consent_until"
        ),
    },
    "ar.credit.policy": {
        "manager": (
            "name sequence active partner_domain terms schedule_id user_id manager_id minimum_balance minimum_share"
            " review_above entry_step_id contacts_per_day contacts_per_7_days contacts_per_30_days minimum_gap_days"
            " pending_payment_days allow_partial_payment minimum_partial_payment"
            " unmatched_payments unmatched_payment_days invoice_sending invoice_sending_hour invoice_sending_refunds"
            " invoice_review_above invoice_review_older invoice_held_days"
            " tolerance_amount tolerance_share minimum_known_days workdays_only calendar_id"
            " reply_pause_days failed_deliveries_max dispute_portal dispute_grace_days plan_terms plan_portal"
            " dispute_open_max dispute_item_open_max dispute_item_rejected_max dispute_minimum_amount"
            " portal_agreements_per_day"
            " portal_messages_per_day portal_payments_per_day portal_documents_per_day portal_upload_mb_per_day"
            " portal_confirmations_per_day portal_visitor_per_day"
            " plan_minimum_total plan_installments_max plan_days_max plan_minimum_installment plan_down_payment_share"
            " plan_workdays plan_grace_days plan_missed_max plan_schedule_id promise_portal ability_portal"
            " reported_portal reported_days arrival_rule arrival_days"
            " reported_portal reported_days statement_frequency statement_weekday statement_month_day"
            " statement_audience statement_kind statement_template_id statement_pdf statement_invoices"
            " statement_size_mb statement_counts receipt_enabled receipt_template_id receipt_pdf"
            " reported_portal reported_days reply_pauses answer_hours respects_blacklist"
            " promise_horizon_days promise_open_max promise_broken_max promise_share_max promise_tolerance_days"
            " best_class worst_class turnover_from turnover_to assigns_itself"
            " late_charge_regime_id late_charge_since late_charge_lump_sums late_charge_persons late_charge_from_days"
            " late_charge_step_id late_charge_grace_days late_charge_minimum late_charge_credits"
            " late_charge_invoicing late_charge_every_days late_charge_waives_kept"
            " promise_courtesy autopay_notice_days autopay_retry_days notify_salesperson salesperson_days"
            " late_charge_invoicing late_charge_every_days"
            " promise_courtesy autopay_notice_days autopay_bank_notice_days autopay_retry_days"
            " autopay_return_fee"
            " notify_salesperson salesperson_days"
            " limitation_country_id limitation_near_days proposes_placements placement_agency_id placement_days"
            " placement_minimum placement_needs_steps placement_answer_days placement_answer_days_person"
            " placement_notice"
        ),
        "credit_manager": (
            "company_id exposure_drafts exposure_guarantees exposure_insured effect_order effect_delivery"
            " effect_invoice effect_delivered_invoice releases_itself rule_ids overdue_disputed overdue_promised"
            " uses_second_approval second_above credit_review_months shows_limit newcomer_limit"
            " recommends_insured_only limit_step limit_share_a limit_share_b limit_share_c limit_share_d limit_share_e"
            " limit_maximum_a limit_maximum_b limit_maximum_c limit_maximum_d limit_maximum_e"
            " uses_late_charge_second late_charge_second_above"
        ),
    },
    "ar.billing.requirement": {"collector": "customer_id sequence kind name url is_enforced"},
    "ar.credit.exclusion": {
        "credit_manager": (
            "company_id code scope customer_id policy_id reason until days amount percent count use_days use_amount"
            " use_percent use_count"
        ),
    },
    "ar.credit.rule": {
        "credit_manager": (
            "policy_id sequence code status days amount percent count use_days use_amount use_percent use_count"
            " needs_all percent_of classes on_order on_delivery on_invoice"
        ),
    },
    "ar.allowance": {"credit_manager": "company_id date method factor factor_reason"},
    "ar.allowance.line": {"credit_manager": "rate"},
    "ar.tax.relief": {
        "credit_manager": (
            "active country_id months has_end last_months source only_insolvency from_opening opening_months by_hand"
        )
    },
    "ar.reminder.schedule": {"manager": "name sequence active company_id description step_ids"},
    "ar.reminder.step": {
        "manager": (
            "schedule_id name active days channel tone mail_template_id deadline_days minimum_days_overdue"
            " attach_statement attach_invoices letter_text activity_type_id responsible user_id is_final_demand"
        )
    },
    "ar.inquiry": {"collector": "user_id"},
    "ar.reply.rule": {"manager": "use kind language words is_whole active"},
    "ar.dispute.reason": {"manager": "name sequence active portal company_id user_id manager_id sla_days"},
    "ar.late.charge.reference": {"manager": "name active source rate_ids"},
    "ar.late.charge.rate": {"manager": "reference_id date_from date_to percent source"},
    "ar.late.charge.regime": {
        "manager": (
            "name sequence active country_id source reference_id points factor rounding_step convention day_count"
            " moves_to_workday free_days currency_id lump_currency_id lump_sum_ids lump_sum_counts costs_bear_interest"
        ),
    },
    "ar.late.charge.lump.sum": {"manager": "regime_id size_from amount"},
    "ar.assignment.rule": {
        "manager": (
            "name sequence active company_id user_ids policy_ids country_ids category_ids letters amount_from amount_to"
            " partner_domain"
        )
    },
    "ar.absence": {"collector": "user_id cover_id date_from date_to"},
    "ar.credit.scoring": {
        "credit_manager": ("class_a_from class_b_from class_c_from class_d_from newcomer_class experiences_min")
    },
    "ar.credit.feature": {"credit_manager": "weight"},
    "ar.credit.terms": {"manager": "policy_id text news applies_from"},
    "ar.limitation.rule": {"credit_manager": "country_id years from_year_end restarts source"},
    "ar.legal.cost": {
        "collector": ("customer_id placement_id date kind name amount currency_id is_claimable proof proof_name")
    },
    "ar.response.rule": {
        "credit_manager": (
            "active country_id kind days reply_days claim_notice_days is_by_post enclosure_ids source note"
        )
    },
    "ar.response.enclosure": {"credit_manager": "rule_id sequence name kind file file_name"},
    "ar.agency": {
        "credit_manager": (
            "partner_id company_id sequence active kind reference delivery exclusive_days rate_ids direct_percent"
            " free_days vat_percent field_ids user_ids with_notes with_statement"
        )
    },
    "ar.agency.rate": {"credit_manager": "agency_id kind start months percent"},
    "ar.agency.field": {"credit_manager": "agency_id sequence file source target"},
    "ar.placement": {"collector": "agency_reference amount_claimed"},
    "ar.insolvency": {
        "collector": (
            "customer_id kind opened_on until court reference administrator_id filing_deadline proof proof_name note"
            " filed_on amount_filed amount_admitted"
        )
    },
    "ar.payment.ability": {"collector": "customer_id date reason means proposal note"},
    "ar.credit.risk": {"credit_manager": "user_id look_on note"},
}

#: Models that staff may write and that neither have a thread nor log their changes, with the reason.
SILENT = {
    "ar.absence": "absences of a user, no rule",
    "ar.allowance.line": "amounts of a proposal, whose thread has its decision",
    "ar.credit.risk": "a register that the night writes: who looks at it when",
    "ar.credit.rule": "the thread of its policy has each change",
    "ar.credit.terms": "each announcement is a record of its own",
    "ar.inquiry": "one question about one customer",
    "ar.payment.ability": "what one customer said",
}

#: What Odoo itself stores; nobody writes it.
ODOO = {"id", "create_uid", "create_date", "write_uid", "write_date"}


class TestWritableFields(ArCommon):
    """Which role may write which field, as a table; everything else is refused, whatever the view shows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {role: cls._user(role, login=f"fields-{role}") for role in ROLES}
        cls.customer, cls.invoice = cls._late()
        rule = {"name": "Rule", "company_id": cls.company.id, "user_ids": [Command.set(cls.collector.ids)]}
        cls.rule = cls.env["ar.assignment.rule"].create(rule)
        exclusion = {"code": "overdue", "reason": "Seasonal", "until": "2100-01-01", "customer_id": cls.customer.id}
        cls.exclusion = cls.env["ar.credit.exclusion"].create({**exclusion, "company_id": cls.company.id})
        requirement = {"customer_id": cls.customer.id, "kind": "other", "name": "By post"}
        cls.requirement = cls.env["ar.billing.requirement"].create(requirement)
        cls.scoring = cls.env["ar.credit.scoring"].search([("company_id", "=", cls.company.id)])
        cls.allowance = cls.env["ar.allowance"].create({"company_id": cls.company.id, "method": "typed"})
        cls.env["ar.allowance.line"].sudo().create({"allowance_id": cls.allowance.id, "number": 0, "name": "Not due"})
        cls.terms = cls.env["ar.credit.terms"].create({"policy_id": cls.policy.id})
        risk = {"company_id": cls.company.id, "kind": "unmatched", "key": "1", "since": cls.TODAY}
        cls.risk = cls.env["ar.credit.risk"].sudo().create(risk)
        cls.reason = cls.env["ar.dispute.reason"].create({"name": "Reason", "company_id": cls.company.id})
        cls.regime = cls.env.ref("ar_collections.late_charge_regime_eu")
        cls.recovery = cls._create_recovery()

    @classmethod
    def _create_recovery(cls):
        """Return {model: record} of an agency, and of a placement with it."""
        rows = {"rate_ids": [Command.create({"percent": 20})]}
        rows["field_ids"] = [Command.create({"file": "case", "source": "currency", "target": "CUR"})]
        partner = cls._partner(name="Agency")
        agency = cls.env["ar.agency"].create({"partner_id": partner.id, "company_id": cls.company.id, **rows})
        placement = cls.env["ar.placement"]._propose(cls.customer, agency, cls.company.currency_id, "manual")
        return {
            "ar.agency": agency,
            "ar.agency.rate": agency.rate_ids,
            "ar.agency.field": agency.field_ids,
            "ar.placement": placement,
            "ar.legal.cost": cls.env["ar.legal.cost"].create(
                {"customer_id": cls.customer.id, "name": "Fee", "amount": 10, "date": cls.TODAY}
            ),
            "ar.insolvency": cls.env["ar.insolvency"].create(
                {"customer_id": cls._late(name="Insolvent")[0].id, "opened_on": cls.TODAY}
            ),
            "ar.payment.ability": cls.env["ar.payment.ability"].create(
                {"customer_id": cls.customer.id, "reason": "Lost a customer"}
            ),
        }

    def _get_record(self, model, user):
        """Return a record of the model that the user sees."""
        if model == "ar.absence":
            dates = {"date_from": self.TODAY, "date_to": self.TODAY}
            cover = self.collector
            return self.env[model].sudo().create({"user_id": user.id, "cover_id": cover.id, **dates})
        if model == "ar.inquiry":
            return self.env[model]._open_for(self.customer, "call", "Why?").sudo(False)
        if model == "ar.reply.rule":
            return self.env[model].create({"kind": "paid", "words": "all paid"})
        return {
            "ar.customer": self.customer,
            "ar.credit.policy": self.policy,
            "ar.billing.requirement": self.requirement,
            "ar.credit.exclusion": self.exclusion,
            "ar.credit.rule": self.policy.rule_ids[:1],
            "ar.reminder.schedule": self.schedule,
            "ar.reminder.step": self.friendly,
            "ar.dispute.reason": self.reason,
            "ar.late.charge.reference": self.regime.reference_id,
            "ar.late.charge.rate": self.regime.reference_id.rate_ids[:1],
            "ar.late.charge.regime": self.regime,
            "ar.late.charge.lump.sum": self.regime.lump_sum_ids[:1],
            "ar.assignment.rule": self.rule,
            "ar.credit.scoring": self.scoring,
            "ar.credit.feature": self.scoring.feature_ids[:1],
            "ar.credit.terms": self.terms,
            "ar.allowance": self.allowance,
            "ar.allowance.line": self.allowance.line_ids,
            "ar.tax.relief": self.env.ref("ar_collections.tax_relief_uk"),
            "ar.limitation.rule": self.env.ref("ar_collections.limitation_rule_de"),
            "ar.response.rule": self.env.ref("ar_collections.response_rule_uk_person"),
            "ar.response.enclosure": self.env.ref("ar_collections.response_enclosure_uk_statement"),
            **self.recovery,
            "ar.credit.risk": self.risk,
        }[model]

    def _may_write(self, record, names):
        """Return whether the record's user may write the fields, with their present values, all of them at once."""
        stored = record.sudo()
        values = {name: stored._fields[name].convert_to_write(stored[name], stored) for name in names}
        try:
            record.write(values)
            record.flush_recordset()
        except AccessError:
            return False
        return True

    def test_every_model_that_staff_may_write_is_in_the_table(self):
        written = {name for name, rights in RIGHTS.items() if not self.env[name]._transient and "w" in "".join(rights)}
        self.assertEqual(set(WRITABLE), written)

    def test_changes_of_every_rule_are_on_record(self):
        """What staff may write has a thread, or logs its changes; of the rest it is said why it needs neither."""
        models = [self.env[name] for name in self.env.registry if not getattr(self.env[name], "_logs_changes", True)]
        silent = {
            model._name
            for model in models
            if model._original_module == "ar_collections"
            and not (model._abstract or model._transient or "message_ids" in model._fields)
            and model._get_writable_fields()
        }
        self.assertEqual(silent, set(SILENT))

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_every_stored_field_of_each_model_for_each_role(self):
        for model, table in WRITABLE.items():
            lowest = {name: role for role, names in table.items() for name in names.split()}
            stored = [name for name, field in self.env[model]._fields.items() if field.store and name not in ODOO]
            self.assertLessEqual(set(lowest), set(stored))
            for role, user in self.users.items():
                record = self._get_record(model, user).with_user(user)
                expected = {name for name in lowest if ROLES.index(role) >= ROLES.index(lowest[name])}
                with self.subTest(model=model, role=role), self.env.cr.savepoint() as savepoint:
                    others = [name for name in stored if name not in expected]
                    self.assertEqual([name for name in others if self._may_write(record, [name])], [])
                    self.assertTrue(not expected or self._may_write(record, sorted(expected)))
                    savepoint.rollback()
                    self.env.invalidate_all()

    def test_the_declared_fields_exist(self):
        for model in WRITABLE:
            self.assertLessEqual(set(self.env[model]._get_writable_fields()), set(self.env[model]._fields))

    def test_the_refusal_names_the_field_and_the_way_out(self):
        customer = self.customer.with_user(self.users["collector"])
        with self.assertRaisesRegex(AccessError, "Balance.*balance.*nightly run"):
            customer.balance = 0
        with self.assertRaisesRegex(AccessError, "Collections Manager.*Collector.*user_id.*ask"):
            customer.user_id = self.users["collector"]

    def test_no_context_key_opens_a_field(self):
        keys = dict.fromkeys(
            ("sudo", "su", "ar_internal", "tracking_disable", "install_mode", "module", "import_file"), True
        )
        customer = self.customer.with_user(self.users["credit_manager"]).with_context(**keys)
        for values in ({"access_token": "mine"}, {"policy_id": False}, {"next_date": "2030-01-01"}):
            with self.assertRaises(AccessError):
                customer.write(values)

    def test_lines_are_no_way_around(self):
        self._run()
        log = self._communications(self.customer)
        customer = self.customer.with_user(self.users["credit_manager"])
        for command in (Command.update(log.id, {"state": "sent"}), Command.delete(log.id), Command.unlink(log.id)):
            with self.assertRaises(UserError):
                customer.write({"communication_ids": [command]})

    def test_defaults_of_the_context_fill_no_other_field(self):
        reason = self.env["ar.dispute.reason"].with_user(self.users["manager"])
        made = reason.with_context(default_sla_days=9, default_create_uid=1).create({"name": "New"})
        self.assertEqual((made.sla_days, made.create_uid), (9, self.users["manager"]))
        policies = self.env["ar.credit.policy"].with_user(self.users["credit_manager"])
        with self.assertRaises(AccessError):
            policies.create({"name": "New", "schedule_id": self.schedule.id, "message_ids": []})

    def test_the_buttons_do_what_a_role_may_not_write(self):
        customer = self.customer.with_user(self.users["collector"])
        customer.action_confirm_address()
        self.assertTrue(self.customer.address_confirmed_on)
        customer = self.customer.with_user(self.users["manager"])
        customer.user_id = self.users["collector"]
        self.assertEqual(self.customer.assigned_by, "manual")
        customer.action_assign_by_rules()
        self.assertEqual((self.customer.assigned_by, self.customer.user_id), ("rule", self.collector))

    def test_a_collector_sees_who_is_responsible_and_a_manager_may_change_it(self):
        for role, readonly in (("collector", True), ("manager", False)):
            view = self.env["ar.customer"].with_user(self.users[role]).get_view(view_type="form")
            found = [part for part in view["arch"].split("<field ") if part.startswith('name="user_id"')]
            self.assertEqual([('readonly="1"' in part.split(">")[0]) for part in found], [readonly])
