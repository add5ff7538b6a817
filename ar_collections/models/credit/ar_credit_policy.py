from odoo import fields, models

from ...const import CREDIT_EFFECTS
from ...core.credit.effect import INFORM, EffectRules
from ...core.credit.exposure import GUARANTEE, INSURED, ExposureRules


class ArCreditPolicy(models.Model):
    """Which parts count for the exposure of a customer, and what a hold means for its documents."""

    _inherit = "ar.credit.policy"

    _writable = {
        "credit_manager": (
            "exposure_drafts", "exposure_guarantees", "exposure_insured", "effect_order", "effect_delivery",
            "effect_invoice", "effect_delivered_invoice", "releases_itself",
        ),
    }  # fmt: skip

    exposure_drafts = fields.Boolean(
        "Count Draft Invoices",
        default=True,
        tracking=True,
        help=(
            "Whether draft invoices, less draft credit notes, are part of the exposure. Example: a draft "
            "invoice of 500 takes 500 of the limit."
        ),
    )
    exposure_guarantees = fields.Boolean(
        "Deduct Guarantees",
        default=True,
        tracking=True,
        help=(
            "Whether guarantees lower the exposure, until their last day. Example: a bank guarantee of 10,000 "
            "lowers an exposure of 25,000 to 15,000."
        ),
    )
    exposure_insured = fields.Boolean(
        "Deduct Insured Amounts",
        default=True,
        tracking=True,
        help=(
            "Whether insured amounts lower the exposure, until the last day of the insurer's decision. "
            "Example: an insured amount of 20,000 lowers an exposure of 25,000 to 5,000."
        ),
    )

    effect_order = fields.Selection(
        CREDIT_EFFECTS, "Orders", required=True, default=INFORM, tracking=True,
        help=(
            "What happens when a quotation of a customer on hold is confirmed. Example: Block keeps the "
            "quotation unconfirmed until a credit manager releases it."
        ),
    )  # fmt: skip
    effect_delivery = fields.Selection(
        CREDIT_EFFECTS, "Deliveries", required=True, default=INFORM, tracking=True,
        help=(
            "What happens when goods for a customer on hold are to leave. Example: Warn shows a message and "
            "lets the goods leave."
        ),
    )  # fmt: skip
    effect_invoice = fields.Selection(
        CREDIT_EFFECTS, "Invoices", required=True, default=INFORM, tracking=True,
        help=(
            "What happens when an invoice to a customer on hold is confirmed. Example: Inform only shows that "
            "the customer is on hold."
        ),
    )  # fmt: skip
    effect_delivered_invoice = fields.Selection(
        CREDIT_EFFECTS, "Invoices for Delivered Goods", required=True, default=INFORM, tracking=True,
        help=(
            "The debt exists already: a blocked invoice only makes it later. Example: Inform, so that goods "
            "that left are invoiced at once."
        ),
    )  # fmt: skip
    releases_itself = fields.Boolean(
        "Holds End by Themselves", default=True, tracking=True,
        help=(
            "Whether a hold ends once its cause is gone; otherwise it is ready to release, and a person does. "
            "Example: the customer pays what was too old, and the hold ends in the same night."
        ),
    )  # fmt: skip

    def _get_effect_rules(self):
        """Return what a hold means for documents; without a policy it informs.

        :rtype: core.credit.effect.EffectRules
        """
        if not self:
            return EffectRules(INFORM, INFORM, INFORM, INFORM)
        self.ensure_one()
        return EffectRules(self.effect_order, self.effect_delivery, self.effect_invoice, self.effect_delivered_invoice)

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
