from odoo import Command
from odoo.exceptions import AccessError
from odoo.models import LOG_ACCESS_COLUMNS
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import ArCommon

#: Dialogs that are stored by the customer page in superuser mode; nobody may create them.
OF_THE_PAGE = {"ar.payment.choice", "ar.payment.choice.line"}

#: The dialogs that auditors may open: reports, the preview, those for the disputes that they own.
OF_AUDITORS = {
    "ar.aging", "ar.cash.forecast.page", "ar.cash.forecast.page.line", "ar.dispute.resolve", "ar.dispute.resolve.line",
    "ar.dispute.pass.on", "ar.late.charge.claim", "ar.preview", "ar.preview.line", "ar.step.preview", "ar.list.export",
    "ar.dashboard.export",
}  # fmt: skip

#: Salespeople request a limit for one of their customers.
OF_SALESPEOPLE = {"ar.credit.request.new"}

#: What dialogs refer to besides the records below, and what every user may see.
SHARED = {"res.users", "res.partner", "res.currency", "ar.dispute.reason", "ar.late.charge.regime"}


@tagged("post_install", "-at_install")
class TestWizards(ArCommon):
    """No dialog opens, shows or changes what its user may not read; goes through all dialogs of the add-on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls._create_company(name="Elsewhere")
        partner = cls._partner(name="Unknown To Us")
        cls.env["ar.customer"]._ensure_for_partners(partner, cls.elsewhere)
        cls.foreign = cls.env["ar.customer"].search([("company_id", "=", cls.elsewhere.id)], limit=1)
        cls.records = cls._make_foreign_records(partner)
        cls.user = cls._user("credit_manager", login="of-one-company")

    @classmethod
    def _make_foreign_records(cls, partner):
        """Return {model: record of the other company}."""
        env = cls.env(su=True)
        company, currency = cls.elsewhere, cls.elsewhere.currency_id.id
        move = cls._invoice(partner, overdue_days=9, amount=77.0, company=company)
        line = move.line_ids.filtered(lambda line: line.display_type == "payment_term")[:1]
        customer = env["ar.customer"].search([("partner_id", "=", partner.id), ("company_id", "=", company.id)])
        agreement = {"customer_id": customer.id, "currency_id": currency}
        item = {"move_line_id": line.id, "name": move.name, "date_due": cls.TODAY, "amount": 7}
        reason = env["ar.dispute.reason"].search([], limit=1).id
        dispute = env["ar.dispute"].create(
            {**agreement, "reason_id": reason, "date_raised": cls.TODAY, "line_ids": [Command.create(item)]}
        )
        schedule = env["ar.reminder.schedule"].create({"name": "Theirs", "company_id": company.id})
        step = {"name": "Theirs", "schedule_id": schedule.id, "days": 5, "channel": "call"}
        communication = {"customer_id": customer.id, "date": cls.TODAY, "channel": "call", "tone": "friendly"}
        agency = {"partner_id": cls._partner(name="Their Agency").id, "company_id": company.id}
        agency = env["ar.agency"].create({**agency, "rate_ids": [Command.create({"percent": 20})]})
        records = [
            customer,
            move,
            line,
            company,
            dispute,
            dispute.line_ids,
            env["ar.promise"].create({**agreement, "date": cls.TODAY}),
            env["ar.credit.request"].create(
                {
                    "customer_id": customer.id,
                    "kind": "limit",
                    "wanted_kind": "zero",
                    "limit_before_kind": "none",
                    "reason": "Theirs",
                    "date_requested": cls.TODAY,
                }
            ),  # fmt: skip
            env["ar.credit.terms"].create(
                {"policy_id": env["ar.credit.policy"].search([("company_id", "=", company.id)], limit=1).id}
            ),
            env["ar.data.finding"].create(
                {"customer_id": customer.id, "company_id": company.id, "code": "no_phone", "since": cls.TODAY}
            ),
            env["ar.late.charge"].create({**agreement, "move_id": move.id, "date_due": cls.TODAY}),
            env["ar.write.off"].create(
                {
                    "company_id": company.id,
                    "kind": "bad_debt",
                    "reason_code": "other",
                    "date": cls.TODAY,
                    "date_requested": cls.TODAY,
                    "requested_by_id": cls.env.uid,
                }
            ),
            env["ar.payment.plan"].create({**agreement, "frequency": "month"}),
            agency,
            env["ar.placement"].create(
                {**agreement, "agency_id": agency.id, "code": "manual", "date_proposed": cls.TODAY}
            ),
            env["ar.reply"].create(
                {
                    "customer_id": customer.id,
                    "source": "email",
                    "received_on": env.cr.now(),
                    "kind": "stop",
                    "reading": "read",
                }
            ),
            env["ar.insolvency"].create({"customer_id": customer.id, "opened_on": cls.TODAY}),
            env["ar.settlement"].create(
                {
                    **agreement,
                    "amount_agreed": 1,
                    "date_until": cls.TODAY,
                    "date_requested": cls.TODAY,
                    "reason": "Theirs",
                    "requested_by_id": cls.env.uid,
                }
            ),
            env["ar.reminder.step"].create(step),
            env["ar.communication"].create(communication),
            env["ar.credit.policy"].create({"name": "Theirs", "company_id": company.id, "schedule_id": schedule.id}),
            env["ar.assignment.rule"].create({"name": "Theirs", "company_id": company.id}),
            env["ir.attachment"].create({"name": "Theirs", "res_model": customer._name, "res_id": customer.id}),
        ]
        return {record._name: record for record in records}

    def _wizards(self):
        """Return the names of all dialogs of the add-on."""
        return sorted(
            name
            for name, model in self.registry.items()
            if name.startswith("ar.") and model._transient and not model._abstract and name not in OF_THE_PAGE
        )

    def _references(self):
        """Yield (model, field) for everything that a dialog refers to, other dialogs left out."""
        for name in self._wizards():
            for field in self.env[name]._fields.values():
                if (
                    field.relational
                    and field.name not in LOG_ACCESS_COLUMNS
                    and not self.registry[field.comodel_name]._transient
                ):
                    yield name, field

    def test_every_dialog_checks_what_it_refers_to_and_has_a_rule(self):
        rules = self.env["ir.rule"].sudo()
        for name in self._wizards():
            with self.subTest(wizard=name):
                self.assertIsInstance(self.env[name], self.registry["ar.wizard.mixin"])
                if any(wizard == name for wizard, _field in self._references()):
                    self.assertTrue(rules.search([("model_id.model", "=", name), ("groups", "=", False)]))

    def test_the_test_knows_everything_that_dialogs_refer_to(self):
        self.assertEqual({field.comodel_name for _name, field in self._references()}, {*self.records, *SHARED})

    def test_dialogs_about_records_of_another_company_are_refused(self):
        for name, field in self._references():
            if field.comodel_name in SHARED:
                continue
            record = self.records[field.comodel_name]
            value = record.id if field.type == "many2one" else [Command.link(record.id)]
            wizards = self.env[name].with_user(self.user).with_context(allowed_company_ids=self.company.ids)
            with self.subTest(wizard=name, field=field.name), mute_logger("odoo.addons.base.models.ir_rule"):
                with self.assertRaises(AccessError):
                    wizards.create({field.name: value})
                with self.assertRaises(AccessError):
                    wizards.onchange({field.name: value}, [field.name], {field.name: {"fields": {"display_name": {}}}})
                with self.assertRaises(AccessError):
                    wizards.with_context(**{f"default_{field.name}": value}).default_get([field.name])

    def test_a_list_of_lines_is_checked_too(self):
        line = [Command.create({"move_line_id": self.records["account.move.line"].id})]
        wizards = self.env["ar.remind"].with_user(self.user).with_context(allowed_company_ids=self.company.ids)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            wizards.onchange({"line_ids": line}, ["line_ids"], {"line_ids": {"fields": {"name": {}}}})

    def test_a_dialog_that_is_open_elsewhere_cannot_be_read(self):
        wizard = self.env["ar.pay.link"].sudo().create({"customer_id": self.records["ar.customer"].id, "link": "x"})
        user = self.user.with_context(allowed_company_ids=self.company.ids)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            wizard.with_user(user).with_context(allowed_company_ids=self.company.ids).read(["link"])

    def test_which_dialogs_auditors_and_salespeople_may_open(self):
        for group, allowed in (("auditor", OF_AUDITORS), ("salesperson", OF_SALESPEOPLE)):
            user = self._user(group, login=f"wizard-{group}")
            opened = {name for name in self._wizards() if self.env[name].with_user(user).has_access("create")}
            with self.subTest(group=group):
                self.assertEqual(opened, allowed)

    # === REPORTS === #

    def test_reports_about_others_are_refused_before_they_are_rendered(self):
        salesperson = self._user("salesperson", login="report-salesperson")
        own, _invoice = self._late(user_id=salesperson.id)
        mine = self.env["ar.payment.plan"].sudo().create(
            {"customer_id": own.id, "currency_id": own.currency_id.id, "frequency": "month"}
        )  # fmt: skip
        name = "ar_collections.report_payment_plan"
        reports = self.env["ir.actions.report"].with_context(allowed_company_ids=self.company.ids)
        with self.assertRaisesRegex(Exception, "Only the role “Auditor” may do this"):
            reports.with_user(salesperson)._render_qweb_html(name, mine.ids)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            reports.with_user(self.user)._render_qweb_html(name, self.records["ar.payment.plan"].ids)
        self.assertIn(mine.name, str(reports.with_user(self.user)._render_qweb_html(name, mine.ids)[0]))

    def test_all_records_can_be_searched_by_name(self):
        for name, model in self.registry.items():
            if name.startswith("ar.") and not model._abstract and not model._transient:
                with self.subTest(model=name), mute_logger("odoo.models"):  # some have no name to search for
                    self.assertIsInstance(self.env[name].name_search("x"), list)
