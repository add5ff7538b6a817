from odoo import fields, models

from ...core.customers.aging import age
from ...core.facts import ITEMS_ONLY
from ...core.money import ZERO
from ...formats import format_amount

#: Colors of the aging buckets, from not due to oldest; the table below the bar names them.
COLORS = ("#8cc7a8", "#f4dc94", "#f2bd73", "#e8925c", "#d4604b", "#9c2f2f")


class ArCustomerAging(models.Model):
    """The open items on the customer account by age; of a payer also those of the whole group."""

    _inherit = "ar.customer"

    aging_html = fields.Html("Aged Receivables", compute="_compute_aging_html", sanitize=False)

    def action_open_group(self):
        """Open the accounts that this one pays for, with this one.

        :raise AccessError: for users who may not see groups
        """
        self.ensure_one()
        self._require("auditor")
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_customer_action")
        domain = ["|", ("id", "=", self.id), ("payer_id", "=", self.id)]
        return dict(action, name=self.env._("Customer Group"), domain=domain, context={})

    def _compute_aging_html(self):
        """Compute the table; who may not see groups, such as salespeople, sees each account by itself."""
        qweb = self.env["ir.qweb"]
        groups = self._read_groups() if self._has_role("auditor") else {}
        for company, customers in self.grouped("company_id").items():
            today = company._ar_today()
            accounts = customers.union(*(groups.get(customer, customer) for customer in customers))
            facts = self.env["ar.facts"]._gather(accounts, today, ITEMS_ONLY)
            for customer in customers:
                group = groups.get(customer, customer)
                values = {
                    "titles": list(zip(company._ar_aging_names(), COLORS, strict=True)),
                    "rows": customer._get_aging_rows([facts[customer.id]], today),
                    "member_count": len(group) - 1,
                    "group_rows": [],
                }
                if values["member_count"]:
                    values["group_rows"] = customer._get_aging_rows([facts[account.id] for account in group], today)
                customer.aging_html = qweb._render("ar_collections.customer_aging", values)

    def _get_aging_rows(self, facts, today):
        """Return one row per currency, the company's own first; amounts as text, widths of the bar in percent.

        :param facts: list[AccountFacts], of this account or of its group; credits are not set off between accounts
        :return: [{currency, buckets: [{amount, width, color}], overdue, credit, balance}]
        """
        items = [item for account in facts for item in account.items]
        credits_ = [credit for account in facts for credit in account.credits]
        names = {entry.currency for entry in (*items, *credits_)}
        currencies = self.env["res.currency"]._ar_by_name(names).values()
        own_first = sorted(currencies, key=lambda currency: (currency != self.currency_id, currency.name))
        return [self._get_aging_row(currency, items, credits_, today) for currency in own_first]

    def _get_aging_row(self, currency, items, credits_, today):
        """Return the aging of one currency, see `_get_aging_rows`."""
        found = (item for item in items if item.currency == currency.name)
        aged = [(self._get_aged_date(item, today), item.residual_currency) for item in found]
        credit = sum((c.amount_currency for c in credits_ if c.currency == currency.name), ZERO)
        buckets = age(aged, today, self.company_id._ar_aging_edges())
        total = sum(buckets, ZERO)

        def text(amount):
            return format_amount(self.env, amount, currency) if amount else ""

        return {
            "currency": currency.name,
            "buckets": [
                {"amount": text(amount), "width": f"{amount / total * 100:.2f}" if total else "0", "color": color}
                for amount, color in zip(buckets, COLORS, strict=True)
            ],
            "overdue": text(sum(buckets[1:], ZERO)),
            "credit": text(-credit),
            "balance": format_amount(self.env, total - credit, currency),
        }
