import datetime
from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ...core.matching.references import find_named, index_numbers, is_recognizable, parts_of
from ..customers.sql import JOIN_DEBTOR, pg_array

#: How a bank statement line was attributed to its customer, the surest first.
BY_PARTNER, BY_ACCOUNT, BY_REFERENCE, BY_NAME = "partner", "account", "reference", "name"

#: The most recent bank statement lines without partner for which a customer is searched.
MAX_LINES = 2000


class StatementLine(NamedTuple):
    """A bank statement line with money that came in and is not matched, in the currency of the payment.

    ``partner_id`` is the commercial partner of the customer, ``basis`` how it was found: one of the constants above.
    """

    line_id: int
    company_id: int
    date: datetime.date
    booked_on: datetime.date
    entered_at: datetime.datetime
    currency_id: int
    amount: Decimal
    partner_id: int | None
    account_number: str | None
    partner_name: str | None
    texts: tuple[str, ...]
    basis: str | None


class ArFactsPayments(models.AbstractModel):
    """The bank statement lines that are not matched, and whose they are."""

    _inherit = "ar.facts"

    @api.model
    def _read_statement_lines(self, company, partner_ids=None, since=None):
        """Return the bank statement lines of a company with money that is not matched and belongs to a customer.

        :param company: or the companies of one root: each one's customers may pay to the bank account of another one
        :param partner_ids: commercial partners; None: all of them that have an account
        :param date since: leave out what was booked before
        :rtype: list[StatementLine]
        """
        rows = self._query_statement_lines(company, partner_ids, since)
        lines = [
            StatementLine(
                *row[:6],
                Decimal(row[6]),
                *row[7:10],
                tuple(text for text in row[10:] if text),
                BY_PARTNER if row[7] else None,
            )
            for row in rows
        ]
        owners = self._attribute(
            self._get_branches(company[:1]), [line for line in lines if not line.partner_id][:MAX_LINES]
        )
        found, wanted = [], partner_ids if partner_ids is None else set(partner_ids)
        for line in lines:
            if line.line_id in owners:
                partner_id, basis = owners[line.line_id]
                line = line._replace(partner_id=partner_id, basis=basis)
            if line.partner_id and (wanted is None or line.partner_id in wanted):
                found.append(line)
        return found

    def _query_statement_lines(self, company, partner_ids, since):
        """Return the rows of `_read_statement_lines`: those of the partners, and those without partner."""
        self.env["account.bank.statement.line"].flush_model()
        self.env["account.move"].flush_model(["date", "ref", "state"])
        mine = SQL(
            """partner.commercial_partner_id IN (SELECT partner_id FROM ar_customer WHERE company_id = ANY(%s))""",
            self._get_branches(company[:1]).ids,
        )
        if partner_ids is not None:
            mine = SQL("partner.commercial_partner_id = ANY(%s::int[])", pg_array(partner_ids))
        return self.env.execute_query(
            SQL(
                """
                SELECT st.id, st.company_id, move.date, %(day)s, st.create_date, currency.id,
                       ROUND((-st.amount_residual)::numeric, currency.decimal_places)::text,
                       partner.commercial_partner_id, st.account_number, st.partner_name, st.payment_ref, move.ref
                  FROM account_bank_statement_line st
                  JOIN account_move move ON move.id = st.move_id
                  JOIN res_currency currency ON currency.id = COALESCE(st.foreign_currency_id, st.currency_id)
                  JOIN (%(zones)s) zone ON zone.company_id = st.company_id
             LEFT JOIN res_partner partner ON partner.id = st.partner_id
                 WHERE st.company_id = ANY(%(companies)s)
                   AND st.is_reconciled IS NOT TRUE
                   AND st.amount > 0 AND st.amount_residual < 0
                   AND move.state = 'posted'
                   AND (st.partner_id IS NULL OR %(mine)s)
                   AND st.create_date >= %(since)s
              ORDER BY st.internal_index DESC
                """,
                day=self.env["res.company"]._ar_sql_day(SQL("st.create_date")),
                zones=self.env["res.company"]._ar_select_zones(),
                companies=company.ids,
                mine=mine,
                since=since or datetime.date(1970, 1, 1),
            )
        )

    # === RELATED COMPANIES === #

    @api.model
    def _read_relatives(self, partner_ids, company=None):
        """Return {commercial partner id: ids of those of the partners that it belongs to the same group with}.

        The group of a company are its parent, the companies below it, and those of the same parent. One of them may pay
        for another, and so may a person of the parent, or who was chosen as payer. Arrays of ids find them: for joins
        alone the database would read all contacts.

        :param company: in which payers were chosen; default: these do not count
        """
        self.env["res.partner"].flush_model(["commercial_partner_id", "parent_id"])
        self.env["ar.customer"].flush_model(["active", "partner_id", "payer_id"])
        rows = self.env.execute_query(
            SQL(
                """
                WITH mine AS MATERIALIZED (SELECT id, parent_id FROM res_partner WHERE id = ANY(%(ids)s::int[])),
                     below AS MATERIALIZED (
                         SELECT commercial_partner_id, parent_id FROM res_partner WHERE parent_id = ANY(
                             ARRAY(SELECT id FROM mine UNION SELECT parent_id FROM mine))),
                     pair AS (SELECT payer.partner_id AS payer_id, member.partner_id AS member_id
                                FROM ar_customer member JOIN ar_customer payer ON payer.id = member.payer_id
                               WHERE member.active AND payer.active AND member.company_id = ANY(%(companies)s))
                SELECT above.commercial_partner_id, mine.id
                  FROM mine JOIN res_partner above ON above.id = mine.parent_id
                 WHERE above.id = ANY(ARRAY(SELECT parent_id FROM mine))
                 UNION
                SELECT below.commercial_partner_id, mine.id FROM mine JOIN below ON below.parent_id = mine.id
                 UNION
                SELECT below.commercial_partner_id, mine.id FROM mine JOIN below ON below.parent_id = mine.parent_id
                 UNION
                SELECT payer_id, member_id FROM pair WHERE member_id = ANY(%(ids)s::int[])
                 UNION
                SELECT member_id, payer_id FROM pair WHERE payer_id = ANY(%(ids)s::int[])
                """,
                ids=pg_array(partner_ids),
                companies=(company or self.env["res.company"]).ids,
            )
        )
        return _group((other_id, partner_id) for other_id, partner_id in rows if other_id != partner_id)

    @api.model
    def _read_paid_for(self, partner_ids, company):
        """Return {commercial partner id of a payer: ids of the partners that it pays for}, for those of the partners.

        :param company: in which payers were chosen
        """
        # sudo: whose money it is does not depend on who looks; the items are those that the user may read.
        accounts = self.env["ar.customer"].sudo()
        domain = [
            ("payer_id.partner_id", "in", list(partner_ids)),
            ("payer_id.active", "=", True),
            ("company_id", "=", company.id),
        ]
        return _group((each.payer_id.partner_id.id, each.partner_id.id) for each in accounts.search(domain))

    # === WHOSE IT IS === #

    @api.model
    def _attribute(self, companies, lines):
        """Return {statement line id: (commercial partner id, basis)} of lines without partner.

        A line belongs to a customer where its bank account is of exactly one, else where its reference names open
        invoices of exactly one in full, else where the payer has the name of exactly one.

        :param companies: those of one root
        """
        if not lines:
            return {}
        by_account = self._read_account_owners(companies, {_squash(line.account_number) for line in lines} - {""})
        by_reference = self._read_named_owners(companies, {text for line in lines for text in line.texts})
        by_name = self._read_name_owners(companies, {_fold(line.partner_name) for line in lines} - {""})
        found = {}
        for line in lines:
            named = set().union(*(by_reference.get(text, set()) for text in line.texts))
            candidates = (
                (BY_ACCOUNT, by_account.get(_squash(line.account_number), set())),
                (BY_REFERENCE, named),
                (BY_NAME, by_name.get(_fold(line.partner_name), set())),
            )
            for basis, owners in candidates:
                if len(owners) == 1:
                    found[line.line_id] = next(iter(owners)), basis
                    break
        return found

    def _read_account_owners(self, companies, numbers):
        """Return {bank account number: commercial partners with an account here} of the numbers, as `_squash` gives."""
        if not numbers:
            return {}
        self.env["res.partner.bank"].flush_model(["partner_id", "sanitized_acc_number", "active"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT UPPER(bank.sanitized_acc_number), account.partner_id
                  FROM res_partner_bank bank
                  JOIN res_partner partner ON partner.id = bank.partner_id
                  JOIN ar_customer account ON account.partner_id = partner.commercial_partner_id
                 WHERE account.company_id = ANY(%s) AND bank.active AND UPPER(bank.sanitized_acc_number) = ANY(%s)
                """,
                companies.ids,
                list(numbers),
            )
        )
        return _group(rows)

    def _read_name_owners(self, companies, names):
        """Return {name: commercial partners with an account here} of the names, as `_fold` gives them."""
        if not names:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT LOWER(TRIM(partner.name)), account.partner_id
                  FROM ar_customer account JOIN res_partner partner ON partner.id = account.partner_id
                 WHERE account.company_id = ANY(%s) AND LOWER(TRIM(partner.name)) = ANY(%s)
                """,
                companies.ids,
                list(names),
            )
        )
        return _group(rows)

    def _read_named_owners(self, companies, texts):
        """Return {text: commercial partners whose open invoices it names in full}.

        The database finds the invoices whose number ends with one of the numbers in the texts; the rule of
        `core/matching/references.py` decides. An entry with several debtors, such as opening balances, names none.
        """
        ends = {part.lstrip("0") for text in texts for part in _read_digits(text)} - {""}
        account_ids = self._get_receivable_account_ids(companies)
        if not ends or not account_ids:
            return {}
        squashed = {"".join(parts_of(text)[i:j]) for text in texts for i, j in _spans(len(parts_of(text)))}
        rows = self.env.execute_query(
            SQL(
                r"""
                SELECT DISTINCT move.id, debtor.commercial_partner_id, move.name, move.payment_reference
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                  %(join_debtor)s
                 WHERE line.account_id IN %(accounts)s AND line.company_id = ANY(%(companies)s)
                   AND line.parent_state = 'posted' AND line.reconciled IS NOT TRUE
                   AND line.amount_residual_currency > 0
                   AND (LTRIM(SUBSTRING(move.name FROM '(\d+)\D*$'), '0') = ANY(%(ends)s)
                        OR REGEXP_REPLACE(UPPER(move.payment_reference), '[^A-Z0-9]', '', 'g') = ANY(%(squashed)s))
                """,
                join_debtor=JOIN_DEBTOR,
                accounts=tuple(account_ids),
                companies=companies.ids,
                ends=list(ends),
                squashed=[text for text in squashed if is_recognizable(text)],
            )
        )
        index = index_numbers({move_id: [name, reference] for move_id, _partner_id, name, reference in rows})
        debtors = _group((move_id, partner_id) for move_id, partner_id, *_numbers in rows)
        owners = {move_id: partner_ids for move_id, partner_ids in debtors.items() if len(partner_ids) == 1}
        return {text: set().union(*(owners.get(move_id, ()) for move_id in find_named(text, index))) for text in texts}


def _squash(number):
    """Return a bank account number as Odoo stores it for comparison: letters and digits, in capitals."""
    return "".join(parts_of(number or ""))


def _fold(name):
    """Return a name for comparison: without spaces around it, in small letters."""
    return (name or "").strip().lower()


def _read_digits(text):
    """Return the digits at the end of each part of a text."""
    parts = parts_of(text)
    return [part[len(part.rstrip("0123456789")) :] for part in parts] + [part for part in parts if part.isdigit()]


def _spans(length):
    """Yield the (start, end) of sequences of at most eight parts: a payment reference is written in groups."""
    return ((i, j) for i in range(length) for j in range(i + 1, min(i + 8, length) + 1))


def _group(rows):
    """Return {key: set of values} of pairs."""
    grouped = defaultdict(set)
    for key, value in rows:
        grouped[key].add(value)
    return grouped
