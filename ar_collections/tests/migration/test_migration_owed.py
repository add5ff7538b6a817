"""The migration to 19.0.1.3.0: entries that were not reminded before are not reminded after the upgrade either."""

from odoo import Command

from ..common import ArCommon
from .common_migration import run_migration

SCRIPT = "19.0.1.3.0/post-owed.py"


class TestMigrationOwed(ArCommon):
    def _migrate(self, version="19.0.1.2.0"):
        run_migration(self.env, SCRIPT, version)

    def _opening_balance(self):
        """Return the posted receivable item of a balance that a customer came with."""
        account = self.company_data["default_account_receivable"]
        entry = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "date": "2026-04-01",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": self.partner.id,
                            "debit": 90.0,
                            "date_maturity": "2026-05-01",
                        }
                    ),
                    Command.create({"account_id": self.company_data["default_account_revenue"].id, "credit": 90.0}),
                ],
            }
        )
        entry.action_post()
        return entry.line_ids.filtered(lambda line: line.account_id == account)

    def test_an_entry_of_before_stays_excluded_until_a_person_resumes_it(self):
        item = self._opening_balance()
        self.assertTrue(item.no_followup)
        for _time in range(2):
            self._migrate()
            self.assertEqual(item.ar_follow_up, "no")
        customer = self._customer(self.partner)
        self._run()
        self.assertCode(customer, "excluded")
        item.write({"no_followup": False, "ar_follow_up": "yes"})
        self._run()
        self.assertCode(customer, "step_reached")

    def test_an_entry_of_a_new_database_is_owed(self):
        item = self._opening_balance()
        self._migrate(version=None)
        self.assertFalse(item.ar_follow_up)
