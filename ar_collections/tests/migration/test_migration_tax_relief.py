"""The migration to 19.0.1.7.0: rules of tax relief that people entered are kept."""

from ..common import ArCommon
from .common_migration import run_migration

SCRIPT = "19.0.1.7.0/pre-tax-relief.py"


class TestMigrationTaxRelief(ArCommon):
    def test_a_rule_of_ones_own_stands_for_the_new_one(self):
        ours = self.env.ref("ar_collections.tax_relief_nl")
        own = ours.copy({"active": False, "source": "Own"})
        ours.unlink()
        own.active = True
        for _again in range(2):
            run_migration(self.env, SCRIPT, "19.0.1.6.0")
            self.env.invalidate_all()
            self.env.registry.clear_cache()
            self.assertEqual(self.env.ref("ar_collections.tax_relief_nl"), own)
