import base64
from unittest.mock import patch

from psycopg2 import IntegrityError
from psycopg2.errors import DivisionByZero

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from ...models.customers.core_flow import ignore_failure
from ..common import PROBLEM_LOG, ArCommon

#: Odoo's own roles, none of which is one of ours.
ROLES = {
    "billing": ["account.group_account_invoice", "base.group_partner_manager", "product.group_product_manager"],
    "bookkeeper": ["account.group_account_user"],
    "accountant": ["account.group_account_manager", "base.group_partner_manager"],
    "reader": ["account.group_account_readonly"],
    "contacts": ["base.group_user", "base.group_partner_manager"],
    "employee": ["base.group_user"],
    "settings": ["base.group_system"],
    "access": ["base.group_erp_manager", "base.group_partner_manager"],
    "portal": ["base.group_portal"],
    "public": ["base.group_public"],
}

CORE_FLOW_LOG = "odoo.addons.ar_collections.models.customers.core_flow"
POLICY_LOG = "odoo.addons.ar_collections.models.customers.policy.ar_credit_policy_filter"


@tagged("post_install", "-at_install")
class TestCoreRoles(ArCommon):
    """Users of Odoo's own roles work as if our add-on were not installed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: cls.env["res.users"].create(
                {
                    "name": f"The {role}",
                    "login": f"core-{role}",
                    "email": f"{role}@core.example.com",
                    "group_ids": [Command.set([cls.env.ref(group).id for group in groups])],
                    "company_id": cls.company.id,
                    "company_ids": [Command.set(cls.company.ids)],
                }
            )
            for role, groups in ROLES.items()
        }

    def _as(self, role, model):
        """Return the model as a user of this role, and of no role of ours."""
        user = self.users[role]
        self.assertFalse(user.all_group_ids & self.env.ref("ar_collections.ar_collections_group_auditor"))
        return self.env[model].with_user(user).with_company(self.company)

    def _draft_invoice(self, role, partner, **values):
        return self._as(role, "account.move").create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": "2026-06-01",
                "invoice_line_ids": [Command.create({"product_id": self.product_a.id, "price_unit": 100.0})],
                **values,
            }
        )

    def _accounts(self, partner):
        return self.env["ar.customer"].search([("partner_id", "=", partner.id)])

    # === COMPANIES === #

    def test_an_administrator_creates_a_company_which_has_a_policy(self):
        for role in ("settings", "access"):
            with self.subTest(role):
                company = self._as(role, "res.company").create({"name": f"Company of {role}"})
                self.assertEqual(len(company.sudo().ar_policy_ids), 1)

    def test_a_company_is_created_where_the_standard_schedule_belongs_to_another(self):
        others = self.env["ar.credit.policy"].with_context(active_test=False).sudo()
        others = others.search([("company_id", "!=", self.company.id)])
        others.write({"schedule_id": self._schedule({"days": 3}).id, "entry_step_id": False})
        self.schedule.company_id = self.company
        company = self._as("settings", "res.company").create({"name": "Another"})
        self.assertFalse(company.sudo().ar_policy_ids)

    def test_a_company_is_created_where_its_policy_cannot_be(self):
        policies = type(self.env["ar.credit.policy"])
        with (
            patch.object(policies, "create", side_effect=ValueError("broken")),
            self.assertLogs(CORE_FLOW_LOG, "WARNING"),
        ):
            company = self._as("settings", "res.company").create({"name": "Another"})
        self.assertTrue(company.exists())

    def test_an_administrator_deletes_a_company_that_was_never_used(self):
        company = self._as("settings", "res.company").create({"name": "A mistake"})
        policy = company.sudo().ar_policy_ids
        self.env["payment.provider"].sudo().search([("company_id", "=", company.id)]).unlink()
        company.unlink()
        self.assertFalse(policy.exists())

    def test_an_administrator_saves_the_settings(self):
        settings = Form(self._as("settings", "res.config.settings"))
        settings.save().execute()

    # === READING === #

    def test_our_fields_of_core_records_can_be_read(self):
        """Integrations read records without naming fields, and an export names all of them."""
        _customer, invoice = self._late()
        self._run()
        self._pay(invoice, 10.0)
        self.env["mail.activity"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                "res_id": self.partner.id,
                "user_id": self.users["employee"].id,
            }
        )
        self._create_transaction("direct", state="done")
        self.env.flush_all()
        for model, ours in self._extended_models().items():
            for role in ROLES if model != "digest.digest" else ():  # Odoo leaves figures out that raise
                records = self._as(role, model)
                visible = ours & records.fields_get(attributes=[]).keys()
                if visible and records.has_access("read"):
                    with self.subTest(model=model, role=role):
                        self.env.invalidate_all()  # else it would take what another user has computed
                        records.search([], limit=5).read(list(visible))

    def test_views_of_core_models_open(self):
        for model in self._extended_models():
            for role in ROLES:
                records = self._as(role, model)
                if records.has_access("read") and self.users[role]._is_internal():
                    with self.subTest(model=model, role=role):
                        kinds = set(self.env["ir.ui.view"].search([("model", "=", model)]).mapped("type"))
                        records.get_views([(False, kind) for kind in kinds & {"form", "list", "search", "kanban"}])

    def _extended_models(self):
        """Return {name of a stored model of Odoo: names of our fields of it}."""
        fields = self.env["ir.model.fields"].search([("model", "not like", "ar.%")])
        ours = fields.filtered(
            lambda field: field.name.startswith("ar_") and self.env[field.model]._auto and not field.model_id.transient
        )
        return {model: set(found.mapped("name")) for model, found in ours.grouped("model").items()}

    # === PRODUCTS AND CONTACTS === #

    def test_products_are_created_changed_and_deleted(self):
        product = self._as("billing", "product.product").create({"name": "Thing", "list_price": 10.0})
        product.list_price = 12.0
        product.action_archive()
        product.unlink()
        self.assertFalse(product.exists())

    def test_contacts_are_created_changed_archived_and_deleted(self):
        for role in ("contacts", "billing", "accountant"):
            with self.subTest(role):
                partner = self._as(role, "res.partner").create({"name": "New", "email": "new@example.com"})
                person = partner.create({"name": "Person", "parent_id": partner.id, "type": "invoice"})
                partner.write({"street": "Main Street 2", "vat": False})
                person.action_archive()
                (person | partner).unlink()
                self.assertFalse(partner.exists())

    def test_contacts_are_imported(self):
        columns = ["name", "email", "type", "parent_id/id"]
        parent = "base.main_partner"
        for role in ("billing", "accountant"):  # others may not read the credit limit of the parent
            with self.subTest(role):
                rows = [["Imported", "imported@example.com", "invoice", parent], ["Other", "", "other", parent]]
                result = self._as(role, "res.partner").load(columns, rows)
                self.assertFalse(result["messages"])
                self.assertEqual(len(result["ids"]), 2)

    def test_contacts_without_accounts_are_merged(self):
        contacts = self._as("contacts", "res.partner").create([{"name": "Twice", "email": "twice@example.com"}] * 2)
        wizard = self._as("contacts", "base.partner.merge.automatic.wizard").create(
            {"partner_ids": [Command.set(contacts.ids)], "dst_partner_id": contacts[0].id}
        )
        wizard.action_merge()
        self.assertEqual(contacts.exists(), contacts[0])

    def test_a_contact_whose_only_invoice_was_deleted_is_deleted(self):
        partner = self._as("billing", "res.partner").create({"name": "By mistake"})
        invoice = self._draft_invoice("billing", partner)
        invoice.action_post()
        account = self._accounts(partner)
        self.assertTrue(account)
        invoice.button_draft()
        invoice.name = False
        invoice.with_context(force_delete=True).unlink()
        partner.unlink()
        self.assertFalse(partner.exists() or account.exists())

    def test_a_contact_with_communications_is_kept_with_its_account(self):
        account, _invoice = self._late()
        self._run()
        self.assertTrue(account.communication_ids)
        account.sudo()._unlink_unused()
        self.assertTrue(account.exists())

    def test_a_user_who_may_not_delete_contacts_deletes_no_account(self):
        account = self._customer()
        with self.assertRaises(AccessError):
            self._as("reader", "res.partner").browse(account.partner_id.id).unlink()
        self.assertTrue(account.exists())

    # === INVOICES AND PAYMENTS === #

    def test_a_day_of_billing(self):
        for role in ("billing", "accountant"):
            with self.subTest(role):
                invoice = self._draft_invoice(role, self.partner)
                invoice.action_post()
                payment = self._register(role, invoice)
                self.assertIn(invoice.payment_state, ("paid", "in_payment"))
                payment.action_draft()
                payment.action_cancel()
                self.assertEqual(invoice.payment_state, "not_paid")
                reversal = self._reverse(role, invoice)
                self.assertEqual(reversal.state, "draft")
                reversal.action_post()
                other = self._draft_invoice(role, self.partner)
                other.copy().unlink()
                other.button_cancel()

    def test_an_invoice_is_reset_and_posted_again(self):
        invoice = self._draft_invoice("billing", self.partner)
        invoice.action_post()
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 50.0
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_the_form_of_an_invoice_opens_for_billing(self):
        invoice = self._draft_invoice("billing", self.partner)
        invoice.action_post()
        with Form(invoice) as form:
            form.payment_reference = "Changed"
        self.assertEqual(invoice.payment_reference, "Changed")

    def test_invoices_are_imported(self):
        columns = [
            "move_type",
            "partner_id/.id",
            "invoice_date",
            "invoice_line_ids/name",
            "invoice_line_ids/price_unit",
        ]
        row = ["out_invoice", str(self.partner.id), "2026-06-01", "Thing", "12.5"]
        result = self._as("billing", "account.move").load(columns, [row])
        self.assertFalse(result["messages"])

    def test_an_invoice_is_sent(self):
        invoice = self._draft_invoice("billing", self.partner)
        invoice.action_post()
        self.partner.email = "customer@example.com"
        with self.mock_mail_gateway():
            sending = self._as("billing", "account.move.send.wizard").with_context(
                active_model="account.move", active_ids=invoice.ids
            )
            sending.create({"sending_methods": ["email"]}).action_send_and_print()
        self.assertTrue(invoice.is_move_sent)

    def test_accountants_refund_and_cancel_transactions(self):
        self.provider.support_refund = "partial"
        for role in ("billing", "accountant"):
            with self.subTest(role):
                transaction = self._create_transaction("direct", state="draft", reference=f"Tx {role}")
                transaction.with_user(self.users[role])._set_pending()
                transaction.with_user(self.users[role])._set_done()
                failing = self._create_transaction("direct", state="draft", reference=f"Failing {role}")
                failing.with_user(self.users[role])._set_error("Declined")
                self.assertEqual((transaction.state, failing.state), ("done", "error"))

    def test_attachments_of_everybody_else_are_found(self):
        partner = self._as("contacts", "res.partner").create({"name": "With a file"})
        attachment = self._as("contacts", "ir.attachment").create(
            {"name": "File", "datas": base64.b64encode(b"content"), "res_model": "res.partner", "res_id": partner.id}
        )
        self.assertEqual(
            attachment.search([("res_id", "=", partner.id), ("res_model", "=", "res.partner")]), attachment
        )

    def _register(self, role, invoice):
        wizard = self._as(role, "account.payment.register").with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        return wizard.create({})._create_payments()

    def _reverse(self, role, invoice):
        wizard = self._as(role, "account.move.reversal").with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        values = {"journal_id": invoice.journal_id.id}
        return invoice.browse(wizard.create(values).reverse_moves()["res_id"])

    # === FAILURES OF OURS === #

    def test_a_broken_filter_stops_no_posting_and_is_reported_once(self):
        broken = self._policy(name="Broken", sequence=1, partner_domain="[('ref', '=', 'A')]")
        self.env.flush_all()
        # As after the removal of the module that had the field.
        self.env.cr.execute(
            "UPDATE ar_credit_policy SET partner_domain = %s WHERE id = %s", ["[('gone', '=', 1)]", broken.id]
        )
        broken.invalidate_recordset()
        partner = self._as("billing", "res.partner").create({"name": "First invoice"})
        with self.assertLogs(POLICY_LOG, "WARNING"):
            self._draft_invoice("billing", partner).action_post()
        self.assertEqual(self._accounts(partner).policy_id, self.policy)

        with mute_logger(POLICY_LOG, PROBLEM_LOG):
            self._run()
            self._run()
        problem = self.env["ar.problem"].search([("res_model", "=", "ar.credit.policy"), ("res_id", "=", broken.id)])
        self.assertEqual((len(problem), problem.code), (1, "policies"))

        broken.partner_domain = "[]"
        self._run()
        self.assertTrue(problem.solved_on)

    def test_what_a_core_flow_leaves_for_its_end_is_neither_early_nor_lost(self):
        done = []
        self.env.cr.precommit.add(lambda: done.append("chart of accounts"))
        with ignore_failure(self.env, "something"):
            self.env.cr.precommit.add(lambda: done.append("ours"))
        self.assertEqual(done, ["ours"])
        with mute_logger(CORE_FLOW_LOG), ignore_failure(self.env, "something else"):
            raise ZeroDivisionError
        self.env.cr.flush()
        self.assertEqual(done, ["ours", "chart of accounts"])

    def test_an_error_of_the_flow_itself_is_raised_as_it_is(self):
        """What the flow has not written yet is written before ours begins: a login used twice, for instance."""
        first, second = (self.env["res.users"].create({"name": name, "login": name}) for name in ("one", "two"))
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            second.login = first.login
            with ignore_failure(self.env, "something"):
                self.fail("ours began before the flow was written")

    def test_an_error_that_ends_the_transaction_is_raised_as_it_is(self):
        """What follows it would fail with nothing but the word that the transaction was ended."""
        mute = mute_logger("odoo.sql_db", CORE_FLOW_LOG)
        with mute, self.assertRaises(DivisionByZero), ignore_failure(self.env, "a count", writes=False):
            self.env.cr.execute("SELECT 1 / 0")
        with mute, ignore_failure(self.env, "a count", writes=False), self.env.cr.savepoint(flush=False):
            self.env.cr.execute("SELECT 1 / 0")
        with mute, ignore_failure(self.env, "a count"):
            self.env.cr.execute("SELECT 1 / 0")
        self.assertEqual(self.env.execute_query(SQL("SELECT 1")), [(1,)])

    def test_failures_of_ours_stop_no_core_flow(self):
        customers = type(self.env["ar.customer"])
        invoice = self._draft_invoice("billing", self.env["res.partner"].create({"name": "New"}))
        with (
            patch.object(customers, "_ensure_for_partners", side_effect=ZeroDivisionError),
            self.assertLogs(CORE_FLOW_LOG, "WARNING"),
        ):
            invoice.action_post()
        self.assertEqual(invoice.state, "posted")
        self._draft_invoice("billing", invoice.partner_id).action_post()
        with (
            patch.object(customers, "_next_steps_by_line", side_effect=OverflowError),
            self.assertLogs(CORE_FLOW_LOG, "WARNING"),
        ):
            self.assertFalse(invoice.ar_next_step_id)
