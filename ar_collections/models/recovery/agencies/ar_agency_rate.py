from odoo import api, fields, models


class ArAgencyRate(models.Model):
    """A row of an agency's commission: a rate from an amount on, or points that are added for the age of the debts."""

    _name = "ar.agency.rate"
    _inherit = ["ar.access.mixin"]
    _description = "Commission of an Agency"
    _order = "kind desc, start, months, id"
    _logs_changes = True
    _logged_parent = "agency_id"

    _writable = {"credit_manager": ("agency_id", "kind", "start", "months", "percent")}

    agency_id = fields.Many2one("ar.agency", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="agency_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection([("rate", "Rate"), ("age", "Addition for age")], "Type", required=True, default="rate")
    start = fields.Monetary(
        "From Amount", help="The rate is for what is collected of a case above this amount; the first rate starts at 0."
    )
    months = fields.Integer("From Age (months)", help="The points are added for debts due at least so many months ago.")
    percent = fields.Float(digits=(5, 2), help="Rate, or percentage points that are added to it.")

    @api.constrains("kind", "start", "months", "percent")
    def _check_agency(self):
        self.agency_id._check_commission()
