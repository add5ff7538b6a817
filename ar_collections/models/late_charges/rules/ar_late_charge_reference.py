from odoo import api, fields, models

from ....core.late_charges.rates import make_table
from ....formats import format_date
from ..refusals import explain

#: In the context of a table that is written as a whole. No client can send it, because it is no plain value.
TOGETHER = object()


class ArLateChargeReference(models.Model):
    """A published rate that rules of late charges build on, with its values; people keep it up, nothing is fetched."""

    _name = "ar.late.charge.reference"
    _inherit = ["ar.access.mixin"]
    _description = "Reference Rate"
    _order = "name, id"
    _logs_changes = True

    _writable = {"manager": ("name", "active", "source", "rate_ids")}

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    source = fields.Char(translate=True, help="Where the rates are published, to check and continue them.")
    rate_ids = fields.One2many("ar.late.charge.rate", "reference_id", "Rates", copy=True)
    known_until = fields.Date(
        compute="_compute_known_until", help="Last day for which a rate is entered; empty: the last rate has no end."
    )
    is_outdated = fields.Boolean(
        compute="_compute_known_until", help="Whether today lies beyond the last rate, or there is none."
    )

    @api.depends("rate_ids.date_from", "rate_ids.date_to")
    def _compute_known_until(self):
        today = self.env.company._ar_today()
        for reference in self:
            last = reference.rate_ids.sorted("date_from")[-1:]
            reference.known_until = last.date_to
            reference.is_outdated = not last or (bool(last.date_to) and last.date_to < today)

    def write(self, vals):
        """Override to check the rates once all of them are written: two that change together may overlap in between."""
        return super(ArLateChargeReference, self.with_context(ar_rows_together=TOGETHER)).write(vals)

    @api.constrains("rate_ids")
    def _check_rates(self):
        """Check that the rates leave no gap and do not overlap."""
        for reference in self:
            with explain(self.env):
                make_table(rate._get_rate() for rate in reference.rate_ids)

    def _get_outdated_text(self):
        """Return that a rate is missing, as a sentence; empty where none is."""
        self.ensure_one()
        if not self.is_outdated:
            return ""
        if not self.rate_ids:
            return self.env._(
                "No rate of “%(name)s” is entered: no interest is computed. Enter the rates under Configuration > "
                "Collections > Reference Rates. Published: %(published)s",
                name=self.name, published=self.source or "",
            )  # fmt: skip
        return self.env._(
            "The last rate of “%(name)s” ended on %(day)s: interest since then is shown at that rate and cannot be "
            "charged. Enter the next one under Configuration > Collections > Reference Rates. Published: %(published)s",
            name=self.name, day=format_date(self.env, self.known_until), published=self.source or "",
        )  # fmt: skip
