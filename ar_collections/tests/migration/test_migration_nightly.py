"""The migration to 19.0.1.2.0: one scheduled action keeps the settings of the nightly run, the others end."""

from importlib.util import module_from_spec, spec_from_file_location

from odoo.tools.misc import file_path

from ..common import ArCommon

FOLDER = "ar_collections/migrations/19.0.1.2.0"


class TestMigrationNightly(ArCommon):
    def _migrate(self, name):
        specification = spec_from_file_location(name, file_path(f"{FOLDER}/{name}-nightly.py"))
        script = module_from_spec(specification)
        specification.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def _data(self, name):
        data = [("module", "=", "ar_collections"), ("name", "=", name)]
        return self.env["ir.model.data"].sudo().search(data)

    def _add_old(self, name):
        """Create a scheduled action of the version before."""
        cron = (
            self.env["ir.cron"]
            .sudo()
            .create(
                {
                    "name": name,
                    "model_id": self.env["ir.model"]._get_id("ar.promise"),
                    "code": "model._cron_judge_promises()",
                    "interval_number": 1,
                    "interval_type": "hours",
                }
            )
        )
        self.env["ir.model.data"].sudo().create(
            {"module": "ar_collections", "name": name, "model": "ir.cron", "res_id": cron.id, "noupdate": True}
        )
        return cron

    def test_the_nightly_run_keeps_its_settings_and_the_others_end(self):
        nightly = self.env.ref("ar_collections.ir_cron_nightly").sudo()
        nightly.write({"model_id": self.env["ir.model"]._get_id("ar.customer"), "code": "model._cron_run_day()"})
        nightly.write({"interval_number": 2, "active": False})
        self._data("ir_cron_nightly").name = "ir_cron_run_day"
        old = self._add_old("ir_cron_judge_promises") | self._add_old("ir_cron_assign")
        actions = old.ir_actions_server_id
        self.env.flush_all()
        self._migrate("pre")
        self._migrate("post")
        self.assertRecordValues(
            self.env.ref("ar_collections.ir_cron_nightly").sudo(),
            [{"id": nightly.id, "code": "model._cron_run()", "interval_number": 2, "active": False}],
        )
        self.assertEqual(nightly.model_id.model, "ar.nightly")
        self.assertFalse(old.exists())
        self.assertFalse(self._data("ir_cron_judge_promises") | self._data("ir_cron_assign"))
        self.assertFalse(actions.exists())

    def test_it_can_be_repeated(self):
        self._migrate("pre")
        self._migrate("post")
        self.assertTrue(self.env.ref("ar_collections.ir_cron_nightly").sudo().active)
