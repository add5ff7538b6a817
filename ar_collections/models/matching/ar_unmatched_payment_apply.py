from odoo import Command, api, models
from odoo.exceptions import LockError, UserError

from ...notification import RELOAD, notification

#: Who may match money in core.
CORE_GROUP = "account.group_account_invoice"


class ArUnmatchedPaymentApply(models.Model):
    """Matching a payment with the items that are suggested. The work is done by core.

    An open credit is reconciled with the items. A bank statement line is booked first: its entry gets the customer, and
    the customer's receivable account in place of the suspense account, as somebody would enter it on the entry's form.
    """

    _inherit = "ar.unmatched.payment"

    def action_apply(self):
        """Match these payments as suggested, each in a savepoint, and show what was done.

        A single payment that cannot be matched is refused; of several, the others are matched. The context key
        ``ar_suggestion`` is the suggestion as the user saw it: where it has changed, nothing is matched.
        """
        self._require_matching()
        rows = self.search([("id", "in", self.ids)])
        if not rows:
            raise UserError(self.env._("This is matched already."))
        shown = self.env.context.get("ar_suggestion") if len(self) == 1 else None
        titles = {row.id: row._get_title() for row in rows}
        accounts = rows.customer_id | rows._get_target_accounts()
        refusals, matched = [], 0
        for customer, payments in rows.grouped("customer_id").items():
            for payment in payments:
                try:
                    with self.env.cr.savepoint():
                        payment._apply(customer, shown)
                        matched += 1
                except (UserError, LockError) as error:
                    if len(self) == 1:
                        raise
                    refusals.append(f"{titles[payment.id]}: {error}")
                    self.env.invalidate_all()
        accounts._close_match_task()
        return self._show_result(matched, refusals)

    def _require_matching(self):
        """Check that the user may match money: a collector, who may reconcile in core, too.

        :raise UserError: for anybody else
        """
        self.browse()._require("collector")  # the rows are searched: one that is matched already has gone
        if not (self.env.su or self.env.user.has_group(CORE_GROUP)):
            raise UserError(self.env["ar.access.mixin"]._get_role_refusal(CORE_GROUP))

    def _apply(self, customer, shown=None):
        """Match one payment with the items suggested now, under the lock of the account.

        :param customer: the `ar.customer` account
        :param str shown: the suggestion that the user saw, None: whichever it is
        :raise UserError: where there is no suggestion any more, or another one
        """
        (customer | self._get_target_accounts())._lock_account()
        self.env.flush_all()
        self.env.invalidate_all()
        if not self.search([("id", "=", self.id)]):
            raise UserError(self.env._("This is matched already."))
        if not self.target_ids or (shown and shown != self.suggestion_key):
            raise UserError(
                self.env._(
                    "%(payment)s: the open items have changed, or nothing is suggested. Check it, please.",
                    payment=self._get_title(),
                )
            )
        for line, items in self.with_company(self.company_id)._get_lines_to_match():
            for item in items.sorted(lambda item: (item.date_maturity or item.date, item.id)):
                if not line.reconciled:
                    (line + item).reconcile()

    def _get_lines_to_match(self):
        """Return [(journal item with the money, items)]: of a payer's bank statement line one for each customer.

        :raise UserError: where the money cannot be divided
        """
        items = self.target_ids
        owners = items.partner_id.commercial_partner_id
        if self.move_line_id or owners <= self.partner_id:
            return [(self._get_line_to_match(), items)]
        group = self.env["ar.facts"]._read_paid_for(self.partner_id.ids, self.company_id).get(self.partner_id.id, set())
        if len(owners) == 1 and not group & set(owners.ids):
            return [(self._get_line_to_match(), items)]
        liquidity, suspense, _others = self.statement_line_id.sudo()._seek_for_lines()  # read only, as below
        if (
            not set(owners.ids) <= {self.partner_id.id, *group}
            or len(items.account_id) != 1
            or len(suspense) != 1
            or len(liquidity) != 1
            or items.currency_id != suspense.currency_id
        ):
            raise UserError(self._get_refusal_text())
        return self._split_suspense(liquidity, suspense, items)

    def _split_suspense(self, liquidity, suspense, items):
        """Book a bank statement line on the receivables of several customers; return [(journal item, items)].

        Each customer gets a line of its own, with what is open of its items; what is above is the payer's.

        :param liquidity: the journal item of the bank, in superuser mode
        :param suspense: the journal item with the money, in superuser mode
        """
        owners = items.partner_id.commercial_partner_id
        left, portions = -suspense.amount_currency, {}
        for item in items.sorted(lambda item: (item.date_maturity or item.date, item.id)):
            owner = item.partner_id.commercial_partner_id
            part = min(item.amount_residual_currency, left)
            portions[owner] = portions.get(owner, 0.0) + part
            left -= part
        if not suspense.currency_id.is_zero(left):
            portions[self.partner_id] = portions.get(self.partner_id, 0.0) + left
        portions = {owner: amount for owner, amount in portions.items() if not suspense.currency_id.is_zero(amount)}
        rows, balance = [], suspense.balance
        for number, (owner, amount) in enumerate(portions.items(), 1):
            share = suspense.company_currency_id.round(suspense.balance * amount / -suspense.amount_currency)
            share = balance if number == len(portions) else share
            balance -= share
            rows.append({"account_id": items.account_id.id, "partner_id": owner.id, "balance": share,
                         "amount_currency": -suspense.currency_id.round(amount)})  # fmt: skip
        common = {"name": suspense.name, "currency_id": suspense.currency_id.id}
        commands = [Command.update(suspense.id, rows[0]), *(Command.create({**common, **row}) for row in rows[1:])]
        if not self.statement_line_id.partner_id:
            commands.append(Command.update(liquidity.id, {"partner_id": self.partner_id.id}))
        self.move_id.with_context(skip_readonly_check=True).write({"line_ids": commands})
        booked = self.move_id.line_ids.filtered(lambda line: line.account_id == items.account_id)
        return [
            (booked.filtered(lambda line, owner=owner: line.partner_id == owner), owned)
            for owner in owners
            if (owned := items.filtered(lambda item, owner=owner: item.partner_id.commercial_partner_id == owner))
            and owner in portions
        ]

    def _get_line_to_match(self):
        """Return the journal item with the money; a bank statement line is booked on the receivable account for it.

        :raise UserError: where the items are on several receivable accounts, or of several customers
        """
        if self.move_line_id:
            return self.move_line_id
        account = self.target_ids.account_id
        owner = self.target_ids.partner_id.commercial_partner_id  # another company of the group than the payer, maybe
        # The statement line is read only, whatever the user may read; the entry is changed with the user's own rights.
        liquidity, suspense, _others = self.statement_line_id.sudo()._seek_for_lines()
        if (
            len(account) != 1
            or len(self.target_ids.partner_id.commercial_partner_id) != 1
            or len(suspense) != 1
            or len(liquidity) != 1
        ):
            raise UserError(self._get_refusal_text())
        commands = [Command.update(suspense.id, {"account_id": account.id, "partner_id": owner.id})]
        if not self.statement_line_id.partner_id:
            commands.append(Command.update(liquidity.id, {"partner_id": self.partner_id.id}))
        self.move_id.with_context(skip_readonly_check=True).write({"line_ids": commands})
        return self.env["account.move.line"].browse(suspense.id)

    def _get_target_accounts(self):
        """Return the accounts whose items are suggested, where they are others than the payers', within a group."""
        items = self.target_ids
        partners, companies = items.partner_id.commercial_partner_id, items.company_id
        if partners <= self.partner_id and companies <= self.company_id:
            return self.env["ar.customer"]
        domain = [("partner_id", "in", partners.ids), ("company_id", "in", companies.ids)]
        return self.env["ar.customer"].search(domain)

    # === TEXTS === #

    def _get_refusal_text(self):
        return self.env._("%(payment)s cannot be matched here. Open its entry instead.", payment=self._get_title())

    def _get_title(self):
        """Return what identifies the payment for a person."""
        return self.reference or self.move_id.name or self.partner_id.display_name

    @api.model
    def _show_result(self, matched, refusals):
        """Return the action that shows how many payments were matched, and why the others were not."""
        message = self.env._("Payments matched: %(number)s", number=matched)
        kind = "warning" if refusals else "success"
        return notification("\n".join([message, *refusals]), kind, RELOAD, sticky=bool(refusals))
