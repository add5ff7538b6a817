import datetime

from odoo import api, fields, models

from ...core import decision as codes
from ...core.disputes import dispute
from ...core.promises import judgement
from ...messages import ATTENTION

#: Days for which an undelivered message is shown.
UNDELIVERED_DAYS = 30


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
            code: self.env[model].search_count(domain)
            for code, (model, domain) in self._get_attention(company, today).items()
        }
        rows = [{"code": code, "label": self.env._(ATTENTION[code]), "count": n} for code, n in counted.items() if n]
        return {"attention": rows}

    @api.model
    def _get_attention(self, company, today):
        """Return the alerts, records that need a user: {code: (model, domain)}."""
        mine = ("company_id", "=", company.id)
        unpaid = ("line_ids.move_line_id.reconciled", "=", False)
        recent = ("date", ">", today - datetime.timedelta(days=UNDELIVERED_DAYS))
        return {
            "broken": ("ar.promise", [mine, ("state", "in", judgement.NOT_KEPT), unpaid]),
            "dispute": ("ar.dispute", [mine, ("state", "in", dispute.OPEN_STATES), ("date_deadline", "<", today)]),
            "plan": ("ar.payment.plan", [mine, ("needs_approval", "=", True)]),
            "review": ("ar.communication", [mine, ("state", "=", "review")]),
            "undelivered": ("ar.communication", [mine, ("state", "in", ("failed", "unknown")), recent]),
            "address": ("ar.customer", [mine, ("decision_code", "=", codes.NO_ADDRESS)]),
            "problem": ("ar.problem", [mine, ("solved_on", "=", False)]),
            "unmatched": ("ar.unmatched.payment", [mine, ("customer_id.overdue", ">", 0)]),
            "unassigned": ("ar.customer", [mine, ("overdue", ">", 0), ("collector_id", "=", False)]),
        }
