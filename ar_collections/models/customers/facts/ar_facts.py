import datetime
from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ....core.facts import EVERYTHING, AccountFacts, Credit, OpenItem
from ....core.money import ZERO
from ..sql import (
    DISCOUNT,
    DISCOUNT_TAKEN,
    DUE_DATE,
    EXCLUDED,
    JOIN_DEBTOR,
    OUR_PAYMENT,
    PAID_PART_OF,
    of_customers,
    pg_array,
)


class OpenLine(NamedTuple):
    """An open receivable line of the ledger, as read: signed residuals, debts positive.

    ``residual`` is in company currency, ``residual_currency`` in the line's own. ``partner_id`` is the customer: the
    commercial partner of the line's partner.
    """

    line_id: int
    partner_id: int
    move_id: int
    due_date: datetime.date
    currency_id: int
    residual_currency: Decimal
    residual: Decimal
    company_id: int
    account_id: int
    excluded: bool
    #: The day from which reminders of an excluded item resume, where one is set.
    excluded_until: datetime.date | None
    #: Whether it is money that we paid to the customer, see `OUR_PAYMENT`.
    is_our_payment: bool
    #: Whether what is left is the early-payment discount, and the rest was paid in time.
    is_discount: bool
    #: The last day of the early-payment discount, where the item has one.
    discount_date: datetime.date | None
    #: An item of an invoice, as opposed to one of a miscellaneous entry.
    is_invoice: bool
    #: The day on which an invoice was entered, or sent if that was later; None where it is not known.
    known_on: datetime.date | None
    #: The item's amount in company currency, if a part of it was paid.
    paid_part_of: Decimal | None
    #: The early-payment discount, in the item's currency.
    discount: Decimal | None


