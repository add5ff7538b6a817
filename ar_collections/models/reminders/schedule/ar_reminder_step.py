from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ....const import CHANNELS, TONES
from ....core.facts import Step


class ArReminderStep(models.Model):
    """One step of a schedule: when, through which channel and in which tone the customer is contacted."""

    _name = "ar.reminder.step"
    _inherit = ["ar.access.mixin"]
    _description = "Reminder Step"
    _order = "schedule_id, days, id"
    _logs_changes = True
    _logged_parent = "schedule_id"

    _writable = {
        "manager": (
            "schedule_id", "name", "active", "days", "channel", "tone", "mail_template_id", "deadline_days",
            "minimum_days_overdue", "attach_statement", "attach_invoices", "letter_text", "activity_type_id",
            "responsible", "user_id",
        ),
    }  # fmt: skip

    schedule_id = fields.Many2one(
        "ar.reminder.schedule",
        required=True,
        index=True,
        ondelete="cascade",
        help="Schedule the step belongs to. Example: Standard.",
    )
    name = fields.Char(
        required=True,
        translate=True,
        help="Name of the step, for colleagues and in the history of the customer. Example: Friendly reminder.",
    )
    active = fields.Boolean(
        default=True,
        help=(
            "Switched off, the step is not sent any more; what was sent stays on record. "
            "Example: a call that nobody makes any more."
        ),
    )
    days = fields.Integer(
        "Days after due date",
        required=True,
        help=(
            "Number of days after the due date; negative for a notice before it. Example: 7 sends the step a "
            "week after the due date, -3 three days before it."
        ),
    )
    channel = fields.Selection(
        CHANNELS,
        required=True,
        default="email",
        help="How the customer is contacted. Example: Call gives the collector a task, Letter waits to be printed.",
    )
    tone = fields.Selection(
        TONES,
        required=True,
        default="friendly",
        help=(
            "How firm the message is; salespeople are notified and effects are compared by it. Example: "
            "Friendly for the first reminder, Formal for the final notice."
        ),
    )
    mail_template_id = fields.Many2one(
        "mail.template",
        "Email Template",
        domain=[("model", "=", "ar.communication")],
        ondelete="restrict",
        help=(
            "Email template with subject and text; Preview shows it with a customer. Example: Friendly "
            "reminder, or a copy of it in your own words."
        ),
    )
    deadline_days = fields.Integer(
        "Deadline (days)",
        default=7,
        help=(
            "Number of days the customer is given to pay, counted from the message; before the due date, the "
            "due date applies. Example: with 7, a reminder sent on the 1st asks to pay by the 8th."
        ),
    )
    minimum_days_overdue = fields.Integer(
        "List Items from (days late)",
        help=(
            "Minimum number of days late of the items the message lists. 0: all overdue items. Example: with "
            "10, a final notice does not list an invoice that is 4 days late."
        ),
    )
    attach_statement = fields.Boolean(
        help="Attach a PDF that lists the open items. Example: for customers who ask what else is open."
    )
    attach_invoices = fields.Boolean(
        help=(
            "Attach the PDF of every invoice that the message lists. Example: for the final notice, so that "
            "nobody has to look for the invoices."
        )
    )
    letter_text = fields.Html(
        translate=True,
        help=(
            "Text of the letter, above the list of items. Example: “Despite our reminder the invoices below "
            "are still open.”"
        ),
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type", help="Activity type of the task to call. Example: Call.", ondelete="restrict"
    )
    responsible = fields.Selection(
        [("collector", "Collector"), ("salesperson", "Salesperson"), ("user", "A specific user")],
        "Call made by",
        required=True,
        default="collector",
        help=(
            "Who gets the task to call; the collector where that person cannot work on the account. Example: "
            "the salesperson, who knows the customer."
        ),
    )
    user_id = fields.Many2one(
        "res.users",
        domain=[("share", "=", False)],
        help="Colleague who makes the calls of this step. Example: the colleague who speaks the customers' language.",
    )

    _days_once = models.UniqueIndex(
        "(schedule_id, days) WHERE active",
        "Two steps of a schedule cannot fall on one day. To exchange their days, move one of them to a free day first, "
        "and save.",
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

    @api.depends("name", "schedule_id.name")
    @api.depends_context("ar_with_schedule")
    def _compute_display_name(self):
        """Override of `base` to name the schedule in reports on several of them, because names of steps repeat."""
        result = super()._compute_display_name()
        if self.env.context.get("ar_with_schedule"):
            for step in self:
                step.display_name = f"{step.schedule_id.name} / {step.name}"
        return result

    @api.model
    def _search_display_name(self, operator, value):
        """Override of `base` to find a step also as “schedule / step”, because names of steps repeat."""
        found = Domain(super()._search_display_name(operator, value))
        if operator in Domain.NEGATIVE_OPERATORS:
            return found
        texts = [value] if isinstance(value, str) else value
        parts = [text.split(" / ") for text in texts if isinstance(text, str)]
        # A name may hold the separator, too: each of them may be the one between schedule and step.
        paths = [(" / ".join(names[:end]), " / ".join(names[end:])) for names in parts for end in range(1, len(names))]
        named = (Domain("schedule_id.name", "=", schedule) & Domain("name", "=", step) for schedule, step in paths)
        return found | Domain.OR(named)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        """Refuse to delete steps that communications refer to; they are archived instead."""
        communications = self.env["ar.communication"].sudo()  # of all companies
        if communications.search_count([("step_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "This step was used in communications with customers. Archive it instead of deleting it: open it "
                    "and switch off Active."
                )
            )

    def _get_when(self):
        """Return the day of the step as text, in the user's language."""
        self.ensure_one()
        if not self.days:
            return self.env._("On the due date")
        if abs(self.days) == 1:
            return self.env._("1 day after") if self.days > 0 else self.env._("1 day before")
        if self.days > 0:
            return self.env._("%(number)s days after", number=self.days)
        return self.env._("%(number)s days before", number=-self.days)

    def _get_steps(self):
        """Return the steps for `core.reminders`, ordered by days.

        :rtype: tuple[Step, ...]
        """
        return tuple(Step(step.id, step.days, step.channel, step.minimum_days_overdue) for step in self.sorted("days"))
