"""The claim as of the opening, and late charges that end with it."""

import base64
import io
from datetime import date, timedelta

from openpyxl import load_workbook

from ...late_charges.common_late_charges import ArLateChargeCommon

OPENED = date(2026, 5, 10)


class TestInsolvencyClaim(ArLateChargeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.ar_active = True
        cls.partner = cls._partner(name="Granite")
        cls.old = cls._invoice(cls.partner, 0, 5000.0, today=date(2026, 3, 31))
        cls.customer = cls._customer(cls.partner)

    def _open(self, **values):
        with self._on():
            insolvency = self.env["ar.insolvency"].with_user(self.collector)
            insolvency = insolvency.create({"customer_id": self.customer.id, "opened_on": OPENED, **values})
            self.env.flush_all()
        self.env.invalidate_all()
        return insolvency.with_user(self.env.user)

    def test_interest_ends_with_the_opening(self):
        before = self._accrue(self.partner, day=OPENED).interest
        self.assertGreater(self._accrue(self.partner).interest, before)
        self._open()
        self.assertEqual(self._accrue(self.partner).interest, before)

    def test_interest_goes_on_where_they_are_lifted(self):
        before = self._accrue(self.partner).interest
        insolvency = self._open()
        self.assertLess(self._accrue(self.partner).interest, before)
        insolvency.sudo()._set_ended("lifted", "Withdrawn", self.TODAY)
        self.assertEqual(self._accrue(self.partner).interest, before)

    def test_later_debts_are_charged(self):
        self._open()
        later = self._invoice(self.partner, 0, 1000.0, today=date(2026, 5, 20), invoice_date=date(2026, 5, 11))
        charges = self._accrue(self.partner)
        self.assertGreater(charges.filtered(lambda charge: charge.move_id == later).days, 15)

    def test_the_claim_has_what_is_not_due_yet_and_nothing_from_later(self):
        due = self._invoice(self.partner, 0, 300.0, invoice_date_due=date(2026, 7, 31), invoice_date=date(2026, 5, 1))
        self._invoice(self.partner, 0, 77.0, invoice_date=OPENED + timedelta(days=5))
        insolvency = self._open()
        with self._on():
            action = insolvency.action_claim()
            claim = self.env[action["res_model"]].with_context(**action["context"]).create({})
            rows, _credits = claim._read_rows()
            claim.regime_id = self.regime
            html, computed = claim.preview, claim._read_rows()[0]
            claim.action_export()
            sheet = load_workbook(io.BytesIO(base64.b64decode(claim.file))).active
        self.assertEqual(claim.date, OPENED)
        self.assertEqual(sorted(row.open for row in rows), [300, 5000])
        self.assertIn(due.name, str(html))
        interest = {row.open: row.interest.amount for row in computed}
        self.assertEqual((interest[300], interest[5000] > 0), (0, True))
        titles, *_rows, sums = (row for row in sheet.iter_rows(min_row=4) if row[0].value)
        self.assertEqual((sums[0].value, sums[4].value, sums[4].column), ("Sum", 5300, titles[4].column))
        self.assertEqual((sums[6].value, titles[6].alignment.horizontal), (float(interest[5000]), "right"))

    def test_a_claim_without_rules_has_no_interest(self):
        self.policy.late_charge_regime_id = False
        insolvency = self._open()
        with self._on():
            action = insolvency.action_claim()
            claim = self.env[action["res_model"]].with_context(**action["context"]).create({})
            self.assertIn("5,000.00", str(claim.preview))
            claim.action_export()
            claim.action_print()
