from odoo import api, fields, models

from ....const import ARRIVAL_STATES


class ArCommunicationLine(models.Model):
    """Why it was assumed that an invoice arrived, where the policy reminds all the same."""

    _inherit = "ar.communication.line"

    arrival_state = fields.Selection(
        ARRIVAL_STATES,
        "Arrival Assumed",
        readonly=True,
        help="State of the invoice when it was reminded although nothing showed that it had arrived.",
    )

    @api.model
    def _prepare_item_vals(self, entry, ledger, today):
        """Override to store the state of the invoice, see `core.facts.OpenItem.assumed`."""
        values = super()._prepare_item_vals(entry, ledger, today)
        return {**values, "arrival_state": entry.item.assumed} if entry.item.assumed else values
