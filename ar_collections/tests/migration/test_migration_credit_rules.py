"""The migration to 19.0.1.6.0: policies get the default credit rules, and nothing is held."""

from ..common import ArCommon
from .common_migration import run_migration


class TestMigrationCreditRules(ArCommon):
    def _migrate(self, version="19.0.1.5.0"):
        run_migration(self.env, "19.0.1.6.0/post-credit_rules.py", version)

    def test_policies_without_rules_get_the_default_ones_once(self):
        edited = self._policy(name="Edited")
        edited.rule_ids[1:].unlink()
        self.policy.rule_ids.unlink()
        archived = self._policy(name="Archived", active=False)
        archived.rule_ids.unlink()
        for _again in range(2):
            self._migrate()
            self.assertGreater(len(self.policy.rule_ids), 5)
            self.assertEqual(len(archived.rule_ids), len(self.policy.rule_ids))
            self.assertEqual(len(edited.rule_ids), 1)
        effects = {self.policy[name] for name in self.policy._fields if name.startswith("effect_")}
        self.assertEqual(effects, {"inform"})

    def test_a_new_database_is_left_alone(self):
        self.policy.rule_ids.unlink()
        self._migrate(version=None)
        self.assertFalse(self.policy.rule_ids)
