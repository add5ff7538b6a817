"""Late charges of debts that an agency has, and of debts that are settled for less."""

from datetime import timedelta

from ..late_charges.common_late_charges import LateChargeMixin
from .common_placements import PlacementCommon
from .settlements.test_settlement import LAST, SettlementCommon


class TestLateChargesPlaced(LateChargeMixin, PlacementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.late_charge_invoicing = "own"

    def _diary(self, day=None):
        self._judge(day)
        self._charge_night(day)
        charge = self._charge_of(self.old)
        return charge.state, charge.days, len(charge.billing_ids)

    def test_placed_then_recalled(self):
        placement = self._place(self.old)
        self.assertEqual(self._diary(), ("held", 120, 0))
        later = self.TODAY + timedelta(days=60)
        self.assertEqual(self._diary(later), ("held", 180, 0))
        self._end(placement, "recalled", later, is_agreed=True, user=self.manager)
        self.assertEqual(self._diary(later + timedelta(days=1)), ("charged", 181, 1))

    def test_a_proposal_holds_nothing(self):
        self._propose(self.old)
        self.assertEqual(self._diary(), ("charged", 120, 1))

    def test_the_other_invoice_is_charged(self):
        self._place(self.old)
        self._diary()
        self.assertEqual(self._charge_of(self.new).state, "charged")


class TestLateChargesSettled(LateChargeMixin, SettlementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.late_charge_invoicing = "own"

    def _diary(self, day):
        self._judge(day)
        self._charge_night(day)
        charge = self._charge_of(self.invoice)
        return charge.state, len(charge.billing_ids)

    def test_paid_in_time_ends_the_late_charges(self):
        settlement = self._agree()
        self.assertEqual(self._diary(self.TODAY), ("held", 0))
        self._money(600, LAST)
        self.assertEqual(self._diary(LAST + timedelta(days=1)), ("held", 0))
        self.assertEqual(settlement.state, "paid")
        notes = self.env["account.move"].search([("reversed_entry_id", "=", self.invoice.id)])
        notes.invoice_date = LAST
        notes.action_post()
        (notes.line_ids.filtered(lambda line: line.display_type == "payment_term") | self._debt(self.invoice)).filtered(
            lambda line: not line.reconciled
        ).reconcile()
        self.assertEqual(self._diary(LAST + timedelta(days=2)), ("waived", 0))

    def test_missed_leaves_all_of_them(self):
        self._agree()
        self._diary(self.TODAY)
        self.assertEqual(self._diary(LAST + timedelta(days=2)), ("charged", 1))
        self.assertEqual(self._charge_of(self.invoice).days, 62)

    def test_a_request_holds_nothing(self):
        self._request()
        self.assertEqual(self._diary(self.TODAY), ("charged", 1))
