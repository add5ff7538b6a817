"""Rules of countries come without those that the database does not have."""

from pathlib import Path

from lxml import etree

from odoo.tools import convert_file, mute_logger

from odoo.addons import ar_collections

from ..common import ArCommon

FILES = ("limitation_rules.xml", "response_rules.xml", "write_off_data.xml")


class TestCountryRules(ArCommon):
    def _load_without(self, code, file, model):
        """Load a data file as if it were installed into a database without a country; return what there is of it."""
        records = self.env[model].search([])
        self.env["ir.model.data"].search([("module", "=", "ar_collections"), ("model", "=", model)]).unlink()
        records.unlink()
        self.env["res.country"].search([("code", "=", code)]).code = "XQ"
        convert_file(self.env, "ar_collections", f"data/recovery/{file}", {}, mode="init", noupdate=True)
        return self.env[model].search([])

    def test_final_demands_without_the_united_kingdom(self):
        self.env["ar.response.enclosure"].search([]).unlink()
        rules = self._load_without("GB", "response_rules.xml", "ar.response.rule")
        self.assertFalse(rules)
        self.assertFalse(self.env["ar.response.enclosure"].search([]))

    def test_final_demands_with_it(self):
        self.env["ar.response.enclosure"].search([]).unlink()
        enclosures = self.env["ir.model.data"].search([("model", "=", "ar.response.enclosure")])
        enclosures.unlink()
        rules = self._load_without("DE", "response_rules.xml", "ar.response.rule")
        self.assertEqual(sorted(rules.mapped("kind")), ["company", "person"])
        self.assertEqual(len(rules.enclosure_ids), 4)

    def test_tax_relief_without_a_country(self):
        rules = self._load_without("DE", "write_off_data.xml", "ar.tax.relief")
        self.assertEqual(sorted(rules.mapped("country_id.code")), ["ES", "FR", "GB", "IE", "IT", "NL"])

    def test_what_people_import_may_be_for_all_countries(self):
        self.env["ar.response.rule"].search([]).active = False
        result = self.env["ar.response.rule"].load(["kind", "days"], [["company", "10"]])
        self.assertFalse(result["messages"])
        self.assertEqual(self.env["ar.response.rule"].browse(result["ids"]).days, 10)

    def test_a_rule_that_needs_a_country_is_not_imported_without_one(self):
        manager = self._user("credit_manager", login="imports-rules")
        rules = self.env["ar.limitation.rule"].with_user(manager)
        with mute_logger("odoo.sql_db"):
            refused = rules.load(["id", "years"], [["__import__.limit_of_nowhere", "3"]])
        self.assertTrue(refused["messages"])
        self.assertFalse(refused["ids"])

    def test_no_file_refers_to_a_country(self):
        folder = Path(ar_collections.__file__).parent / "data" / "recovery"
        for name in FILES:
            fields = etree.parse(str(folder / name)).iterfind(".//field[@name='country_id']")
            self.assertEqual([field.get("ref") for field in fields if field.get("ref")], [], name)
