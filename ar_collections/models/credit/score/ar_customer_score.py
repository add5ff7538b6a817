import json
from decimal import Decimal
from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from ....const import RISK_CLASSES, RISK_SOURCES, RISK_TRENDS
from ....core.credit.experience import trend_of
from ....core.credit.score import TENTH, override, rate
from ...customers.core_flow import ignore_failure
from ...customers.optional_float import OptionalFloat
from ..ar_customer_limit import GROUP_AUDITOR, GROUPS_SHOWN

SCORE_FIELDS = (
    "risk_score", "risk_scored_class", "risk_class", "risk_source", "risk_trend", "risk_reasons", "annual_turnover",
)  # fmt: skip


class ArCustomerScore(models.Model):
    """Score and risk class of a customer, from its own behavior, stored on the account of the root company.

    They are computed each night, after a merge, and when a person sets another class.
    """

    _inherit = "ar.customer"

    risk_score = OptionalFloat(
        digits=(4, 1), readonly=True, copy=False, groups=GROUP_AUDITOR, aggregator="avg",
        help="From 0 (bad) to 100 (good), from the customer's own behavior in the last twelve months.",
    )  # fmt: skip
    risk_scored_class = fields.Selection(
        RISK_CLASSES, "Class by Score", readonly=True, copy=False, groups=GROUP_AUDITOR,
        help="Class that follows from the score, whatever a person set.",
    )  # fmt: skip
    risk_class = fields.Selection(
        RISK_CLASSES, readonly=True, copy=False, index="btree_not_null", groups=GROUPS_SHOWN,
        help="From A (lowest risk) to E (highest risk).",
    )  # fmt: skip
    risk_source = fields.Selection(RISK_SOURCES, "Class from", readonly=True, copy=False, groups=GROUPS_SHOWN)
    risk_trend = fields.Selection(
        RISK_TRENDS, "Trend", readonly=True, copy=False, groups=GROUP_AUDITOR,
        help="Whether the last three months were paid earlier or later than the months before.",
    )  # fmt: skip
    risk_reasons = fields.Json("Parts of the Score", readonly=True, copy=False, groups=GROUP_AUDITOR)
    annual_turnover = fields.Monetary(
        "Turnover of 12 Months", readonly=True, copy=False, groups=GROUP_AUDITOR,
        help="Invoices less credit notes of the last twelve months, without taxes, of the company and its branches.",
    )  # fmt: skip

    def _get_risk_class(self):
        """Return the risk class of this account; that of newcomers where none is stored yet."""
        self.ensure_one()
        account = self._get_credit_account()
        root = self.company_id.sudo().root_id  # the user may work for a branch alone
        return account.risk_class or self.env["ar.credit.scoring"]._get_rules_of(root).newcomer_class

    def _refresh_scores(self, today):
        """Compute the scores of these accounts and store those that changed.

        Called in superuser mode, with the accounts locked or just written; of one root company.

        :param date today: the company's date
        """
        accounts = self.filtered(lambda customer: customer.partner_id and customer.holds_credit)
        if not accounts:
            return
        rules = self.env["ar.credit.scoring"]._get_rules_of(accounts.company_id)
        behaviors = self.env["ar.credit.behavior"]._read(accounts, today)
        scores = {}
        for account, (behavior, turnover) in behaviors.items():
            own = rate(behavior, rules)
            scores[account] = own.risk_class, override(own, account._get_class_override(), today), turnover
        changed = self._store_scores(scores)
        self.env["ar.credit.score"]._append(changed, today)

    @api.model
    def _store_scores(self, scores):
        """Store scores by SQL, all of a batch in one statement; return the ids of those that changed.

        :param scores: {account: (class by score, Score, turnover)}
        """
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE ar_customer account
                   SET risk_score = found.score, risk_scored_class = found.scored, risk_class = found.class,
                       risk_source = found.source, risk_trend = found.trend, risk_reasons = found.reasons,
                       annual_turnover = found.turnover
                  FROM unnest(%(ids)s::int[], %(scores)s::numeric[], %(scored)s::text[], %(classes)s::text[],
                              %(sources)s::text[], %(trends)s::text[], %(reasons)s::jsonb[], %(turnovers)s::numeric[])
                       found (id, score, scored, class, source, trend, reasons, turnover)
                 WHERE account.id = found.id
                   AND (account.risk_score, account.risk_scored_class, account.risk_class, account.risk_source,
                        account.risk_trend, account.risk_reasons, account.annual_turnover)
                       IS DISTINCT FROM (found.score, found.scored, found.class, found.source, found.trend,
                                         found.reasons, found.turnover)
             RETURNING account.id
                """,
                ids=[account.id for account in scores],
                scores=[score.value for _scored, score, _turnover in scores.values()],
                scored=[scored for scored, _score, _turnover in scores.values()],
                classes=[score.risk_class for _scored, score, _turnover in scores.values()],
                sources=[score.source for _scored, score, _turnover in scores.values()],
                trends=[trend_of(score.trend_days) for _scored, score, _turnover in scores.values()],
                reasons=[self._dump_reasons(score) for _scored, score, _turnover in scores.values()],
                turnovers=[turnover for _scored, _score, turnover in scores.values()],
            )
        )
        changed = [customer_id for (customer_id,) in rows]
        self.browse(changed).invalidate_recordset(SCORE_FIELDS, flush=False)
        return changed

    @api.model
    def _dump_reasons(self, score):
        """Return the parts of a score as JSON: code, value, points, what each gives and takes; numbers as text."""
        parts = [
            [part.code, *(str(_tenths(number)) for number in (part.value, part.points, part.gained, part.lost))]
            for part in score.contributions
        ]
        return json.dumps(
            {"parts": parts, "trend": None if score.trend_days is None else str(_tenths(score.trend_days))}
        )

    # === MERGE === #

    def _absorb(self, others, gone=()):
        """Override to compute the score from both histories."""
        result = super()._absorb(others, gone)
        self._score_later(self.partner_id)
        return result

    @api.model
    def _before_merge(self, sources, target):
        """Override to compute the score once Odoo has given the items of the merged contacts to the remaining one."""
        result = super()._before_merge(sources, target)
        self._score_later(self._get_debtor(sources, target))
        return result

    @api.model
    def _score_later(self, partners):
        """Compute the scores of these customers at the end of the transaction, in all companies."""
        # sudo: users who merge contacts may not write the results.
        self.env.cr.precommit.add(partial(self.sudo()._score_partners, partners.ids))

    @api.model
    def _score_partners(self, partner_ids):
        """Compute the scores of these customers; whatever fails, what people do goes on."""
        with ignore_failure(self.env, "the risk score of merged customers"):
            domain = [("partner_id", "in", partner_ids), ("merged_into_id", "=", False)]
            for company, accounts in self.with_context(active_test=False).search(domain).grouped("company_id").items():
                accounts._refresh_scores(company._ar_today())

    def _drop_duplicates(self, others):
        """Override to keep the history of this account; that of the others was made from a part of what it owes."""
        result = super()._drop_duplicates(others)
        # sudo: nobody may delete scores.
        self.env["ar.credit.score"].sudo().search([("customer_id", "in", others.ids)]).unlink()
        return result


def _tenths(number):
    """Return a number with one decimal, as it is shown; never a negative zero."""
    return Decimal(number).quantize(TENTH) + Decimal("0.0")
