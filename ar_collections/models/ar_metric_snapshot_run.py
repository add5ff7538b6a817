import datetime
import logging

from odoo import api, models
from odoo.tools import SQL

from ..core.periods import is_month_end, month_ending

_logger = logging.getLogger(__name__)

#: How far back snapshots reach: the ends of months, and every day of the last two months.
MONTHS, DAYS = 24, 60
#: Days that are taken again each night: late bookings, above all bank statements, belong to them.
SETTLING_DAYS = 7


class ArMetricSnapshotRun(models.Model):
    """Taking snapshots at night: yesterday, the days before it that still settle, and what is missing of the past."""

    _inherit = "ar.metric.snapshot"

    @api.model
    def _cron_take_snapshot(self):
        """Take what is missing for every company whose day has come to its hour; each lives in its own time zone.

        Called hourly. After the installation this fills two years, in as many calls as it takes.
        """
        for company in self.env["res.company"].search([("ar_policy_ids", "!=", False)]):
            if company._ar_now().hour >= company.ar_run_hour:
                self._take_missing(company, company._ar_today(), auto_commit=True)

    @api.model
    def _take_missing(self, company, today, auto_commit=False):
        """Take the days that a company has no snapshot of, and those that still settle, the newest first.

        :param date today: the company's date
        :param bool auto_commit: commit day after day, as a scheduled action does
        :return: how many days were taken
        """
        days = self._get_missing_days(company, today)
        progress = self.env["ir.cron"]._commit_progress
        if auto_commit:
            progress(remaining=len(days))
        taken = 0
        for day in days:
            taken += bool(self._try_take(company, day))
            if auto_commit and not progress(1):
                break
        return taken

    @api.model
    def _try_take(self, company, day):
        """Take a day; a failure is logged, and the day stays missing until the next call."""
        try:
            with self.env.cr.savepoint():
                return self._take(company, day)
        except Exception:  # whatever it is, it must not stop the other days and companies
            self.env.invalidate_all(flush=False)
            _logger.warning("The snapshot of %s for company %s failed.", day, company.id, exc_info=True)
            return self.browse()

    @api.model
    def _take(self, company, day):
        """Take a company's day, or take it again; return the snapshot."""
        values = self.with_company(company)._prepare_vals(company, day)
        snapshot = self.search([("company_id", "=", company.id), ("date", "=", day)])
        if snapshot:
            snapshot.write(values)
            return snapshot
        return self.create(values)

    @api.model
    def _get_missing_days(self, company, today):
        """Return the days to take, the newest first: they are over, and the ledger had begun."""
        start = self._read_first_day(company)
        if start is None:
            return []
        yesterday = today - datetime.timedelta(days=1)
        settling = today - datetime.timedelta(days=SETTLING_DAYS)
        wanted = {yesterday - datetime.timedelta(days=number) for number in range(DAYS)} | set(
            self._get_ends(yesterday)
        )
        domain = [("company_id", "=", company.id), ("date", "in", list(wanted))]
        there = {
            snapshot.date
            for snapshot in self.search_fetch(domain, ["date", "taken_on"])
            if snapshot.date < settling or snapshot.taken_on == today
        }
        return sorted((day for day in wanted - there if day >= start), reverse=True)

    @api.model
    def _get_ends(self, day):
        """Return the ends of the months up to the day."""
        end = day if is_month_end(day) else day.replace(day=1) - datetime.timedelta(days=1)
        ends = []
        for _number in range(MONTHS):
            ends.append(end)
            end = month_ending(end).eve
        return ends

    @api.model
    def _read_first_day(self, company):
        """Return the first day of the company's receivable accounts, `None` if there is nothing on them."""
        accounts = self.env["ar.facts"]._get_receivable_account_ids(company)
        self.env["account.move.line"].flush_model()
        ((day,),) = self.env.execute_query(
            SQL(
                """
                SELECT MIN(date) FROM account_move_line
                 WHERE account_id = ANY(%s) AND company_id = %s AND parent_state = 'posted'
                """,
                accounts,
                company.id,
            )
        )
        return day
