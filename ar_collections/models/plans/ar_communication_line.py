from odoo import api, fields, models

from ...core.facts import INSTALLMENT


class ArCommunicationLine(models.Model):
    """A line of a message about an installment of a payment plan, instead of a journal item."""

    _inherit = "ar.communication.line"

    plan_installment_id = fields.Many2one("ar.payment.plan.installment", index="btree_not_null", ondelete="restrict")

    _installment_step_once = models.UniqueIndex(
        "(plan_installment_id, step_id) WHERE uses_step AND step_id IS NOT NULL AND plan_installment_id IS NOT NULL",
        "This step was already sent for this installment.",
    )

    def _get_key(self):
        """Override to return the key of the installment."""
        if self.plan_installment_id:
            return INSTALLMENT, self.plan_installment_id.id
        return super()._get_key()

    def _get_transfer_amounts(self):
        """Override to return the items of the plan for an installment."""
        if self.plan_installment_id:
            return self.plan_installment_id.plan_id._get_transfer_amounts(self.amount_left)
        return super()._get_transfer_amounts()

    @api.model
    def _prepare_item_vals(self, entry, ledger, today):
        """Override to list an installment with the plan's number and its own amounts."""
        if entry.item.kind != INSTALLMENT:
            return super()._prepare_item_vals(entry, ledger, today)
        installments = self.env["ar.payment.plan.installment"].sudo()  # read for the message
        return installments.browse(entry.item.item_id)._prepare_communication_line_vals(entry, today)
