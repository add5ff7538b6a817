import datetime
from typing import NamedTuple

from odoo import api, fields, models

from ...core import decision as codes
from ...core.disputes import dispute
from ...core.promises import judgement
from ...messages import ATTENTION

#: Days for which an undelivered message is shown.
UNDELIVERED_DAYS = 30


class Alert(NamedTuple):
    """Records that need a user.

    :param str model: their model
    :param str action: XML id, without the module, of the action that lists them
    :param list domain: which of the records it is
    """

    model: str
    action: str
    domain: list


class ArDashboardWork(models.AbstractModel):
    """The parts of the dashboard about work: reminders of the next run, records to attend to."""

    _inherit = "ar.dashboard"

    # === NEXT RUN === #

    @api.model
    def _get_next_run_part(self, company, today, _since):
        """Return the reminders of the next run if nothing is paid until then: {date, active, can_preview, steps}.

        They are read from the next steps that the last run stored, which is fast; the preview decides anew.
        """
        day = self._get_next_run(company, today)
        found = self.env["ar.customer"]._read_group(
            self._get_next_run_domain(company, day), ["next_step_id"], ["__count", "overdue:sum"]
        )
        channels = dict(self.env["ar.reminder.step"]._fields["channel"]._description_selection(self.env))
        steps = [
            {
                "id": step.id,
                "name": step.name,
                "channel": channels[step.channel],
                "customers": number,
                "overdue": overdue,
            }
            for step, number, overdue in sorted(found, key=lambda row: row[0].days)
        ]
        return {
            "next_run": {
                "date": fields.Date.to_string(day),
                "active": company.ar_active,
                "can_preview": self.env["ar.access.mixin"]._has_role("auditor"),
                "steps": steps,
            }
        }

    @api.model
    def _get_next_run(self, company, today):
        """Return the day of the next run that may send something.

        Today before the company's hour of the run, then tomorrow; or the next working day, unless a policy sends on
        any day.
        """
        over = company._ar_now().hour >= company.ar_run_hour
        day = today + datetime.timedelta(days=1) if over else today
        policies = self.env["ar.credit.policy"].search([("company_id", "=", company.id)])
        if not all(policies.mapped("workdays_only")):
            return day
        alike = policies.grouped(lambda policy: policy._choose_calendar()).values()
        calendars = [rows[0]._get_work_calendar(day) for rows in alike]
        return min((calendar.next_workday(day) for calendar in calendars), default=day)

    @api.model
    def _get_next_run_domain(self, company, day):
        return [("company_id", "=", company.id), ("next_date", "<=", day), ("next_step_id", "!=", False)]

    # === ATTENTION === #

    @api.model
    def _get_attention_part(self, company, today, _since):
        """Return {attention: [{code, label, count}]} of the alerts with at least one record."""
        counted = {
            code: self.env[alert.model].search_count(alert.domain)
            for code, alert in self._get_attention(company, today).items()
        }
        rows = [{"code": code, "label": self.env._(ATTENTION[code]), "count": n} for code, n in counted.items() if n]
        return {"attention": rows}

    @api.model
    def _get_attention(self, company, today):
        """Return the alerts, records that need a user: {code: Alert}."""
        mine = ("company_id", "=", company.id)
        unpaid = ("line_ids.move_line_id.reconciled", "=", False)
        recent = ("date", ">", today - datetime.timedelta(days=UNDELIVERED_DAYS))
        undelivered = [mine, ("state", "in", ("failed", "unknown")), recent]
        overdue = [mine, ("state", "in", dispute.OPEN_STATES), ("date_deadline", "<", today)]
        return {
            "broken": Alert("ar.promise", "ar_promise_action", [mine, ("state", "in", judgement.NOT_KEPT), unpaid]),
            "dispute": Alert("ar.dispute", "ar_dispute_action", overdue),
            "plan": Alert("ar.payment.plan", "ar_payment_plan_action", [mine, ("needs_approval", "=", True)]),
            "review": Alert("ar.communication", "ar_communication_action", [mine, ("state", "=", "review")]),
            "undelivered": Alert("ar.communication", "ar_communication_action", undelivered),
            "address": Alert("ar.customer", "ar_customer_action", [mine, ("decision_code", "=", codes.NO_ADDRESS)]),
            "problem": Alert("ar.problem", "ar_problem_action", [mine, ("solved_on", "=", False)]),
            "unmatched": Alert(
                "ar.unmatched.payment", "ar_unmatched_payment_action", [mine, ("customer_id.overdue", ">", 0)]
            ),
            "unassigned": Alert(
                "ar.customer", "ar_customer_action", [mine, ("overdue", ">", 0), ("collector_id", "=", False)]
            ),
        }
