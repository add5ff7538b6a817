from odoo import models


class SaleOrderPortal(models.Model):
    """What customers start keeps its result: a signed quotation that is held stays signed, and waits for staff."""

    _inherit = "sale.order"

    def _validate_order(self):
        """Override of `sale` to leave held quotations unconfirmed, with a task: an error would undo the signature."""
        held = self._ar_find_held()
        for order, effect in held.items():
            order._ar_report_hold(self.env._("The customer accepted this quotation."), effect)
        free = self.filtered(lambda order: order not in held)
        if not free:
            return None
        with free._ar_passed():
            return super(SaleOrderPortal, free)._validate_order()

    def _ar_is_begun(self):
        """Return whether a customer or the till is confirming the quotation, so that an error would lose what they did.

        That is a payment at the till, and an order of the shop that is paid on delivery or at the store.
        """
        self.ensure_one()
        order = self.sudo()  # as in the check
        if "pos_order_line_ids" in order._fields and order.pos_order_line_ids:
            return True
        return self.env.su and any(
            transaction.state == "pending" and not transaction.is_post_processed
            for transaction in order.transaction_ids
        )

    def _ar_report_hold(self, occasion, effect):
        """Note on the quotation why it is not confirmed, and give the salesperson a task; customers see neither.

        :param str occasion: what happened
        :param effect: core.credit.effect.DocumentEffect
        """
        self.ensure_one()
        order = self.sudo()  # the customer did it
        text = f"{occasion} {order._ar_get_confirmation_text(effect)}"
        order.message_post(body=text, subtype_xmlid="mail.mt_note", author_id=self.env.ref("base.partner_root").id)
        user = order._ar_get_responsible()
        if user:
            order.activity_schedule(
                "mail.mail_activity_data_todo",
                order.company_id._ar_today(),
                summary=self.env._("Credit hold: the customer waits for a confirmation"),
                note=text,
                user_id=user.id,
            )

    def _ar_get_responsible(self):
        """Return who takes care of a held quotation: its salesperson, else the customer's collector."""
        accounts = self.env["ar.credit.check"]._find_accounts(
            self.partner_invoice_id.commercial_partner_id, self.company_id.root_id
        )
        users = self.user_id | accounts.user_id
        return users.filtered("active")[:1]
