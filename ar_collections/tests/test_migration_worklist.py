"""The migration to 19.0.1.4.0: the worklist shows debts by age before the first run after the upgrade."""

from importlib.util import module_from_spec, spec_from_file_location

from odoo.tools.misc import file_path

from .common import ArCommon

SCRIPT = "ar_collections/migrations/19.0.1.4.0/post-worklist.py"


class TestMigrationWorklist(ArCommon):
    def test_debts_by_age_are_stored_for_who_owes_something(self):
        customer, _invoice = self._late(40, 500)
        self._invoice(customer.partner_id, -5, 70)
        self._run()
        customer.sudo().write({"aged_not_due": 0, "aged_2": 0})
        specification = spec_from_file_location("post_worklist", file_path(SCRIPT))
        script = module_from_spec(specification)
        specification.loader.exec_module(script)
        self.env.flush_all()
        for version, expected in ((None, (0, 0)), ("19.0.1.3.0", (70, 500)), ("19.0.1.3.0", (70, 500))):
            with self._on():
                script.migrate(self.env.cr, version)
            self.env.invalidate_all()
            self.assertEqual((customer.aged_not_due, customer.aged_2), expected)
