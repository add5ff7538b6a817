from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import LockError, UserError

from odoo.addons.ar_collections.core.credit.effect import BLOCK, ORDER, WARN, Document
from odoo.addons.ar_collections.core.money import to_decimal


class SaleOrderCheck(models.Model):
    """Quotations are checked against the credit of their customers when they are confirmed (decision 0021)."""

    _inherit = "sale.order"

    def action_confirm(self):
        """Override of `sale` to hold quotations of customers without credit; of several, the others are confirmed.

        :raise UserError: where all are held; what customers have begun is never undone by an error, see `_ar_is_begun`
        """
        effects = self._ar_check_quotations()
        held = self.filtered(lambda order: order in effects and effects[order].effect == BLOCK)
        begun = held.filtered(lambda order: order._ar_is_begun())
        if held and held == self and not begun:
            raise UserError("\n\n".join(order._ar_get_confirmation_text(effects[order]) for order in held))
        for order in begun:
            order._ar_report_hold(self.env._("The customer accepted this quotation."), effects[order])
        free = self - held
        result = super(SaleOrderCheck, free).action_confirm() if free or not held else True
        told = {order: effect for order, effect in effects.items() if effect.effect in (WARN, BLOCK)}
        return self._ar_show(told, result) if told else result

    def _ar_check_quotations(self):
        """Return what `_ar_check_credit` does of those that were not checked just now; never fails but for a lock.

        :raise LockError: when another transaction holds an account
        """
        quotations = self._ar_without_passed().filtered(lambda order: order.state in ("draft", "sent"))
        effects = quotations._ar_check_documents()
        return {order: effects[order.id] for order in quotations if order.id in effects}

    def _ar_check_credit(self, lock=True):
        """Return {quotation: core.credit.effect.DocumentEffect} of those whose customers have a limit, or are held.

        They are checked one on top of the other, in this order. What is paid is not looked at, so that no lock stands
        in its way.

        :param bool lock: see `ar.credit.check._check`
        :raise LockError: when another transaction holds an account
        """
        # sudo: who confirms orders needs no role of ours, and need not read payments.
        orders = self.sudo().filtered(lambda order: order.state in ("draft", "sent") and not order._ar_is_paid())
        found = {}
        for root, of_root in orders.grouped(lambda order: order.company_id.root_id).items():
            effects = orders.env["ar.credit.check"]._check(of_root._ar_get_documents(), root, lock)
            found |= {order: effects[order.id] for order in of_root if order.id in effects}
        return found

    def _ar_find_held(self):
        """Return {quotation: DocumentEffect} of those that are held, where an error must not stop the flow.

        While another transaction holds the account, they are checked without the lock: it is a customer who waits.
        """
        try:
            effects = self._ar_check_quotations()
        except LockError:
            found = self._ar_check_documents(lock=False)
            effects = {order: found[order.id] for order in self if order.id in found}
        return {order: effect for order, effect in effects.items() if effect.effect == BLOCK}

    # === DOCUMENTS === #

    def _ar_get_documents(self):
        """Return {commercial partner: [core.credit.effect.Document, …]} of quotations of one root company.

        Called in superuser mode.
        """
        root = self.company_id.root_id
        partners = self.partner_invoice_id.commercial_partner_id
        accounts = self.env["ar.credit.check"]._find_accounts(partners, root)
        counting = {account.partner_id: account.policy_id._get_exposure_rules().has_orders for account in accounts}
        releases = self.env["ar.credit.release"]._read_for(self)
        documents = defaultdict(list)
        for order in self:
            partner = order.partner_invoice_id.commercial_partner_id._origin
            document = order._ar_get_document(counting.get(partner, True), releases.get(order))
            documents[partner].append(document)
        return documents

    def _ar_get_document(self, counts, release=None):
        """Return the quotation as a document to be checked.

        :param bool counts: whether orders are part of the exposure; otherwise it adds nothing to it, as an order in a
            currency without a rate, whose amount is not known
        :param release: core.credit.effect.Release of a credit manager
        :rtype: core.credit.effect.Document
        """
        amount = max(self._ar_convert(self.amount_total), Decimal(0))  # a negative order makes no room
        is_left_out = not counts or not self._ar_has_rate()
        return Document(
            self._origin.id,
            ORDER,
            amount,
            counted=amount if is_left_out else Decimal(0),
            covered=self._ar_convert(self._ar_get_covered(is_booked=False)),
            release=release,
        )

    def _ar_convert(self, amount):
        """Return an amount of the order in company currency, at the order's rate."""
        return to_decimal(self.company_id.currency_id.round(amount / (self.currency_rate or 1)))

    def _ar_has_rate(self):
        """Return whether the currency of the order can be converted."""
        return self.currency_id._ar_has_rate(self.company_id.root_id)

    # === TELL === #

    @api.model
    def _ar_show(self, effects, result=True):
        """Return a notification about quotations that are held, or were confirmed although the customer has no room.

        :param effects: {quotation: DocumentEffect}
        :param result: what the confirmation returned; an action of another add-on follows
        """
        texts = [order._ar_get_confirmation_text(effect) for order, effect in effects.items()]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Credit"),
                "message": "\n".join(texts),
                "next": result if isinstance(result, dict) else {"type": "ir.actions.act_window_close"},
            },
        }

    def _ar_get_confirmation_text(self, effect):
        """Return what staff read about a quotation that is held, or confirmed with a warning."""
        self.ensure_one()
        if effect.effect == BLOCK:
            intro = self.env._("%(order)s is not confirmed.", order=self.display_name)
        else:
            intro = self.env._("%(order)s is confirmed with a warning.", order=self.display_name)
        return f"{intro} {self._ar_describe(effect, is_shared=True)}"
