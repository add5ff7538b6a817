"""One card for a plan and the account: what the bank refuses for good by one of them is not charged by the other."""

from ..common_autopay import AccountAutopayCase


class TestRefusedElsewhere(AccountAutopayCase):
    def setUp(self):
        super().setUp()
        _customer, late = self._due(-3, 90.0, self.customer)
        self.plan = self._plan(self.customer, late, offsets=(10, 20), today=self.first_day)
        self.card = self._saved_method(simulated="error")
        self.consent = self._enrol(self.card)
        self._agree(self.card, day=self.first_day)
        self._send_notice(7)

    def _refuse(self, charges):
        charges.transaction_id.ar_decline_code = "stolen_card"
        self.env.invalidate_all()

    def _is_over(self):
        """Return whether account and installments are not charged any more."""
        with self._on(self._in(11)):
            units = (self._collections(), self.plan.installment_ids)
            return [all(case.is_over for case in unit._get_autopay_cases().values()) for unit in units]

    def _charge_alone(self, *units):
        for unit in units:
            with self._on(self._in(10)):
                run = self.env["ar.nightly"]._batch_run(self.company, "autopay")
                unit._process_autopay(run)
        self.env.invalidate_all()

    def test_by_the_account(self):
        self._charge_alone(self._collections())
        self._refuse(self._collections().autopay_charge_ids)
        self.assertEqual(self._is_over(), [False, True], "That of the account is still to be told.")

    def test_by_the_plan(self):
        self._charge_alone(self.plan.installment_ids[0])
        self._refuse(self.plan.autopay_charge_ids)
        self.assertEqual(self._is_over(), [True, False])
        self.assertEqual(self.consent._find_refused(), self.consent)

    def test_a_later_agreement_with_the_card_begins_anew(self):
        self._charge_alone(self.plan.installment_ids[0])
        self._refuse(self.plan.autopay_charge_ids)
        consent = self._enrol(self.card, day=self._in(11))
        self.assertFalse(consent._find_refused())
