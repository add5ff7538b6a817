from odoo import models

from ...core import decision as codes

#: The settings that the decision depends on.
DECIDING = {"active", "address_confirmed_on", "excluded", "pause_until", "payer_id", "policy_override_id"}


class ArCustomerAnew(models.Model):
    """Accounts that were changed are decided about at once, so that all screens show what holds at this moment."""

    _inherit = "ar.customer"

    def write(self, vals):
        """Override to decide anew where a person changed a setting: the form is read again in the same request."""
        result = super().write(vals)
        if DECIDING & vals.keys():
            if self.env.su:
                self._mark_changed()
            else:
                self.env.flush_all()  # its errors are of what the person did, and raised
                with self._ignore_undecided():
                    self._decide_anew()
        return result

    def _decide_anew(self):
        """Override to store the results that the nightly run stores, without sending anything.

        Who archived a customer that still owes money leaves the collector a task, as the run does.

        A reminder that was released counts as sent; one that waits for review is still due. The day of the last run
        stays, because that run is still to come where it has not been. What changes for a member changes for its payer.
        """
        # Users may not write results of the run.
        accounts = self.sudo()._lock_concerned().with_context(tracking_disable=True)
        for company, customers in accounts.filtered("partner_id").grouped("company_id").items():
            today = company._ar_today()
            waiting = self.env["ar.communication"]._waiting(customers).filtered(lambda each: each.state == "review")
            verdicts = customers.with_company(company)._decide_without(waiting, today)
            customers._limit(verdicts, waiting, today)
            # The run gives this task where the account was not archived before: whoever stores that first gives it.
            archived = [c for c, verdict in verdicts.items() if verdict.decision.code == codes.ARCHIVED]
            self.env["ar.outreach"]._add_archived_task(c for c in archived if c.decision_code != codes.ARCHIVED)
            customers._write_results(customers._get_result_vals(verdicts, today))