class ArFacts(models.AbstractModel):
    """Reads the facts for the reminder decision: ledger, history, contacts, payments and addresses of customers.

    There is one SQL query of each kind for a whole batch of customers, because the nightly run may read every open item
    of the company. The caller must have checked access to the customers. Nothing is written.

    Other domains add what they know about items by overriding the methods under "extension points" and
    `_read_exclusions`.
    """

    _name = "ar.facts"
    _description = "Customer Facts"

    @api.model
    def _gather(self, customers, today, scope=EVERYTHING):
        """Return the present facts of customers of one company.

        :param customers: `ar.customer` recordset of one company
        :param date today: the company's date, or the day for which a preview is made
        :param Scope scope: what the decision takes into account
        :return: {customer id: AccountFacts}
        """
        if not customers:
            return {}
        company = customers.company_id.ensure_one()
        self.env.flush_all()
        lines = self._read_open_lines(company, customers.partner_id.ids)
        exclusions = self._read_exclusions(customers, lines, today, scope)
        registered, paid_back, paid_on = self._exclude_registered_payments(customers, lines, today, exclusions)
        self._exclude_rests(customers, lines, exclusions, paid_on)
        ledger = self._read_items_and_credits(customers, lines, today, scope, exclusions)
        setoff = self._read_setoff(customers, lines, paid_back)
        installments = self._read_plan_installments(
            customers, lines, today, scope.without, exclusions, is_judged=scope.is_judged
        )
        unmatched = self._read_unmatched(customers, lines, today, registered) if scope.has_unmatched else {}
        contact = self._read_contact_values(customers, today, scope)
        facts = {
            customer.id: AccountFacts(
                customer.id,
                *ledger.get(customer.partner_id.id, ((), ())),
                installments=installments.get(customer.id, ()),
                is_manual=scope.is_manual,
                setoff=setoff.get(customer.partner_id.id),
                registered=tuple(registered[customer.partner_id.id]),
                unmatched=unmatched.get(customer.id, ()),
                **contact[customer.id],
            )
            for customer in customers
        }
        if scope.selected is not None:
            facts = {customer_id: account.only(scope.selected) for customer_id, account in facts.items()}
        return facts

    def _read_contact_values(self, customers, today, scope):
        """Return {customer id: values of `AccountFacts` that say whether and how the customer may be contacted}."""
        unclear = self._read_unknown_deliveries(customers, scope.without)
        contacts, automatic_today = self._read_contacts(customers, today, scope)
        channels = self._read_channels(customers)
        customers.partner_id.fetch(["active"])  # alone, because reading a contact reads all of it
        return {
            customer.id: {
                "contacts": tuple(contacts[customer.id]),
                "channels": channels[customer.id],
                "excluded": customer.excluded,
                "paused_until": customer.pause_until or None,
                "resumed_on": customer.pause_until or None,
                "automatic_today": customer.id in automatic_today,
                "archived": not customer.partner_id.active,
                "delivery_unknown": customer.id in unclear,
            }
            for customer in customers
        }

    def _read_items_and_credits(self, customers, lines, today, scope, exclusions):
        """Return {partner id: (items, credits)} for the open lines of all customers, see `_items_and_credits`."""
        sent_steps = self._read_item_steps(customers, lines, scope.without)
        resumed = self._read_resumed(customers, lines, today, scope.is_judged)
        returned = self._read_returned(lines, today)
        assumed = self._read_assumed(customers, lines, today)
        currencies = {
            currency.id: currency.name
            for currency in self.env["res.currency"].browse({line.currency_id for line in lines})
        }
        by_partner = defaultdict(list)
        for line in lines:
            by_partner[line.partner_id].append(line)
        return {
            partner_id: self._items_and_credits(own, currencies, sent_steps, exclusions, resumed, returned, assumed)
            for partner_id, own in by_partner.items()
        }

    def _items_and_credits(self, lines, currencies, sent_steps, exclusions, resumed, returned, assumed):
        """Return the open lines of one customer as (items, credits): tuples of `OpenItem` and `Credit`.

        :param list[OpenLine] lines: the customer's open lines
        :param dict currencies: {currency id: name}
        :param dict sent_steps: see `_read_item_steps`
        :param dict exclusions: see `_read_exclusions`
        :param dict resumed: see `_read_resumed`
        :param dict returned: see `_read_returned`
        :param dict assumed: see `_read_assumed`
        """
        items, credits = [], []
        for line in lines:
            name = currencies[line.currency_id]
            if line.residual_currency > 0:
                items.append(
                    OpenItem(
                        line.line_id, line.due_date, name, line.residual_currency, line.residual,
                        tuple(sent_steps.get(line.line_id, ())), tuple(exclusions.get(line.line_id, ())),
                        resumed_on=resumed.get(line.line_id), returned_on=returned.get(line.line_id),
                        assumed=assumed.get(line.line_id),
                    )
                )  # fmt: skip
            else:
                credits.append(Credit(line.line_id, name, -line.residual_currency, -line.residual))
        return tuple(items), tuple(credits)

    # === EXTENSION POINTS === #

    def _read_resumed(self, customers, lines, today, is_judged=False):
        """Return {line id: the day from which reminders may be sent again} where an agreement about the item failed.

        An override adds the lines of its own agreements, and keeps the latest day of each line.

        :param list[OpenLine] lines: open lines; an agreement is found by its items, whoever it was made with
        :param bool is_judged: see `Scope.is_judged`
        """
        return {}

    def _read_returned(self, lines, today):
        """Return {line id: the last day on which a payment of the item came back}; reminders override it.

        :param lines: as in `_read_exclusions`
        """
        return {}

    def _read_plan_installments(self, customers, lines, today, without=(), exclusions=None, is_judged=False):
        """Return {customer id: tuple of unpaid installments}; the payment plans override it to add theirs.

        An installment is an `OpenItem` with an id of its own.

        :param lines: as in `_read_exclusions`
        :param without: ids of communications that are treated as if they did not exist
        :param exclusions: the result of `_read_exclusions`; None: without pending payments and other exclusions
        :param bool is_judged: see `Scope.is_judged`
        """
        return {}

    def _read_unknown_deliveries(self, customers, without=()):
        """Return the ids of the customers with a message of which nobody knows whether it was delivered.

        Extension point: none until the domain of communications overrides it.

        :param without: ids of communications that are treated as if they did not exist
        """
        return set()

    def _read_unmatched(self, customers, lines, today, registered):
        """Return {customer id: tuple of `UnmatchedPayment`}; the matching domain overrides it.

        :param lines: as in `_read_exclusions`
        :param registered: {partner id: list of RegisteredPayment}
        """
        return {}

    # === BALANCE === #

    @api.model
    def _balance_of(self, facts, today):
        """Return the account's values for its facts: balance, overdue amount, credits and oldest due date.

        Amounts are in company currency. The overdue amount is that of the late debts, credits not deducted, as in the
        aging: credits stand beside it, and the balance is what is left of all. What we paid to the customer is in the
        balance, but never late.
        """
        late = [item for item in facts.items if item.is_debt and item.due_date < today]
        credits = sum((credit.amount for credit in facts.credits), ZERO)
        return {
            "balance": sum((item.residual for item in facts.items), ZERO) - credits,
            "overdue": sum((item.residual for item in late), ZERO),
            "credits": credits,
            "oldest_due_date": min((item.due_date for item in late), default=False),
        }

    # === LEDGER === #

    def _get_receivable_account_ids(self, company):
        """Return the ids of the company's or companies' trade receivable accounts, archived ones included.

        What is booked on an account marked as non-trade, such as advances to employees, is no debt of a customer: it is
        neither reminded nor part of any figure. This is the only place that decides it.

        Queries use ids, because the index on open lines starts with the account.
        """
        return self._search_receivable_accounts(company, non_trade=False)

    def _search_receivable_accounts(self, company, non_trade):
        """Return the ids of the company's trade or non-trade receivable accounts, archived ones included."""
        # Collectors have no access to the chart of accounts; the ids alone disclose nothing.
        accounts = self.env["account.account"].sudo()
        domain = [
            *accounts._check_company_domain(company),
            ("account_type", "=", "asset_receivable"),
            ("non_trade", "=", non_trade),
        ]
        # By id, because the default order, by code, needs a join that takes six times as long as the rest.
        return accounts.with_context(active_test=False).search(domain, order="id").ids

    @api.model
    def _read_open_lines(self, company, partner_ids):
        """Return the open receivable lines of the customers in the company or companies, oldest due date first.

        Residuals are read as text, because the database driver converts numbers to floats.

        :param partner_ids: ids of commercial partners; lines booked on their contacts are theirs
        :rtype: list[OpenLine]
        """
        account_ids = self._get_receivable_account_ids(company)
        if not account_ids or not partner_ids:
            return []
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, debtor.commercial_partner_id, line.move_id, %(due_date)s,
                       line.currency_id, line.amount_residual_currency::text, line.amount_residual::text,
                       %(paid_part_of)s, %(discount)s, line.company_id, line.account_id,
                       %(is_excluded)s, COALESCE(line.ar_no_chase_until, move.ar_no_chase_until),
                       %(is_our_payment)s, %(is_discount)s, line.discount_date,
                       line.display_type = 'payment_term', move.ar_known_on
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                  JOIN account_journal journal ON journal.id = move.journal_id
                  %(join_debtor)s
                 WHERE line.account_id IN %(accounts)s
                   AND %(of_customers)s
                   AND line.company_id = ANY(%(companies)s)
                   AND line.parent_state = 'posted'
                   AND line.reconciled IS NOT TRUE
                   AND line.amount_residual_currency <> 0
              ORDER BY COALESCE(line.date_maturity, line.date), line.id
                """,
                due_date=DUE_DATE,
                is_excluded=EXCLUDED,
                paid_part_of=PAID_PART_OF,
                discount=DISCOUNT,
                is_our_payment=OUR_PAYMENT,
                is_discount=DISCOUNT_TAKEN,
                join_debtor=JOIN_DEBTOR,
                accounts=tuple(account_ids),
                of_customers=of_customers(partner_ids),
                companies=company.ids,
            )
        )
        return [
            OpenLine(*row[:5], *map(Decimal, row[5:7]), *row[9:], *(text and Decimal(text) for text in row[7:9]))
            for row in rows
        ]

    @api.model
    def _read_installments(self, line_ids):
        """Return {line id: "1/2"} (number and count) for lines of invoices that are due in installments."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, number, parts
                  FROM (SELECT id, row_number() OVER (PARTITION BY move_id ORDER BY date_maturity, id) AS number,
                               count(*) OVER (PARTITION BY move_id) AS parts
                          FROM account_move_line
                         WHERE display_type = 'payment_term'
                           AND move_id IN (SELECT move_id FROM account_move_line WHERE id = ANY(%s::int[]))) term
                 WHERE parts > 1 AND id = ANY(%s::int[])
                """,
                pg_array(line_ids),
                pg_array(line_ids),
            )
        )
        return {line_id: f"{number}/{parts}" for line_id, number, parts in rows}
