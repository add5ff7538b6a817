from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from odoo import api, models
from odoo.tools import SQL

from ....core.credit.risks import (
    BROKEN_PROMISE,
    CLASS_WORSE,
    CONCENTRATION,
    NOT_SENT,
    OVER_LIMIT,
    Risk,
    RiskRules,
    get_share,
    is_at_least,
)
from ....core.money import ZERO
from ...customers.sql import JOIN_DEBTOR, pg_array


@dataclass(frozen=True)
class RiskFacts:
    """What all readers need: read once.

    :param root: the root company
    :param companies: the root company and its branches
    :param balances: {partner id: balance in company currency}
    :param tops: {partner id: id of the contact at the top of its group}, where that is another one
    :param accounts: {partner id: id of the account of the root company}
    """

    root: Any
    companies: Any
    today: date
    rules: RiskRules
    balances: dict[int, Decimal]
    tops: dict[int, int]
    accounts: dict[int, int]

    @property
    def total(self):
        """What all customers owe together."""
        return sum((balance for balance in self.balances.values() if balance > 0), ZERO)


class ArRiskReader(models.AbstractModel):
    """Reads what could cost money now: one query or few for each kind, for all customers of a root company."""

    _name = "ar.risk.reader"
    _description = "Risks of a Company"

    @api.model
    def _get_readers(self):
        """Return the names of the methods, each of one kind. It takes `RiskFacts` and returns risks.

        Extension point: an override adds another kind; its code extends the selection `ar.credit.risk.kind`, with a
        sentence in `ar.credit.risk._get_sentence`.
        """
        return [
            "_read_concentration",
            "_read_over_limit",
            "_read_uninsured",
            "_read_cover",
            "_read_insurer_dates",
            "_read_classes",
            "_read_unmatched",
            "_read_feeds",
            "_read_not_sent",
            "_read_promises",
        ]

    @api.model
    def _read_facts(self, root, today):
        """Return what all readers need.

        :param root: `res.company` without parent
        :rtype: RiskFacts
        """
        self.env.flush_all()
        companies = self.env["ar.facts"]._get_branches(root)
        rows = self.env.execute_query(self._select_balances(companies))
        balances = {partner_id: Decimal(balance) for partner_id, balance in rows}
        accounts = self.env.execute_query(
            SQL(
                "SELECT partner_id, id FROM ar_customer"
                " WHERE company_id = %s AND merged_into_id IS NULL AND partner_id = ANY(%s::int[])",
                root.id,
                pg_array(balances),
            )
        )
        tops = dict(self.env.execute_query(self._select_tops(balances)))
        return RiskFacts(root, companies, today, root._ar_get_risk_rules(), balances, tops, dict(accounts))

    @api.model
    def _select_balances(self, companies):
        """Return the query (partner id, balance) of the open items of all customers."""
        return SQL(
            """
            SELECT debtor.commercial_partner_id, SUM(line.amount_residual)::text
              FROM account_move_line line
              %(join_debtor)s
             WHERE line.account_id = ANY(%(accounts)s::int[])
               AND line.company_id = ANY(%(companies)s)
               AND line.parent_state = 'posted'
               AND line.reconciled IS NOT TRUE
          GROUP BY debtor.commercial_partner_id
            HAVING SUM(line.amount_residual) <> 0
            """,
            join_debtor=JOIN_DEBTOR,
            accounts=pg_array(self.env["ar.facts"]._get_receivable_account_ids(companies)),
            companies=companies.ids,
        )

    @api.model
    def _select_tops(self, partner_ids):
        """Return the query (partner id, id of the contact at the top of the group) of companies below another one."""
        return SQL(
            """
            WITH RECURSIVE above AS (
                SELECT id AS partner_id, parent_id AS top_id
                  FROM res_partner
                 WHERE parent_id IS NOT NULL AND commercial_partner_id = id AND id = ANY(%s::int[])
                 UNION
                SELECT above.partner_id, parent.parent_id
                  FROM above JOIN res_partner parent ON parent.id = above.top_id
                 WHERE parent.parent_id IS NOT NULL
            )
            SELECT above.partner_id, MIN(above.top_id)
              FROM above JOIN res_partner top ON top.id = above.top_id AND top.parent_id IS NULL
          GROUP BY above.partner_id
            """,
            pg_array(partner_ids),
        )

    # === READERS === #

    @api.model
    def _read_concentration(self, facts):
        """Yield customers, and groups of companies, with a large share of the receivables."""
        groups, largest, total = {}, {}, facts.total
        for partner_id, balance in facts.balances.items():
            top = facts.tops.get(partner_id, partner_id)
            groups[top] = groups.get(top, ZERO) + balance
            if top not in largest or balance > facts.balances[largest[top]]:
                largest[top] = partner_id
        for top, balance in groups.items():
            if is_at_least(balance, facts.rules.share, total):
                account_id = facts.accounts.get(top) or facts.accounts.get(largest[top])
                share = f"{get_share(balance, total):.0f}"
                details = {"share": share} | ({"group": str(top)} if facts.tops.get(largest[top]) else {})
                yield Risk(CONCENTRATION, str(top), balance, account_id, details)

    @api.model
    def _read_over_limit(self, facts):
        """Yield customers whose exposure is above the limit by a large amount; for limits of groups the group's."""
        query = SQL(
            "SELECT id, over::text, COALESCE(group_exposure, exposure)::text, limit_amount::text FROM (%s) usage"
            " WHERE over > 0",
            self.env["ar.credit.usage"]._select_usage(facts.root),
        )
        for account_id, over, exposure, limit in self.env.execute_query(query):
            if is_at_least(Decimal(over), facts.rules.large, facts.total):
                details = {"amount_exposure": exposure, "amount_limit": limit or "0"}
                yield Risk(OVER_LIMIT, str(account_id), Decimal(over), account_id, details)

    @api.model
    def _read_classes(self, facts):
        """Yield customers whose risk class got worse in the last three months, and who owe a large amount."""
        query = SQL(
            "SELECT id, partner_id, class_before, class_now FROM (%s) migration"
            " WHERE movement = 'worse' AND NOT is_overridden",
            self.env["ar.credit.migration"]._select_migrations(facts.root),
        )
        for account_id, partner_id, before, now in self.env.execute_query(query):
            balance = facts.balances.get(partner_id, ZERO)
            if is_at_least(balance, facts.rules.large, facts.total):
                yield Risk(CLASS_WORSE, str(account_id), balance, account_id, {"before": before, "now": now})

    @api.model
    def _read_not_sent(self, facts):
        """Yield customers who did not get invoices of a large amount, by the review of data."""
        query = SQL(
            """
            SELECT finding.customer_id, COUNT(*), SUM(move.amount_residual_signed)::text
              FROM ar_data_finding finding
              JOIN LATERAL jsonb_array_elements_text(finding.details->'ids') found (id) ON TRUE
              JOIN account_move move ON move.id = found.id::int
             WHERE finding.company_id = ANY(%s) AND finding.state <> 'solved'
               AND finding.code IN ('not_sent', 'sending_failed')
          GROUP BY finding.customer_id
            """,
            facts.companies.ids,
        )
        for account_id, number, amount in self.env.execute_query(query):
            if is_at_least(Decimal(amount or 0), facts.rules.large, facts.total):
                yield Risk(NOT_SENT, str(account_id), Decimal(amount), account_id, {"number": str(number)})

    @api.model
    def _read_promises(self, facts):
        """Yield customers who broke promises of a large amount that is still open, and not promised again."""
        query = SQL(
            """
            SELECT customer_id, MAX(date), SUM(amount)::text
              FROM (SELECT DISTINCT ON (line.id) promise.customer_id, promise.date,
                           LEAST(line.amount_residual,
                                 promised.amount * line.amount_residual / NULLIF(line.amount_residual_currency, 0))
                           AS amount
                      FROM ar_promise_line promised
                      JOIN ar_promise promise ON promise.id = promised.promise_id
                      JOIN account_move_line line ON line.id = promised.move_line_id
                     WHERE promise.company_id = ANY(%(companies)s) AND promise.state IN ('broken', 'partly')
                       AND line.parent_state = 'posted' AND line.reconciled IS NOT TRUE AND line.amount_residual > 0
                       AND NOT EXISTS (SELECT 1 FROM ar_promise_line again
                                        WHERE again.move_line_id = line.id AND again.is_live)
                  ORDER BY line.id, promise.date DESC) item
          GROUP BY customer_id
            """,
            companies=facts.companies.ids,
        )
        for account_id, day, amount in self.env.execute_query(query):
            if is_at_least(Decimal(amount), facts.rules.large, facts.total):
                yield Risk(BROKEN_PROMISE, str(account_id), Decimal(amount), account_id, {"day": day.isoformat()})
