from odoo import api, models

from ...core.credit.limit import NO_LIMIT
from ...formats import format_amount


class ArCustomerNight(models.Model):
    """The nightly step of credit control."""

    _inherit = "ar.customer"

    @api.model
    def _refresh_credit_company(self, company, today, auto_commit=False):
        """Step of the nightly run: compute all exposures of a root company, and write the limits to the contacts.

        Nothing is done where nobody has a limit, or it was done for the day: what is booked meanwhile has a mark.

        :param date today: the company's date
        :param bool auto_commit: commit batch after batch, as a scheduled action does
        :return: False where the time ran out
        """
        if company.parent_id or company.ar_exposures_on == today or not self.env["ar.credit.stale"]._read_use():
            return True
        accounts = self.with_context(active_test=False, tracking_disable=True)
        customers = accounts.search(
            [("company_id", "=", company.id), ("partner_id", "!=", False), ("merged_into_id", "=", False)], order="id"
        )
        run = self.env["ar.nightly"]._batch_run(company, "credit", auto_commit)
        finished = run.over_records(customers, lambda batch: batch._refresh_credit()).finished
        if finished:
            company.ar_exposures_on = today
        return finished

    def _refresh_credit(self):
        """Compute the exposures, create the tasks of insurers, and write limits back to contacts that have another.

        It differs where a temporary limit began or ended, and where somebody changed the copy on the contact.
        """
        self._refresh_exposure()
        self._add_insurance_tasks()
        limited = self.filtered(
            lambda customer: customer.credit_limit_kind != NO_LIMIT or customer.temporary_limit_kind
        )
        for customer, before in limited._copy_limit().items():
            customer.message_post(
                body=self.env._(
                    "The credit limit on the contact was %(before)s; it follows the limit of this account and is "
                    "%(after)s now.",
                    before=format_amount(self.env, before, customer.currency_id),
                    after=format_amount(self.env, customer.partner_id.credit_limit, customer.currency_id),
                ),
                subtype_xmlid="mail.mt_note",
            )
