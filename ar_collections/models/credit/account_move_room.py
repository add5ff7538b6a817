from odoo import api, fields, models

from ...core.credit.exposure import group_exposure
from ...core.credit.limit import CASH_ONLY, NO_LIMIT, excess, room_left
from ...core.money import ZERO, to_decimal
from ...formats import format_amount


class AccountMoveRoom(models.Model):
    """Draft invoices say whether they are within the customer's credit limit; see also `documents/`."""

    _inherit = "account.move"

    ar_credit_text = fields.Char("Credit Limit", compute="_compute_ar_credit_text", groups="base.group_user")
    ar_is_over_limit = fields.Boolean(
        "Over the Credit Limit", compute="_compute_ar_credit_text", groups="base.group_user"
    )
    ar_is_blocked = fields.Boolean("On Hold", compute="_compute_ar_credit_text", groups="base.group_user")

    @api.depends(
        "partner_id", "company_id", "state", "move_type", "tax_totals", "currency_id",
        "invoice_payment_term_id", "invoice_date", "invoice_date_due",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_ar_credit_text(self):
        self.ar_credit_text = self.ar_is_over_limit = self.ar_is_blocked = False
        if not self.env["ar.credit.stale"]._is_used():
            return
        for move in self:
            if move.state == "draft" and move.move_type == "out_invoice" and move.partner_id:
                move.ar_credit_text, move.ar_is_over_limit, move.ar_is_blocked = move._get_credit_state()

    def _get_credit_state(self):
        """Return (sentence, whether it is a warning, whether the invoice is held). Extension point: nothing is held."""
        return (*self._get_credit_text(), False)

    def _get_credit_text(self):
        """Return the sentence about the limit, empty where there is none, and whether it is exceeded.

        The exposure is read anew, as the stored one may be some minutes old.
        """
        self.ensure_one()
        # sudo: who writes invoices needs no role of ours; the sentence is about the customer of the invoice alone.
        accounts = self.env["ar.customer"].sudo().with_context(active_test=False)  # as where documents are checked
        root = self.company_id.sudo().root_id
        partner = self.partner_id.commercial_partner_id
        account = accounts.search([("partner_id", "=", partner._origin.id), ("company_id", "=", root.id)])
        heads = account._get_group_heads() if account else account
        limits = (account | heads).filtered(lambda customer: customer._get_credit_limit().kind != NO_LIMIT)
        if not limits:
            return False, False
        exposure = self._get_exposure_with(account)
        found = [self._get_credit_sentence(limited, account, exposure) for limited in limits]
        return next((sentence for sentence in found if sentence[1]), found[0])

    def _get_exposure_with(self, account):
        """Return the exposure of the account that there is with this draft."""
        total = account._calculate_exposure(account.company_id._ar_today())[account].total
        if not self.currency_id._ar_has_rate(account.company_id):
            return total
        stored = self._origin
        counts_drafts = account.policy_id._get_exposure_rules().has_drafts
        if counts_drafts and stored.state == "draft" and stored.commercial_partner_id == account.partner_id:
            total -= to_decimal(stored.amount_total_signed)
        return total + self._get_draft_total()

    def _get_draft_total(self):
        """Return the total as it is entered at this moment, in company currency; Odoo's own warning reads it alike."""
        is_own_currency = self.currency_id == self.company_currency_id
        total = (self.tax_totals or {}).get("total_amount_currency" if is_own_currency else "total_amount", 0)
        return to_decimal(self.company_currency_id.round(total))

    def _get_credit_sentence(self, limited, account, exposure):
        """Return (sentence, whether the limit is exceeded) about the limit of one account.

        :param limited: the customer's account, or that of the head of its group
        :param account: the customer's account
        :param exposure: Decimal, of the customer, with this invoice
        """
        limit, others = limited._get_credit_limit(), ZERO
        if limited.is_group_limit:
            members = limited._get_group_members() - account
            others = group_exposure(to_decimal(member.exposure) for member in members)
        over = excess(limit, exposure, others)
        values = {
            "customer": limited.partner_id.name,  # the display name would have the address where the form shows it
            "limit": format_amount(self.env, limit.amount, account.currency_id),
            "over": format_amount(self.env, over, account.currency_id),
            "room": format_amount(self.env, room_left(limit, exposure, others), account.currency_id),
        }
        if over and limit.kind == CASH_ONLY:
            text = self.env._("%(customer)s gets no credit: %(over)s would be open with this invoice.", **values)
        elif over:
            text = self.env._(
                "With this invoice the credit limit of %(customer)s, %(limit)s, is exceeded by %(over)s.", **values
            )
        else:
            text = self.env._(
                "Within the credit limit of %(customer)s; %(room)s are left after this invoice.", **values
            )
        return text, bool(over)
