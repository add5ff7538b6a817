from odoo import api, fields, models

#: Hours of a working day where no calendar tells.
HOURS_A_DAY = 8

#: Also where a customer has no policy.
DEFAULT_HOURS = 8.0


class ArCreditPolicy(models.Model):
    """After which replies automatic contact waits, and until when inquiries are to be answered."""

    _inherit = "ar.credit.policy"

    _writable = {"manager": ("reply_pauses", "answer_hours", "respects_blacklist")}

    reply_pauses = fields.Selection(
        [("statements", "Says paid, will pay, disputes, or asks"), ("all", "Any reply of a person")],
        "Pause after",
        required=True,
        default="statements",
        tracking=True,
        help=(
            "After which replies automatic contact pauses, for the number of days of “Pause after a Reply”, or until "
            "somebody resumes it. Out-of-office notices and suspicious replies never pause it. Example: “I pay on "
            "Friday” pauses, “Thank you” does not."
        ),
    )
    respects_blacklist = fields.Boolean(
        "Respect Odoo's Email Blacklist",
        tracking=True,
        help=(
            "No reminders by email to any address on Odoo's list, also where it is there because of a "
            "newsletter or another company. Off: only those who asked this company to stop get none. Example: "
            "on, who left the newsletter gets letters and calls, but no reminders by email."
        ),
    )
    answer_hours = fields.Float(
        "Answer Inquiries within (working hours)",
        default=DEFAULT_HOURS,
        tracking=True,
        help=(
            "Working hours of the policy's calendar, else of the company's, after which an inquiry is "
            "overdue. Example: with 16, a question of Monday morning is overdue on Wednesday morning."
        ),
    )

    _answer_hours_range = models.Constraint(
        "CHECK (answer_hours > 0 AND answer_hours <= 400)",
        "Inquiries are answered within a number of working hours from more than 0 to 400.",
    )

    @api.model
    def _get_answer_calendar(self):
        """Return the calendar whose hours count, in superuser mode; empty where there is none with hours."""
        calendar = self._choose_calendar().sudo()  # collectors have no access to calendars
        return calendar if calendar.attendance_ids else calendar.browse()

    def _get_leave_domain(self):
        """Return which days off count: a calendar may be shared with other companies, whose holidays do not."""
        return [("time_type", "=", "leave"), ("company_id", "in", [self.company_id.id, False])]

    def _plan_answer(self, received_on):
        """Return until when an inquiry is to be answered.

        :param datetime received_on: in UTC, without time zone
        :return: the same kind of datetime
        """
        hours = self.answer_hours or DEFAULT_HOURS
        calendar = self._get_answer_calendar()
        domain = self._get_leave_domain()
        if calendar and (planned := calendar.plan_hours(hours, received_on, compute_leaves=True, domain=domain)):
            return planned
        day = self.company_id._ar_day(received_on) if self else received_on.date()
        return received_on + (self._get_work_calendar(day).add_workdays(day, -int(-hours // HOURS_A_DAY)) - day)

    def _count_hours(self, start, end):
        """Return the working hours between two moments, in UTC without time zone; elapsed ones without a calendar.

        :rtype: float
        """
        if end <= start:
            return 0.0
        if calendar := self._get_answer_calendar():
            return calendar.get_work_hours_count(start, end, domain=self._get_leave_domain())
        return (end - start).total_seconds() / 3600
