import csv
import io
from html import unescape

from odoo.tests import HttpCase, tagged

from .common_portal import ArPortalCommon


@tagged("post_install", "-at_install")
class TestLists(ArPortalCommon, HttpCase):
    """What the page lists, and how it is found: search, downloads, paid invoices, agreed parts."""

    def test_search_finds_numbers_and_references_and_leaves_totals_alone(self):
        self.old.ref = "Order 4711"
        for text in (self.old.name, "order 4711"):
            with self.subTest(text=text):
                page = unescape(self._page(search=text).text)
                self.assertIn(f'for="item_{self._item(self.old).id}"', page)
                self.assertNotIn(f'for="item_{self._item(self.new).id}"', page)
                self.assertIn("300.00", page)

    def test_search_that_finds_nothing_says_so_and_is_escaped(self):
        page = self._page(search="%3Cb%3Enone%3C/b%3E").text
        self.assertIn("No open invoice matches", page)
        self.assertNotIn("<b>none</b>", page)

    def test_open_items_as_csv(self):
        self.old.payment_reference = "=1+1"
        response = self.url_open(self._link(suffix="/statement.csv"))
        self.assertIn(f"{self.TODAY.isoformat()}.csv", response.headers["Content-Disposition"])
        heading, *rows = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
        self.assertEqual(heading[0], "Number")
        self.assertEqual({row[0]: float(row[6]) for row in rows}, {self.old.name: 200.0, self.new.name: 100.0})
        self.assertIn("'=1+1", rows[0])

    def test_paid_invoices_are_listed_and_searched(self):
        self._pay(self.old)
        url = self._link(suffix="/paid")
        page = unescape(self.url_open(url).text)
        self.assertIn(self.old.name, page)
        self.assertNotIn(self.new.name, page)
        self.assertNotIn(self.old.name, self.url_open(f"{url}&search=nothing").text)

    def test_what_is_promised_is_not_red(self):
        self.customer._promise(self.TODAY, {self._item(self.old).id: None}, origin="portal")
        row = next(row for group in self.customer._get_page_values()["groups"] for row in group["rows"])
        self.assertFalse(row["is_due"])
        self.new.line_ids.filtered("date_maturity").date_maturity = self.TODAY
        self.assertFalse(self.customer._get_page_values()["groups"][0]["is_late"])

    def test_the_part_that_is_promised_is_named(self):
        self.customer._promise(self.TODAY, {self._item(self.old).id: self.customer._get_facts().items[0].residual / 4})
        page = unescape(self._page().text)
        self.assertIn("Payment promised", page)
        row = next(row for group in self.customer._get_page_values()["groups"] for row in group["rows"])
        self.assertEqual([status["amount"] for status in row["statuses"]], [50.0])

    def test_bank_details_are_shown_beside_online_payment(self):
        self.env["res.partner.bank"].create({"acc_number": "12345678", "partner_id": self.company.partner_id.id})
        page = self._page().text
        self.assertIn("12345678", page)
        self.assertIn("Pay selected", page)
        self.assertIn("12345678", self._select(self.old).text)

    def test_who_paid_online_gets_a_receipt(self):
        transaction = self._submit(self._select(self.old))
        transaction.partner_email = "payer@customer.example.com"
        self._complete(transaction)
        mail = self.env["mail.mail"].sudo().search([("subject", "ilike", "we have received your payment")])
        body = unescape(str(mail.body_html)).replace("\xa0", " ")
        self.assertEqual(len(mail), 1)
        for text in ("$ 200.00", self.old.name, transaction.reference):
            self.assertIn(text, body)
        self.assertNotIn("access_token", body)
