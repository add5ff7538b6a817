from odoo import api, models

from ....core.credit.exceptions import (
    INSURER_CONSENT,
    PAUSE,
    POLICY,
    TEMPORARY_LIMIT,
    get_end,
    get_notice_days,
)
from ....formats import format_date

#: What this step ends, and what is cleared on the account. Holds and risk classes end in steps of their own.
ENDS = {
    PAUSE: {},
    INSURER_CONSENT: {},
    POLICY: {"policy_override_id": False},
    TEMPORARY_LIMIT: {"temporary_limit_kind": False, "temporary_limit": 0, "temporary_until": False},
}

ACTIVITY_TYPE = "ar_collections.mail_activity_type_exception_ends"


class ArCreditExceptionEnd(models.Model):
    """The nightly step of exceptions: they end by themselves, and whoever granted them is told some days before."""

    _inherit = "ar.credit.exception"

    @api.model
    def _end_company(self, company, today, auto_commit=False):
        """Step of the nightly run: end what is over, and tell about what ends soon.

        :param date today: the company's date
        :param bool auto_commit: commit batch after batch, as a scheduled action does
        :return: False where the time ran out
        """
        if company.ar_exceptions_on == today:
            return True
        over = self._search_over(company, today)
        batches = self.env["ar.nightly"]._batch_run(company, "exceptions", auto_commit)
        accounts = over.customer_id.with_context(active_test=False, tracking_disable=True)
        finished = batches.over_records(accounts, lambda batch: self._end_over(batch, today)).finished
        if not finished or batches.locked:  # the next turn of the day ends the rest; nobody is told twice
            return finished
        told = self._search_ending(company, today)
        finished = batches.over_values(told.ids, lambda number: self.browse(number)._tell_before_end()).finished
        if finished:
            company.ar_exceptions_on = today
        return finished

    # === END === #

    @api.model
    def _search_over(self, company, today, customers=None):
        """Return the rows of the history whose last day has passed, and that this step ends."""
        domain = [("company_id", "=", company.id), ("ended_on", "=", False), ("until", "<", today)]
        if customers is not None:
            domain.append(("customer_id", "in", customers.ids))
        return self.env["ar.customer.exception"].search([*domain, ("kind", "in", list(ENDS))])

    @api.model
    def _end_over(self, customers, today):
        """End what is over, each with a note on the customer's thread."""
        for row in self._search_over(customers.company_id, today, customers):
            text, customer = self._get_end_text(row), row.customer_id
            row.ended_on = get_end(row.until, today)
            if ENDS[row.kind]:
                customer.write(ENDS[row.kind])
            customer.message_post(body=text, subtype_xmlid="mail.mt_note")

    @api.model
    def _get_end_text(self, row):
        """Return what the customer's thread says about an exception that is over."""
        labels = dict(row._fields["kind"]._description_selection(self.env))
        about = row.customer_id._get_exception_text(row.kind, row.value)
        what = ": ".join(filter(None, (labels[row.kind], about)))
        text = self.env._(
            "%(what)s, until %(until)s: has ended by itself.", what=what, until=format_date(self.env, row.until)
        )
        return self.env._("%(text)s Reason: %(reason)s", text=text, reason=row.reason) if row.reason else text

    # === BEFORE THE END === #

    @api.model
    def _search_ending(self, company, today):
        """Return the exceptions that end soon, and of which nobody was told yet."""
        first, last = get_notice_days(today, company.ar_exceptions_on or None)
        domain = [
            ("company_id", "=", company.id),
            ("state", "=", "open"),
            ("until", ">=", first),
            ("until", "<=", last),
        ]
        return self.with_company(company).search(domain, order="until, id")

    def _tell_before_end(self):
        """Create a task for whoever granted this exception, or for a manager where nobody can do it."""
        self.ensure_one()
        granted_by, company = self.user_id, self.company_id
        user = granted_by if granted_by._ar_works_for(company, "collector") else company._ar_get_manager()
        text = self.with_context(lang=user.lang or self.env.lang)._get_notice_text()
        if self.customer_id:
            self.customer_id._add_task(ACTIVITY_TYPE, text, user=user, deadline=self.until, append=True)
        elif user:
            self._get_source().message_notify(partner_ids=user.partner_id.ids, body=text, subject=text)

    def _get_notice_text(self):
        """Return the sentence about an exception that ends soon."""
        self.ensure_one()
        labels = dict(self._fields["kind"]._description_selection(self.env))
        return self.env._(
            "%(what)s ends after %(until)s",
            what=": ".join(filter(None, (labels[self.kind], self.about))),
            until=format_date(self.env, self.until),
        )
