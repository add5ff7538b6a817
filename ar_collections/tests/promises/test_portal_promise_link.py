import re
from datetime import timedelta
from html import unescape
from unittest.mock import patch

from odoo.tests import tagged

from .test_portal_promise import PortalPromiseCommon


@tagged("post_install", "-at_install")
class TestPromiseLink(PortalPromiseCommon):
    """Reminders link to the form of promises where one is possible; the page checks it again."""

    def _url(self, reminder):
        """Return the address that the mail has; none where a promise is not possible."""
        self.env.invalidate_all()
        return reminder._get_message_values().get("promise_url")

    def _open(self, reminder, customer=None):
        """Follow the link; return the page's text."""
        response = self.url_open(self._link(customer, suffix="/promise", message=reminder.id))
        self.assertEqual(response.status_code, 200)
        return unescape(response.text)

    def _broken(self, *invoices, **values):
        """Let the customer break a promise about these invoices."""
        self._send(*invoices, **values)
        promise = self._promises().filtered(lambda promise: promise.state == "open").sudo()
        promise.write({"date": self.TODAY - timedelta(days=9), "to_judge": True})
        promise._judge(self.TODAY)
        self.assertEqual(promise.state, "broken")

    def _selectable(self, page):
        """Return {item id: whether it is ticked} of the form."""
        boxes = re.findall(r'<input type="checkbox"[^>]*name="item" value="(\d+)"([^>]*)>', page)
        return {int(number): "checked" in rest for number, rest in boxes}

    def test_the_link_changes_nothing_and_selects_the_items_of_the_reminder(self):
        counts = self.env["ar.portal.count"].sudo().search([])
        third = self._invoice(self.payer, overdue_days=2, amount=50.0)
        reminder = self._reminder(self.customer, self.old, self.new)
        self.assertTrue(
            self._url(reminder).endswith(f"/my/receivables/{self.customer.id}/promise?message={reminder.id}")
        )
        page = self._open(reminder)
        self.assertEqual(
            self._selectable(page), dict.fromkeys([self._item(self.old).id, self._item(self.new).id], True)
        )
        self.assertNotIn(third.name, page)
        self.assertFalse(self._promises())
        self.assertFalse(self._communications(self.customer) - reminder)
        self.assertEqual(counts.search([]), counts)

    def test_what_is_not_ticked_is_not_promised_and_stays_in_the_form(self):
        listed = [self._item(self.old).id, self._item(self.new).id]
        self._send(self.new, listed=listed)
        self.assertEqual(self._promises().line_ids.move_id, self.new)
        page = self._send(listed=listed, note="Next week").text
        self.assertIn("Nothing is selected. Select at least one invoice", page)
        self.assertIn("Next week", page)
        self.assertEqual(self._selectable(page), {self._item(self.old).id: False})

    def test_one_currency_is_ticked(self):
        euro = self._invoice(self.payer, amount=70.0, overdue_days=1, currency_id=self.currency_euro.id)
        page = self._open(self._reminder(self.customer, self.old, euro))
        self.assertEqual(self._selectable(page), {self._item(self.old).id: True, self._item(euro).id: False})

    def test_what_was_paid_or_promised_since(self):
        reminder = self._reminder(self.customer, self.old, self.new)
        self._pay(self.old)
        page = self._open(reminder)
        self.assertNotIn(self.old.name, page)
        self.assertIn(f'name="item" value="{self._item(self.new).id}"', page)
        self._send(self.new, amounts={self.new: "40"})  # a second promise about it is not possible
        page = self._open(reminder)
        self.assertIn("A payment is already promised", page)
        self.assertNotIn("Promise this payment", page)
        self.assertIsNone(self._url(self._reminder(self.customer, self.new)))
        self._pay(self.new)
        self.assertIn("paid in the meantime", self._open(reminder))

    def test_what_was_paid_of_a_promise_today_bars_nothing(self):
        self.policy.promise_open_max = 1
        reminder = self._reminder(self.customer, self.old)
        self._send(self.old, amounts={self.old: "50"})
        promise = self._promises()
        promise.sudo().promised_on = self.TODAY - timedelta(days=31)  # and paid within the tolerance
        self.assertIsNone(self._url(reminder))
        self._pay(self.old, 20.0)
        page = self._open(reminder)
        self.assertIn("part of another agreement", page)
        self.assertNotIn("Promise this payment", page)
        self._pay(self.old, 30.0)
        self.assertEqual(self._promises().state, "open")  # until the night
        self.assertTrue(self._url(reminder))
        page = self._open(reminder)
        self.assertNotIn("alert-warning", page)
        self.assertIn(f'type="hidden" name="item" value="{self._item(self.old).id}"', page)
        self.assertIn(f'max="{self.TODAY + timedelta(days=30)}"', page)
        self.assertEqual(self._promises().state, "open")
        self.assertIn("Thank you. You promised", self._send(self.old, self.new).text)
        self.assertEqual(sorted(self._promises().mapped("state")), ["kept", "open"])

    def test_not_where_the_policy_takes_no_promises(self):
        reminder = self._reminder(self.customer, self.old)
        self.policy.promise_portal = False
        self.assertIsNone(self._url(reminder))
        self.assertIn("not possible here", self._open(reminder))

    def test_not_where_a_limit_is_reached(self):
        reminder = self._reminder(self.customer, self.old)
        self.policy.promise_open_max = 1
        self._send(self.new)
        self.assertIsNone(self._url(reminder))
        page = self._open(reminder)
        self.assertIn("maximum: 1", page)
        self.assertIn("Please contact us", page)
        self.assertNotIn("Promise this payment", page)

    def test_a_broken_promise_leaves_the_other_items(self):
        self.policy.promise_broken_max = 1
        self._broken(self.old)
        self.assertIsNone(self._url(self._reminder(self.customer, self.old)))
        both = self._reminder(self.customer, self.old, self.new)
        self.assertTrue(self._url(both))
        page = self._open(both)
        self.assertEqual(self._selectable(page), {self._item(self.new).id: True})
        self.assertNotIn("alert-warning", page)
        self.assertIn("Earlier promises were not kept", page)  # beside the item
        self.assertNotIn("part of another agreement", page)
        self._broken(self.new)
        self.assertIsNone(self._url(both))  # two in a year
        self.assertEqual(self._open(both).count("were not kept"), 1)

    def test_a_promise_that_was_withdrawn_and_whose_days_are_over(self):
        self._send(self.old)
        self._promises().sudo()._withdraw_by_customer()
        reminder = self._reminder(self.customer, self.old)
        self.assertTrue(self._url(reminder))
        self._promises().sudo().promised_on = self.TODAY - timedelta(days=31)
        self.assertIsNone(self._url(reminder))
        self.assertIn("was withdrawn before", self._open(reminder))

    def test_the_limits_hold_for_an_invoice_that_was_posted_again(self):
        invoice, items = self._invoice_in_parts(2)
        self._send(item=items[0].id)
        promise = self._promises().sudo()
        promise._withdraw_by_customer()
        promise.promised_on = self.TODAY - timedelta(days=31)
        self._post_as_one(invoice)
        self.assertFalse(promise.line_ids.move_line_id)
        reminder = self._reminder(self.customer, invoice)
        self.assertIsNone(self._url(reminder))
        page = self._open(reminder)
        self.assertIn("was withdrawn before", page)
        self.assertNotIn(f'name="item" value="{self._item(invoice).id}"', page)

    def test_a_promise_about_parts_of_an_invoice_that_was_posted_again_counts_once(self):
        invoice, items = self._invoice_in_parts(4)
        self._broken(item=items.ids)
        self._post_as_one(invoice)
        self.assertEqual(self._promises().line_ids.mapped(lambda line: len(line.move_line_id)).count(0), 3)
        reminder = self._reminder(self.customer, invoice)
        self.policy.promise_broken_max = 2
        self.assertTrue(self._url(reminder))
        self.assertIn("Promise this payment", self._open(reminder))
        self.policy.promise_broken_max = 1
        self.assertIsNone(self._url(reminder))

    def test_a_form_without_a_date_says_why(self):
        self._send(self.old)
        self._promises().sudo()._withdraw_by_customer()
        self._promises().sudo().promised_on = self.TODAY - timedelta(days=31)
        with patch.object(self.env.registry["ar.customer"], "_find_promise_obstacles", lambda *args: {}):
            page = self._open(self._reminder(self.customer, self.old))
        self.assertNotIn("Promise this payment", page)
        self.assertIn("was withdrawn before", page)

    def test_a_payer_promises_its_own_invoices(self):
        stranger = self._partner(name="Other Payer")
        foreign = self._invoice(stranger, overdue_days=9, amount=77.0)
        member = self._customer(stranger)
        member.payer_id = self.customer
        self.assertIsNone(self._url(self._reminder(self.customer, foreign)))
        reminder = self._reminder(self.customer, foreign, self.old)
        self.assertTrue(self._url(reminder))
        page = self._open(reminder)
        self.assertIn(self.old.name, page)
        self.assertNotIn(foreign.name, page)
        self.assertIn("Nothing is selected", self._open(reminder, member))  # another account's message

    def test_not_in_letters_and_notices(self):
        for values in ({"channel": "letter"}, {"channel": "call"}, {"notice": "account_statement"}):
            with self.subTest(values=values):
                self.assertIsNone(self._url(self._reminder(self.customer, self.old, **values)))

    def test_who_may_follow_it(self):
        reminder = self._reminder(self.customer, self.old)
        address = f"/my/receivables/{self.customer.id}/promise?message={reminder.id}"
        self.assertEqual(self.url_open(address).status_code, 404)
        key = self._key(self.customer)
        self.customer.action_revoke_links()
        self.assertEqual(self.url_open(f"{address}&access_token={key}").status_code, 404)
        contact = self._partner(name="A contact", is_company=False, parent_id=self.payer.id)
        self._portal_user(contact, "contact-user")
        self.authenticate("contact-user", "contact-user")
        self.assertIn(self.old.name, self.url_open(address).text)

    def test_ids_of_messages_are_not_trusted(self):
        for wrong in ("x", "-1", "9" * 30, "", "0"):
            with self.subTest(wrong=wrong):
                page = self.url_open(self._link(suffix="/promise", message=wrong)).text
                self.assertIn("Nothing is selected", page)

    # === THE LINE IN THE MAIL === #

    def test_one_line_with_the_words_of_the_page(self):
        reminder = self._reminder(self.customer, self.old)
        (line,) = re.findall(r'<p class="o_ar_forms".*?</p>', str(reminder.contact_html), re.DOTALL)
        text = " ".join(re.sub(r"<[^>]+>", "", line).split())
        self.assertEqual(
            text,
            "Or tell us on your page: I have paid | Pay later | Report a problem | Invoice missing",
        )
        for label in ("I have paid", "Pay later", "Report a problem"):
            self.assertIn(label, self.customer._get_possible_asks().values())
        self.policy.write({"promise_portal": False, "dispute_portal": False, "reported_portal": False})
        self.env.invalidate_all()
        self.assertIn("page: <a", " ".join(str(reminder.contact_html).split()))
        self.assertNotIn(" | ", str(reminder.contact_html))
        letter = reminder.copy({"channel": "letter"})
        self.assertNotIn("o_ar_forms", letter.contact_html)

    def test_the_line_as_plain_text_and_in_other_languages(self):
        for lang in ("en_US", "de_DE", "ar_001"):
            self.env["res.lang"]._activate_lang(lang)
            with self.subTest(lang=lang):
                reminder = self._reminder(self.customer, self.old, lang=lang)
                reminder.body = reminder.contact_html
                text = reminder._get_plain_text()
                (line,) = [row for row in text.splitlines() if " | " in row]
                self.assertEqual(re.sub(r"[^\[\]|\d]", "", line), "[1]|[2]|[3]|[4]")
                self.assertRegex(text, rf"\[2\] \S*/my/receivables/{self.customer.id}/promise\?message={reminder.id}")
