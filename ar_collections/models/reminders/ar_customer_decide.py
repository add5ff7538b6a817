from dataclasses import replace

from odoo import api, fields, models

from ...core import decision as codes
from ...core.decision import Decision, Verdict
from ...core.facts import EVERYTHING, Rules
from ...core.reminders.decide import decide
from ...core.reminders.steps import next_step
from ...core.reminders.upcoming import next_contact


class ArCustomerDecide(models.Model):
    """What the customer owes, and what the ladder says about it."""

    _inherit = "ar.customer"

    open_line_ids = fields.Many2many("account.move.line", "Open Items", compute="_compute_open_line_ids")

    def _compute_open_line_ids(self):
        for company, customers in self.grouped("company_id").items():
            lines = self.env["ar.facts"]._read_open_lines(company, customers.partner_id.ids)
            for customer in customers:
                customer.open_line_ids = [line.line_id for line in lines if line.partner_id == customer.partner_id.id]

    def _decide(self, today, scope=EVERYTHING):
        """Ask the ladder about each customer, on facts read at this moment.

        :param date today: the day to decide for
        :param Scope scope: what to look at
        :return: {customer: Verdict}; without a policy the rules are empty, and the decision says so
        """
        verdicts = {}
        self.fetch(["company_id", "partner_id", "policy_id", "excluded", "pause_until"])
        for part, customers in self._split_scope(scope):
            for group in customers.grouped("company_id").values():
                verdicts |= group._decide_together(today, part)
        return verdicts

    def _split_scope(self, scope):
        """Yield (scope, customers): a message about selected items that came back is decided about these alone.

        Asked about everything, the night would replace it by a message that nobody ordered.
        """
        waiting = self.env["ar.communication"].sudo()  # what waits is read for whoever decides
        selected = waiting.browse(scope.without if scope.selected is None else ()).filtered("has_selected_items")
        apart = self & selected.customer_id
        yield scope, self - apart
        for customer in apart:
            lines = selected.filtered(lambda message, own=customer: message.customer_id == own).line_ids
            yield replace(scope, selected=frozenset(lines.move_line_id.ids)), customer

    def _decide_together(self, today, scope):
        """Return {customer: Verdict} for customers of one company."""
        rules = self._get_rules(today)
        facts = self.env["ar.facts"]._gather(self, today, scope)
        verdicts = {}
        for customer in self:
            known, own = facts[customer.id], rules.get(customer.id)
            decision = decide(known, own, today) if own else self._undecided(known)
            verdicts[customer] = Verdict(known, own or Rules(), decision, scope)
        return verdicts

    @api.model
    def _undecided(self, facts):
        """Return the decision for a customer to whom no policy applies."""
        return Decision(codes.NO_CONTACT, codes.NO_POLICY if facts.items else codes.NOTHING_DUE)

    @api.model
    def _next_contact_vals(self, verdict, today):
        """Return what comes next and when, if nobody pays."""
        planned = next_contact(verdict.facts, verdict.rules, verdict.decision, today)
        return {
            "next_step_id": planned.decision.step.step_id if planned else False,
            "next_date": planned.day if planned else False,
        }

    def _next_steps_by_line(self, today):
        """Return {journal item id: (date, step id)} of what each open item's own next step is.

        :param date today: the company's date
        """
        rules = self._get_rules(today)
        ahead = {}
        for customer_id, facts in self.env["ar.facts"]._gather(self, today).items():
            for item in facts.items if customer_id in rules else ():
                found = next_step(item, rules[customer_id], today, facts.resumed_on)
                if found and item.chaseable_currency > 0:
                    ahead[item.item_id] = found[0], found[1].step_id
        return ahead

    # === TASKS === #

    def _announce_last_step(self, decision):
        """Tell the collector that the schedule ends here: from now on a person decides."""
        self._add_task(
            "ar_collections.mail_activity_type_next",
            self.env._(
                "“%(step)s” is the last step: decide on the next action",
                step=self.env["ar.reminder.step"].browse(decision.step.step_id).name,
            ),
        )
