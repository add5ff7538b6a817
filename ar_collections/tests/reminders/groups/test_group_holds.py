"""What holds the reminder of a group: money of its members and of the payer, who owes nothing, and its insolvency."""

from datetime import timedelta

from ...matching.common_matching import ArMatchingCommon
from .common_group import GroupCommon


class TestGroupHolds(ArMatchingCommon, GroupCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write({"unmatched_payments": "hold", "unmatched_payment_days": 3})
        cls._join(cls.north, cls.south)
        cls.invoice = cls._invoice(cls.north.partner_id, 12, 100)

    def _match_tasks(self):
        """Return the accounts with the task to match payments."""
        kind = self.env.ref("ar_collections.mail_activity_type_match")
        accounts = self.payer | self.north | self.south
        return accounts.filtered(lambda account: kind in account.sudo().activity_ids.activity_type_id)

    def _problems(self):
        return self.env["ar.problem"].sudo().search([("company_id", "=", self.company.id)])

    def test_money_of_the_only_member_holds_its_items(self):
        self._run()
        self._statement_line(37.0, partner_id=self.north.partner_id.id)
        self.assertEqual(self._deliver(), [])  # the check before sending decides as the run does
        self._run()
        self.assertFalse(self._problems())
        self.assertCode(self.north, "unmatched_payment")
        self.assertCode(self.payer, "members_held")
        self.assertEqual(self._match_tasks(), self.north)
        after = self.TODAY + timedelta(days=3)
        self.assertGreaterEqual(self.payer.next_date, after)
        self.assertEqual(self.north.next_date, self.payer.next_date)
        self.assertEqual(self._readers(self._day(self.payer.next_date)), ["payer"])

    def test_money_of_a_member_that_names_its_invoice_holds_nothing_of_the_others(self):
        other = self._invoice(self.south.partner_id, 4, 50)
        self._statement_line(100.0, reference=self.invoice.name, partner_id=self.north.partner_id.id)
        self._run()
        self.assertCode(self.north, "unmatched_payment")
        self.assertEqual(list(self._listed(self.payer)), [other.name])
        self.assertEqual(self._match_tasks(), self.north)

    def test_one_sum_of_a_payer_that_owes_nothing_holds_the_message(self):
        self._invoice(self.south.partner_id, 4, 50)
        self._statement_line(150.0, partner_id=self.payer.partner_id.id)
        self._run()
        self.assertCode(self.payer, "unmatched_payment")
        self.assertCode(self.north, "payer_held")
        self.assertEqual(self._match_tasks(), self.payer)
        day = self.payer.next_date
        (mail,) = self._day(day)
        named = mail["body"].partition("o_ar_unmatched")[2]  # once, though it may be for the items of two
        self.assertEqual(named.partition("</ul>")[0].count("$\xa0150.00"), 1)

    def test_a_payment_on_the_account_of_the_payer_holds_the_message(self):
        payment = self._payment(self.payer.partner_id, 100.0)
        self._run()
        self.assertCode(self.payer, "unmatched_payment")
        self.assertCode(self.north, "payer_held")
        payment.action_draft()
        self.assertEqual(self._readers(self._day()), ["payer"])

    def test_an_insolvent_payer_is_not_asked_to_pay_for_others(self):
        insolvency = self.env["ar.insolvency"].with_user(self.collector)
        insolvency.create({"customer_id": self.payer.id, "opened_on": self.TODAY - timedelta(days=2)})
        self._run()
        self.assertCode(self.payer, "insolvent")
        self.assertCode(self.north, "payer_held")
        self.assertFalse(self.payer.next_date)
        self.north.payer_id = False
        self.assertEqual(self._readers(self._day()), ["north"])
