from odoo import api, fields, models

from ....const import DAY_COUNTS, LATE_CHARGE_CONVENTIONS
from ....core.late_charges.days import ACT_365
from ....core.late_charges.interest import SPLIT, Terms
from ....core.late_charges.lump_sum import check_lump_sums
from ....core.late_charges.rates import make_table
from ....core.money import to_decimal
from ..refusals import explain
from .ar_late_charge_reference import TOGETHER


class ArLateChargeRegime(models.Model):
    """The rules of a country or contract for interest and lump sums; what is shipped is to be checked by people."""

    _name = "ar.late.charge.regime"
    _inherit = ["ar.access.mixin"]
    _description = "Rules of Late Charges"
    _order = "sequence, name, id"
    _logs_changes = True

    _writable = {
        "manager": (
            "name", "sequence", "active", "country_id", "source", "reference_id", "points", "factor", "rounding_step",
            "convention", "day_count", "moves_to_workday", "free_days", "currency_id", "lump_currency_id",
            "lump_sum_ids",
        ),
    }  # fmt: skip

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    country_id = fields.Many2one("res.country")
    source = fields.Char(translate=True, help="Law or contract that the rules come from.")
    reference_id = fields.Many2one("ar.late.charge.reference", "Reference Rate", required=True, ondelete="restrict")
    points = fields.Float(
        digits=(9, 4), help="Percentage points above the reference rate; without one, the whole rate a year."
    )
    factor = fields.Float(default=1.0, required=True, digits=(9, 4), help="Multiple of the reference rate that counts.")
    rounding_step = fields.Float(
        "Rounded up to", digits=(9, 4), help="The rate is rounded up to a multiple of it, such as 0.5. 0: not rounded."
    )
    convention = fields.Selection(
        LATE_CHARGE_CONVENTIONS, "Rate that Counts", required=True, default=SPLIT,
        help="Which rate counts where it changes during the delay.",
    )  # fmt: skip
    day_count = fields.Selection(DAY_COUNTS, required=True, default=ACT_365)
    moves_to_workday = fields.Boolean(
        "Due Dates Move", help="Whether a due date that is no working day moves to the next working day."
    )
    free_days = fields.Integer(help="Number of days after the due date that never bear interest.")
    currency_id = fields.Many2one(
        "res.currency", "Currency of the Sizes", required=True, default=lambda self: self.env.company.currency_id
    )
    lump_currency_id = fields.Many2one(
        "res.currency", "Currency of the Lump Sums", compute="_compute_lump_currency_id", store=True, readonly=False,
        precompute=True,
    )  # fmt: skip
    lump_sum_ids = fields.One2many("ar.late.charge.lump.sum", "regime_id", "Lump Sums", copy=True)
    warning = fields.Text("What is Missing", compute="_compute_warning")

    _numbers = models.Constraint(
        "CHECK (factor >= 0 AND rounding_step >= 0 AND points >= 0 AND points <= 100 AND free_days BETWEEN 0 AND 365)",
        "Points, multiple, rounding and free days cannot be negative; points are percent, and free days at most 365.",
    )

    @api.depends("currency_id")
    def _compute_lump_currency_id(self):
        for regime in self:
            regime.lump_currency_id = regime.currency_id

    @api.depends("reference_id.is_outdated")
    @api.depends_context("lang")
    def _compute_warning(self):
        for regime in self:
            regime.warning = regime.reference_id and regime.reference_id._get_outdated_text()

    def write(self, vals):
        """Override to check the lump sums once all of them are written: two sizes may be exchanged."""
        return super(ArLateChargeRegime, self.with_context(ar_rows_together=TOGETHER)).write(vals)

    @api.constrains("lump_sum_ids")
    def _check_lump_sums(self):
        """Check that each size has one lump sum."""
        for regime in self:
            with explain(self.env):
                check_lump_sums(regime._get_lump_sums())

    def _get_missing_text(self, day):
        """Return that a rate is missing for a day, as a sentence; empty where it is known."""
        self.ensure_one()
        known = self.reference_id.known_until
        return self.reference_id._get_outdated_text() if not known or day > known else ""

    def _get_lump_sums(self):
        """Return the lump sums as values of `core`."""
        self.ensure_one()
        return [lump_sum._get_lump_sum() for lump_sum in self.lump_sum_ids]

    def _get_terms(self, currency):
        """Return how interest is computed, as a value of `core`.

        :param currency: of the debts
        :rtype: Terms
        """
        self.ensure_one()
        table = make_table(
            (rate._get_rate() for rate in self.reference_id.rate_ids),
            to_decimal(self.points),
            to_decimal(self.factor),
            to_decimal(self.rounding_step),
        )
        rounding = to_decimal(currency.rounding)
        return Terms(table, self.convention, self.day_count, self.moves_to_workday, rounding, self.free_days)
