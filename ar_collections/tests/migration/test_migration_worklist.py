"""The migration to 19.0.1.4.0: the worklist shows debts by age before the first run after the upgrade."""

from ..common import ArCommon
from .common_migration import run_migration

SCRIPT = "19.0.1.4.0/post-worklist.py"


class TestMigrationWorklist(ArCommon):
    def test_debts_by_age_are_stored_for_who_owes_something(self):
        customer, _invoice = self._late(40, 500)
        self._invoice(customer.partner_id, -5, 70)
        self._run()
        customer.sudo().write({"aged_not_due": 0, "aged_2": 0})
        for version, expected in ((None, (0, 0)), ("19.0.1.3.0", (70, 500)), ("19.0.1.3.0", (70, 500))):
            with self._on():
                run_migration(self.env, SCRIPT, version)
            self.assertEqual((customer.aged_not_due, customer.aged_2), expected)
