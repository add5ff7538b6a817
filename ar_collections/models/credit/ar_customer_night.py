from datetime import timedelta

from odoo import api, fields, models

from ...core.credit.limit import NO_LIMIT
from ...core.credit.rules import FOR_EVERYBODY
from ...formats import format_amount

#: Hours within which all turns of one night are over, and the night before has begun earlier.
EARLIER_TURNS = 18


class ArCustomerNight(models.Model):
    """The nightly step of credit control."""

    _inherit = "ar.customer"

    @api.model
    def _refresh_credit_company(self, company, today, auto_commit=False):
        """Step of the nightly run: compute exposures and credit statuses of a root company, and write the limits to the
        contacts.

        Once for the day: what is booked meanwhile has a mark. Where nobody has a limit, only those customers are looked
        at whom a credit rule can concern.

        :param date today: the company's date
        :param bool auto_commit: commit batch after batch, as a scheduled action does
        :return: False where the time ran out
        """
        if company.parent_id or company.ar_exposures_on == today:
            return True
        self.env["ar.credit.stale"]._read_use()
        self._end_exceptions(company, today)
        self._ensure_group_members(company)
        began = self._get_night_begin(company, today)
        accounts = self.with_context(active_test=False, tracking_disable=True)
        domain = [("company_id", "=", company.id), ("partner_id", "!=", False), ("merged_into_id", "=", False)]
        if not self._has_credit_limits(company):
            domain.append(("id", "in", self._find_rated(company, today)))
        customers = accounts.search(domain, order="id")
        finished = customers._go_on_with("credit", company, today, lambda batch: batch._refresh_credit(), auto_commit)
        if finished and not company._ar_has_left("credit"):
            self._finish_statuses(company, today, began)
            company.ar_exposures_on = today
        return finished

    @api.model
    def _get_night_begin(self, company, today):
        """Return when the step began, or a time before it where an earlier turn of the day left accounts to this one.

        The night before began earlier than that, and what it reported may be solved.
        """
        day, *_reached = (company.ar_credit_progress or {}).get("credit", ("", 0))
        return fields.Datetime.now() - timedelta(hours=EARLIER_TURNS if day == str(today) else 0)

    def _go_on_with(self, step, company, today, work, auto_commit):
        """Work on these accounts, in the order of their ids, from where an earlier turn of the day ran out of time.

        A turn of a scheduled action has ten seconds: where all accounts take longer, it would never come to an end.
        Those that failed before come last, whatever their ids: where the time ran out before them, the next turn takes
        them. So it does with what another transaction held; until then the step is not done, see `_ar_has_left`.

        :param str step: code of the step
        :param work: function of a batch
        :return: False where the time ran out
        """
        day, last, *skipped = (company.ar_credit_progress or {}).get(step, ("", 0))
        if day != str(today):
            last, skipped = 0, []
        left, done = self.filtered(lambda account: account.id > last or account.id in skipped), set()

        def work_on(batch):
            if len(batch) == 1:  # of several, each is tried by itself where they fail together
                done.add(batch.id)
            result = work(batch)
            done.update(batch.ids)
            return result

        run = self.env["ar.nightly"]._batch_run(company, step, auto_commit)
        finished = run.over_records(left, work_on).finished
        done -= run.locked
        last = max((last, *(left.ids if finished else done)))
        progress = {code: reached for code, reached in (company.ar_credit_progress or {}).items() if code != step}
        if run.locked or not finished:
            skipped = (number for number in left.ids if number <= last and number not in done)
            progress[step] = [str(today), last, *skipped]
        if progress != (company.ar_credit_progress or {}):
            company.ar_credit_progress = progress
        return finished

    @api.model
    def _has_credit_limits(self, company):
        """Return whether a customer of the company has a limit, or a rule about classes may concern everybody."""
        domain = [("company_id", "=", company.id)]
        limited = ["|", ("credit_limit_kind", "!=", NO_LIMIT), ("temporary_limit_kind", "!=", False)]
        everybody = self.with_context(active_test=False)
        rules = self.env["ar.credit.rule"]
        return bool(
            everybody.search_count([*domain, *limited], limit=1)
            or rules.search_count([*domain, ("code", "in", FOR_EVERYBODY)], limit=1)
        )

    def _refresh_credit(self):
        """Compute exposures and statuses, create the tasks of insurers, and write limits back to contacts.

        It differs where a temporary limit began or ended, and where somebody changed the copy on the contact.
        """
        self._refresh_exposure()
        self._add_insurance_tasks()
        limited = self.filtered(
            lambda customer: customer.credit_limit_kind != NO_LIMIT or customer.temporary_limit_kind
        )
        notes = {
            customer.id: self.env._(
                "The credit limit on the contact was %(before)s; it follows the limit of this account and is "
                "%(after)s now.",
                before=format_amount(self.env, before, customer.currency_id),
                after=format_amount(self.env, customer.partner_id.credit_limit, customer.currency_id),
            )
            for customer, before in limited._copy_limit().items()
        }
        if notes:
            self.browse(notes)._message_log_batch(bodies=notes)
