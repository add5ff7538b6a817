from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ...core.facts import ITEMS_ONLY
from ...core.receipts import add_up, amounts_open, tells_open
from ...formats import format_date, get_colon, get_formats

#: Whether a payment is in the books and pays an item of the customer: one that was registered without an entry counts
#: once its invoices are paid. A payment that came back, was reset or canceled pays nothing.
HOLDS = SQL(
    """
    payment.state IN ('in_process', 'paid')
    AND ((payment.move_id IS NULL AND payment.state = 'paid')
         OR EXISTS (SELECT FROM account_move_line paid
                      JOIN account_partial_reconcile matched ON matched.credit_move_id = paid.id
                      JOIN account_move_line item ON item.id = matched.debit_move_id
                      JOIN account_journal journal ON journal.id = item.journal_id
                     WHERE paid.payment_id = payment.id AND paid.parent_state = 'posted'
                       AND journal.type NOT IN ('bank', 'cash', 'credit')))
    """
)


class ArPaymentReceipt(models.Model):
    """Thanks to a customer for the payments of a day, with what they paid and what is still open."""

    _name = "ar.payment.receipt"
    _inherit = ["ar.access.mixin", "ar.renewed.mixin"]
    _description = "Thanks for Payments"
    _order = "day desc, id desc"

    _notice = "payment_receipt"

    name = fields.Char(compute="_compute_name")
    payment_ids = fields.One2many("account.payment", "ar_receipt_id", "Payments", readonly=True)

    @api.depends("day")
    @api.depends_context("lang")
    def _compute_name(self):
        """Compute the name, which customers read."""
        for receipt in self:
            day = format_date(self.env, receipt.day)
            receipt.name = self.env._("Payment received, %(day)s", day=day)

    def _search_display_name(self, operator, value):
        """Override of `base` to find them by their customer: the name is not stored."""
        return [("customer_id.display_name", operator, value)]

    # === CONTENTS === #

    def _read_contents(self, facts=None):
        """Override to read the payments that still hold, what they paid, and what is open now.

        The contents are {payments: [{id, name, date, amount, currency_id, items: [{name, paid, left, currency_id,
        customer: name of another one that was paid for, or None}]}], open: [{currency_id, total, overdue}]; None where
        nothing is said about it, is_group: only of a payer, whose members are in what is open}, amounts as text. What
        is left is None for items of a customer that this one does not pay for any more.
        """
        self.env.flush_all()
        facts = facts or self._gather_facts()
        members = self.customer_id._read_statement_members()
        payments, contents = self._read_payments(members), {}
        for receipt in self:
            group = [facts[member.id] for member in members[receipt.customer_id]]
            contents[receipt] = {
                "payments": payments[receipt.id],
                "open": receipt._get_open(facts[receipt.customer_id.id], group, receipt.company_id._ar_today()),
                **({"is_group": True} if group else {}),
            }
        return contents

    def _read_payments(self, members):
        """Return {receipt id: its payments that still hold}, see `_read_contents`.

        :param members: {customer: those that it pays for}
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT payment.ar_receipt_id, payment.id, payment.name, payment.date, payment.amount::text,
                       payment.currency_id
                  FROM account_payment payment WHERE payment.ar_receipt_id = ANY(%s) AND %s
              ORDER BY payment.date, payment.id
                """,
                self.ids,
                HOLDS,
            )
        )
        items = self._read_paid_items([row[1] for row in rows])
        groups = {each.id: (each.customer_id | members[each.customer_id]).partner_id.ids for each in self}
        payments = defaultdict(list)
        for receipt_id, payment_id, name, day, amount, currency_id in rows:
            paid = [self._get_item(item, groups[receipt_id]) for item in items[payment_id]]
            known = {"id": payment_id, "name": name, "date": day.isoformat(), "amount": amount}
            payments[receipt_id].append({**known, "currency_id": currency_id, "items": paid})
        return payments

    @api.model
    def _get_item(self, item, partner_ids):
        """Return what the contents say of an item: not what is left of one whose debtor is not paid for any more.

        :param dict item: see `_read_paid_items`
        :param partner_ids: ids of the commercial partners of the group
        """
        owner_id = item["owner_id"]
        left = item["left"] if owner_id is None or owner_id in partner_ids else None
        return {key: value for key, value in item.items() if key != "owner_id"} | {"left": left}

    def _gather_facts(self):
        """Override to read those of the customers that are paid for, too."""
        every = self.customer_id.union(*self.customer_id._read_statement_members().values())
        return self.env["ar.facts"]._gather(every, self.company_id._ar_today(), ITEMS_ONLY)

    @api.model
    def _read_paid_items(self, payment_ids):
        """Return {payment id: what it paid}, one row for each invoice; only the money of a payment counts.

        What was written off with it, or deducted as a discount, is no money. Of a payment of the customer page each
        item got what was chosen for it. A payment without an entry pays its invoices by the bank's entry: how much is
        not said. What is left is that of the debtor, in the currency of the item: an entry may have lines of many.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT register.id, move.name, SUM(ROUND(%(amount)s, 6))::text, item.currency_id,
                       (SELECT SUM(own.amount_residual_currency)
                          FROM account_move_line own
                     LEFT JOIN res_partner contact ON contact.id = own.partner_id
                         WHERE own.move_id = move.id AND own.account_id = item.account_id AND own.balance > 0
                           AND own.currency_id = item.currency_id
                           AND contact.commercial_partner_id IS NOT DISTINCT FROM owner.id)::text,
                       %(other)s AS customer, %(other_id)s AS owner_id
                  FROM (%(matched)s) matched
                  JOIN account_payment register ON register.id = matched.payment_id
                  JOIN account_move_line item ON item.id = matched.debit_move_id
                  JOIN account_move move ON move.id = item.move_id
                  JOIN account_journal journal ON journal.id = item.journal_id
                  JOIN res_partner payer ON payer.id = register.partner_id
             LEFT JOIN res_partner debtor ON debtor.id = item.partner_id
             LEFT JOIN res_partner owner ON owner.id = debtor.commercial_partner_id
                 WHERE journal.type NOT IN ('bank', 'cash', 'credit')
              GROUP BY register.id, move.id, item.account_id, item.currency_id, owner.id, customer, owner_id
             UNION ALL
                SELECT register.id, move.name, NULL, move.currency_id,
                       CASE WHEN move.move_type <> 'entry' THEN move.amount_residual::text END, %(other)s, %(other_id)s
                  FROM account_payment register
                  JOIN account_move__account_payment link ON link.payment_id = register.id
                  JOIN account_move move ON move.id = link.invoice_id AND move.state = 'posted'
                  JOIN res_partner payer ON payer.id = register.partner_id
             LEFT JOIN res_partner owner ON owner.id = move.commercial_partner_id
                 WHERE register.id = ANY(%(payments)s) AND register.move_id IS NULL
              ORDER BY 1, customer NULLS FIRST, 2
                """,
                other_id=SQL("CASE WHEN owner.id <> payer.commercial_partner_id THEN owner.id END"),
                other=SQL("CASE WHEN owner.id <> payer.commercial_partner_id THEN owner.complete_name END"),
                amount=self._get_paid_money(),
                matched=self._select_matched(payment_ids),
                payments=payment_ids,
            )
        )
        return self._group_paid_items(rows)

    @api.model
    def _group_paid_items(self, rows):
        """Return {payment id: list of dictionaries} of the rows of `_read_paid_items`."""
        items = defaultdict(list)
        for payment_id, name, paid, currency_id, left, customer, owner_id in rows:
            row = {"name": name, "paid": paid, "currency_id": currency_id, "left": left}
            items[payment_id].append({**row, "customer": customer, "owner_id": owner_id})
        return items

    @api.model
    def _select_matched(self, payment_ids):
        """Return the query of what payments booked on items, in the items' currencies: one row for each of both."""
        return SQL(
            """
            SELECT payment.payment_id, partial.debit_move_id, SUM(partial.debit_amount_currency) AS amount
              FROM account_move_line payment
              JOIN account_partial_reconcile partial ON partial.credit_move_id = payment.id
             WHERE payment.payment_id = ANY(%s)
          GROUP BY payment.payment_id, partial.debit_move_id
            """,
            payment_ids,
        )

    @api.model
    def _get_paid_money(self):
        """Return the SQL of the money of `register` in `matched.amount`: all that it booked on `item`, in the item's
        currency.

        The line of an item that was paid on the customer page has its discount in it, too. What was chosen counts once,
        however many reconciliations there are: a part may have been undone and matched again.
        """
        return SQL(
            """
            COALESCE((SELECT LEAST(matched.amount, SUM(chosen.amount))
                        FROM ar_payment_allocation chosen
                       WHERE chosen.transaction_id = register.payment_transaction_id
                         AND chosen.move_line_id = item.id AND chosen.credit_line_id IS NULL
                      HAVING COUNT(*) > 0), %s)
            """,
            # `_select_matched` reads credit lines: their balance is negative.
            self.env["ar.collected"]._get_money(SQL("matched.amount"), balance=SQL("-1")),
        )

    @api.model
    def _get_open(self, account, members, today):
        """Return what is still open in each currency, credits deducted; ``None`` where others claim some of the debts.

        :param account: core.facts.AccountFacts of who paid
        :param members: AccountFacts of those that it pays for; their credits pay their own items only
        """
        if not all(map(tells_open, (account, *members))):
            return None
        amounts = add_up(amounts_open(each, today) for each in (account, *members))
        ids = {name: currency.id for name, currency in self.env["res.currency"]._ar_by_name(amounts).items()}
        return [
            {"currency_id": ids[name], "total": str(total), "overdue": str(overdue)}
            for name, (total, overdue) in amounts.items()
        ]

    # === NOTICE === #

    def _get_notice_vals(self, notice):
        """Override to use the policy's template."""
        template = self.policy_id.receipt_template_id
        return {"mail_template_id": template.id} if template else {}

    def _get_notice_html(self, communication):
        """Override to render payments and balance in the language of the communication."""
        lang, formats = communication.lang, get_formats(communication.env)
        env = self.with_context(lang=lang).env

        def amount(value, currency_id):
            return formats.amount(env, Decimal(value), env["res.currency"].browse(currency_id), lang)

        def day(value):
            return formats.date(env, fields.Date.to_date(value), lang, "medium")

        values = {
            "colon": get_colon(env),
            "payments": [self._get_payment_texts(payment, amount, day) for payment in self.contents["payments"]],
            "is_group": self.contents.get("is_group"),
            "tells_open": self.contents["open"] is not None,
            "open": [
                {
                    "total": amount(row["total"], row["currency_id"]),
                    "overdue": amount(row["overdue"], row["currency_id"]) if Decimal(row["overdue"]) else "",
                }
                for row in self.contents["open"] or ()
            ],
            "page_url": communication._get_pay_url(),
        }
        qweb = env["ir.qweb"]
        return qweb._render("ar_collections.payment_receipt_notice", values, minimal_qcontext=True, lang=lang)

    @api.model
    def _get_payment_texts(self, payment, amount, day):
        """Return a payment of the contents and what it paid as texts.

        :param amount: function of (amount as text, currency id), in the language of the message
        :param day: function of a date as text
        """
        items = []
        for row in payment["items"]:
            is_open = row["left"] is not None and Decimal(row["left"]) > 0
            items.append(
                {
                    "name": row["name"],
                    "customer": row.get("customer"),
                    "paid": amount(row["paid"], row["currency_id"]) if row["paid"] else "",
                    "left": amount(row["left"], row["currency_id"]) if is_open else "",
                    "is_settled": row["left"] is not None and not is_open,
                }
            )
        total = amount(payment["amount"], payment["currency_id"])
        return {"date": day(payment["date"]), "amount": total, "items": items}
