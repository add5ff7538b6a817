from odoo import api, fields, models

from ....core.reminders.timeline import timeline


class ArReminderSchedule(models.Model):
    """Reminder schedule: steps ordered by their days; shared by all companies unless one is set."""

    _name = "ar.reminder.schedule"
    _inherit = ["ar.company.mixin", "ar.access.mixin"]
    _description = "Reminder Schedule"
    _order = "sequence, id"
    _logs_changes = True

    _writable = {
        "manager": (
            "name", "sequence", "active", "company_id", "description", "step_ids",
        ),
    }  # fmt: skip

    name = fields.Char(
        required=True,
        translate=True,
        help="Name of the schedule, for colleagues. Example: Standard, Key accounts, Public sector.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        help=(
            "If empty, the schedule is shared between all companies. Example: the subsidiary abroad has a "
            "schedule of its own."
        ),
    )
    description = fields.Text(
        translate=True,
        help="Customers this schedule is intended for. Example: for customers who are called before a firm reminder.",
    )
    step_ids = fields.One2many(
        "ar.reminder.step",
        "schedule_id",
        copy=True,
        help=(
            "Steps of the schedule, in the order of their days; a customer gets the message of the severest "
            "step that is due."
        ),
    )

    archived_step_count = fields.Integer(
        compute="_compute_archived_step_count",
        help="Steps that are not sent any more. They are kept, because messages that were sent name them.",
    )
    timeline = fields.Html(compute="_compute_timeline", sanitize=False, help="The steps by days from the due date.")

    @api.depends("step_ids.days", "step_ids.name", "step_ids.channel", "step_ids.tone", "step_ids.active")
    @api.depends_context("lang")
    def _compute_timeline(self):
        """Compute the picture of the schedule: a list, which is read as such where the picture is not seen."""
        for schedule in self:
            places = schedule._get_timeline_places()
            values = {"places": places, "name": schedule.name or ""}
            picture = self.env["ir.qweb"]._render("ar_collections.reminder_timeline", values) if places else False
            schedule.timeline = picture

    @api.depends("step_ids")
    def _compute_archived_step_count(self):
        steps = self.env["ar.reminder.step"]
        archived = [("schedule_id", "in", self.ids), ("active", "=", False)]
        counts = dict(steps._read_group(archived, ["schedule_id"], ["__count"]))
        for schedule in self:
            schedule.archived_step_count = counts.get(schedule._origin, 0)

    def action_open_archived_steps(self):
        """Open the archived steps of the schedule, where they are made active again."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_reminder_step_action_archived")
        return dict(action, domain=[("schedule_id", "=", self.id), ("active", "=", False)])

    def _get_timeline_places(self):
        """Return the places of the timeline: {when, grow (days until the next place), name, details, icon, kind}.

        ``kind`` is ``before``, ``due`` or ``after``; the due date itself has no name, unless a step falls on it.
        """
        self.ensure_one()
        steps = self.step_ids.filtered("active")
        channels = dict(self.env["ar.reminder.step"]._fields["channel"]._description_selection(self.env))
        tones = dict(self.env["ar.reminder.step"]._fields["tone"]._description_selection(self.env))
        places = []
        for number, days in timeline(steps.mapped("days")):
            step = steps[number] if number is not None else steps.browse()
            details = [channels.get(step.channel), tones.get(step.tone)]
            places.append(
                {
                    "when": step._get_when() if step else self.env._("Due date"),
                    "grow": days,
                    "name": step.name or "",
                    "details": " · ".join(text for text in details if text),
                    "icon": self.env["ar.channel"]._get(step.channel)._icon if step.channel else "fa-calendar-o",
                    "kind": "due" if not step.days else "before" if step.days < 0 else "after",
                }
            )
        return places

    @api.model
    def get_import_templates(self):
        """Return the example that the import offers, in the form of `base_import`."""
        template = "/ar_collections/static/csv/reminder_schedules.csv"
        return [{"label": self.env._("Example: reminder schedules"), "template": template}]

    @api.model
    def _sql_error_to_message(self, exc):
        """Override of `base` to explain errors of the steps: an import asks the schedule."""
        steps = self.env["ar.reminder.step"]
        is_of_steps = exc.diag.table_name == steps._table
        return steps._sql_error_to_message(exc) if is_of_steps else super()._sql_error_to_message(exc)

    def copy_data(self, default=None):
        """Override of `base` to mark the copy in its name."""
        values_list = super().copy_data(default)
        return [
            dict(values, name=self.env._("%(name)s (copy)", name=schedule.name))
            for schedule, values in zip(self, values_list, strict=True)
        ]
