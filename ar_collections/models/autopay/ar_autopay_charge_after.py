from odoo import api, fields, models

from ...core.autopay.methods import returnable_until
from ...core.autopay.outcomes import DONE


class ArAutopayChargeAfter(models.Model):
    """What may still become of a charge that was paid: taken back by the bank, or refunded by us.

    Nothing is charged again for it by the same consent: the customer pays by hand.
    """

    _name = "ar.autopay.charge"
    _inherit = ["ar.autopay.charge", "ar.notice.mixin"]

    name = fields.Char("Number", related="reference")
    returnable_until = fields.Date(
        compute="_compute_returnable_until",
        store=True,
        help="Last day on which the customer's bank takes a direct debit back without a reason.",
    )
    returned_ids = fields.One2many("ar.returned.payment", "autopay_charge_id", readonly=True)
    returned_amount = fields.Monetary(compute="_compute_returned_amount")
    returned_on = fields.Date(readonly=True, copy=False)
    return_fee = fields.Monetary(currency_field="company_currency_id", readonly=True, copy=False)
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    refunded_amount = fields.Monetary("Refunded", compute="_compute_refunded_amount", store=True)

    @api.depends("outcome", "settled_on", "consent_id.token_id")
    def _compute_returnable_until(self):
        for charge in self:
            until = None
            if charge.outcome == DONE:
                method = charge.consent_id.token_id.sudo()._ar_get_method_code()  # its kind alone
                until = returnable_until(method, charge.settled_on, charge.customer_id.partner_id.is_company)
            charge.returnable_until = until

    @api.depends("returned_ids.amount", "returned_ids.state")
    def _compute_returned_amount(self):
        for charge in self:
            charge.returned_amount = sum(charge._get_returned().mapped("amount"))

    @api.depends("transaction_id.child_transaction_ids.state", "transaction_id.child_transaction_ids.amount")
    def _compute_refunded_amount(self):
        for charge in self:
            # sudo: auditors have no right on transactions.
            children = charge.sudo().transaction_id.child_transaction_ids
            refunds = children.filtered(lambda child: child.operation == "refund" and child.state == "done")
            charge.refunded_amount = -sum(refunds.mapped("amount"))

    # === RETURNED === #

    def _note_returned(self, today):
        """Note that the bank took these charges back: tell the customers, add the fee of the policy once.

        The collector was told by the returned payment itself.

        :param date today: on which it was noticed
        """
        for charge in self.filtered(lambda charge: not charge.returned_on):
            charge.returned_on = today
            fee = charge.customer_id.policy_id.autopay_return_fee if charge.returnable_until else 0.0
            if fee and charge._add_return_fee(fee):
                charge.return_fee = fee
            charge._get_unit()._notify_autopay_of(charge, "autopay_returned")

    def _get_returned(self):
        """Return what came back; what may yet be applied again is not among it."""
        return self.returned_ids.filtered(lambda returned: returned.state == "returned")

    def _is_returned_by_us(self):
        """Return whether a refund of ours covers what came back: the bank has taken nothing then."""
        self.ensure_one()
        refunded = self.refunded_amount
        return bool(refunded) and self.currency_id.compare_amounts(refunded, self.returned_amount) >= 0

    def _add_return_fee(self, amount):
        """Have the customer charged a fee for a returned debit; return whether that is possible here.

        Extension point: which document does it is up to the override.

        :param float amount: in company currency
        """
        self.ensure_one()
        return False

    # === NOTICES === #

    def _is_notice_valid(self, notice):
        """Override: what came back is still open."""
        self.ensure_one()
        return bool(self._get_returned().move_line_id.filtered(lambda line: line.amount_residual_currency > 0))

    def _get_notice_html(self, communication):
        """Override to return what came back of which invoices, in the language of the communication."""
        self.ensure_one()
        parts = [(row.name, row.amount, row.currency_id) for row in self._get_returned()]
        fee = communication._format_amount(self.return_fee, self.company_currency_id) if self.return_fee else None
        return self.consent_id._render_charge(communication, self.date, parts, fee=fee)
