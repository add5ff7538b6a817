from odoo import fields, models

from ...core.credit.exposure import GUARANTEE, INSURED, ExposureRules


class ArCreditPolicy(models.Model):
    """Which parts count for the exposure of a customer."""

    _inherit = "ar.credit.policy"

    _writable = {
        "credit_manager": (
            "exposure_drafts", "exposure_guarantees", "exposure_insured",
        ),
    }  # fmt: skip

    exposure_drafts = fields.Boolean(
        "Count Draft Invoices",
        default=True,
        tracking=True,
        help="Whether draft invoices, less draft credit notes, are part of the exposure.",
    )
    exposure_guarantees = fields.Boolean(
        "Deduct Guarantees", default=True, tracking=True, help="Until the last day of the guarantee."
    )
    exposure_insured = fields.Boolean(
        "Deduct Insured Amounts", default=True, tracking=True, help="Until the last day of the insurer's decision."
    )

    def _get_exposure_rules(self):
        """Return what counts for the exposure; without a policy everything does.

        :rtype: core.credit.exposure.ExposureRules
        """
        if not self:
            return ExposureRules()
        self.ensure_one()
        switches = {GUARANTEE: self.exposure_guarantees, INSURED: self.exposure_insured}
        left_out = {kind for kind, is_on in switches.items() if not is_on}
        return ExposureRules(has_drafts=self.exposure_drafts, deducted=ExposureRules().deducted - left_out)
