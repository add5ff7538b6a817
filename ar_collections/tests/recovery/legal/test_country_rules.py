"""Rules of countries are data of the module, and data that people import."""

from ...common import ArCommon


class TestCountryRules(ArCommon):
    def _ship(self, model, **values):
        """Load a record as an installation does; return what was created."""
        data = {"xml_id": f"ar_collections.test_{model.replace('.', '_')}", "values": values, "noupdate": True}
        return self.env[model]._load_records([data])

    def test_rules_of_a_country_that_was_deleted_are_not_shipped(self):
        self.assertFalse(self._ship("ar.response.rule", country_id=False, kind="company", days=10))
        self.assertFalse(self._ship("ar.limitation.rule", country_id=False, years=3))
        self.assertFalse(self._ship("ar.response.enclosure", rule_id=False, name="Form"))
        country = self.env.ref("base.jp")
        self.assertEqual(self._ship("ar.response.rule", country_id=country.id, days=10).country_id, country)

    def test_a_rule_for_all_other_countries_can_be_imported(self):
        """An empty country means all others for one model, and is an error for the other one."""
        manager = self._user("credit_manager", login="imports-rules")
        rules = self.env["ar.response.rule"].with_user(manager)
        loaded = rules.load(["id", "days", "source"], [["__import__.rule_of_others", "21", "Our own"]])
        self.assertFalse(loaded["messages"])
        self.assertEqual(rules.browse(loaded["ids"]).mapped("days"), [21])
        limits = self.env["ar.limitation.rule"].with_user(manager)
        refused = limits.load(["id", "years"], [["__import__.limit_of_nowhere", "3"]])
        self.assertTrue(refused["messages"])
