from odoo import fields, models

from ...core.autopay.bounds import Bounds
from ...core.money import ZERO, to_decimal


class ResCompany(models.Model):
    """The bounds of automatic payments: how many, of how much, and the switch that stops all of them."""

    _inherit = "res.company"

    ar_autopay_stopped = fields.Boolean(
        "Stop all Automatic Payments",
        help="Nothing is announced or charged, neither installments nor invoices. Consents stay valid.",
    )
    ar_autopay_run_number = fields.Integer(
        "Automatic Payments per Run", default=500, help="Most charges in one hourly run. 0: no limit."
    )
    ar_autopay_day_number = fields.Integer(
        "Automatic Payments per Day", default=2000, help="Most charges on one day. 0: no limit."
    )
    ar_autopay_run_amount = fields.Monetary(
        "Automatic Total per Run", help="Highest total that one hourly run charges. 0: no limit."
    )
    ar_autopay_day_amount = fields.Monetary(
        "Automatic Total per Day", help="Highest total that is charged on one day. 0: no limit."
    )

    _ar_autopay_limits_not_negative = models.Constraint(
        "CHECK (ar_autopay_run_number >= 0 AND ar_autopay_day_number >= 0"
        " AND ar_autopay_run_amount >= 0 AND ar_autopay_day_amount >= 0)",
        "The limits of automatic payments cannot be negative; 0 means no limit.",
    )

    def _ar_get_autopay_bounds(self):
        """Return the limits of the company's automatic charges.

        :rtype: core.autopay.bounds.Bounds
        """
        self.ensure_one()
        return Bounds(
            self.ar_autopay_run_number,
            to_decimal(self.ar_autopay_run_amount),
            self.ar_autopay_day_number,
            to_decimal(self.ar_autopay_day_amount),
        )

    def _ar_read_autopay_day(self):
        """Return (number, total in company currency) of the automatic charges of today, whatever became of them."""
        self.ensure_one()
        today = self._ar_today()
        # sudo: the limits are the company's, so that the charges of all its customers count, whoever starts the run.
        charges = self.env["ar.autopay.charge"].sudo()
        groups = charges._read_group(
            [("company_id", "=", self.id), ("date", "=", today)], ["currency_id"], ["__count", "amount:sum"]
        )
        number, total = 0, ZERO
        for currency, count, amount in groups:
            number += count
            total += to_decimal(currency._convert(amount, self.currency_id, self, today))
        return number, total
