"""The migration to 19.0.1.1.0: rows of the old shape keep their values under the new names."""

from importlib.util import module_from_spec, spec_from_file_location

from odoo.tools.misc import file_path

from ..common import ArCommon

SCRIPT = "ar_collections/migrations/19.0.1.1.0/pre-migrate.py"


class TestMigration(ArCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        specification = spec_from_file_location("pre_migrate", file_path(SCRIPT))
        cls.script = module_from_spec(specification)
        specification.loader.exec_module(cls.script)

    def _make_old(self):
        """Bring the database to the shape of the version before, by the same tables in reverse."""
        script, cr = self.script, self.env.cr
        for (model, field), values in script.VALUES.items():
            for old, new in values.items():
                script._rename_value(cr, model, field, new, old)
        for model, names in script.FIELDS.items():
            for old, new in names.items():
                script._rename_field(cr, model, new, old)
        for old, new in script.XML_IDS.items():
            script._rename_xml_id(cr, new, old)
        for old, new in script.MODELS.items():
            script._rename_model(cr, new, old)

    def _rows(self, table, *columns):
        self.env.cr.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY id")  # pylint: disable=sql-injection
        return self.env.cr.fetchall()

    def _read(self):
        """Return what the renamed columns and ids hold."""
        communication = ("id", "date_sent", "is_manual", "has_selected_items", "cancel_reason", "text_above")
        return [
            self._rows("ar_communication", *communication),
            self._rows("ar_customer", "id", "decision_code", "assigned_by"),
            self._rows("ar_credit_policy", "id", "autopay_notice_days", "autopay_retry_days", "notify_salesperson"),
            self._rows("ar_payment_behavior", "id", "days"),
            self._rows("ir_model_data", "id", "name", "model", "res_id"),
            self._rows("ir_model_fields", "id", "model", "name", "relation"),
            self._rows("ir_model_fields_selection", "id", "value"),
            self._rows("ir_model_constraint", "id", "name"),
        ]

    def test_rows_of_the_old_shape_are_kept(self):
        customer, _invoice = self._late()
        self._day()
        self._run()
        self.policy.notify_salesperson = "serious"
        customer.user_id = self.collector
        self.env.flush_all()
        before = self._read()
        self._make_old()
        ((spoken, human, code, by),) = self._rows(
            "(SELECT log.id, date_spoken, human, decision_code, assigned_by FROM ar_communication log"
            f" JOIN ar_customer account ON account.id = log.customer_id WHERE account.id = {customer.id}) old",
            "date_spoken", "human", "decision_code", "assigned_by",
        )  # fmt: skip
        self.assertEqual((spoken, human, code, by), (self.TODAY, False, "already_spoken", "hand"))
        self.assertFalse(self.script._has_table(self.env.cr, "ar_autopay_charge"))

        self.script.migrate(self.env.cr, "19.0.1.0.0")
        self.assertEqual(self._read(), before)
        self.script.migrate(self.env.cr, "19.0.1.0.0")
        self.assertEqual(self._read(), before, "The script may run twice.")
