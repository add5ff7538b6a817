from datetime import timedelta
from html import unescape
from unittest.mock import patch

from odoo.exceptions import LockError
from odoo.tests import tagged

from ..disputes.test_portal_dispute import EXE, PDF
from ..portal.common_portal import ArPortalCommon


@tagged("post_install", "-at_install")
class TestPortalReported(ArPortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = cls._partner(name="Other Payer")
        cls.foreign = cls._invoice(cls.stranger, overdue_days=9, amount=77.0)
        cls.other_customer = cls._customer(cls.stranger)

    def _send(self, *invoices, amounts=None, files=(), customer=None, **values):
        """Fill the form in and send it; return the response after its redirects."""
        customer = customer or self.customer
        page = self._page()
        data = {
            "access_token": self._key(customer),
            "csrf_token": page.text.split('name="csrf_token" value="')[1].split('"')[0],
            "item": [self._item(invoice).id for invoice in invoices],
            "date": self.TODAY.isoformat(),
            "method": "transfer",
            **{f"amount_{self._item(invoice).id}": amount for invoice, amount in (amounts or {}).items()},
            **values,
        }
        uploads = [("files", file) for file in files] or None
        return self.url_open(f"/my/receivables/{customer.id}/reported", data=data, files=uploads, method="POST")

    def _reports(self, customer=None):
        self.env.invalidate_all()
        return self.env["ar.reported.payment"].search([("customer_id", "=", (customer or self.customer).id)])

    def test_from_the_selection_to_thank_you(self):
        self.assertIn("I have paid", self._page().text)
        data = {"access_token": self._key(self.customer), "ask": "reported", "item": [self._item(self.old).id]}
        form = self.url_open(f"/my/receivables/{self.customer.id}/ask", data=data, method="POST")
        self.assertIn("You have paid already?", form.text)
        self.assertIn(f'name="amount_{self._item(self.old).id}" value="200.00"', form.text)
        page = self._send(self.old, reference="<b>INV 7</b>", note="Paid", files=[("proof.pdf", PDF)])
        self.assertIn("We are looking for your payment", page.text)
        self.assertIn("Payment reported", page.text)
        reported = self._reports()
        self.assertEqual((reported.origin, reported.method, reported.amount_total), ("portal", "transfer", 200.0))
        self.assertEqual((reported.reference, reported.note), ("<b>INV 7</b>", "Paid"))
        self.assertEqual(reported.file_ids.mapped("name"), ["proof.pdf"])
        self.assertFalse(reported.file_ids.public)
        note = self.customer.message_ids.filtered(lambda message: "reported on the portal" in (message.body or ""))
        self.assertEqual(note.author_id, self.env.ref("base.partner_root"))
        self.assertEqual(self._tasks(self.customer, "reported_payment").create_uid, self.env.ref("base.user_root"))

    def test_what_is_reported_is_not_asked_for_but_can_be_paid(self):
        self.env["res.partner.bank"].create({"acc_number": "IE1", "partner_id": self.company.partner_id.id})
        self._send(self.old)
        self.env.invalidate_all()
        rows = {row["id"]: row for row in self.customer._get_page_values()["groups"][0]["rows"]}
        row = rows[self._item(self.old).id]
        self.assertTrue(row["payable"])
        self.assertFalse(row["ticked"])
        (page,) = self.customer._get_page_values()["groups"][0]["transfers"]
        (printed,) = self.customer._get_statement_values()["transfers"]
        self.assertEqual((page["amount"], printed["amount"]), ("$\xa0100.00",) * 2)

    def test_the_link_of_a_reminder_changes_nothing_and_selects_its_items(self):
        communication = self._reminder(self.customer, self.old)
        url = communication._get_message_values()["reported_url"]
        self.assertIn(f"/my/receivables/{self.customer.id}/reported?message={communication.id}", url)
        form = self.url_open(self._link(suffix="/reported", message=communication.id))
        self.assertIn(self.old.name, form.text)
        self.assertNotIn(self.new.name, form.text)
        self.assertFalse(self._reports())

    def test_a_payer_is_not_asked_about_invoices_of_others(self):
        self.other_customer.payer_id = self.customer
        self.assertNotIn("reported_url", self._reminder(self.customer, self.foreign)._get_message_values())
        reminder = self._reminder(self.customer, self.foreign, self.old)
        self.assertIn("reported_url", reminder._get_message_values())
        form = self.url_open(self._link(suffix="/reported", message=reminder.id)).text
        self.assertIn(self.old.name, form)
        self.assertIn("those of customers that you pay for", form)
        self.assertNotIn(self.foreign.name, form)

    def test_the_message_of_another_customer_selects_nothing(self):
        theirs = self._reminder(self.other_customer, self.foreign)
        form = self.url_open(self._link(suffix="/reported", message=theirs.id))
        self.assertNotIn(self.foreign.name, form.text)
        self.assertIn("Nothing is selected", form.text)

    def test_a_policy_without_it(self):
        self.policy.reported_portal = False
        self.assertNotIn("I have paid", self._page().text)
        self.assertIn("not possible here", self._send(self.old).text)
        self.assertFalse(self._reports())
        self.assertNotIn("reported_url", self._reminder(self.customer, self.old)._get_message_values())

    # === REFUSED === #

    def test_every_refusal_shows_the_form_again(self):
        cases = [
            ("Nothing is selected", {"invoices": ()}),
            ("no longer open", {"invoices": (self.foreign,)}),
            ("in the future", {"date": (self.TODAY + timedelta(days=1)).isoformat()}),
            ("date on which you paid", {"date": "yesterday"}),
            ("date on which you paid", {"date": ""}),
            ("higher than the amount due", {"amounts": {self.old: "200.01"}}),
            ("greater than zero", {"amounts": {self.old: "-1"}}),
            ("greater than zero", {"amounts": {self.old: "NaN"}}),
            ("greater than zero", {"amounts": {self.old: "abc"}}),
            ("type", {"files": [("proof.exe", EXE)]}),
        ]
        for text, values in cases:
            invoices = values.pop("invoices", (self.old,))
            with self.subTest(text=text, values=values):
                response = self._send(*invoices, **values)
                self.assertEqual(response.status_code, 200)
                self.assertIn(text, unescape(response.text))
                self.assertIn("You have paid already?", response.text)
                self.assertFalse(self._reports())
        self.assertFalse(self.env["ir.attachment"].search([("res_model", "=", "ar.reported.payment")]))

    def test_reported_before(self):
        self._send(self.old)
        self.assertIn("already reported", self._send(self.old).text)
        reported = self._reports()
        day = reported.date_until + timedelta(days=1)
        reported.sudo()._judge(day)
        self.assertIn("we could not find it", self._send(self.old).text)
        self.assertEqual(len(self._reports()), 1)

    def test_an_unknown_method_is_another_one(self):
        self._send(self.old, method="barter")
        self.assertEqual(self._reports().method, "other")

    def test_a_locked_account(self):
        with patch.object(type(self.customer), "_lock_account", side_effect=LockError("locked")):
            self.assertIn("another window", self._send(self.old).text)
        self.assertFalse(self._reports())

    def test_the_limit_of_a_day(self):
        self.policy.portal_agreements_per_day = 1
        self._send(self.old)
        self.assertIn("Please write or call us", self._send(self.new).text)
        self.assertEqual(len(self._reports()), 1)

    def test_strangers(self):
        wrong = self._send(self.old, access_token="wrong")
        self.assertNotIn("We are looking for", wrong.text)
        theirs = self._send(self.old, customer=self.other_customer)
        self.assertIn("no longer open", theirs.text)
        self.assertFalse(self._reports() | self._reports(self.other_customer))
