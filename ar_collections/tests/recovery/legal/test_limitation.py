from datetime import date, timedelta
from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from ..common_placements import PlacementCommon


@tagged("post_install", "-at_install")
class TestLimitation(PlacementCommon):
    """Until when a debt can be claimed, and what of the books starts a new period."""

    DUE = date(2023, 2, 10)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.limitation_country_id = cls.env.ref("base.de")
        cls.debt = cls._invoice(cls.partner, 0, 500.0, today=cls.DUE)

    def _limit(self):
        self.env.invalidate_all()
        item = self._debt(self.debt)
        return self.customer._read_limitation_dates(item.ids)[item.id]

    def test_germany_counts_from_the_end_of_the_year(self):
        self.assertEqual(self._limit(), date(2026, 12, 31))

    def test_a_part_payment_is_an_acknowledgement_on_its_day(self):
        self._pay(self.debt, 20, date(2026, 3, 1))
        self.assertEqual(self._limit(), date(2029, 3, 1))

    def test_an_accepted_plan_is_an_acknowledgement_on_its_day(self):
        day, item = date(2026, 3, 2), self._debt(self.debt)
        with self._on(day):
            start, currency = day + timedelta(days=7), self.company.currency_id
            schedule = self.customer._get_schedule(Decimal(500), currency, "month", start, 5, down_payment=Decimal(0))
            plans = self.env["ar.payment.plan"].with_user(self.collector)
            account = self.customer.with_user(self.collector)
            values = {"frequency": "month", "requested_by_id": self.collector.id}
            plan = plans._make(account, {item.id: None}, schedule, **values)
            self.assertEqual(self._limit(), date(2026, 12, 31), "a draft acknowledges nothing")
            plan.sudo()._record_consent("phone", "Late Payer", "Called back, repeated dates and amounts")
        self.assertEqual(self._limit(), date(2029, 3, 2))

    def test_what_the_customer_did_not_do_acknowledges_nothing(self):
        note = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.partner.id,
                "invoice_date": date(2026, 3, 1),
                "invoice_line_ids": [Command.create({"name": "Less", "price_unit": 50, "tax_ids": []})],
            }
        )
        note.action_post()
        (self._debt(self.debt) | self._debt(note)).reconcile()
        self.assertEqual(self._limit(), date(2026, 12, 31))

    def test_where_an_acknowledgement_starts_nothing_new(self):
        rule = self.env.ref("ar_collections.limitation_rule_de")
        self._pay(self.debt, 20, date(2026, 3, 1))
        rule.restarts = False
        self.assertEqual(self._limit(), date(2026, 12, 31))

    def test_a_payment_that_came_back_counts_no_more(self):
        self._pay(self.debt, 20, date(2026, 3, 1))
        item = self._debt(self.debt)
        item.remove_move_reconcile()
        self.assertEqual(self._limit(), date(2026, 12, 31))

    def test_a_debt_whose_date_is_near_is_proposed_at_once(self):
        self.policy.placement_needs_steps = True
        day = date(2026, 12, 31) - timedelta(days=30)
        with self._on(day):
            answers = self.customer._get_placement_answers(self.customer._get_facts())
        item = self._debt(self.debt)
        self.assertEqual(answers[self.company.currency_id.name][item.id].code, "limitation_near")
