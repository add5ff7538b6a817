from odoo.tools import convert_file
from odoo.tools.sql import column_exists

from ..common import ArCommon
from .common_migration import run_migration

DATA = (
    "communications/mail_activity_types",
    "communications/mail_templates",
    "reminders/reminder_schedules",
    "reminders/credit_policies",
    "customers/nightly_cron",
    "disputes/dispute_data",
    "late_charges/reference_rates",
    "late_charges/late_charge_regimes",
    "recovery/limitation_rules",
    "recovery/response_rules",
    "recovery/write_off_data",
)


class TestUpgrade(ArCommon):
    """What users changed in the data records of the add-on is kept when the module is upgraded."""

    def _upgrade(self):
        """Load the data files again, as an upgrade does."""
        for name in DATA:
            convert_file(self.env(su=True), "ar_collections", f"data/{name}.xml", {}, mode="update")
        self.env.invalidate_all()

    def test_changed_data_stays_changed(self):
        changes = {
            self.friendly: {"days": 4, "name": "Our own reminder"},
            self.schedule: {"name": "Our schedule"},
            self.friendly.mail_template_id: {"subject": "Our subject"},
            self.env.ref("ar_collections.credit_policy_default"): {"minimum_balance": 25},
            self.env.ref("ar_collections.ir_cron_nightly"): {"interval_number": 2, "active": False},
            self.env.ref("ar_collections.mail_activity_type_call"): {"name": "Ring them"},
        }
        for record, values in changes.items():
            record.sudo().write(values)
        self._upgrade()
        for record, values in changes.items():
            with self.subTest(record=record):
                self.assertRecordValues(record.sudo(), [values])

    def test_deleted_data_stays_deleted(self):
        names = (
            "reminder_step_standard_call", "limitation_rule_de", "response_rule_uk_person", "late_charge_regime_se",
            "late_charge_reference_sweden", "late_charge_rate_germany_2023_1", "dispute_reason_price",
        )  # fmt: skip
        names = [f"ar_collections.{name}" for name in names]
        deleted = [self.env.ref(name).sudo() for name in names]
        own = {"country_id": deleted[1].country_id.id, "years": 4}
        for record in deleted:
            record.unlink()
        # What people put in their place would be in the way.
        self.env.ref("ar_collections.reminder_step_standard_firm").sudo().days = 20
        self.env["ar.limitation.rule"].sudo().create(own)
        self._upgrade()
        self.assertFalse([name for name in names if self.env.ref(name, raise_if_not_found=False)])

    def test_an_upgrade_adds_nothing_twice(self):
        def count():
            models = ("ar.reminder.step", "ar.reminder.schedule", "ar.credit.policy", "mail.template", "ir.cron")
            return [self.env[model].sudo().with_context(active_test=False).search_count([]) for model in models]

        before = count()
        self._upgrade()
        self.assertEqual(count(), before)

    def test_everything_people_may_change_is_shipped_once_only(self):
        changeable = (
            "ar.reminder.step",
            "ar.reminder.schedule",
            "ar.credit.policy",
            "mail.template",
            "mail.activity.type",
            "ir.cron",
        )
        ours = self.env["ir.model.data"].sudo().search([("module", "=", "ar_collections"), ("model", "in", changeable)])
        self.assertGreater(len(ours), 10)
        self.assertFalse(ours.filtered(lambda data: not data.noupdate).mapped("complete_name"))

    def test_active_companies_stay_active_in_their_database(self):
        self.env.cr.execute("ALTER TABLE res_company ADD COLUMN ar_active boolean")
        self.env.cr.execute("UPDATE res_company SET ar_active = id = %s, ar_database = NULL", [self.company.id])
        for _time in range(2):  # it may run again
            run_migration(self.env, "19.0.1.13.0/pre-active.py", "19.0.1.12.0")
            self.assertEqual(self.env["res.company"].search([("ar_active", "=", True)]), self.company)
            self.assertFalse(column_exists(self.env.cr, "res_company", "ar_active"))

    def test_the_standard_schedule_is_friendly_before_firm(self):
        for schedule in self.env["ar.reminder.schedule"].search([]):
            tones = ["friendly", "firm", "formal"]
            levels = [tones.index(step.tone) for step in schedule.step_ids.sorted("days")]
            with self.subTest(schedule=schedule.name):
                self.assertEqual(levels, sorted(levels))

    def test_history_survives_the_upgrade(self):
        customer, _invoice = self._late()
        self._day()
        self._upgrade()
        self.assertEqual(self._states(customer), [(3, "sent")])
        self._run()
        self.assertCode(customer, "already_sent")
