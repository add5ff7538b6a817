from odoo import fields, models


class AccountMove(models.Model):
    """Invoices that charge legal costs."""

    _inherit = "account.move"

    ar_legal_costs = fields.Boolean("Has Legal Costs", readonly=True, copy=False)

    def _get_late_charges(self):
        """Override to explain no interest where a lump sum is charged to be set off against costs, and nothing else."""
        rows = self._get_late_charge_billings().filtered(lambda row: not row.interest)
        return super()._get_late_charges() - (rows.charge_id & self.invoice_line_ids.ar_lump_sum_of_id)
