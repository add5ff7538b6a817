from odoo import fields, models

from ....core.credit.risks import RiskRules
from ....core.money import to_decimal


class ResCompany(models.Model):
    """What a company calls a risk; the settings of the root company count."""

    _inherit = "res.company"

    ar_risk_share = fields.Float(
        "Concentration from (%)", default=20,
        help="Share of the receivables from which one customer or one group is listed in the risk register. 0: never.",
    )  # fmt: skip
    ar_risk_large = fields.Float(
        "Large Amounts from (%)", default=2,
        help="Share of the receivables from which an amount is listed in the risk register. 0: never.",
    )  # fmt: skip
    ar_risk_cover_days = fields.Integer(
        "Cover Ends within (days)", default=30,
        help="Days before the end of an insured limit or a guarantee, and before the dates of the insurer. 0: never.",
    )  # fmt: skip
    ar_risk_unmatched_days = fields.Integer(
        "Unmatched Money after (days)", default=14,
        help="Days after which money that is not matched is listed in the risk register. 0: never.",
    )  # fmt: skip
    ar_risk_feed_days = fields.Integer(
        "Bank Feed without Movements for (days)", default=5,
        help="Days without movements after which a bank journal that had them regularly is listed. 0: never.",
    )  # fmt: skip
    ar_risks_on = fields.Date(
        "Risk Register of", readonly=True, copy=False, help="Day for which the nightly run made the risk register."
    )

    _ar_risk_range = models.Constraint(
        "CHECK (ar_risk_share BETWEEN 0 AND 100 AND ar_risk_large BETWEEN 0 AND 100"
        " AND ar_risk_cover_days BETWEEN 0 AND 3650 AND ar_risk_unmatched_days BETWEEN 0 AND 3650"
        " AND ar_risk_feed_days BETWEEN 0 AND 3650)",
        "Enter 0 to 100 percent and 0 to 3650 days for the risk register; 0 turns a kind of risk off.",
    )

    def _ar_get_risk_rules(self):
        """Return what the company calls a risk.

        :rtype: core.credit.risks.RiskRules
        """
        self.ensure_one()
        return RiskRules(
            to_decimal(self.ar_risk_share),
            to_decimal(self.ar_risk_large),
            self.ar_risk_cover_days,
            self.ar_risk_unmatched_days,
            self.ar_risk_feed_days,
        )
