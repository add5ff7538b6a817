"""Thanks for a payment of a group: one mail to the payer, which says what was paid for whom."""

from datetime import timedelta

from ...core.facts import AccountFacts
from ..core_common import CoreCase
from .common_group import ArGroupReceiptsCommon


class TestGroupReceipts(ArGroupReceiptsCommon):
    def test_one_mail_by_member(self):
        payment = self._pay_group({self.own: None, self.first: 50, self.second: None})
        tomorrow = self.TODAY + timedelta(days=1)
        with self._on(tomorrow):
            self.env["ar.payment.receipt"].sudo()._prepare_company(self.company, tomorrow)
        (receipt,) = self.env["ar.payment.receipt"].search([("payment_ids", "in", payment.ids)])
        self.assertEqual(receipt.customer_id, self.payer)
        (mail,) = [each for each in self._deliver(tomorrow) if "thank you" in each["subject"]]
        body = mail["body"]
        places = [
            body.index(text) for text in (self.own.name, "For North", self.first.name, "For South", self.second.name)
        ]
        self.assertEqual(places, sorted(places))
        self.assertIn("20.00", body)
        self.assertIn("those that you pay for", body)
        self.assertFalse(self.env["ar.payment.receipt"].search([("customer_id", "in", (self.north | self.south).ids)]))
        self.north.payer_id = False  # what is left there is no business of the payer any more
        with self._on(tomorrow):
            receipt.sudo().contents = receipt._read_contents()[receipt]
            html = receipt._get_notice_html(receipt.communication_id)
        self.assertIn(self.first.name, html)
        self.assertNotIn("20.00", html)
        self.assertEqual(html.count("settled"), 2)

    def test_what_others_claim_of_a_member_is_not_told(self):
        late, claimed = (CoreCase().item(3, excluded=excluded) for excluded in ((), [("placed", 100)]))
        accounts = [AccountFacts(number, items=(item,)) for number, item in ((1, late), (2, late), (3, claimed))]
        receipts = self.env["ar.payment.receipt"]
        self.assertIsNone(receipts._get_open(accounts[0], accounts[1:], self.TODAY))
        self.assertTrue(receipts._get_open(accounts[0], accounts[1:2], self.TODAY))
