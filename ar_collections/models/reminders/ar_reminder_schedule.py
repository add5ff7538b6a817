from odoo import fields, models


class ArReminderSchedule(models.Model):
    """Reminder schedule: steps ordered by their days; shared by all companies unless one is set."""

    _name = "ar.reminder.schedule"
    _inherit = ["ar.access.mixin"]
    _description = "Reminder Schedule"
    _order = "sequence, id"

    _writable = {
        "manager": (
            "name", "sequence", "active", "company_id", "description", "step_ids",
        ),
    }  # fmt: skip

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="If empty, the schedule is shared between all companies.")
    description = fields.Text(translate=True, help="Customers this schedule is intended for.")
    step_ids = fields.One2many("ar.reminder.step", "schedule_id", copy=True)

    def copy_data(self, default=None):
        """Override of `base` to mark the copy in its name."""
        values_list = super().copy_data(default)
        return [
            dict(values, name=self.env._("%(name)s (copy)", name=schedule.name))
            for schedule, values in zip(self, values_list, strict=True)
        ]
