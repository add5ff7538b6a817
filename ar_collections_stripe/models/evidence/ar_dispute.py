from odoo import models

from odoo.addons.ar_collections.core.disputes.dispute import OPEN_STATES


class ArDispute(models.Model):
    """The task to answer a chargeback for which the bank wants evidence again."""

    _inherit = "ar.dispute"

    def _ask_for_evidence(self):
        """Give the owners of open disputes a task by Stripe's new deadline, unless they have one."""
        for dispute in self.filtered(lambda each: each.state in OPEN_STATES):
            if deadline := dispute.stripe_dispute_id._get_deadline(dispute.company_id):
                dispute.date_deadline = deadline
                dispute._get_answer_tasks().date_deadline = deadline
            if not dispute._get_answer_tasks():
                dispute._add_owner_task()
