import io
from datetime import timedelta

from openpyxl import load_workbook

from odoo import Command
from odoo.tests import tagged

from ...core.facts import ITEMS_ONLY
from .common_portal import ArPortalCommon


@tagged("post_install", "-at_install")
class TestPortalPage(ArPortalCommon):
    def test_empty_page_states_it(self):
        customer = self._customer(self._partner(name="Paid up"))
        self.assertIn("Nothing to pay", self._page(customer).text)

    def test_link_of_a_reminder_ticks_its_items_and_no_others(self):
        upcoming = self._invoice(self.payer, overdue_days=-20, amount=30.0)
        self.policy.workdays_only = False
        self._run()
        communication = self._communications(self.customer)
        rows = self.customer._get_page_values({line.move_line_id.id for line in communication.line_ids})["groups"][0][
            "rows"
        ]
        self.assertEqual({row["name"]: bool(row["ticked"]) for row in rows}[upcoming.name], False)
        self.assertEqual(self._page(message=communication.id).text.count("checked"), 2)

    def test_message_of_another_customer_ticks_as_usual(self):
        other = self._partner(name="Other")
        self._invoice(other, overdue_days=4)
        self.policy.workdays_only = False
        self._run()
        theirs = self._communications(self._customer(other))
        self.assertEqual(self._page(message=theirs.id).text.count("checked"), 2)

    def test_totals_and_aging_per_currency(self):
        self._invoice(self.payer, overdue_days=-10, amount=50.0)
        self._invoice(self.payer, overdue_days=31, amount=70.0, currency_id=self.currency_euro.id)
        own, foreign = self.customer._get_page_values()["groups"]
        self.assertEqual((own["open"], own["overdue"], own["buckets"][:3]), (350.0, 300.0, [50.0, 100.0, 200.0]))
        self.assertEqual((foreign["open"], foreign["buckets"][2]), (70.0, 70.0))
        self.company.ar_aging_edges = "3, 10, 45, 60"
        own, _foreign = self.customer._get_page_values()["groups"]
        self.assertEqual(own["buckets"], [50.0, 0.0, 100.0, 200.0, 0.0, 0.0])
        self.assertRegex(self._page().text, r"11-45\s+days late")
        franc = self.setup_other_currency("CHF")
        self._invoice(self.payer, overdue_days=1, amount=17.0, currency_id=franc.id)
        franc.active = False  # invoices in it stay open
        page = self._page()
        self.assertEqual(page.status_code, 200)
        self.assertIn("17.00", page.text)

    def test_number_of_queries_does_not_grow_with_the_invoices(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._page()
            return self.env.cr.sql_log_count - before

        self._page()
        few = count()
        for days in range(10):
            self._invoices([self.payer] * 3, overdue_days=days, amount=10.0)
        self.assertLessEqual(count(), few + 5)

    def test_long_lists_are_paged_and_pay_all_means_all(self):
        self._invoices([self.payer] * 101, overdue_days=1, amount=1.0)
        page = self._page(page=2)
        self.assertEqual(page.text.count('name="item"'), 3)
        self.assertEqual(self._form_of(self._select(scope="all"))[1], 401.0)
        self.assertEqual(self._page(page="x").status_code, 200)

    def test_documents_open_for_the_customer_only(self):
        theirs = self._invoice(self._partner(name="Other"), overdue_days=4)
        base = f"/my/receivables/{self.customer.id}/document"
        own = self.url_open(f"{base}/{self.old.id}?access_token={self._key(self.customer)}")
        self.assertIn(self.old.name, own.text)
        for url in (
            f"{base}/{theirs.id}?access_token={self._key(self.customer)}",
            f"{base}/{self.old.id}?access_token=x",
        ):
            self.assertEqual(self.url_open(url).status_code, 404)

    def test_home_counts_the_late_items(self):
        self._portal_user(self._partner(name="A contact", is_company=False, parent_id=self.payer.id), "contact-user")
        self.authenticate("contact-user", "contact-user")
        counters = self.make_jsonrpc_request("/my/counters", params={"counters": ["receivables_overdue_count"]})
        self.assertEqual(counters["receivables_overdue_count"], 2)

    def test_an_invoice_counts_once_and_what_is_not_asked_for_does_not(self):
        days = (Command.create({"value": "percent", "value_amount": 50, "nb_days": days}) for days in (0, 10))
        term = self.env["account.payment.term"].create({"name": "Two dates", "line_ids": list(days)})
        values = {"invoice_date": self.TODAY - timedelta(days=20), "invoice_date_due": False}
        split = self._invoice(self.payer, invoice_payment_term_id=term.id, **values)
        self.assertEqual(len(self._debt(split)), 2)
        self.assertEqual(self.customer._count_late(), 3)
        self.old.no_followup = True
        self._pay(self.new, 98.0)  # within the tolerance
        self.assertEqual(self.customer._count_late(), 1)
        row = self._row(self.customer._get_page_values(), self.new)
        self.assertEqual((row["days_late"], row["ticked"], row["payable"]), (0, False, True))

    def _row(self, values, invoice):
        return next(row for group in values["groups"] for row in group["rows"] if row["move"] == invoice)

    def test_the_items_of_an_opening_balance_count_one_by_one(self):
        accounts = self.company_data["default_account_receivable"] + self.company_data["default_account_revenue"]
        yesterday = self.TODAY - timedelta(days=1)
        lines = [
            {"account_id": account.id, "partner_id": self.payer.id, side: 50.0, "date_maturity": yesterday}
            for account, side in ((accounts[0], "debit"), (accounts[0], "debit"), *[(accounts[1], "credit")] * 2)
        ]
        values = {"move_type": "entry", "date": self.TODAY, "line_ids": [Command.create(line) for line in lines]}
        self.env["account.move"].create(values).action_post()
        self.assertEqual(self.customer._count_late(), 4)

    def test_who_has_no_account_is_not_told_that_nothing_is_open(self):
        self._portal_user(self._partner(name="A contact", is_company=False, parent_id=self.payer.id), "contact-user")
        self.customer.active = False
        self.authenticate("contact-user", "contact-user")
        text = self.url_open("/my/receivables").text
        self.assertIn("There is no account to show here.", text)
        self.assertNotIn("nothing to pay", text)

    # === STATEMENT === #

    def _statement(self, kind, **params):
        query = "&".join(f"{key}={value}" for key, value in params.items())
        url = f"/my/receivables/{self.customer.id}/statement.{kind}?access_token={self._key(self.customer)}&{query}"
        return self.url_open(url)

    def test_statement_in_both_formats(self):
        self.assertIn(self.old.name, self._statement("pdf", date="nonsense").text, "Printed as HTML while testing.")
        later = self._statement("xlsx", date=self.TODAY + timedelta(days=500))
        self.assertIn(self.TODAY.isoformat(), later.headers["Content-Disposition"], "Nobody knows what is open then.")
        workbook = load_workbook(io.BytesIO(later.content))
        cells = [cell.value for row in workbook.active.iter_rows() for cell in row]
        self.assertIn(self.old.name, cells)
        self.assertIn(300, cells, "The total is a number.")
        self.assertEqual(self._statement("exe").status_code, 404)

    def test_the_workbook_has_the_decimals_of_each_currency(self):
        dinar = self.env["res.currency"].create({"name": "XKD", "symbol": "KD", "rounding": 0.001})
        self._invoice(self.payer, overdue_days=1, amount=1.234, currency_id=dinar.id)
        content, _mimetype = self.env["ar.statement"]._render_xlsx(self.customer, self.TODAY)
        cells = [cell for row in load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row]
        self.assertEqual({cell.number_format for cell in cells if cell.value == 1.234}, {"#,##0.000"})
        self.assertEqual({cell.number_format for cell in cells if cell.value == 300}, {"#,##0.00"})

    def test_page_offers_the_statement_as_of_a_day(self):
        text = self._page().text
        self.assertIn('type="date"', text)
        self.assertIn(f'formaction="/my/receivables/{self.customer.id}/statement.xlsx"', text)
        self.assertNotIn(self.new.name, self._statement("pdf", date=self.old.invoice_date_due).text, "Not billed yet.")

    @tagged("post_install", "-at_install", "ar_print")
    def test_statement_is_a_pdf(self):
        printed = self.env["ar.statement"].with_context(force_report_rendering=True)
        content, mimetype = printed._render_pdf(self.customer, self.TODAY)
        self.assertTrue(content.startswith(b"%PDF"), mimetype)

    def _ledger(self, day):
        """Return the balance of the customer's receivable accounts at the end of the day."""
        accounts = self.env["ar.facts"]._get_receivable_account_ids(self.company)
        domain = [("account_id", "in", accounts), ("partner_id", "=", self.payer.id), ("date", "<=", day)]
        return sum(self.env["account.move.line"].search([*domain, ("parent_state", "=", "posted")]).mapped("balance"))

    def test_statement_ties_out_to_the_ledger_on_every_day(self):
        self._pay(self.old, amount=80.0, day=self.TODAY - timedelta(days=20))
        refund = self._invoice(self.payer, overdue_days=2, amount=30.0, move_type="out_refund")
        (self._item(self.new) + self._item(refund)).reconcile()
        self._invoice(self.payer, overdue_days=1, amount=70.0, currency_id=self.currency_euro.id)
        for days in range(0, 80, 4):
            day = self.TODAY - timedelta(days=days)
            values = self.env["ar.statement"]._get_values(self.customer, day)
            with self.subTest(day=day):
                self.assertAlmostEqual(values["balance"], self._ledger(day), 2)

    def test_statement_of_yesterday_stays_the_same_when_somebody_pays_today(self):
        yesterday = self.TODAY - timedelta(days=1)
        before = self.env["ar.statement"]._read_lines(self.customer, yesterday)
        self._pay(self.old)
        self.assertEqual(self.env["ar.statement"]._read_lines(self.customer, yesterday), before)

    def test_message_page_and_file_say_the_same_of_a_post_dated_payment(self):
        self._pay(self.old, day=self.TODAY + timedelta(days=5))
        facts = self.env["ar.facts"]._gather(self.customer, self.TODAY, ITEMS_ONLY)
        contents = self.env["ar.statement.contents"]._read_contents(self.customer, self.TODAY, facts)
        (section,), (page,) = contents[self.customer.id]["sections"], self.customer._get_page_values()["groups"]
        self.assertEqual((float(section["total"]), page["open"]), (100, 100))
        for day in (self.TODAY, self.TODAY + timedelta(days=400)):
            values = self.env["ar.statement"]._get_values(self.customer, day)
            self.assertEqual((values["balance"], [row["line"].move_id for row in values["groups"][0]["rows"]]),
                             (100, self.new.ids))  # fmt: skip
        yesterday = self.env["ar.statement"]._get_values(self.customer, self.TODAY - timedelta(days=1))
        self.assertEqual(yesterday["balance"], 300)

    def test_a_statement_of_a_past_day_asks_for_no_transfer(self):
        self.env["res.partner.bank"].create({"acc_number": "IE1", "partner_id": self.company.partner_id.id})
        statements = self.env["ar.statement"]
        self.assertTrue(statements._get_values(self.customer, self.TODAY)["transfers"])
        self._pay(self.old)
        yesterday = self.TODAY - timedelta(days=1)
        self.assertEqual(statements._get_values(self.customer, yesterday)["transfers"], [])

    def test_a_name_is_no_formula_in_the_workbook(self):
        self.payer.name = "=1+1"
        content, _mimetype = self.env["ar.statement"]._render_xlsx(self.customer, self.TODAY)
        cell = load_workbook(io.BytesIO(content)).active["A1"]
        self.assertEqual((cell.data_type, cell.value[:4]), ("s", "=1+1"))

    def test_staff_mail_the_statement(self):
        action = self.customer.with_user(self.collector).action_send_statement()
        attachment = self.env["ir.attachment"].browse(action["context"]["default_attachment_ids"])
        self.assertIn(self.old.name, attachment.raw.decode())
        self.assertEqual(action["context"]["default_partner_ids"], self.payer.ids)
        composer = self.env["mail.compose.message"].with_user(self.collector).with_context(**action["context"])
        message = composer.create({})
        self.assertIn(self.company.name, message.subject)
        self.assertIn(f"/my/receivables/{self.customer.id}", message.body)
        self.assertNotIn("access_token", message.body)
        self.assertEqual(message.attachment_ids, attachment)

    def test_customer_of_several_companies_chooses(self):
        contact = self._partner(name="A contact", is_company=False, parent_id=self.payer.id)
        self._portal_user(contact, "contact-user")
        elsewhere = self._create_company(name="Our other company")
        self._customer(self.payer, elsewhere)
        self.authenticate("contact-user", "contact-user")
        text = self.url_open("/my/receivables").text
        self.assertIn("Our other company", text)
        self.assertIn(self.company.name, text)
        self.assertNotIn(self.old.name, text)

    def test_wire_transfer_shows_its_reference(self):
        wire = self._prepare_provider("custom", company=self.company, update_values={"is_published": True})
        method = self.env["payment.method"].search([("code", "=", "wire_transfer")], limit=1)
        transaction = self._submit(self._select(self.new), provider_id=wire.id, payment_method_id=method.id)
        transaction._set_pending()
        text = self._page(paid=transaction.reference).text
        self.assertIn("is being processed", text)
        self.assertIn(transaction.reference, text)
