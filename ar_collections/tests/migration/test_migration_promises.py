"""The migration to 19.0.1.12.0: which promises the customers withdrew themselves."""

from ..promises.common_promise import PromiseCommon
from .common_migration import run_migration


class TestMigrationPromises(PromiseCommon):
    def test_promises_that_customers_withdrew_are_marked(self):
        mine, by_staff = self._promise(), self._promise({self.new: None})
        with self._on():
            mine._withdraw_by_customer()
            by_staff._withdraw("recorded by mistake")
        mine.withdrawn_by_customer = False
        mine.user_id = self.env.user  # who stood in for the collector on that day
        for _again in range(2):
            run_migration(self.env, "19.0.1.12.0/post-promises.py", "19.0.1.11.0")
        self.assertEqual(mine.user_id, self.collector)
        self.assertEqual([mine.withdrawn_by_customer, by_staff.withdrawn_by_customer], [True, False])
