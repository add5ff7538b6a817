from odoo import api, fields, models

from odoo.addons.ar_collections.core.credit.effect import BLOCK, RELEASED, check
from odoo.addons.ar_collections.core.credit.limit import CASH_ONLY, room_left
from odoo.addons.ar_collections.core.credit.rules import GOOD, HOLD, WARNING
from odoo.addons.ar_collections.formats import format_amount


class SaleOrderRoom(models.Model):
    """Quotations say in one line whether the customer has the credit for them, and whom to ask.

    That is all that salespeople without a role of ours see of a customer's credit.
    """

    _inherit = "sale.order"

    ar_credit_text = fields.Char("Credit", compute="_compute_ar_credit_text", groups="base.group_user")
    ar_credit_status = fields.Selection(
        [(GOOD, "Within Limit"), (WARNING, "Credit Warning"), (HOLD, "Credit Hold")],
        "Credit Status",
        compute="_compute_ar_credit_text",
        groups="base.group_user",
        help="The status of the customer as it would be with this quotation.",
    )

    ar_is_held = fields.Boolean("On Credit Hold", compute="_compute_ar_credit_text", groups="base.group_user")

    @api.depends(
        "partner_invoice_id", "company_id", "state", "amount_total", "currency_id", "transaction_ids.state",
        "payment_term_id", "ar_held_on",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_ar_credit_text(self):
        self.ar_credit_text = self.ar_credit_status = self.ar_is_held = False
        # sudo: the line is about the customer of the quotation alone; who writes it needs no role of ours.
        shown = self.sudo().filtered(lambda order: order._ar_is_shown())
        for root, of_root in shown.grouped(lambda order: order.company_id.root_id).items():
            of_root._ar_compute_credit(root)

    def _ar_is_shown(self):
        """Return whether the line is shown: on quotations, and on orders that are held because they were raised."""
        self.ensure_one()
        is_open = self.state in ("draft", "sent") or (self.state == "sale" and self.ar_held_on)
        return bool(is_open and self.partner_invoice_id)

    @api.depends("ar_credit_text")
    def _compute_partner_credit_warning(self):
        """Override of `sale`: where our line stands, Odoo's would say less of the same limit."""
        result = super()._compute_partner_credit_warning()
        self.filtered("ar_credit_text").partner_credit_warning = ""
        return result

    def _ar_compute_credit(self, root):
        """Compute the line for quotations of one root company, each as if it were the only one."""
        today = root._ar_today()
        partners = self.partner_invoice_id.commercial_partner_id._origin
        accounts = self.env["ar.credit.check"]._find_accounts(partners, root)
        if not accounts:
            return
        standings = self.env["ar.credit.standing"]._read(accounts, today)
        releases, neutral = self.env["ar.credit.release"]._read_for(self), self._ar_find_neutral()
        by_partner = {account.partner_id: account for account in standings}
        for order in self:
            account = by_partner.get(order.partner_invoice_id.commercial_partner_id._origin)
            if account:
                standing = standings[account]
                document = order._ar_make_document(releases.get(order), adds=order not in neutral)
                (effect,) = check([document], standing, today)
                order.ar_credit_status = effect.status.status
                order.ar_is_held = effect.effect == BLOCK and not order._ar_is_paid()
                order.ar_credit_text = order._ar_describe(effect, standing.facts, document.added)

    def _ar_describe(self, effect, facts=None, added=0, is_shared=False):
        """Return reasons, figures and whom to ask, as staff read them.

        :param effect: core.credit.effect.DocumentEffect
        :param facts: core.credit.rules.CreditFacts; read where they are not given
        :param added: what the order adds to the exposure of these facts
        :param bool is_shared: see `_ar_describe_reasons`
        """
        self.ensure_one()
        order = self.sudo()  # as in the compute
        root, partner = order.company_id.root_id, order.partner_invoice_id.commercial_partner_id._origin
        if facts is None:
            account = order.env["ar.credit.check"]._find_accounts(partner, root)
            facts = order.env["ar.credit.standing"]._read(account, root._ar_today())[account].facts
            added = order._ar_get_added()
        parts = [*self._ar_describe_reasons(self._ar_get_told_reasons(effect), is_shared)]
        parts.append(order._ar_describe_room(facts, added, root.currency_id))
        if effect.status.status != GOOD:
            intro = self._ar_get_effect_text(effect)
            name = "" if effect.exemption == RELEASED else f"{partner.name}."
            parts = [intro, name, *parts, order._ar_get_way_out(effect)]
        return " ".join(filter(None, parts))

    def _ar_get_added(self):
        """Return what the order adds to the exposure: nothing once it is confirmed, or where orders do not count."""
        return self._ar_make_document(None, adds=not self._ar_find_neutral()).added

    def _ar_describe_room(self, facts, added, currency):
        """Return a sentence with exposure, limit and room; of several limits, that with the least room."""
        room, limit = self._ar_find_room(facts, added)
        if room is None:
            return ""
        values = {
            "exposure": format_amount(self.env, facts.exposure, currency),
            "limit": format_amount(self.env, limit.amount or 0, currency),
            "room": format_amount(self.env, abs(room), currency),
        }
        if limit.kind == CASH_ONLY:
            return self.env._("Exposure %(exposure)s; the customer gets no credit.", **values)
        if added and room < 0:
            return self.env._(
                "Exposure %(exposure)s of a limit of %(limit)s, %(room)s too much with this order.", **values
            )
        if added:
            return self.env._(
                "Exposure %(exposure)s of a limit of %(limit)s, %(room)s left after this order.", **values
            )
        if room < 0:
            return self.env._("Exposure %(exposure)s of a limit of %(limit)s, %(room)s too much.", **values)
        return self.env._("Exposure %(exposure)s of a limit of %(limit)s, %(room)s left.", **values)

    @api.model
    def _ar_find_room(self, facts, added):
        """Return (room, limit) of the limit with the least room after an order; (None, None) where there is none."""
        limits = [(facts.limit, 0), *([(facts.group.limit, facts.group.others)] if facts.group else [])]
        rooms = [(room_left(limit, facts.exposure + added, others), limit) for limit, others in limits]
        return min((pair for pair in rooms if pair[0] is not None), key=lambda pair: pair[0], default=(None, None))
