from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ...core.agreements.settlement import Settlement, credited_outside, open_part
from ...core.money import ZERO
from ..customers.sql import PAYMENT_BLOCKED, pg_array

#: What reduced an item other than payments: reconciliations with entries outside bank, cash and credit card journals.
#: Ends in the WHERE clause, so that conditions and GROUP BY can be appended.
CREDITED = SQL(
    """
    SELECT partial.debit_move_id AS move_line_id, SUM(partial.debit_amount_currency) AS amount
      FROM account_partial_reconcile partial
      JOIN account_move_line counterpart ON counterpart.id = partial.credit_move_id
      JOIN account_journal journal ON journal.id = counterpart.journal_id
     WHERE journal.type NOT IN ('bank', 'cash', 'credit')
    """
)


class ArFacts(models.AbstractModel):
    """Payments and credit notes on the items of agreements, read from the reconciliations."""

    _inherit = "ar.facts"

    @api.model
    def _read_disputed(self, line_ids, today):
        """Return {line id: amount that cannot be demanded}, not limited to the residual; zero by default.

        It is what is open of invoices whose payment is blocked. Extension point for disputes: an override adds its
        amounts, in the line's currency, to those of `super()`.

        :param line_ids: ids of journal items
        :rtype: defaultdict[int, Decimal]
        """
        return self._read_open_blocked(line_ids)

    @api.model
    def _read_contested(self, line_ids, today):
        """Return {line id: amount that cannot be demanded, or that was granted and credited}; zero by default.

        Extension point for disputes, as `_read_disputed`: what was granted stays contested after its credit note, so
        that a judgement does not change with it.

        :param line_ids: ids of journal items
        :rtype: defaultdict[int, Decimal]
        """
        return self._read_open_blocked(line_ids)

    @api.model
    def _read_open_blocked(self, line_ids):
        """Return {line id: what is open of it} of items whose payment is blocked, in their currency; zero by default.

        :rtype: defaultdict[int, Decimal]
        """
        query = SQL(
            """
            SELECT line.id, line.amount_residual_currency::text
              FROM account_move_line line JOIN account_move move ON move.id = line.move_id
             WHERE line.id = ANY(%s::int[]) AND line.amount_residual_currency > 0 AND %s
            """,
            pg_array(line_ids),
            PAYMENT_BLOCKED,
        )
        rows = self.env.execute_query(query) if line_ids else ()
        return defaultdict(Decimal, {line_id: Decimal(left) for line_id, left in rows})

    @api.model
    def _read_credited_outside(self, rows):
        """Return for each part of an agreement what was credited on the rest of its item.

        See `core.agreements.settlement.credited_outside`.

        :param rows: [(journal item id or None, agreed amount, residual when it was agreed, credited amount by then)],
            Decimals in the item's currency
        :rtype: list[Decimal]
        """
        in_part = [line_id for line_id, agreed, before, _credited_before in rows if line_id and before > agreed]
        credited = self._read_credited(in_part) if in_part else {}
        return [
            credited_outside(agreed, before, credited.get(line_id, ZERO) - credited_before)
            for line_id, agreed, before, credited_before in rows
        ]

    @api.model
    def _read_open_parts(self, parts, lines):
        """Return for each part of an agreement what is still open of it, as Decimals in the item's currency.

        :param parts: as `_read_credited_outside` takes them; amounts may be texts
        :param lines: the open lines of the customers, see `_read_open_lines`
        :rtype: list[Decimal]
        """
        residuals = {line.line_id: line.residual_currency for line in lines} if parts else {}
        parts = [(line_id, *map(Decimal, amounts)) for line_id, *amounts in parts]
        outside = self._read_credited_outside(parts)
        return [
            open_part(amount, before - credited, residuals.get(line_id, ZERO))
            for (line_id, amount, before, _credited_before), credited in zip(parts, outside, strict=True)
        ]

    @api.model
    def _read_held(self, parts, lines, condition, deadline=None):
        """Return what agreements hold of the items, as far as it is open.

        :param parts: the model of the agreements' lines, see `ar.agreement.line`
        :param lines: the open lines of the customers, see `_read_open_lines`
        :param SQL condition: which agreements hold something; their table is ``agreement``, that of the lines ``part``
        :param str deadline: the field of the agreements with their last day, if they have one
        :return: [(line id, amount above zero in the item's currency, state of the agreement, its last day or None)]
        :rtype: list[tuple[int, Decimal, str, date | None]]
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT part.move_line_id, part.amount::text, part.residual_before::text,
                       COALESCE(part.credited_before, 0)::text, agreement.state, %s
                  FROM %s
                 WHERE part.move_line_id = ANY(%s::int[]) AND %s
                """,
                SQL.identifier("agreement", deadline) if deadline else SQL("NULL::date"),
                self._join_agreements(parts),
                pg_array([line.line_id for line in lines]),
                condition,
            )
        )
        lefts = self._read_open_parts([row[:4] for row in rows], lines)
        return [(row[0], left, *row[4:]) for row, left in zip(rows, lefts, strict=True) if left > 0]

    @api.model
    def _resume_failed(self, resumed, parts, lines, states, deadline=None, today=None):
        """Add, in place, the day from which reminders go on about the items of agreements that have failed.

        One whose last day has passed counts as failed from the day after, as the run of that day will judge it.

        :param dict resumed: {line id: day}, see `_read_resumed`
        :param parts: as for `_read_held`
        :param states: those of failed agreements
        :param str deadline: as for `_read_held`, of agreements that are judged after it; with ``today``
        """
        overdue, next_day = SQL("FALSE"), SQL("NULL::date")
        if deadline:
            last_day = SQL.identifier("agreement", deadline)
            overdue, next_day = SQL("agreement.state = 'open' AND %s < %s", last_day, today), SQL("%s + 1", last_day)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT part.move_line_id, MAX(CASE agreement.state WHEN 'open' THEN %s ELSE agreement.ended_on END)
                  FROM %s
                 WHERE part.move_line_id = ANY(%s::int[])
                   AND ((agreement.state IN %s AND agreement.ended_on IS NOT NULL) OR (%s))
              GROUP BY part.move_line_id
                """,
                next_day,
                self._join_agreements(parts),
                pg_array([line.line_id for line in lines]),
                tuple(states),
                overdue,
            )
        )
        for line_id, day in rows:
            resumed[line_id] = max(day, resumed.get(line_id, day))

    @api.model
    def _join_agreements(self, parts):
        """Return the tables of agreements and of their lines, as ``agreement`` and ``part``."""
        agreements = self.env[parts._fields[parts._agreement].comodel_name]
        return SQL(
            "%s part JOIN %s agreement ON agreement.id = part.%s",
            SQL.identifier(parts._table),
            SQL.identifier(agreements._table),
            SQL.identifier(parts._agreement),
        )

    @api.model
    def _read_credited(self, line_ids):
        """Return {line id: amount that credit notes and other entries, but not payments, reconciled so far}.

        Amounts are in the line's currency; lines without any are left out.
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT move_line_id, amount::text FROM (%s AND partial.debit_move_id = ANY(%s::int[])"
                " GROUP BY partial.debit_move_id) credited",
                CREDITED,
                pg_array(line_ids),
            )
        )
        return {line_id: Decimal(amount) for line_id, amount in rows}

    @api.model
    def _read_settlements(self, line_ids):
        """Return {line id: what reduced it}, read from its reconciliations; amounts in the line's currency.

        :rtype: dict[int, list[Settlement]]
        """
        self.env["account.journal"].flush_model(["ar_is_write_off"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partial.debit_move_id, partial.max_date, partial.debit_amount_currency::text,
                       journal.type NOT IN ('bank', 'cash', 'credit'), journal.ar_is_write_off IS TRUE
                  FROM account_partial_reconcile partial
                  JOIN account_move_line counterpart ON counterpart.id = partial.credit_move_id
                  JOIN account_journal journal ON journal.id = counterpart.journal_id
                 WHERE partial.debit_move_id = ANY(%s::int[]) AND partial.debit_amount_currency > 0
                """,
                pg_array(line_ids),
            )
        )
        settlements = defaultdict(list)
        for line_id, day, amount, credit, loss in rows:
            settlements[line_id].append(Settlement(day, Decimal(amount), credit, loss))
        return settlements

    # === NOT BOOKED YET, NOT ASKED FOR === #

    @api.model
    def _read_expected(self, line_ids, today):
        """Return {line id: amount that pending online and registered payments will settle}; zero by default.

        What they leave as a small difference is part of it. Money on account is expected on these items first.

        :param line_ids: ids of journal items
        :rtype: defaultdict[int, Decimal]
        """
        expected = defaultdict(Decimal)
        for customers, lines in self._read_accounts_of(line_ids):
            exclusions = defaultdict(list)
            for line_id, exclusion in self._read_pending_payments(customers, lines, today):
                exclusions[line_id].append(exclusion)
            lines.sort(key=lambda line: line.line_id not in line_ids)
            _registered, _paid_back, paid_on = self._exclude_registered_payments(customers, lines, today, exclusions)
            self._exclude_rests(customers, lines, exclusions, paid_on)
            for line_id in exclusions.keys() & line_ids:
                expected[line_id] = sum((exclusion.amount for exclusion in exclusions[line_id]), ZERO)
        return expected

    @api.model
    def _read_small_rests(self, parts):
        """Return the ids of the items of which payments since an agreement left a small difference.

        :param parts: [(journal item id or None, residual when it was agreed, residual now)]
        :rtype: set[int]
        """
        line_ids = {line_id for line_id, before, now in parts if line_id and ZERO < now < before}
        small = set()
        for customers, lines in self._read_accounts_of(line_ids) if line_ids else ():
            small.update(self._find_small_differences(customers, [x for x in lines if x.line_id in line_ids]))
        return small

    @api.model
    def _read_accounts_of(self, line_ids):
        """Yield (customers, their open lines) of each company, for those who owe these journal items.

        :param line_ids: ids of journal items
        """
        self.env.flush_all()
        items = self.env["account.move.line"].sudo().browse(line_ids)  # the ledger decides, whoever asks
        for company, own in items.grouped("company_id").items():
            partners = own.partner_id.commercial_partner_id
            accounts = self.env["ar.customer"].sudo()  # see above
            domain = [("company_id", "=", company.id), ("partner_id", "in", partners.ids)]
            customers = accounts.with_context(active_test=False).search(domain)
            if customers:
                yield customers, self._read_open_lines(company, customers.partner_id.ids)

    # === VERSIONS === #

    @api.model
    def _select_agreement_versions(self, lines):
        """Return the query of the versions of agreements about the items, and of their lines; see `_select_versions`.

        :param lines: the model of the agreements' lines, see `ar.agreement.line`
        :rtype: SQL
        """
        return SQL(
            "SELECT item.account_id, %s || %s FROM item JOIN (%s) ON part.move_line_id = item.id",
            self._version_of("part"),
            self._version_of("agreement"),
            self._join_agreements(lines),
        )
