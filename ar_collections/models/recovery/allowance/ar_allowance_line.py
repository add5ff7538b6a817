from odoo import api, fields, models


class ArAllowanceLine(models.Model):
    """A row of the provision matrix: what is open of one age, and what of it is expected to be lost."""

    _name = "ar.allowance.line"
    _inherit = ["ar.access.mixin"]
    _description = "Row of an Allowance"
    _order = "allowance_id, number"

    _writable = {"credit_manager": ("rate",)}

    allowance_id = fields.Many2one("ar.allowance", required=True, index=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="allowance_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    number = fields.Integer(required=True, readonly=True)
    name = fields.Char("Age", required=True, readonly=True)
    balance = fields.Monetary(
        "Open", readonly=True, copy=False, help="Debts of this age; credits cover the oldest ones first."
    )
    insured = fields.Monetary(
        readonly=True, copy=False, help="Part that an insurer pays: it is not expected to be lost."
    )
    exposed = fields.Monetary("Not Insured", readonly=True, copy=False)
    rate = fields.Float(
        "Loss Rate (%)", digits=(16, 4), help="Share that is expected to be lost, before the forward-looking factor."
    )
    rate_used = fields.Float("With Factor (%)", digits=(16, 4), readonly=True, copy=False)
    amount = fields.Monetary("Expected Loss", readonly=True, copy=False)

    _rate_range = models.Constraint("CHECK (rate BETWEEN 0 AND 100)", "A loss rate is between 0 and 100 percent.")

    def write(self, vals):
        """Override to keep what was booked as it is."""
        self.allowance_id._check_not_booked()
        return super().write(vals)

    @api.model
    def _prepare_vals(self, allowance, number, name, rate, provision):
        """Return the values of one row.

        :param Decimal rate: as a fraction, without factor
        :param provision: `core.recovery.allowance.Provision`
        """
        return {
            "allowance_id": allowance.id,
            "number": number,
            "name": name,
            "balance": float(provision.balance),
            "insured": float(provision.insured),
            "exposed": float(provision.exposed),
            "rate": float(rate * 100),
            "rate_used": float(provision.rate * 100),
            "amount": float(provision.amount),
        }
