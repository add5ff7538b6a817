from odoo import models

from ....core.recovery.legal_costs import RETURN


class ArAutopayCharge(models.Model):
    """The fee of a returned debit is a cost that the debtor has to pay: managers draft the invoice with the others."""

    _inherit = "ar.autopay.charge"

    def _add_return_fee(self, amount):
        """Override to record the fee as a cost of the customer, to be charged."""
        self.ensure_one()
        customer = self.customer_id
        texts = customer.with_context(lang=customer.partner_id.lang or self.env.lang)
        # sudo: the night records it by the policy of a manager.
        self.env["ar.legal.cost"].sudo().create(
            {
                "customer_id": customer.id,
                "date": self.company_id._ar_today(),
                "kind": RETURN,
                "name": texts.env._("Return of direct debit %(reference)s", reference=self.reference),
                "currency_id": self.company_id.currency_id.id,
                "amount": amount,
            }
        )
        return True
