from odoo import api, fields, models

from ...core.autopay.outcomes import DONE


class ArReturnedPayment(models.Model):
    """A returned payment that was an automatic one: the customer is told, and the fee of the policy is added."""

    _inherit = "ar.returned.payment"

    autopay_charge_id = fields.Many2one(
        "ar.autopay.charge", "Automatic Payment", readonly=True, index="btree_not_null", ondelete="set null"
    )

    @api.model
    def _prepare_undone(self, partials):
        """Override to name the automatic payments: Odoo deletes the entry of a payment that is canceled."""
        rows = super()._prepare_undone(partials)
        entries = self.env["account.move"].browse([row["counterpart_move_id"] for row in rows])
        self._name_charges(rows, entries.origin_payment_id, {entry.id: entry.origin_payment_id.id for entry in entries})
        return rows

    @api.model
    def _prepare_rejected(self, payments):
        """Override to name the automatic payments: one that is deleted is not known afterwards."""
        rows = super()._prepare_rejected(payments)
        self._name_charges(rows, payments, {})
        return rows

    @api.model
    def _name_charges(self, rows, payments, payment_of_entry):
        """Add to the values, in place, which automatic payment of the invoice each of them was.

        :param rows: list of values
        :param payments: `account.payment` recordset, in superuser mode
        :param payment_of_entry: {entry id: payment id}
        """
        if not rows or not payments:
            return
        charges = self.env["ar.autopay.charge"].search([("transaction_id.payment_id", "in", payments.ids)])
        charge_of = {charge.transaction_id.payment_id.id: charge for charge in charges}
        for row in rows:
            payment_id = payment_of_entry.get(row.get("counterpart_move_id"), row.get("account_payment_id"))
            charge = charge_of.get(payment_id, charges.browse())
            if row["move_id"] in charge.transaction_id.ar_allocation_ids.move_line_id.move_id.ids:
                row["autopay_charge_id"] = charge.id

    def _tell_collector(self, customer):
        """Override to note at the automatic payments that they came back, unless we refunded them."""
        result = super()._tell_collector(customer)
        others = self.autopay_charge_id.filtered(lambda charge: charge.outcome != DONE or charge._is_returned_by_us())
        self.filtered(lambda row: row.autopay_charge_id in others).autopay_charge_id = False
        self.autopay_charge_id._note_returned(customer.company_id._ar_today())
        return result
