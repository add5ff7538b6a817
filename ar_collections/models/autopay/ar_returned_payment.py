from odoo import fields, models

from ...core.autopay.outcomes import DONE


class ArReturnedPayment(models.Model):
    """A returned payment that was an automatic one: the customer is told, and the fee of the policy is added."""

    _inherit = "ar.returned.payment"

    autopay_charge_id = fields.Many2one(
        "ar.autopay.charge", "Automatic Payment", readonly=True, index="btree_not_null", ondelete="set null"
    )

    def _tell_collector(self, customer):
        """Override to find the automatic payments, and to note there that they came back."""
        result = super()._tell_collector(customer)
        self._link_charges()
        self.autopay_charge_id._note_returned(customer.company_id._ar_today())
        return result

    def _link_charges(self):
        """Store which automatic payment each of them was: by the payment's entry, else by the invoice.

        Odoo deletes the entry of a payment that is canceled.
        """
        # sudo: who undoes a payment needs no right on transactions.
        charges = (
            self.env["ar.autopay.charge"]
            .sudo()
            .search(
                [
                    ("outcome", "=", DONE),
                    ("customer_id", "in", self.customer_id.ids),
                    ("transaction_id.ar_allocation_ids.move_line_id.move_id", "in", self.move_id.ids),
                ]
            )
        )
        for row in self:
            row.autopay_charge_id = charges.filtered(lambda charge, row=row: charge._is_returned_by(row))[:1]
        refunded = self.autopay_charge_id.filtered(lambda charge: charge._is_returned_by_us())
        self.filtered(lambda row: row.autopay_charge_id in refunded).autopay_charge_id = False
