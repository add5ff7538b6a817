from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.customers.aging import EDGES, first_days, read_edges


class ResCompany(models.Model):
    """How a company counts its receivables."""

    _inherit = "res.company"

    ar_aging_edges = fields.Char(
        "Ageing ranges",
        default=", ".join(map(str, EDGES)),
        help="The last day of each range of the ageing: four numbers of days late, separated by commas.",
    )
    ar_dso_basis = fields.Selection(
        [("period_end", "At the end of the period"), ("average", "Average of opening and closing")],
        "DSO of receivables",
        default="period_end",
        required=True,
        help="Which receivables the simple DSO divides by the credit sales.",
    )

    @api.constrains("ar_aging_edges")
    def _check_ar_aging_edges(self):
        """Ranges are told by four whole numbers, ascending."""
        for company in self:
            try:
                read_edges(company.ar_aging_edges or "")
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "“%(text)s” are no ranges: write four ascending numbers of days, as in %(example)s.",
                        text=company.ar_aging_edges or "",
                        example=", ".join(map(str, EDGES)),
                    )
                ) from error

    def _ar_aging_edges(self):
        """Return the last day of each range of the ageing, see `core.aging`."""
        self.ensure_one()
        return read_edges(self.ar_aging_edges or "") if self.ar_aging_edges else EDGES

    def _ar_aging_names(self):
        """Return the headings of the ageing: not due, 1-30, ..., more."""
        edges = self._ar_aging_edges()
        ranges = [f"{first}-{last}" for first, last in zip(first_days(edges), edges, strict=False)]
        return [self.env._("Not due"), *ranges, f"{edges[-1]}+"]
