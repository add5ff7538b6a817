from odoo import api, fields, models

from ....core.late_charges.rates import Rate, make_table
from ....core.late_charges.refusal import ChargeRefused
from ....core.money import to_decimal
from .ar_late_charge_reference import TOGETHER


class ArLateChargeRate(models.Model):
    """The value of a reference rate, with the days on which it holds."""

    _name = "ar.late.charge.rate"
    _inherit = ["ar.access.mixin"]
    _description = "Value of a Reference Rate"
    _order = "reference_id, date_from desc, id"
    _rec_name = "date_from"
    _logs_changes = True
    _logged_parent = "reference_id"

    _writable = {"manager": ("reference_id", "date_from", "date_to", "percent", "source")}

    reference_id = fields.Many2one("ar.late.charge.reference", required=True, index=True, ondelete="cascade")
    date_from = fields.Date("Valid from", required=True)
    date_to = fields.Date("Valid to", help="Last day. Empty: until the next rate.")
    percent = fields.Float("Rate (%)", required=True, digits=(9, 4), help="Percent a year, without points.")

    source = fields.Char(help="Where the value was published.")

    @api.constrains("reference_id", "date_from", "date_to", "percent")
    def _check_rate(self):
        """Check the whole table: a rate alone is neither too early nor too late.

        Rates that are written with their table are checked by the table.
        """
        if self.env.context.get("ar_rows_together") is not TOGETHER:
            self.reference_id._check_rates()

    def _get_rate(self):
        """Return the rate as a value of `core`."""
        self.ensure_one()
        return Rate(self.date_from, to_decimal(self.percent), self.date_to or None)

    # === SHIPPED RATES === #

    @api.model
    def _load_records(self, data_list, update=False):
        """Override of `base` to leave tables to the people who keep them: an update adds no rate of ours to those."""
        if self.env.context.get("install_module") == "ar_collections":
            data_list = [data for data in data_list if not self._is_left_to_people(data)]
        return super()._load_records(data_list, update)

    @api.model
    def _is_left_to_people(self, data):
        """Return whether a shipped rate is not created: people deleted it, entered their own, or it fits no more.

        :param dict data: see `_load_records`
        """
        if self.env.ref(data["xml_id"], raise_if_not_found=False):
            return False
        values = data["values"]
        if not values["reference_id"]:
            return True
        rates = self.search([("reference_id", "=", values["reference_id"])])
        if not all(rates.get_external_id().values()):
            return True
        to_date = self._fields["date_from"].to_date
        first, last = to_date(values["date_from"]), to_date(values.get("date_to") or False)
        if any(rate.date_from > first for rate in rates):  # new ones come last: this one was there, and was deleted
            return True
        try:
            make_table(
                [*(rate._get_rate() for rate in rates), Rate(first, to_decimal(values["percent"]), last or None)]
            )
        except ChargeRefused:
            return True
        return False
