from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from ..access.test_access import OPERATIONS, RIGHTS
from ..common import ArCommon

#: All that salespeople may read; nothing else, and they may change nothing.
READABLE = {
    "ar.customer", "ar.communication", "ar.promise", "ar.reported.payment", "ar.dispute", "ar.payment.plan",
    "ar.reminder.step",
    "ar.credit.request",
}  # fmt: skip

#: The dialog with which they request a limit for one of their customers.
DIALOGS = {"ar.credit.request.new"}

RULE_LOGS = ("odoo.addons.base.models.ir_rule", "odoo.models", "odoo.addons.base.models.ir_model")


class TestSalespeople(ArCommon):
    """Salespeople see the status of their own customers, and nothing else; they change nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = cls._user("salesperson")
        cls.mine, cls.invoice = cls._late(overdue_days=12, amount=500, user_id=cls.salesperson.id)
        cls.other, _invoice = cls._late(overdue_days=12, amount=700, name="Other Payer", email="o@customer.example.com")

    def setUp(self):
        super().setUp()
        self._day()
        self.env.invalidate_all()

    def _promise_and_dispute(self):
        """Record a promise and a dispute for each of the two customers."""
        reason = self.env["ar.dispute.reason"].create({"name": "Wrong price"})
        for customer in (self.mine, self.other):
            first = self._debt(self._invoice(customer.partner_id, 5, 40))
            second = self._debt(self._invoice(customer.partner_id, 5, 60))
            with self._on():
                customer._promise(self.TODAY, {first.id: None})
                self.env["ar.dispute"]._raise_dispute(customer, reason, {second.id: None}, "Wrong")

    # === RIGHTS === #

    def test_they_read_what_concerns_their_customers_and_write_nothing(self):
        for model in RIGHTS:
            records = self.env[model].with_user(self.salesperson)
            for operation in OPERATIONS.values():
                with self.subTest(model=model, operation=operation):
                    allowed = model in DIALOGS or (operation == "read" and model in READABLE)
                    self.assertEqual(records.has_access(operation), allowed)

    def test_of_all_customers_they_find_their_own(self):
        self._promise_and_dispute()
        for customer in (self.mine, self.other):
            third = self._debt(self._invoice(customer.partner_id, 5, 70))
            with self._on():
                customer._report_payment(self.TODAY, {third.id: None})
        for model in ("ar.customer", "ar.communication", "ar.promise", "ar.dispute", "ar.reported.payment"):
            found = self.env[model].with_user(self.salesperson).search([])
            with self.subTest(model=model):
                self.assertTrue(found)
                self.assertEqual(found.sudo().partner_id, self.mine.partner_id)
        for model, name in (("ar.promise", "amount_open"), ("ar.reported.payment", "amount_left")):
            self.env.invalidate_all()
            self.assertTrue(self.env[model].with_user(self.salesperson).search([]).read([name])[0][name])

    def test_the_account_of_somebody_elses_customer_is_refused(self):
        read = self.mine.with_user(self.salesperson).read(["overdue", "credit_state"])[0]
        self.assertEqual((read["overdue"], read["credit_state"]), (500, "good"))
        for hidden in ("credit_reasons_html", "credit_is_forced"):
            with self.subTest(hidden=hidden), self.assertRaises(AccessError):
                self.mine.with_user(self.salesperson).read([hidden])
        with mute_logger(*RULE_LOGS), self.assertRaises(AccessError):
            self.other.with_user(self.salesperson).read(["overdue"])

    def test_who_is_no_salesperson_anymore_sees_nothing(self):
        self.mine.partner_id.user_id = False
        with mute_logger(*RULE_LOGS), self.assertRaises(AccessError):
            self.mine.with_user(self.salesperson).read(["overdue"])

    def test_a_collector_who_sells_still_sees_all_of_the_company(self):
        for group in ("auditor", "collector", "manager", "credit_manager"):
            user = self._user(group, login=f"selling-{group}")
            user.group_ids = [Command.link(self.env.ref("ar_collections.ar_collections_group_salesperson").id)]
            found = self.env["ar.customer"].with_user(user).search([])
            with self.subTest(group=group):
                self.assertLessEqual(self.mine | self.other, found)

    def test_the_salesperson_of_another_company_sees_nothing(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._user(
            "salesperson", login="stranger", company_id=elsewhere.id, company_ids=[Command.set(elsewhere.ids)]
        )
        self.mine.partner_id.user_id = stranger
        self.assertFalse(self.env["ar.customer"].with_user(stranger).search([]))
        self.assertFalse(self.env["ar.communication"].with_user(stranger).search([]))

    def test_no_button_helps_them(self):
        customer = self.mine.with_user(self.salesperson)
        with mute_logger(*RULE_LOGS):
            for button in (
                "action_remind_now", "action_log_call", "action_promise", "action_send_statement",
                "action_new_payment_plan", "action_resume", "action_confirm_address", "action_preview_portal",
                "action_revoke_links", "action_preview_reminders",
            ):  # fmt: skip
                with self.subTest(button=button), self.assertRaises(UserError), self.env.cr.savepoint():
                    getattr(customer, button)()

    # === THE TOKEN OF THE CUSTOMER PAGE === #

    def test_they_do_not_get_the_link_to_the_customers_page(self):
        customer = self.mine.with_user(self.salesperson)
        communication = self._communications(self.mine).with_user(self.salesperson)
        self.assertIn(f"/my/receivables/{self.mine.id}?message=", communication.sudo().body)
        with mute_logger(*RULE_LOGS):
            for record, names in ((customer, ["access_token"]), (communication, ["body", "pay_html"])):
                for name in names:
                    with self.subTest(field=name), self.assertRaises(AccessError):
                        record.read([name])
            with self.assertRaises(AccessError):
                customer.get_portal_url()

    def _sent_files(self):
        """Keep a letter with a communication and a statement with the account, as they are sent."""
        letter = self.env["ar.outreach"]._attach(self._communications(self.mine)[0], "Letter", b"the link")
        statement = letter.copy({"res_model": "ar.customer", "res_id": self.mine.id})
        self.env.invalidate_all()
        return letter | statement

    def test_nor_in_the_files_that_were_sent(self):
        files = self._sent_files()
        self.assertEqual(files.with_user(self.collector).mapped("raw"), [b"the link"] * 2)
        self.env.invalidate_all()
        for file in files.with_user(self.salesperson):
            with self.subTest(model=file.sudo().res_model), mute_logger(*RULE_LOGS), self.assertRaises(AccessError):
                file.read(["raw"])

    def test_nor_do_they_find_those_files(self):
        files = self._sent_files()
        for domain in (
            [("id", "in", files.ids)],
            [("res_model", "in", ["ar.customer", "ar.communication"])],
            [("res_model", "=", "ar.communication"), ("res_id", "in", files.mapped("res_id"))],
        ):
            with self.subTest(domain=domain):
                self.assertFalse(files.with_user(self.salesperson).search_read(domain, ["raw"]))
                self.assertTrue(files.with_user(self.collector).search_read(domain, ["raw"]))

    def test_they_attach_nothing_to_the_account(self):
        with mute_logger(*RULE_LOGS), self.assertRaises(AccessError):
            self.env["ir.attachment"].with_user(self.salesperson).create(
                {"name": "x", "raw": b"x", "res_model": "ar.customer", "res_id": self.mine.id}
            )

    def test_nor_do_they_print_the_letter(self):
        communication = self._communications(self.mine)
        for user, prints in ((self.collector, True), (self.salesperson, False)):
            reports = self.env["ir.actions.report"].with_user(user)
            with self.subTest(user=user.login):
                if prints:
                    page = reports._render_qweb_html("ar_collections.report_reminder_letter", communication.ids)[0]
                    self.assertIn(f"/my/receivables/{self.mine.id}", page.decode())
                else:
                    with mute_logger(*RULE_LOGS), self.assertRaises(UserError):
                        reports._render_qweb_html("ar_collections.report_reminder_letter", communication.ids)

    def test_nor_do_they_read_texts_parts_and_notes_of_colleagues(self):
        communication = self._communications(self.mine).with_user(self.salesperson)
        account = self.mine.with_user(self.salesperson)
        names = ("text_above", "text_below", "items_html", "contact_html")
        for record, name in (*((communication, name) for name in names), (account, "internal_note")):
            self.assertTrue(record.with_user(self.collector).read([name]))
            with self.subTest(field=name), mute_logger(*RULE_LOGS), self.assertRaisesRegex(AccessError, name):
                record.read([name])

    def test_nor_the_mails_on_the_thread(self):
        messages = self.mine.message_ids.filtered("body")
        self.assertTrue(messages.with_user(self.collector).read(["body"]))
        messages.invalidate_recordset()
        with mute_logger(*RULE_LOGS), self.assertRaises(AccessError):
            messages.with_user(self.salesperson).read(["body"])

    # === WHAT THEY SEE === #

    def test_their_page_opens(self):
        self._promise_and_dispute()
        self.env.cr.flush()  # decided anew at the end of the transaction
        customer = self.mine.with_user(self.salesperson)
        page = customer.get_views([(False, "form")])
        buttons = [node.get("name") for node in etree.fromstring(page["views"]["form"]["arch"]).iter("button")]
        self.assertEqual(buttons, ["action_request_limit"])  # opens a dialog, and changes nothing
        models = page["models"]
        (row,) = customer.web_read(self._specification(models, "ar.customer"))
        self.assertEqual((row["overdue"], row["collector_id"]["id"]), (600, self.collector.id))
        self.assertEqual([len(row[name]) for name in ("promise_ids", "dispute_ids", "communication_ids")], [1, 1, 3])

    def _specification(self, models, model, depth=1):
        """Return what a page reads of a model and of the lists on it, as the web client requests it."""
        return {
            name: {
                "fields": self._specification(models, field["relation"], depth - 1)
                if field["type"] == "one2many" and depth
                else {"display_name": {}}
            }
            if field.get("relation")
            else {}
            for name, field in models[model]["fields"].items()
        }

    def test_they_find_the_way_there(self):
        menu = self.env.ref("ar_collections.ar_customer_salesperson_menu")
        visible = self.env["ir.ui.menu"].with_user(self.salesperson)._visible_menu_ids()
        path = [int(part) for part in menu.parent_path.split("/") if part]
        self.assertEqual([menu_id for menu_id in path if menu_id not in visible], [])
        self.assertNotIn(path[0], self.env["ir.ui.menu"].with_user(self.internal_user)._visible_menu_ids())

    def test_all_their_filters_work(self):
        customers = self.env["ar.customer"].with_user(self.salesperson)
        arch = etree.fromstring(customers.get_views([(False, "search")])["views"]["search"]["arch"])
        filters = {node.get("name"): node.get("domain") for node in arch.findall(".//filter[@domain]")}
        self.assertIn("overdue", filters)
        for name, domain in filters.items():
            with self.subTest(filter=name):
                customers.search(safe_eval(domain, {"uid": self.salesperson.id}))
        for value in (self.collector.id, self.collector.name):
            operator = "=" if isinstance(value, int) else "ilike"
            self.assertEqual(customers.search([("collector_id", operator, value)]), self.mine)

    def test_the_filter_of_their_page_is_theirs(self):
        action = self.env.ref("ar_collections.ar_customer_action_salesperson")
        self.assertEqual(action.search_view_id, self.env.ref("ar_collections.ar_customer_view_search_salesperson"))

    def test_they_post_nothing_on_agreements(self):
        self._promise_and_dispute()
        for agreement in (self.mine.promise_ids, self.mine.dispute_ids):
            post = {"body": "Pay me instead", "partner_ids": self.mine.partner_id.ids}
            with self.subTest(model=agreement._name), mute_logger(*RULE_LOGS), self.assertRaises(AccessError):
                agreement.with_user(self.salesperson).message_post(**post)
            self.assertTrue(
                agreement.with_user(self._user("collector", login=agreement._name)).message_post(body="Noted")
            )

    def test_collectors_keep_their_page(self):
        page = self.mine.with_user(self.collector).get_views([(False, "form")])
        self.assertIn("action_remind_now", page["views"]["form"]["arch"])

    def test_the_list_of_their_customers_can_be_read(self):
        customers = self.env["ar.customer"].with_user(self.salesperson)
        fields = customers.get_views([(False, "list")])["models"]["ar.customer"]["fields"]
        names = [name for name in ("overdue", "balance", "next_step_id", "next_date", "collector_id") if name in fields]
        self.assertEqual(len(customers.search([]).read(names)), 1)

    def test_the_contact_shows_how_the_customer_stands(self):
        person = self.env["res.partner"].create({"name": "A contact", "parent_id": self.mine.partner_id.id})
        for partner in (self.mine.partner_id, person):
            seen = partner.with_user(self.salesperson)
            with self.subTest(partner=partner.name):
                self.assertEqual((seen.ar_overdue, seen.ar_customer_id), (500, self.mine))
                self.assertIn("500.00 overdue, the oldest since", seen.ar_status_text)
                self.assertIn("Next: “", seen.ar_status_text)

    def test_the_contact_of_somebody_elses_customer_shows_nothing(self):
        seen = self.other.partner_id.with_user(self.salesperson)
        self.assertFalse(seen.ar_customer_id or seen.ar_overdue or seen.ar_status_text)

    def test_who_is_not_in_the_group_sees_nothing_of_it(self):
        self.internal_user.write({"company_ids": [Command.set(self.company.ids)], "company_id": self.company.id})
        self.mine.partner_id.user_id = self.internal_user
        fields = self.env["res.partner"].with_user(self.internal_user).fields_get()
        self.assertFalse({"ar_overdue", "ar_status_text", "ar_customer_id"} & set(fields))
        with mute_logger(*RULE_LOGS), self.assertRaises(AccessError):
            self.mine.with_user(self.internal_user).read(["overdue"])

    def test_the_contact_form_shows_it_to_them_alone(self):
        def shown(user):
            arch = self.env["res.partner"].with_user(user).get_view(view_type="form")["arch"]
            return "action_open_ar_customer" in arch, "ar_status_text" in arch

        self.assertEqual(shown(self.salesperson), (True, True))
        self.assertEqual(shown(self.collector), (True, False))
        self.assertEqual(shown(self.internal_user), (False, False))

    def test_the_text_of_the_status(self):
        self.assertIn("$\xa0500.00 overdue", self.mine.status_text)
        self._pay(self.invoice)
        self._run()
        self.env.invalidate_all()
        self.assertEqual(self.mine.status_text, "Nothing is overdue.")
