"""The migration to 19.0.1.13.0: data that came with a version which the database has skipped."""

from ..common import ArCommon
from .common_migration import run_migration

SCRIPT = "19.0.1.13.0/post-shipped_data.py"


class TestMigrationShippedData(ArCommon):
    def test_what_came_with_a_skipped_version_is_created(self):
        names = (
            "limitation_rule_de", "late_charge_regime_se", "late_charge_reference_sweden", "tax_relief_uk",
            "tax_relief_de", "response_rule_uk_person", "late_charge_regime_de",
        )  # fmt: skip
        records = [self.env.ref(f"ar_collections.{name}").sudo() for name in names]
        rates = len(records[2].rate_ids)
        kept = self.env.ref("ar_collections.limitation_rule_fr").sudo()
        kept.years = 7
        for record in records:
            record.unlink()
        for version, found in (
            ("19.0.1.12.0", ()),
            ("19.0.1.6.0", ("tax_relief_de", "response_rule_uk_person")),  # what 1.6.0 had was deleted
            ("19.0.1.0.0", names),
            ("19.0.1.0.0", names),
        ):
            run_migration(self.env, SCRIPT, version)
            with self.subTest(version=version):
                self.assertEqual(tuple(n for n in names if self.env.ref(f"ar_collections.{n}", False)), found)
        self.assertTrue(rates)
        self.assertEqual(len(self.env.ref("ar_collections.late_charge_reference_sweden").rate_ids), rates)
        self.assertEqual(kept.years, 7)
        self.assertTrue(self.env.ref("ar_collections.late_charge_regime_de").lump_sum_counts)
