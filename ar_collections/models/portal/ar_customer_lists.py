from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from ...core.customers.owed import asked
from ...core.decision import AGREED_CODES, DISPUTED, PROMISE_OPEN, SMALL_DIFFERENCE
from ...core.money import ZERO
from ...messages import ITEM_STATUSES

#: Journal items whose bank accounts are looked up; a longer list is paid to the accounts of the first of them.
MOST_ACCOUNTS = 100

#: Maximum number of payments shown in the history.
HISTORY_SIZE = 20


class ArCustomerLists(models.Model):
    """What the page lists besides the rows of open items: search, agreed parts, credits, payments, transfers."""

    _inherit = "ar.customer"

    def _search_items(self, items, search):
        """Return the items whose number, reference or order contains a text; all of them for an empty one."""
        if not search:
            return items
        lines = {line.id: line for line in self._browse_lines([item.item_id for item in items])}

        def texts(line):
            move = line.move_id
            return (move.name, move.payment_reference, move.ref, move.invoice_origin, line.name)

        wanted = search.casefold()
        return [item for item in items if any(wanted in (t or "").casefold() for t in texts(lines[item.item_id]))]

    @api.model
    def _get_asked_amount(self, item):
        """Return how much of an item a link preselects, in its currency: of a reminder, or sent by a person.

        It is what is neither disputed, promised, in a plan nor being paid, and no small difference. What was refused of
        a dispute is to be paid, also while its days of grace last; what the policy does not ask for was chosen.
        """
        taken = (
            exclusion.amount
            for exclusion in item.exclusions
            if exclusion.code in (*AGREED_CODES, SMALL_DIFFERENCE)
            and not (exclusion.code == DISPUTED and exclusion.until)
        )
        return max(item.residual_currency - sum(taken, ZERO), ZERO)

    @api.model
    def _get_item_statuses(self, item):
        """Return [{text, amount}]: what was agreed about an item; ``amount`` is 0 where it is all of the item."""
        amounts = defaultdict(lambda: ZERO)
        for exclusion in item.exclusions:
            if exclusion.code in ITEM_STATUSES:
                amounts[exclusion.code] += exclusion.amount
        return [
            {"text": ITEM_STATUSES[code], "amount": float(amount) if amount < item.residual_currency else 0.0}
            for code, amount in amounts.items()
        ]

    @api.model
    def _get_asked(self, payables, items):
        """Return {item id: what a bank transfer for everything pays of it}, in its currency.

        What is not asked for is no part of it, as in statements, but for promises, which may be paid all at once. An
        early-payment discount is not deducted: account and QR code are used after its last day, too.

        :param payables: list of core.portal.allocation.Payable
        :param items: list of core.facts.OpenItem, among them those of the payables
        """
        amounts = {item.item_id: asked(item, also={PROMISE_OPEN}) for item in items}
        return {each.item_id: min(each.left, amounts[each.item_id]) for each in payables}

    def _get_page_transfers(self, currency, payables, items, credit):
        """Return the bank transfers that pay all that is asked for in one currency, see `ar.bank.details`.

        The accounts are those of the first items; a longer list is paid to them together. Parameters as in
        `_get_asked`.

        :param Decimal credit: that is deducted
        """
        left = list(self._get_asked(payables, items).items())
        # Where nothing is asked for, the account is named, without an amount.
        left = [(item_id, amount) for item_id, amount in left if amount > 0] or left
        amounts = dict(left[:MOST_ACCOUNTS])
        if left:
            amounts[left[0][0]] += sum((amount for _id, amount in left[MOST_ACCOUNTS:]), ZERO)
        lines = self._browse_lines(list(amounts))
        details = self.env["ar.bank.details"].sudo()  # the caller checked the visitor's access
        return details._get_transfers(self, currency, {line: amounts[line.id] for line in lines}, credit=credit)

    def _get_credit_rows(self, credits, usable):
        """Return the rows of open credits: credit notes and payments that are not reconciled yet.

        Those of another branch, which Odoo can match with the customer's items, name it.

        :param usable: the ids of the credits that the customer may use for a payment on this page
        """
        lines = {line.id: line for line in self._browse_lines([credit.item_id for credit in credits])}
        return [
            {
                "id": credit.item_id,
                "name": self._get_credit_name(lines[credit.item_id]),
                "is_usable": credit.item_id in usable,
                "move": lines[credit.item_id].move_id,
                "date": lines[credit.item_id].date,
                "left": float(credit.amount_currency),
            }
            for credit in credits
        ]

    def _get_credit_name(self, line):
        """Return the number of a credit's document, with its company where that is another branch."""
        name = line.move_id.name
        return name if line.company_id == self.company_id else f"{name} ({line.company_id.name})"

    def _get_payment_history(self):
        """Return the customer's latest payments, newest first: those made on its page, by whomever, and its others.

        A payment that was made online is one for its invoices: of a branch, Odoo books it in the company that has the
        account with the payment provider, as a rule the head office.
        """
        online = Domain("payment_transaction_id.ar_customer_id", "!=", False)
        invoiced = Domain("payment_transaction_id.invoice_ids", "!=", False)
        in_company = Domain("company_id", "=", self.company_id.id) & ~invoiced
        in_company |= Domain("payment_transaction_id.invoice_ids.company_id", "=", self.company_id.id)
        own = Domain("partner_id.commercial_partner_id", "=", self.partner_id.id) & in_company & ~online
        own |= Domain("payment_transaction_id.ar_customer_id", "=", self.id)
        # The caller checked the visitor's access, by token or partner.
        payments = (
            self.env["account.payment"]
            .sudo()
            .search(
                own & Domain("payment_type", "=", "inbound") & Domain("state", "in", ("in_process", "paid")),
                order="date desc, id desc",
                limit=HISTORY_SIZE,
            )
        )
        return [
            {
                "date": payment.date,
                "name": payment.memo or payment.name,
                "amount": payment.amount,
                "currency": payment.currency_id,
                "invoices": ", ".join(payment.reconciled_invoice_ids.mapped("name")),
            }
            for payment in payments
        ]

    def _get_paid_documents(self, search, offset, limit):
        """Return the customer's invoices of which nothing is open, the latest first.

        Odoo's payment state would list those of which a part is "In Payment", and not those that were blocked once.

        :param str search: part of a number or reference; may be empty
        """
        domain = Domain(
            [
                ("commercial_partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("amount_residual", "=", 0),
                ("amount_total", "!=", 0),
            ]
        )
        if search:
            names = ("name", "payment_reference", "ref", "invoice_origin")
            domain &= Domain.OR(Domain(name, "ilike", search) for name in names)
        # The caller checked the visitor's access, by token or partner.
        moves = self.env["account.move"].sudo()
        return moves.search(domain, order="invoice_date desc, id desc", offset=offset, limit=limit)
