import re
from html import unescape

from odoo.tests import tagged

from .test_portal_dispute import PortalDisputeCase


@tagged("post_install", "-at_install")
class TestDisputeLink(PortalDisputeCase):
    """Reminders link to the form of disputes where one is possible; the page checks it again."""

    def _has_link(self, reminder):
        self.env.invalidate_all()
        return "dispute_url" in reminder._get_message_values()

    def _open(self, reminder, customer=None):
        """Follow the link; return the response."""
        response = self.url_open(self._link(customer, suffix="/dispute", message=reminder.id))
        self.assertEqual(response.status_code, 200)
        return response

    def _selectable(self, page):
        """Return {item id: whether it is ticked} of the form."""
        boxes = re.findall(r'<input type="checkbox"[^>]*name="item" value="(\d+)"([^>]*)>', page)
        return {int(number): "checked" in rest for number, rest in boxes}

    def _reject(self, invoice):
        dispute = self._dispute(invoice)
        dispute._resolve({dispute.line_ids: dispute.line_ids._to_exact(0)}, "No")

    def test_the_link_of_a_reminder_with_one_item(self):
        counts = self.env["ar.portal.count"].sudo().search([])
        reminder = self._reminder(self.customer, self.old)
        url = reminder._get_message_values()["dispute_url"]
        self.assertTrue(url.endswith(f"/my/receivables/{self.customer.id}/dispute?message={reminder.id}"))
        self.assertIn(f'type="hidden" name="item" value="{self._item(self.old).id}"', self._open(reminder).text)
        self.assertFalse(self._disputes())
        self.assertFalse(self._communications(self.customer) - reminder)
        self.assertEqual(counts.search([]), counts)

    def test_of_several_items_the_customer_ticks_what_is_wrong(self):
        listed = [self._item(self.old).id, self._item(self.new).id]
        reminder = self._reminder(self.customer, self.old, self.new)
        self.assertEqual(self._selectable(self._open(reminder).text), dict.fromkeys(listed, False))
        page = self._send(listed=listed, text="Two boxes").text
        self.assertIn("Nothing is selected. Select what is wrong", page)
        self.assertIn("Two boxes", page)
        self.assertEqual(self._selectable(page), dict.fromkeys(listed, False))
        self._send(self.new, listed=listed)
        self.assertEqual(self._disputes().line_ids.move_id, self.new)

    def test_what_was_paid_or_disputed_since(self):
        reminder = self._reminder(self.customer, self.old, self.new)
        self._pay(self.old)
        page = self._open(reminder).text
        self.assertNotIn(self.old.name, page)
        self.assertIn(f'type="hidden" name="item" value="{self._item(self.new).id}"', page)
        self._dispute(self.new)
        page = self._open(reminder).text
        self.assertIn("already in dispute", page)
        self.assertNotIn(self.new.name, page)
        self._pay(self.new)
        self.assertIn("already paid", self._open(reminder).text)

    def test_not_where_the_policy_takes_no_disputes(self):
        reminder = self._reminder(self.customer, self.old)
        self.policy.dispute_portal = False
        self.assertFalse(self._has_link(reminder))
        self.assertNotIn("/dispute", self._open(reminder).url)

    def test_not_where_a_limit_is_reached(self):
        reminder = self._reminder(self.customer, self.old)
        self.policy.dispute_open_max = 1
        self._dispute(self.new)
        self.assertFalse(self._has_link(reminder))
        page = unescape(self._open(reminder).text)
        self.assertIn("as many open disputes as possible", page)
        self.assertNotIn(self.old.name, page)
        self.assertNotIn('name="text"', page)
        self.policy.dispute_open_max = 0
        self.assertTrue(self._has_link(reminder))

    def test_a_rejected_item_leaves_the_others(self):
        self._reject(self.old)
        answered = "We have already answered a dispute"
        single = self._reminder(self.customer, self.old)
        self.assertFalse(self._has_link(single))
        page = self._open(single).text
        self.assertIn(answered, page)
        self.assertNotIn(self.old.name, page)
        self.assertNotIn('name="text"', page)
        both = self._reminder(self.customer, self.old, self.new)
        self.assertTrue(self._has_link(both))
        page = self._open(both).text
        self.assertNotIn("alert-warning", page)
        self.assertRegex(page, rf"{re.escape(self.old.name)}</b>\s*<div[^>]*>{answered}")
        self.assertNotIn(f'name="item" value="{self._item(self.old).id}"', page)
        self.assertIn(f'type="hidden" name="item" value="{self._item(self.new).id}"', page)
        self.authenticate(self.collector.login, self.collector.login)
        page = self._open(both).text  # colleagues have no limits
        self.assertNotIn(answered, page)
        self.assertIn(f'name="item" value="{self._item(self.old).id}"', page)

    def test_withdrawn_twice(self):
        reminder = self._reminder(self.customer, self.old)
        for expected in (True, False):
            self._dispute()._withdraw(by_customer=True)
            self.assertEqual(self._has_link(reminder), expected)

    def test_the_limits_hold_for_an_invoice_that_was_posted_again(self):
        invoice, items = self._invoice_in_parts(2)
        for _time in range(2):
            raised = self.env["ar.dispute"].sudo()
            dispute = raised._raise_dispute(self.customer, self.reason, {items[0].id: None}, "Broken")
            dispute._withdraw(by_customer=True)
        self._post_as_one(invoice)
        self.assertFalse(self._disputes().line_ids.move_line_id)
        reminder = self._reminder(self.customer, invoice)
        self.assertFalse(self._has_link(reminder))
        self.assertIn("were withdrawn before", self._open(reminder).text)

    def test_a_payer_disputes_its_own_invoices(self):
        self.other_customer.payer_id = self.customer
        self.assertFalse(self._has_link(self._reminder(self.customer, self.foreign)))
        reminder = self._reminder(self.customer, self.foreign, self.old)
        self.assertTrue(self._has_link(reminder))
        page = self._open(reminder).text
        self.assertIn(self.old.name, page)
        self.assertNotIn(self.foreign.name, page)
        self.assertIn("refused=nothing_selected", self._open(reminder, self.other_customer).url)

    def test_not_in_letters_and_notices(self):
        for values in ({"channel": "letter"}, {"notice": "account_statement"}):
            with self.subTest(values=values):
                self.assertFalse(self._has_link(self._reminder(self.customer, self.old, **values)))

    def test_who_may_follow_it(self):
        reminder = self._reminder(self.customer, self.old)
        address = f"/my/receivables/{self.customer.id}/dispute?message={reminder.id}"
        self.assertEqual(self.url_open(address).status_code, 404)
        key = self._key(self.customer)
        self.customer.action_revoke_links()
        self.assertEqual(self.url_open(f"{address}&access_token={key}").status_code, 404)
        contact = self._partner(name="A contact", is_company=False, parent_id=self.payer.id)
        self._portal_user(contact, "contact-user")
        self.authenticate("contact-user", "contact-user")
        self.assertIn(self.old.name, self.url_open(address).text)
