import datetime
from collections import Counter, defaultdict
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ...core.matching.hold import SERIES_FACTOR
from ...core.matching.matching import REFERENCE, Received, Target, suggest
from ...core.payments import UnmatchedPayment
from ..customers.sql import pg_array
from .ar_credit_policy import IGNORE
from .ar_facts_payments import BY_NAME

#: The fewest days for which a bank statement line that is not matched is looked at for a reminder.
STATEMENT_DAYS = 60


class CreditOrigin(NamedTuple):
    """Where an open credit comes from: its account, when it arrived and was entered, and the references it carries."""

    account_id: int
    date: datetime.date
    booked_on: datetime.date
    entered_at: datetime.datetime
    texts: tuple[str, ...]


class ArFacts(models.AbstractModel):
    """Money of customers that is not matched yet, and what it was probably paid for."""

    _inherit = "ar.facts"

    def _read_unmatched(self, customers, lines, today, registered):
        """Override to read the open credits and the bank statement lines of customers who owe something.

        A bank statement line counts where it belongs to the customer surely: the payer's name alone is not enough.
        Money of another company of the group counts where its reference names an invoice of the customer, and so does
        money on the bank account of head office or another branch. Money that was registered, too, does not count: the
        invoice is settled, or excluded while the payment is pending. Money of an account that pays for others in the
        batch may be for the items of all of them: it is the payer's, and not theirs as well.
        """
        owing = {line.partner_id for line in lines if line.residual_currency > 0}
        paid_for = self._map_paid_for(customers, owing)
        owing |= paid_for.keys()
        rules = customers._map_of_policy(lambda policy: policy.unmatched_payments)
        account_of = {
            partner_id: account_id
            for account_id, partner_id in customers._get_stored("partner_id").items()
            if partner_id in owing and rules[partner_id] != IGNORE
        }
        if not account_of:
            return {}
        asked = customers.browse(account_of.values())
        relatives = self._read_relatives(list(account_of), asked.company_id)
        for payer_id in paid_for.keys() & account_of.keys():
            relatives[payer_id] = relatives.get(payer_id, set()) - paid_for[payer_id]
        credits = self._read_group_credits(asked.company_id, {*account_of, *relatives}, lines)
        pending = [payment.payment_id for rows in registered.values() for payment in rows if today < payment.until]
        statement = self._read_sure_statement_lines(asked, {*account_of, *relatives}, today, pending)
        if not credits and not statement:
            return {}
        payers = {line.partner_id for line in (*credits, *statement)}
        concerned = payers.union(*(groups.get(payer, ()) for payer in payers for groups in (relatives, paid_for)))
        targets = self._read_targets(
            [line for line in lines if line.partner_id in concerned and line.residual_currency > 0]
        )
        of_group = self._pool_targets(targets, paid_for)
        found = defaultdict(list)
        for partner_id, company_id, received, origin in self._read_received(credits, statement):
            for owner_id in {partner_id, *relatives.get(partner_id, ())} & account_of.keys():
                own_items = of_group.get(owner_id) if owner_id == partner_id else None
                best = suggest(received, own_items or targets.get(owner_id, ()), today).best
                is_own = owner_id == partner_id and company_id == asked.company_id.id
                if received.day <= today and (is_own or (best and best.code == REFERENCE)):
                    found[account_of[owner_id]].append(self._get_unmatched(received, origin, best, is_own, today))
        return {customer_id: tuple(payments) for customer_id, payments in found.items()}

    @api.model
    def _map_paid_for(self, customers, owing):
        """Return {partner id of a payer: partner ids that it pays for}, of these customers.

        :param set owing: partner ids of those who owe something
        """
        paid_for = defaultdict(set)
        for customer, payer in customers.sudo()._get_payers().items():  # whoever reads it
            if payer != customer and payer in customers and customer.partner_id.id in owing:
                paid_for[payer.partner_id.id].add(customer.partner_id.id)
        return dict(paid_for)

    @api.model
    def _pool_targets(self, targets, paid_for):
        """Return {partner id of a payer: list of `Target`} of its own items and of those that it pays for."""
        return {
            payer_id: [target for partner_id in (payer_id, *sorted(member_ids)) for target in targets[partner_id]]
            for payer_id, member_ids in paid_for.items()
        }

    @api.model
    def _select_versions(self, left_out):
        """Override to add the last bank statement line of all: whose it is, is found out by reading it."""
        latest = SQL("SELECT account.id, (SELECT MAX(id) FROM account_bank_statement_line)::text FROM account")
        return [*super()._select_versions(left_out), latest]

    @api.model
    def _get_unmatched(self, received, origin, best, is_own, today):
        """Return the fact about one payment.

        :param origin: a `CreditOrigin` or a `StatementLine`
        :param core.matching.matching.Proposal best: may be None
        :param bool is_own: the payer is the customer, not another company of the group, and the company is our own
        """
        return UnmatchedPayment(
            booked_on=max(received.day, min(origin.booked_on, today)),
            day=received.day,
            currency=received.currency,
            amount=received.amount,
            is_credit=is_own and isinstance(origin, CreditOrigin),
            item_ids=frozenset(best.item_ids if best else ()),
            entered_at=origin.entered_at.replace(microsecond=0),
        )

    def _read_group_credits(self, company, partner_ids, lines):
        """Return the open credits of the partners.

        :param set partner_ids: customers of the batch, and other companies of their groups, which may not be in it
        :param list[OpenLine] lines: the open lines of the batch
        """
        others = partner_ids - {line.partner_id for line in lines}
        every = [*lines, *self._read_open_lines(company, list(others))]
        return [line for line in every if line.residual_currency < 0 and line.partner_id in partner_ids]

    def _read_sure_statement_lines(self, customers, partner_ids, today, pending):
        """Return the recent bank statement lines of the partners that are surely theirs and not registered, too.

        :param customers: `ar.customer` recordset of one company; their policies say how far back to look
        :param list pending: see `_count_registered`
        """
        longest = max(customers.policy_id.mapped("unmatched_payment_days"), default=0)
        since = today - datetime.timedelta(days=max(STATEMENT_DAYS, (SERIES_FACTOR + 1) * longest))
        companies = self._get_branches(customers.company_id)
        lines = self._read_statement_lines(companies, list(partner_ids), since)
        sure = [line for line in lines if line.basis != BY_NAME]
        registered = self._count_registered(companies, {line.partner_id for line in sure}, since, pending)
        found = []
        for line in reversed(sure):  # the oldest first
            key = line.partner_id, line.currency_id, line.amount
            if registered[key]:
                registered[key] -= 1
            else:
                found.append(line)
        return found[::-1]

    def _count_registered(self, companies, partner_ids, since, pending):
        """Count, by (partner id, currency id, amount), the recent payments that no bank statement line is matched with.

        :param list pending: ids of payments without a journal entry that exclude what they were registered for
        """
        if not partner_ids:
            return Counter()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner.commercial_partner_id, payment.currency_id,
                       ROUND(payment.amount::numeric, currency.decimal_places)::text
                  FROM account_payment payment
                  JOIN res_partner partner ON partner.id = payment.partner_id
                  JOIN res_currency currency ON currency.id = payment.currency_id
                 WHERE payment.company_id = ANY(%s) AND partner.commercial_partner_id = ANY(%s::int[])
                   AND payment.payment_type = 'inbound' AND payment.state IN ('in_process', 'paid')
                   AND payment.date >= %s
                   AND (payment.move_id IS NOT NULL AND payment.is_matched IS NOT TRUE
                        OR payment.id = ANY(%s::int[]))
                """,
                companies.ids,
                pg_array(partner_ids),
                since,
                pg_array(pending),
            )
        )
        return Counter((partner_id, currency_id, Decimal(amount)) for partner_id, currency_id, amount in rows)

    def _read_received(self, credits, statement):
        """Yield (partner id, company id, `Received`, origin) of open credits and bank statement lines.

        :param list[OpenLine] credits: signed as read
        :param list[StatementLine] statement:
        """
        ids = {line.currency_id for line in (*credits, *statement)}
        names = {currency.id: currency.name for currency in self.env["res.currency"].browse(ids)}
        origins = self._read_origins([line.line_id for line in credits])
        for line in credits:
            origin = origins[line.line_id]
            amount = -line.residual_currency
            received = Received(names[line.currency_id], amount, origin.date, origin.texts)
            yield line.partner_id, line.company_id, received, origin
        for line in statement:
            received = Received(names[line.currency_id], line.amount, line.date, line.texts)
            yield line.partner_id, line.company_id, received, line

    @api.model
    def _read_targets(self, lines):
        """Return {partner id: list of `Target`} of open items.

        :param list[OpenLine] lines: of any partners of one company
        """
        names = {c.id: c.name for c in self.env["res.currency"].browse({line.currency_id for line in lines})}
        details = self._read_target_details([line.line_id for line in lines])
        targets = defaultdict(list)
        for line in lines:
            number, reference, customer_reference, discounted, until = details[line.line_id]
            targets[line.partner_id].append(
                Target(
                    line.line_id, line.move_id, line.due_date, names[line.currency_id], line.residual_currency,
                    tuple(filter(None, (number, reference, customer_reference))),
                    Decimal(discounted) if discounted else None, until,
                )
            )  # fmt: skip
        return targets

    def _read_target_details(self, line_ids):
        """Return {line id: (number, payment reference, customer's reference, discounted amount, until)}.

        Core grants the early-payment discount where nothing was paid yet.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, move.name, move.payment_reference, move.ref,
                       CASE WHEN line.discount_date IS NOT NULL AND line.amount_residual_currency = line.amount_currency
                            THEN ROUND(line.discount_amount_currency, currency.decimal_places)::text END,
                       line.discount_date
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                  JOIN res_currency currency ON currency.id = line.currency_id
                 WHERE line.id = ANY(%s::int[])
                """,
                pg_array(line_ids),
            )
        )
        return {line_id: details for line_id, *details in rows}

    def _read_origins(self, line_ids):
        """Return {line id: CreditOrigin} of open credits."""
        if not line_ids:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, line.account_id, line.date, %(day)s, line.create_date, move.ref, payment.memo,
                       payment.payment_reference, statement.payment_ref, line.name, reversed.name
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                  JOIN (%(zones)s) zone ON zone.company_id = line.company_id
             LEFT JOIN account_payment payment ON payment.id = move.origin_payment_id
             LEFT JOIN account_bank_statement_line statement ON statement.id = move.statement_line_id
             LEFT JOIN account_move reversed ON reversed.id = move.reversed_entry_id
                 WHERE line.id = ANY(%(ids)s::int[])
                """,
                day=self.env["res.company"]._ar_sql_day(SQL("line.create_date")),
                zones=self.env["res.company"]._ar_select_zones(),
                ids=pg_array(line_ids),
            )
        )
        return {
            line_id: CreditOrigin(account_id, day, booked_on, entered_at, tuple(dict.fromkeys(filter(None, texts))))
            for line_id, account_id, day, booked_on, entered_at, *texts in rows
        }
