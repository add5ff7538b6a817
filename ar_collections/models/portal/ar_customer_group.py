from collections import defaultdict
from dataclasses import replace

from odoo import models
from odoo.fields import Domain

from ...core.facts import ITEMS_ONLY
from ...core.money import ZERO, total_by_currency
from ...core.portal.spread import spread


class ArCustomerGroup(models.Model):
    """Customer groups on the page: a payer sees and pays the open items of the accounts that it pays for.

    A member's own page knows nothing of this. Whose items are shown and taken is read anew at each request, so that
    who leaves the group is gone at once. Amounts and whose items they are come from the books.
    """

    _inherit = "ar.customer"

    def _get_group(self):
        """Return the accounts whose items this page lists: this one first, then those that it pays for by name."""
        self.ensure_one()
        # sudo: visitors have no right on accounts; a manager chose who pays, and the caller checked the access.
        return self.sudo()._read_groups()[self]

    def _read_facts(self):
        """Return {id: AccountFacts} of these accounts of one company, as `_get_facts` reads them, all at once."""
        return self.env["ar.facts"]._gather(self, self.company_id._ar_today(), ITEMS_ONLY)

    def _find_document(self, move_id):
        """Return the invoice or credit note of that id which this page may show, else an empty record.

        These are the posted ones of the account, and of the accounts that it pays for as long as they are open.
        """
        self.ensure_one()
        members = (self._get_group() - self).partner_id.ids
        receivable = Domain("account_type", "=", "asset_receivable")
        owned = receivable & Domain("partner_id.commercial_partner_id", "=", self.partner_id.id)
        paid_for = receivable & Domain("reconciled", "=", False)
        paid_for &= Domain("partner_id.commercial_partner_id", "in", members)
        return (
            self.env["account.move"]
            .sudo()  # the caller checked the visitor's access to the page
            .search(
                Domain("line_ids", "any", owned | paid_for)
                & Domain("id", "=", move_id)
                & Domain("company_id", "=", self.company_id.id)
                & Domain("state", "=", "posted")
                & Domain("move_type", "in", ("out_invoice", "out_refund"))
            )
        )

    # === PAYMENT === #

    def _get_member_payables(self):
        """Return what may be paid of the accounts that this one pays for, each by the rules of its own policy.

        No credit pays for them: this account's are its own, and theirs they use themselves.

        :rtype: list[core.portal.allocation.Payable]
        """
        members = self._get_group() - self
        if not members:
            return []
        return [
            replace(payable, credits=frozenset())
            for payables in members._add_rules(members._read_payables()).values()
            for payable in payables
        ]

    def _add_rules(self, payables):
        """Return the payables of these accounts, each with the rules for part payments of its own policy.

        :param dict payables: see `_read_payables`
        """
        names = {payable.currency for member in self for payable in payables[member]}
        currencies = self.env["res.currency"]._ar_by_name(names)
        rules = {}

        def rules_of(member, name):
            if (member.policy_id, name) not in rules:
                rules[member.policy_id, name] = member._get_partial_rules(currencies[name])
            return rules[member.policy_id, name]

        return {
            member: [replace(each, partial=rules_of(member, each.currency)) for each in payables[member]]
            for member in self
        }

    def _read_to_pay(self, scope, currency_name):
        """Return what a payment of all, or of all overdue, items of the group in one currency takes.

        :param str scope: see `_is_in_scope`
        :rtype: list[core.portal.allocation.Payable]
        """
        accounts, today = self._get_group(), self.company_id._ar_today()
        facts = accounts._read_facts()
        payables = accounts._read_payables(facts)
        payables |= accounts[1:]._add_rules(payables)
        return accounts._select_to_pay(scope, currency_name, facts, payables, today)

    def _select_to_pay(self, scope, currency_name, facts, payables, today):
        """Return those payables of these accounts; parameters as in `_get_page_groups`."""
        items = {item.item_id: item for customer in self for item in facts[customer.id].items}
        return [
            payable
            for customer in self
            for payable in payables[customer]
            if payable.currency == currency_name
            and customer._is_in_scope(scope, payable, items[payable.item_id], today)
        ]

    def _get_items_to_pay(self, scope, currency_name):
        """Return {item id: None} of all payable or all overdue items of one currency, as `_allocate` takes them.

        :param str scope: ``all`` or ``overdue``
        """
        return {payable.item_id: None for payable in self._read_to_pay(scope, currency_name)}

    def _spread_amount(self, amount, currency_name):
        """Return (selection as `_allocate` takes it, what is left): an amount spread over the group, oldest first.

        :param Decimal amount: in that currency
        :raise RequestRefused: where it is no amount, or nothing can be paid
        """
        currency = self.env["res.currency"]._ar_named(currency_name) or self.currency_id
        return spread(self._read_to_pay("all", currency_name), amount, self._get_partial_rules(currency))

    # === PAGE === #

    def _search_group(self, facts, search):
        """Return [(account, OpenItem)] of these accounts whose number, reference or customer contains a text.

        :param dict facts: {account id: AccountFacts}
        """
        every = [(customer, item) for customer in self for item in facts[customer.id].items]
        if not search:
            return every
        found = {item.item_id for item in self._search_items([item for _customer, item in every], search)}
        named = {customer for customer in self[1:] if search.casefold() in (customer.display_name or "").casefold()}
        return [(customer, item) for customer, item in every if item.item_id in found or customer in named]

    def _get_group_section(self, group, facts, payables, rows, today):
        """Return what a section of the page says besides the payer's own items; these accounts are the payer's group.

        :param dict group: see `_get_currency_group`
        :param rows: of this page, see `_get_page_rows`
        :return: {members: [see `_get_member_section`], group_open, group_credit, pay_all, pay_overdue, transfers,
            has_discount}
        """
        payer, name = self[0], group["currency"].name
        rows_of = defaultdict(list)
        for row in rows:
            if row["currency"] == name:
                rows_of[row["account"]].append(row)
        sections = [member._get_member_section(name, facts[member.id], rows_of[member]) for member in self[1:]]
        sections = [section for section in sections if section["open"] or section["credit"]]
        to_pay = self._select_to_pay("all", name, facts, payables, today)
        overdue = self[1:]._select_to_pay("overdue", name, facts, payables, today)
        amount = sum((payable.settles_for for payable in to_pay), ZERO)
        late = sum((payable.settles_for for payable in overdue), ZERO)
        items = [item for account in self for item in facts[account.id].items]
        set_off = self._get_set_off(name, facts, payables)
        return {
            "members": sections,
            "group_open": group["open"] + sum(section["open"] for section in sections),
            "group_credit": group["credit"] + sum(section["credit"] for section in sections),
            "pay_all": float(amount),
            "pay_overdue": group["pay_overdue"] + float(late),
            "transfers": payer._get_page_transfers(group["currency"], to_pay, items, set_off),
            "has_discount": any(payable.settles_for < payable.left for payable in to_pay),
        }

    def _get_member_section(self, currency_name, facts, rows):
        """Return a member's part of a section: {account, rows, open, credit}; amounts of all its items as floats.

        :param facts: core.facts.AccountFacts
        """
        self.ensure_one()
        amounts = total_by_currency((item.currency, item.residual_currency) for item in facts.items)
        credits = total_by_currency((credit.currency, credit.amount_currency) for credit in facts.credits)
        return {
            "account": self,
            "rows": rows,
            "open": float(amounts.get(currency_name, ZERO)),
            "credit": float(credits.get(currency_name, ZERO)),
        }

    def _get_set_off(self, currency_name, facts, payables):
        """Return how much of a transfer for all of these accounts their credits pay: what is asked for of their own."""
        total = ZERO
        for customer in self:
            found = facts[customer.id]
            credits = [each.amount_currency for each in found.usable_credits if each.currency == currency_name]
            own = [each for each in payables[customer] if each.is_asked_for and each.currency == currency_name]
            asked = self._get_asked(own, found.items).values()
            total += min(sum(credits, ZERO), sum(asked, ZERO))
        return total
