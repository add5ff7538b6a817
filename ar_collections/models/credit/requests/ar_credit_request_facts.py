from decimal import Decimal

from odoo import api, fields, models

from ....const import GROUP_AUDITOR
from ....core.credit.limit import Limit
from ....core.credit.recommendation import CreditHistory, recommend
from ....core.credit.score import ScoreRules
from ....core.money import ZERO, to_decimal
from ....messages import CREDIT_REQUEST_FACTS, RECOMMENDATION_REASONS

#: Facts that are amounts.
AMOUNTS = {"exposure", "overdue", "turnover", "proven", "insured"}


class ArCreditRequestFacts(models.Model):
    """What is known of the customer, and which limit follows from it. A recommended limit decides nothing."""

    _inherit = "ar.credit.request"

    facts = fields.Json(readonly=True, groups=GROUP_AUDITOR)
    facts_on = fields.Datetime("Facts of", readonly=True, groups=GROUP_AUDITOR)
    recommendation = fields.Json(readonly=True, groups=GROUP_AUDITOR)
    facts_html = fields.Html("What Is Known", compute="_compute_facts_html", sanitize=False, groups=GROUP_AUDITOR)
    recommended_text = fields.Char("Recommended", compute="_compute_recommendation", groups=GROUP_AUDITOR)
    recommended_reasons = fields.Text("Why", compute="_compute_recommendation", groups=GROUP_AUDITOR)

    @api.depends("facts")
    @api.depends_context("lang")
    def _compute_facts_html(self):
        for request in self:
            rows = request.sudo()._get_fact_rows()  # what the account holds is shown to all with a role
            request.facts_html = self.env["ir.qweb"]._render("ar_collections.credit_request_facts", {"rows": rows})

    @api.depends("recommendation")
    @api.depends_context("lang")
    def _compute_recommendation(self):
        for request in self:
            found = request.sudo().recommendation or {}  # as for the facts
            account = request.sudo().customer_id
            limit = found and Limit(found["kind"], Decimal(found["amount"]))
            request.recommended_text = account._get_credit_limit_text(limit) if limit else False
            request.recommended_reasons = "\n".join(request._get_reason_sentences(found.get("reasons", ())))

    def action_refresh_facts(self):
        """Gather the facts anew, of an open request that waited for a while."""
        self._require("collector")
        self.sudo().filtered("is_open")._gather()  # users may not write facts
        return True

    def _gather(self):
        """Store the facts of today and the recommended limit, in superuser mode."""
        for request in self:
            account = request.customer_id
            history = self.env["ar.credit.history"]
            facts = history._read(account, account.company_id._ar_today())
            rules = account.policy_id._get_recommendation_rules()
            found = recommend(request._get_history(facts, history._has_history(account, facts)), rules)
            request.write(
                {
                    "facts": {code: str(value) for code, value in facts.items() if value is not None},
                    "facts_on": fields.Datetime.now(),
                    "recommendation": {
                        "kind": found.limit.kind,
                        "amount": str(found.limit.amount),
                        "reasons": [[reason.code, str(reason.amount)] for reason in found.reasons],
                    },
                }
            )

    def _get_history(self, facts, has_history):
        """Return the facts as the rules read them.

        :param dict facts: see `ar.credit.history`
        :rtype: core.credit.recommendation.CreditHistory
        """
        wanted = self._get_wanted().ceiling
        return CreditHistory(
            risk_class=facts.get("risk_class") or ScoreRules().newcomer_class,
            turnover=facts["turnover"],
            terms_days=facts["terms_days"],
            days_beyond_terms=facts["days_beyond_terms"] or ZERO,
            proven=facts["proven"],
            insured=facts["insured"],
            requested=wanted,
            has_history=has_history,
        )

    # === TEXTS === #

    def _get_fact_rows(self):
        """Return the rows of the table: [(label, value as text)]."""
        self.ensure_one()
        account = self.customer_id
        before = Limit(self.limit_before_kind, to_decimal(self.limit_before))
        facts = {"limit": account._get_credit_limit_text(before), **(self.facts or {})}
        return [
            (self.env._(label), account._format_credit(float(facts[code])) if code in AMOUNTS else facts[code])
            for code, label in CREDIT_REQUEST_FACTS.items()
            if code in facts
        ]

    def _get_reason_sentences(self, reasons):
        """Return a sentence for each reason of a recommended limit.

        :param reasons: [[code, amount as text]]; codes that this version does not know are left out
        """
        shown = self.sudo()  # as in `_compute_recommendation`: what the sentences name is shown to all with a role
        account, risk_class = shown.customer_id, (shown.facts or {}).get("risk_class") or ScoreRules().newcomer_class
        sentences = []
        for code, amount in reasons:
            if code in RECOMMENDATION_REASONS:
                values = {"amount": account._format_credit(float(amount)), "risk_class": risk_class}
                sentence = self.env._(RECOMMENDATION_REASONS[code])
                sentences.append(sentence % values)
        return sentences
