from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ....core.recovery import insolvency as rules
from ....messages import INSOLVENCY_REFUSALS
from .ar_insolvency_stop import CLAIM_TASK, TASK


class ArInsolvencyEnd(models.Model):
    """How proceedings end: by a collections manager with a reason, or after the last day of a moratorium."""

    _inherit = "ar.insolvency"

    def action_end(self):
        """Open the dialog in which the proceedings end."""
        self.ensure_one()
        self._require("manager")
        return {
            "name": self.env._("End the Proceedings"),
            "type": "ir.actions.act_window",
            "res_model": "ar.insolvency.end",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_insolvency_id": self.id},
        }

    def _finish(self, outcome, reason):
        """End the proceedings.

        :param str outcome: ``CLOSED``, ``LIFTED`` or ``EXPIRED`` of `core.recovery.insolvency`
        :raise UserError: without a reason, or where they have ended
        """
        self.ensure_one()
        self.customer_id._lock_account()
        self.invalidate_recordset(["state"])
        try:
            rules.check_end(self.state, outcome, reason or "")
        except rules.InsolvencyRefused as refused:
            raise UserError(self.env._(INSOLVENCY_REFUSALS[refused.code])) from refused
        self._set_ended(outcome, reason.strip(), self.company_id._ar_today())

    def _set_ended(self, outcome, reason, day):
        """Store the end, and let reminders and credit follow it.

        :param date day: the first day after the proceedings
        """
        self.write({"state": outcome, "end_reason": reason, "ended_on": day})
        self.activity_unlink([TASK, CLAIM_TASK])
        for insolvency in self:
            insolvency.customer_id.message_post(
                body=self.env._("The insolvency proceedings have ended: %s", reason), subtype_xmlid="mail.mt_note"
            )
        self._refresh_customers()

    @api.model
    def _expire_company(self, company, today, auto_commit=False):
        """Step of the nightly run: end moratoria whose last day has passed.

        One query where nobody is insolvent. A worker that read whether there are any while the first was being stored
        would otherwise never see it.

        :param date today: the company's date
        :param bool auto_commit: commit batch after batch, as a scheduled action does
        :return: False where the time ran out
        """
        if self._has_any() != self._is_used():
            self.env.registry.clear_cache()
        if not self._is_used():
            return True
        domain = Domain("company_id", "=", company.id) & Domain("state", "=", rules.OPEN) & Domain("until", "<", today)
        found = self.search(domain, order="id")
        if not found:
            return True
        run = self.env["ar.nightly"]._batch_run(company, "insolvency", auto_commit)
        return run.over_records(
            found, lambda batch: batch._expire(), due=lambda batch: batch.filtered_domain(domain)
        ).finished

    def _expire(self):
        for insolvency in self:
            day = insolvency._get_proceedings().resumed_on
            insolvency._set_ended(rules.EXPIRED, self.env._("the last day of the moratorium has passed"), day)
