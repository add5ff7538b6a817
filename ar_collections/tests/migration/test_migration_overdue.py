"""The migration to 19.0.1.4.0: overdue amounts as in the aging, the best possible DSO on the basis of the DSO."""

from ..common import ArCommon
from .common_migration import run_migration

SCRIPT = "19.0.1.4.0/post-overdue.py"


class TestMigrationOverdue(ArCommon):
    def _migrate(self, version="19.0.1.3.0"):
        with self._on():
            run_migration(self.env, SCRIPT, version)

    def test_overdue_amounts_and_credits_of_accounts(self):
        customer, invoice = self._late(10, 300)
        self._invoice(invoice.partner_id, 0, 40, move_type="out_refund")
        for _time in range(2):
            self._migrate()
            self.assertEqual((customer.overdue, customer.credits), (300, 40))

    def test_a_new_database_is_left_alone(self):
        customer, _invoice = self._late(10, 300)
        self._migrate(version=None)
        self.assertEqual((customer.overdue, customer.credits), (0, 0))

    def test_the_best_possible_dso_of_earlier_days(self):
        books = {"receivable": 60, "credits": -40, "not_due": 80, "overdue": 20, "dso_simple": 20, "best_dso": 26}
        values = {"company_id": self.company.id, "taken_on": "2026-05-01", **books}
        days = self.env["ar.metric.snapshot"].sudo().create(
            [{**values, "date": "2026-04-29"}, {**values, "date": "2026-04-30", "dso_simple": None, "best_dso": None}]
        )  # fmt: skip
        for _time in range(2):
            self._migrate()
            self.assertEqual((days[0].best_dso, days[0].average_days_delinquent), (16, 4))
            self.assertEqual((days[1].best_dso, days[1].average_days_delinquent), (None, None))
