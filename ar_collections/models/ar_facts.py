import datetime
from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..const import CONTACT_STATES, SPOKEN_STATES
from ..core import decision as codes
from ..core.facts import AccountFacts, Credit, OpenItem, Silence, Spoken
from ..core.money import ZERO


class OpenLine(NamedTuple):
    """A row of the ledger, as read: signed residuals, debts positive."""

    line_id: int
    partner_id: int
    move_id: int
    due_date: datetime.date
    currency_id: int
    residual_currency: Decimal
    residual: Decimal
    excluded: bool
    in_payment: bool


def _array(ids):
    """Return ids as the text of an SQL array: the database reads thousands of them ten times faster than a list."""
    return f"{{{','.join(map(str, ids))}}}"


class ArFacts(models.AbstractModel):
    """The eyes: one query each for ledger, history, contacts, online payments and addresses of a batch of customers.

    Reads with plain SQL because the nightly run may look at every open item of the company; the caller must have
    checked access to the customers. Nothing is written.
    """

    _name = "ar.facts"
    _description = "Facts about Customers"

    @api.model
    def _gather(self, customers, today, without=None, human=False):
        """Return the facts of the customers of one company, as they stand at this moment.

        :param customers: `ar.customer` recordset of one company
        :param without: `ar.communication` recordset that is looked at as if it had not been made
        :param bool human: a person asked for the message
        :return: {customer id: AccountFacts}
        """
        if not customers:
            return {}
        company = customers.company_id.ensure_one()
        self.env.flush_all()
        lines = self._read_open_lines(company, customers.partner_id.ids)
        spoken = self._read_spoken([line.line_id for line in lines], without)
        contacts, automatic_today = self._read_contacts(customers, today, without)
        silences = self._read_silences(customers, lines, today)
        channels = self._read_channels(customers)
        currencies = {
            currency.id: currency.name
            for currency in self.env["res.currency"].browse({line.currency_id for line in lines})
        }
        by_partner = defaultdict(list)
        for line in lines:
            by_partner[line.partner_id].append(line)
        facts = {}
        # Within one company each customer is another partner, so both stand in the same order.
        for customer, partner_id in zip(customers, customers.partner_id.ids, strict=True):
            paused_until = customer.pause_until or None
            facts[customer.id] = AccountFacts(
                customer.id,
                *self._items_and_credits(by_partner[partner_id], currencies, spoken, silences),
                contacts=tuple(contacts[customer.id]),
                channels=channels[customer.id],
                excluded=customer.excluded,
                paused_until=paused_until,
                resumed_on=paused_until,
                automatic_today=customer.id in automatic_today,
                human=human,
            )
        return facts

    def _items_and_credits(self, lines, currencies, spoken, silences):
        """Split the ledger's rows into what the customer owes and what is to the customer's credit.

        :param dict currencies: {currency id: name}
        """
        items, credits = [], []
        for line in lines:
            name = currencies[line.currency_id]
            if line.residual_currency > 0:
                items.append(
                    OpenItem(
                        line.line_id, line.due_date, name, line.residual_currency, line.residual,
                        tuple(spoken.get(line.line_id, ())), tuple(silences.get(line.line_id, ())),
                    )
                )  # fmt: skip
            else:
                credits.append(Credit(line.line_id, name, -line.residual_currency, -line.residual))
        return tuple(items), tuple(credits)

    # === LEDGER === #

    def _get_receivable_account_ids(self, company):
        """Return the receivable accounts; ids, because the index on open lines starts with the account."""
        # Collectors may not read the chart of accounts; ids alone tell nothing.
        accounts = self.env["account.account"].sudo()
        domain = [*accounts._check_company_domain(company), ("account_type", "=", "asset_receivable")]
        return accounts.with_context(active_test=False).search(domain).ids

    @api.model
    def _read_open_lines(self, company, partner_ids):
        """Return the open receivable lines, oldest due date first.

        Residuals travel as text: the driver turns numbers into floats, and money is not a float.

        :rtype: list[OpenLine]
        """
        account_ids = self._get_receivable_account_ids(company)
        if not account_ids or not partner_ids:
            return []
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, line.partner_id, line.move_id, COALESCE(line.date_maturity, line.date),
                       line.currency_id, line.amount_residual_currency::text, line.amount_residual::text,
                       COALESCE(line.no_followup, FALSE), move.payment_state = 'in_payment'
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                 WHERE line.account_id IN %(accounts)s
                   AND line.partner_id = ANY(%(partners)s::int[])
                   AND line.company_id = %(company)s
                   AND line.parent_state = 'posted'
                   AND line.reconciled IS NOT TRUE
                   AND line.amount_residual_currency <> 0
              ORDER BY COALESCE(line.date_maturity, line.date), line.id
                """,
                accounts=tuple(account_ids),
                partners=_array(partner_ids),
                company=company.id,
            )
        )
        return [
            OpenLine(
                line_id, partner_id, move_id, due, currency_id, Decimal(own), Decimal(booked), excluded, in_payment
            )
            for line_id, partner_id, move_id, due, currency_id, own, booked, excluded, in_payment in rows
        ]

    # === HISTORY === #

    def _read_spoken(self, line_ids, without):
        """Return {line id: steps spoken about it}: sent, perhaps sent, skipped, or on its way by a person's order."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT spoken.move_line_id, spoken.step_id, step.days, communication.date_spoken
                  FROM ar_communication_line spoken
                  JOIN ar_communication communication ON communication.id = spoken.communication_id
                  JOIN ar_reminder_step step ON step.id = spoken.step_id
                 WHERE spoken.move_line_id = ANY(%(lines)s::int[])
                   AND communication.id <> ALL(%(without)s::int[])
                   AND (communication.state IN %(states)s OR (communication.state = 'planned' AND communication.human))
                """,
                lines=_array(line_ids),
                without=_array(without.ids if without else ()),
                states=SPOKEN_STATES,
            )
        )
        spoken = defaultdict(list)
        for line_id, step_id, days, day in rows:
            spoken[line_id].append(Spoken(step_id, days, day))
        return spoken

    def _read_contacts(self, customers, today, without):
        """Return {customer id: dates of contact in the last 30 days}, and who had an automatic one today."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT customer_id, date_spoken, NOT human
                  FROM ar_communication
                 WHERE customer_id = ANY(%(customers)s::int[])
                   AND date_spoken > %(since)s
                   AND id <> ALL(%(without)s::int[])
                   AND (state IN %(states)s OR (state = 'planned' AND human))
                """,
                customers=_array(customers.ids),
                since=today - datetime.timedelta(days=30),
                without=_array(without.ids if without else ()),
                states=CONTACT_STATES,
            )
        )
        contacts, automatic_today = defaultdict(list), set()
        for customer_id, day, automatic in rows:
            contacts[customer_id].append(day)
            if automatic and day == today:
                automatic_today.add(customer_id)
        return contacts, automatic_today

    # === SILENT ITEMS === #

    def _read_silences(self, customers, lines, today):
        """Return {line id: reasons not to chase (part of) it}.

        Promises, disputes, plans and placements add theirs here by overriding; amounts in the line's currency.
        """
        cutoff = self.env.context.get("ar_cutoff_date", customers.company_id.ar_cutoff_date)
        silences = defaultdict(list)
        for line in lines:
            if line.excluded:
                silences[line.line_id].append(Silence(codes.EXCLUDED, line.residual_currency))
            elif line.in_payment:
                silences[line.line_id].append(Silence(codes.PAYMENT_PENDING, line.residual_currency))
            elif cutoff and line.due_date < cutoff:
                silences[line.line_id].append(Silence(codes.BEFORE_CUTOFF, line.residual_currency))
        for line_id, amount in self._read_pending_payments(customers, lines, today).items():
            silences[line_id].append(Silence(codes.PAYMENT_PENDING, amount))
        return silences

    def _read_pending_payments(self, customers, lines, today):
        """Return {line id: amount that is on its way through an online payment}.

        A done transaction counts until its payment is booked; a pending one for the policy's number of days.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT tx.id, tx.amount::text, tx.state, tx.last_state_change, array_agg(rel.invoice_id)
                  FROM payment_transaction tx
                  JOIN account_invoice_transaction_rel rel ON rel.transaction_id = tx.id
                 WHERE rel.invoice_id = ANY(%(moves)s::int[])
                   AND tx.operation NOT IN ('refund', 'validation')
                   AND (tx.state IN ('pending', 'authorized')
                        OR (tx.state = 'done' AND tx.is_post_processed IS NOT TRUE))
              GROUP BY tx.id
                """,
                moves=_array({line.move_id for line in lines}),
            )
        )
        patience = {c.partner_id.id: c.policy_id.pending_payment_days for c in customers} if rows else {}
        pending = defaultdict(lambda: ZERO)
        for _tx_id, amount, state, changed, move_ids in rows:
            age = (today - changed.date()).days if changed else 0
            left = Decimal(amount)
            for line in lines:
                fresh = state == "done" or age <= patience.get(line.partner_id, 0)
                if line.move_id in move_ids and line.residual_currency > 0 and fresh and left > 0:
                    part = min(left, line.residual_currency - pending[line.line_id])
                    pending[line.line_id] += part
                    left -= part
        return {line_id: amount for line_id, amount in pending.items() if amount > 0}

    # === ADDRESSES === #

    @api.model
    def _read_channels(self, customers):
        """Return {customer id: channels that can reach it}. The telephone is always worth a try."""
        contacts = self._read_recipients(customers)
        channels = {}
        for customer_id, recipients in contacts.items():
            reached = {"call"}
            for recipient in recipients:
                if recipient["usable"]:
                    reached.add("email")
                if recipient["postal"]:
                    reached.add("letter")
            channels[customer_id] = frozenset(reached)
        return channels

    @api.model
    def _read_recipients(self, customers):
        """Return {customer id: the customer's addresses, best first}.

        Receivables contacts come first, then the invoice address, then the company. An e-mail address is usable
        when it is well-formed and did not bounce since the address was last confirmed.

        :return: per address a dict: id, email (normalised), usable, postal, rank (0 receivables, 1 invoice, 2 company)
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT commercial_partner_id, id, COALESCE(email_normalized, ''),
                       COALESCE(street, '') <> '' AND COALESCE(city, '') <> '',
                       CASE WHEN type = 'collections' THEN 0 WHEN id = commercial_partner_id THEN 2 ELSE 1 END AS rank
                  FROM res_partner
                 WHERE commercial_partner_id = ANY(%(partners)s::int[])
                   AND (id = commercial_partner_id OR (active AND type IN ('collections', 'invoice')))
              ORDER BY rank, id
                """,
                partners=_array(customers.partner_id.ids),
            )
        )
        by_partner = defaultdict(list)
        for commercial_id, partner_id, email, postal, rank in rows:
            by_partner[commercial_id].append((partner_id, email, postal, rank))
        bounced = self._read_bounced(customers)
        return {
            customer.id: [
                {
                    "id": partner_id, "email": email, "postal": postal, "rank": rank,
                    "usable": bool(email) and email not in bounced[customer.id],
                }
                for partner_id, email, postal, rank in by_partner[customer.partner_id.id]
            ]
            for customer in customers
        }  # fmt: skip

    def _read_bounced(self, customers):
        """Return {customer id: addresses that failed since they were last confirmed}."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT communication.customer_id, communication.email_to
                  FROM ar_communication communication
                  JOIN ar_customer customer ON customer.id = communication.customer_id
                 WHERE communication.customer_id = ANY(%(customers)s::int[])
                   AND communication.state = 'failed'
                   AND communication.failure = 'address'
                   AND communication.write_date > COALESCE(customer.address_confirmed_on, '-infinity'::timestamp)
                """,
                customers=_array(customers.ids),
            )
        )
        bounced = defaultdict(set)
        for customer_id, email_to in rows:
            bounced[customer_id].update((email_to or "").split(","))
        return bounced

    @api.model
    def _balance_of(self, facts, today):
        """Return what the account shows for its facts: balance, overdue (net of credits) and oldest late due date.

        Amounts in company currency; credits reduce the balance, and the overdue amount not below zero.
        """
        late = [item for item in facts.items if item.due_date < today]
        credits = sum((credit.amount for credit in facts.credits), ZERO)
        return {
            "balance": sum((item.residual for item in facts.items), ZERO) - credits,
            "overdue": max(sum((item.residual for item in late), ZERO) - credits, ZERO),
            "oldest_due_date": min((item.due_date for item in late), default=False),
        }
