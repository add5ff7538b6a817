from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...const import CHANNELS, TONES
from ...core.facts import Step


class ArReminderStep(models.Model):
    """One step of a schedule: when, through which channel and in which tone the customer is contacted."""

    _name = "ar.reminder.step"
    _inherit = ["ar.access.mixin"]
    _description = "Reminder Step"
    _order = "schedule_id, days, id"

    _writable = {
        "manager": (
            "schedule_id", "name", "active", "days", "channel", "tone", "mail_template_id", "deadline_days",
            "minimum_days_overdue", "attach_statement", "attach_invoices", "letter_text", "activity_type_id",
            "responsible", "user_id",
        ),
    }  # fmt: skip

    schedule_id = fields.Many2one("ar.reminder.schedule", required=True, index=True, ondelete="cascade")
    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    days = fields.Integer(
        "Days after due date",
        required=True,
        help="Number of days relative to the due date; negative for a notice before it.",
    )
    channel = fields.Selection(CHANNELS, required=True, default="email")
    tone = fields.Selection(TONES, required=True, default="friendly")
    mail_template_id = fields.Many2one(
        "mail.template", "Email Template", domain=[("model", "=", "ar.communication")], ondelete="restrict"
    )
    deadline_days = fields.Integer(
        "Deadline in days",
        default=7,
        help=(
            "Number of days the customer is given to pay, counted from the message; before the due date, the "
            "due date applies."
        ),
    )
    minimum_days_overdue = fields.Integer(
        "List Items from (days late)",
        help="Minimum number of days late of the items the message lists. 0: all overdue items.",
    )
    attach_statement = fields.Boolean(help="Attach a PDF that lists the open items.")
    attach_invoices = fields.Boolean(help="Attach the PDF of every invoice that the message lists.")
    letter_text = fields.Html(translate=True, help="Text of the letter, above the list of items.")
    activity_type_id = fields.Many2one("mail.activity.type", help="Activity type of the call.", ondelete="restrict")
    responsible = fields.Selection(
        [("collector", "Collector"), ("salesperson", "Salesperson"), ("user", "A specific user")],
        "Call made by",
        required=True,
        default="collector",
    )
    user_id = fields.Many2one("res.users", domain=[("share", "=", False)])

    _days_once = models.UniqueIndex(
        "(schedule_id, days) WHERE active", "Two steps of a schedule cannot fall on one day."
    )
    _deadline_not_negative = models.Constraint("CHECK (deadline_days >= 0)", "The deadline cannot be in the past.")

    @api.constrains("channel", "mail_template_id")
    def _check_mail_template(self):
        """Check that an e-mail step has a template."""
        for step in self:
            if self.env["ar.channel"]._get(step.channel)._has_template and not step.mail_template_id:
                raise ValidationError(self.env._("Choose an email template for step “%(step)s”.", step=step.name))

    @api.constrains("responsible", "user_id")
    def _check_user(self):
        """Check that a step for a specific user names that user."""
        for step in self:
            if step.responsible == "user" and not step.user_id:
                raise ValidationError(self.env._("Choose who makes the calls of step “%(step)s”.", step=step.name))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        """Refuse to delete steps that communications refer to; they are archived instead."""
        communications = self.env["ar.communication"].sudo()  # of all companies
        if communications.search_count([("step_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("This step was used in communications with customers. Archive it instead of deleting it.")
            )

    def _get_steps(self):
        """Return the steps for `core.reminders`, ordered by days.

        :rtype: tuple[Step, ...]
        """
        return tuple(Step(step.id, step.days, step.channel, step.minimum_days_overdue) for step in self.sorted("days"))
