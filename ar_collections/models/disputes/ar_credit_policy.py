from odoo import api, fields, models

from ...core.disputes.limits import DisputeRules
from ...core.money import to_decimal

#: The default minimum of a dispute, in smallest units of the company's currency, so that none is assumed.
SMALLEST_UNITS = 100


class ArCreditPolicy(models.Model):
    """The rules of disputes."""

    _inherit = "ar.credit.policy"

    _writable = {
        "manager": (
            "dispute_portal", "dispute_grace_days", "dispute_open_max", "dispute_item_open_max",
            "dispute_minimum_amount", "dispute_item_rejected_max",
        ),
    }  # fmt: skip

    dispute_portal = fields.Boolean(
        "Customers can dispute invoices on the portal",
        default=True,
        tracking=True,
        help=(
            "Whether customers can dispute invoices on their page. If disabled, only staff can record "
            "disputes. Example: off, customers write or call, and a colleague records the dispute."
        ),
    )
    dispute_grace_days = fields.Integer(
        "Grace after Rejection (days)",
        default=7,
        tracking=True,
        help=(
            "Number of days after a rejected dispute during which the item is not reminded; then the schedule "
            "continues. Example: with 7, a dispute rejected on the 1st is reminded from the 8th."
        ),
    )

    dispute_open_max = fields.Integer(
        "Open Disputes",
        default=20,
        tracking=True,
        help=(
            "Number of open disputes of a customer with which only staff can record another one. 0: no limit. "
            "Example: with 20, the customer's twenty-first dispute is recorded by a colleague."
        ),
    )
    dispute_item_open_max = fields.Integer(
        "Open Disputes per Item",
        default=3,
        tracking=True,
        help=(
            "Number of open disputes about one item with which only staff can record another one. 0: no "
            "limit. Example: with 3, a fourth dispute about the same invoice is recorded by a colleague."
        ),
    )
    dispute_item_rejected_max = fields.Integer(
        "Rejected Disputes per Item",
        default=1,
        tracking=True,
        help=(
            "Number of disputes about one item that were rejected, or accepted in part, with which only staff can "
            "record another one. What the customer withdrew counts from the second time on. 0: no limit. Example: "
            "with 1, who disputes a rejected invoice again replies to the answer or calls, and a colleague records "
            "the dispute."
        ),
    )
    dispute_minimum_amount = fields.Monetary(
        "Minimum Disputed Amount",
        compute="_compute_dispute_minimum_amount",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help=(
            "Minimum amount of an item that customers can dispute on the portal, in the currency of the company; all "
            "that is open of an item can always be disputed. Staff can record less. Default: 100 times the smallest "
            "unit of the currency, for instance 1.00."
        ),
    )

    _dispute_limits = models.Constraint("CHECK (dispute_grace_days >= 0)", "The grace period cannot be negative.")
    _dispute_open_limits = models.Constraint(
        "CHECK (dispute_open_max >= 0 AND dispute_item_open_max >= 0 AND dispute_minimum_amount >= 0"
        " AND dispute_item_rejected_max >= 0)",
        "The limits of disputes cannot be negative.",
    )

    @api.depends("company_id")
    def _compute_dispute_minimum_amount(self):
        """Compute the default, from the currency of the policy's company: 1.00 where it has two decimals."""
        for policy in self:
            policy.dispute_minimum_amount = SMALLEST_UNITS * policy.company_id.currency_id.rounding

    def _get_dispute_rules(self, currency):
        """Return the limits for a customer's own disputes; no limits where no policy applies.

        :param currency: `res.currency` of the disputed items, to which the minimum is converted
        :rtype: core.disputes.limits.DisputeRules
        """
        if not self:
            return DisputeRules()
        company = self.company_id
        minimum = company.currency_id._convert(self.dispute_minimum_amount, currency, company, company._ar_today())
        return DisputeRules(
            self.dispute_open_max, self.dispute_item_open_max, to_decimal(minimum), self.dispute_item_rejected_max
        )
