from odoo import api, fields, models

from ...core.credit.exposure import GUARANTEE, Security
from ...core.credit.insurance import check_insurance
from ...core.credit.limit import Limit, check_limit
from ...core.money import to_decimal
from .ar_customer_limit import GROUP_AUDITOR, LIMIT_FIELDS

INSURANCE_FIELDS = (
    "insurer_id", "insurance_number", "insured_amount", "insured_percent", "insured_until", "insurance_decided_on",
    "extension_days", "notify_days", "hand_over_days", "insured_terms_days", "is_discretionary", "has_bad_experience",
    "insurer_notified_on", "insurer_handed_over_on", "insurer_consent_until",
)  # fmt: skip

GUARANTEE_FIELDS = ("guarantee_amount", "guarantee_until")


class ArCustomerInsurance(models.Model):
    """What secures the exposure: a guarantee, and the limit that a credit insurer decided, each until its last day."""

    _inherit = "ar.customer"

    _writable = {
        "credit_manager": (
            "insurer_id", "insurance_number", "insured_amount", "insured_percent", "insured_until",
            "insurance_decided_on", "guarantee_amount", "guarantee_until",
        ),
    }  # fmt: skip

    insurer_id = fields.Many2one(
        "res.partner", "Credit Insurer", copy=False, tracking=True, groups=GROUP_AUDITOR, ondelete="restrict"
    )
    insurance_number = fields.Char("Insurance Policy", copy=False, tracking=True, groups=GROUP_AUDITOR)
    insured_amount = fields.Monetary(
        copy=False, tracking=True, groups=GROUP_AUDITOR, help="Limit that the insurer decided for this customer."
    )
    insured_percent = fields.Float(
        "Insured Share (%)", default=90, copy=False, tracking=True, groups=GROUP_AUDITOR,
        help="How much of a loss the insurer pays.",
    )  # fmt: skip
    insured_until = fields.Date(
        copy=False, tracking=True, groups=GROUP_AUDITOR, help="Last day of the insurer's decision."
    )
    insurance_decided_on = fields.Date("Insurance decided on", copy=False, tracking=True, groups=GROUP_AUDITOR)
    guarantee_amount = fields.Monetary(
        "Guarantee", copy=False, tracking=True, groups=GROUP_AUDITOR,
        help="Guarantee of a bank or another company, or a deposit.",
    )  # fmt: skip
    guarantee_until = fields.Date(
        copy=False, tracking=True, groups=GROUP_AUDITOR, help="Last day of the guarantee; empty: no end."
    )

    _insured_percent_range = models.Constraint(
        "CHECK (insured_percent BETWEEN 0 AND 100)", "The insured share must be between 0 and 100 percent."
    )

    def _get_securities(self, gaps=()):
        """Return what is deducted from the exposure; parameters and result as of `_get_entered_securities`."""
        return self._get_entered_securities(gaps)

    def _get_entered_securities(self, gaps=()):
        """Return what was entered that secures the customer, whether it counts already or not.

        :param gaps: why the insurance does not cover, see `ar.credit.insurance`; with some, no further delivery
        :rtype: tuple[core.credit.exposure.Security, ...]
        """
        self.ensure_one()
        found = []
        if self.guarantee_amount:
            found.append(Security(GUARANTEE, to_decimal(self.guarantee_amount), self.guarantee_until or None))
        if insurance := self._get_insurance():
            found.append(insurance.get_security(gaps))
        return tuple(found)

    @api.constrains("insured_amount", "insured_until")
    def _check_insurance(self):
        """Check that what is insured is an amount and ends."""
        for customer in self:
            with customer._explain_refusal():
                check_insurance(to_decimal(customer.insured_amount), customer.insured_until or None)

    @api.constrains("guarantee_amount")
    def _check_guarantee(self):
        """Check that a guarantee is an amount."""
        for customer in self.filtered("guarantee_amount"):
            with customer._explain_refusal():
                check_limit(Limit("amount", to_decimal(customer.guarantee_amount)))

    def write(self, vals):
        """Override to compute the exposure again when what secures it changes."""
        result = super().write(vals)
        if not vals.keys().isdisjoint((*INSURANCE_FIELDS, *GUARANTEE_FIELDS)):
            self.env["ar.credit.insurance"]._note_use(self)
            accounts = self.sudo().with_context(tracking_disable=True)  # users may not write the results
            accounts.filtered(lambda customer: customer.holds_credit and customer.partner_id)._refresh_exposure()
        return result

    def _get_merged_vals(self, others):
        """Override to keep what secures the merged accounts, as far as this one has nothing of the kind."""
        values = super()._get_merged_vals(others)
        for amount, names in (("insured_amount", INSURANCE_FIELDS), ("guarantee_amount", GUARANTEE_FIELDS)):
            secured = others.filtered(amount)[:1]
            if secured and not self[amount]:
                values |= {name: secured[name] for name in names}
        return values

    def _get_copied_vals(self, source):
        """Override: limit, insurance and guarantee were decided for one customer, and would count twice."""
        alone = {*LIMIT_FIELDS, "is_group_limit", *INSURANCE_FIELDS, *GUARANTEE_FIELDS}
        return {name: value for name, value in super()._get_copied_vals(source).items() if name not in alone}
