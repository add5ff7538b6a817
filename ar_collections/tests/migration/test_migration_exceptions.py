"""The migration to 19.0.1.6.0: exceptions that exist already get into the list, with who and when as logged."""

from ..common import ArCommon
from .common_migration import run_migration


class TestMigrationExceptions(ArCommon):
    def test_present_exceptions_are_noted_once(self):
        customer = self._customer(excluded=True, exclusion_reason="Our own branch")
        rows = self.env["ar.customer.exception"].sudo()
        rows.search([]).unlink()
        for _again in range(2):
            run_migration(self.env, "19.0.1.6.0/post-exceptions.py", "19.0.1.5.0")
        row = rows.search([("customer_id", "=", customer.id)])
        self.assertEqual((row.kind, row.reason, row.ended_on), ("no_reminders", "Our own branch", False))

    def test_a_new_database_is_left_alone(self):
        self._customer(excluded=True, exclusion_reason="Our own branch")
        rows = self.env["ar.customer.exception"].sudo()
        rows.search([]).unlink()
        run_migration(self.env, "19.0.1.6.0/post-exceptions.py", None)
        self.assertFalse(rows.search([]))
