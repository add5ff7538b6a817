import datetime
from dataclasses import replace

from odoo import api, fields, models

from ...core.money import to_decimal
from ...core.plans.schedule import PlanLimits
from ...core.workdays import WorkCalendar

#: Days that one call of `_get_work_calendar` covers with holidays, from its first day on.
HOLIDAYS_AHEAD = 180


class ArCreditPolicy(models.Model):
    """The limits of the policy for payment plans, and the calendar of their dates, for `core.plans.schedule`."""

    _inherit = "ar.credit.policy"

    _writable = {
        "manager": (
            "plan_terms", "plan_portal", "plan_minimum_total", "plan_installments_max", "plan_days_max",
            "plan_minimum_installment", "plan_down_payment_share", "plan_workdays", "plan_grace_days",
            "plan_missed_max", "plan_schedule_id",
        ),
    }  # fmt: skip

    plan_terms = fields.Text(
        "Additional Plan Terms",
        translate=True,
        help=(
            "Text added to the standard terms that customers accept with a plan. Example: “The whole rest is "
            "due if two installments are missed.”"
        ),
    )

    plan_portal = fields.Boolean(
        "Customers can request plans on the portal",
        default=True,
        tracking=True,
        help=(
            "Whether customers can request payment plans on their page. If disabled, only staff can record "
            "plans. Example: off, customers call, and a colleague records the plan."
        ),
    )
    plan_minimum_total = fields.Monetary(
        "Minimum Plan Amount",
        default=100.0,
        tracking=True,
        help=(
            "Minimum total of a plan; plans below it need the approval of a credit manager. Example: with "
            "100, nobody agrees on installments for 60 alone."
        ),
    )
    plan_installments_max = fields.Integer(
        "Maximum Number of Installments",
        default=6,
        tracking=True,
        help=(
            "Maximum number of installments; plans with more need the approval of a credit manager. Example: "
            "with 6, a plan of eight months needs the approval of a credit manager."
        ),
    )
    plan_days_max = fields.Integer(
        "Plan Length (days)",
        default=190,
        tracking=True,
        help=(
            "Maximum number of days from the first to the last installment. Example: with 190, six monthly "
            "installments fit."
        ),
    )
    plan_minimum_installment = fields.Monetary(
        "Minimum Installment",
        default=25.0,
        tracking=True,
        help="Minimum amount of an installment. Example: with 25, 100 are paid in four installments at most.",
    )
    plan_down_payment_share = fields.Float(
        "Down Payment (%)",
        tracking=True,
        help=(
            "Share of the total to be paid with the first installment. 0: none. Example: with 20, 200 of "
            "1,000 are due first."
        ),
    )
    plan_workdays = fields.Boolean(
        "Installments on Working Days",
        default=True,
        help="Dates are shifted to the next working day. Example: an installment on a Sunday is due on Monday.",
    )
    plan_grace_days = fields.Integer(
        "Installment Grace (days)",
        default=3,
        tracking=True,
        help=(
            "Number of days after which an unpaid installment counts as missed. Example: with 3, an "
            "installment of the 1st that is paid on the 3rd is in time."
        ),
    )
    plan_missed_max = fields.Integer(
        "Missed Installments",
        default=2,
        tracking=True,
        help=(
            "Number of missed installments that ends the plan; missing the last one always does. Example: with 2, "
            "the second missed installment ends the plan, and the invoices are reminded again."
        ),
    )
    plan_schedule_id = fields.Many2one(
        "ar.reminder.schedule",
        "Installment Reminders",
        check_company=True,
        tracking=True,
        ondelete="restrict",
        default=lambda self: self.env.ref("ar_collections.reminder_schedule_installments", raise_if_not_found=False),
        help=(
            "Steps before and after the date of each installment. Empty: none. Example: a notice three days "
            "before, a reminder two days after."
        ),
    )

    _plan_limits = models.Constraint(
        "CHECK (plan_minimum_total >= 0 AND plan_installments_max >= 1 AND plan_days_max >= 0"
        " AND plan_minimum_installment >= 0 AND plan_down_payment_share >= 0 AND plan_down_payment_share <= 100"
        " AND plan_grace_days >= 0 AND plan_missed_max >= 1)",
        "Limits of payment plans cannot be negative; at least one installment and one missed one must be allowed.",
    )

    @api.model
    def _get_setting_names(self):
        """Override to add the schedule of installments."""
        return [*super()._get_setting_names(), "plan_schedule_id"]

    def _get_rules(self, today):
        """Override to add the steps of installments."""
        return replace(super()._get_rules(today), installment_steps=self._get_steps(self.plan_schedule_id))

    def _get_plan_limits(self, currency):
        """Return the limits for plans, amounts converted from company currency at today's rate.

        :param currency: the currency of the plan

        :rtype: PlanLimits
        """
        self.ensure_one()
        company = self.company_id

        def convert(amount):
            return to_decimal(company.currency_id._convert(amount, currency, company, company._ar_today()))

        return PlanLimits(
            minimum_total=convert(self.plan_minimum_total),
            installments_max=self.plan_installments_max,
            days_max=self.plan_days_max,
            minimum_installment=convert(self.plan_minimum_installment),
            down_payment_share=to_decimal(self.plan_down_payment_share),
        )

    def _get_plan_calendar(self, first, last):
        """Return the calendar of the working days that installments are moved to.

        :param date first, last: dates between which holidays are needed
        :return: ``None`` where the policy allows installments on any day
        :rtype: WorkCalendar | None
        """
        if not self.plan_workdays:
            return None
        calendar = self._get_work_calendar(first)
        holidays, day = calendar.holidays, first
        while day < last:
            day += datetime.timedelta(days=HOLIDAYS_AHEAD)
            holidays |= self._get_work_calendar(day).holidays
        return WorkCalendar(calendar.weekdays, holidays)
