from dataclasses import replace

from odoo import fields, models


class ArCreditPolicy(models.Model):
    """Whether orders are part of the exposure."""

    _inherit = "ar.credit.policy"

    _writable = {"credit_manager": ("exposure_orders",)}

    exposure_orders = fields.Boolean(
        "Count Orders",
        default=True,
        tracking=True,
        help=(
            "Whether confirmed orders that are not invoiced yet are part of the exposure, delivered or not. "
            "Otherwise an order adds nothing to it, and its amount is checked when it is delivered or "
            "invoiced. Example: an order of 2,000 takes 2,000 of the limit once it is confirmed."
        ),
    )

    def _get_exposure_rules(self):
        """Override to leave orders out by the policy's switch."""
        rules = super()._get_exposure_rules()
        return replace(rules, has_orders=self.exposure_orders) if self else rules
