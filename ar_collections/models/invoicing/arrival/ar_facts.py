from odoo import api, models
from odoo.tools import SQL

from ....core import decision as codes
from ....core.facts import Exclusion
from ....core.invoicing import arrival


class ArFacts(models.AbstractModel):
    """Whether invoices arrived, in the customer's facts; read only where a policy of the batch asks for it."""

    _inherit = "ar.facts"

    def _read_exclusions(self, customers, lines, today, scope):
        """Override to exclude invoices of which nothing shows that they arrived, where the policy waits for it.

        A person may remind of them all the same, as of what was entered a few days ago.
        """
        exclusions = super()._read_exclusions(customers, lines, today, scope)
        if scope.is_manual:
            return exclusions
        for line, verdict in self._judge_arrivals(customers, lines, today, arrival.WAIT):
            if verdict.waits:
                exclusions[line.line_id].append(Exclusion(codes.NOT_ARRIVED, line.residual_currency, verdict.until))
        return exclusions

    def _read_assumed(self, customers, lines, today):
        """Override to say why the arrival of invoices is assumed, where the policy asks for it."""
        assumed = super()._read_assumed(customers, lines, today)
        for rule in (arrival.ASSUME, arrival.WAIT):
            for line, verdict in self._judge_arrivals(customers, lines, today, rule):
                if verdict.assumed:
                    assumed[line.line_id] = verdict.assumed
        return assumed

    @api.model
    def _judge_arrivals(self, customers, lines, today, rule):
        """Yield (OpenLine, core.invoicing.arrival.Verdict) for the debts of customers whose policy has this rule.

        :param customers: `ar.customer` recordset of one company
        :param lines: list of OpenLine
        :param str rule: one of ``const.ARRIVAL_RULES``
        """
        if not customers.policy_id.filtered(lambda policy: policy.arrival_rule == rule):
            return
        every = customers._map_of_policy(lambda policy: policy)
        policies = {partner_id: policy for partner_id, policy in every.items() if policy.arrival_rule == rule}
        concerned = [
            line
            for line in lines
            if line.partner_id in policies and line.residual_currency > 0 and not line.is_our_payment
        ]
        if not concerned:
            return
        evidence = self.env["ar.invoice.arrival"]._read_evidence(
            {line.move_id for line in concerned if line.is_invoice},
            [line.line_id for line in concerned if not line.is_invoice],
        )
        for line in concerned:
            key = ("move", line.move_id) if line.is_invoice else ("item", line.line_id)
            state = arrival.judge(evidence.get(key, ()), today, policies[line.partner_id].arrival_days)
            yield line, arrival.decide(rule, state)

    @api.model
    def _select_versions(self, left_out):
        """Override to add the evidence about the items."""
        query = SQL(
            "SELECT item.account_id, %s FROM item JOIN ar_invoice_arrival fact ON fact.move_id = item.move_id",
            self._version_of("fact"),
        )
        return [*super()._select_versions(left_out), query]
