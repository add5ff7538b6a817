from odoo import api, fields, models

from ...core.late_charges.rates import Rate
from ...core.money import to_decimal


class ArLateChargeRate(models.Model):
    """The value of a reference rate, with the days on which it holds."""

    _name = "ar.late.charge.rate"
    _inherit = ["ar.access.mixin"]
    _description = "Value of a Reference Rate"
    _order = "reference_id, date_from desc, id"
    _rec_name = "date_from"

    _writable = {"manager": ("reference_id", "date_from", "date_to", "percent", "source")}

    reference_id = fields.Many2one("ar.late.charge.reference", required=True, index=True, ondelete="cascade")
    date_from = fields.Date("Valid from", required=True)
    date_to = fields.Date("Valid to", help="Last day. Empty: until the next rate.")
    percent = fields.Float("Rate (%)", required=True, digits=(9, 4), help="Percent a year, without points.")

    source = fields.Char(help="Where the value was published.")

    @api.constrains("reference_id", "date_from", "date_to", "percent")
    def _check_rate(self):
        """Check the whole table: a rate alone is neither too early nor too late."""
        self.reference_id._check_rates()

    def _get_rate(self):
        """Return the rate as a value of `core`."""
        self.ensure_one()
        return Rate(self.date_from, to_decimal(self.percent), self.date_to or None)
