import datetime
from decimal import Decimal

from odoo import fields, models

from ...core.plans.schedule import PlanLimits
from ...core.workdays import WorkCalendar

#: Days that one call of `_get_work_calendar` covers with holidays, from its first day on.
HOLIDAYS_AHEAD = 180


class ArCreditPolicy(models.Model):
    """The limits of the policy for payment plans, and the calendar of their dates, for `core.plans.schedule`."""

    _inherit = "ar.credit.policy"

    plan_terms = fields.Text(
        "Additional Plan Terms",
        translate=True,
        help="Text added to the standard terms that customers accept with a plan.",
    )

    def _get_plan_limits(self, currency):
        """Return the limits for plans, amounts converted from company currency at today's rate.

        :param currency: the currency of the plan

        :rtype: PlanLimits
        """
        self.ensure_one()
        company = self.company_id

        def convert(amount):
            return Decimal(str(company.currency_id._convert(amount, currency, company, company._ar_today())))

        return PlanLimits(
            minimum_total=convert(self.plan_minimum_total),
            installments_max=self.plan_installments_max,
            days_max=self.plan_days_max,
            minimum_installment=convert(self.plan_minimum_installment),
            down_payment_share=Decimal(str(self.plan_down_payment_share)),
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
