import datetime
from dataclasses import replace

from odoo import api, fields, models

from ...core import decision as codes
from ...core.communications.contact_rules import reminded_from
from ...core.decision import Decision, Verdict
from ...core.facts import EVERYTHING, ITEMS_ONLY, Rules
from ...core.reminders.decide import decide
from ...core.reminders.steps import next_step
from ...formats import format_amount

#: In the first run of a customer, the days that a payment may be missing for to be told about.
FIRST_RUN_DAYS = 7

#: Of this many payments the task about missing ones gives the names.
NAMED_PAYMENTS = 3


class ArCustomerDecide(models.Model):
    """The customer's open items, and the decision whether and how to contact the customer about them."""

    _inherit = "ar.customer"

    open_line_ids = fields.Many2many("account.move.line", "Open Items", compute="_compute_open_line_ids")

    def _compute_open_line_ids(self):
        for company, customers in self.grouped("company_id").items():
            lines = self.env["ar.facts"]._read_open_lines(company, customers.partner_id.ids)
            for customer in customers:
                customer.open_line_ids = [line.line_id for line in lines if line.partner_id == customer.partner_id.id]

    def _decide(self, today, scope=EVERYTHING, is_judged=True):
        """Return the decision for each customer, based on facts read at this moment.

        :param date today: the day to decide for
        :param Scope scope: which items and communications to consider
        :param bool is_judged: see `Scope.is_judged`; the nightly run and the check before sending decide by what was
            judged before
        :return: {customer: Verdict}; without a policy the rules are empty and the decision's code is ``no_policy``
        """
        verdicts, scope = {}, replace(scope, is_judged=is_judged)
        self.check_access("read")
        names = ["active", "company_id", "partner_id", "payer_id", "policy_id", "excluded", "pause_until"]
        self.sudo().fetch(names)  # who pays counts, whatever the user may read
        for part, customers in self._split_scope(scope):
            for group in customers._group_by_company().values():
                verdicts |= group._decide_together(today, part)
        return verdicts

    def _split_scope(self, scope):
        """Yield (scope, customers); for a waiting message about selected items only these items are considered.

        A decision about all items would let the nightly run replace it by a message that nobody requested.
        """
        waiting = self.env["ar.communication"].sudo()  # waiting messages count whatever the user may read
        selected = waiting.browse(scope.without if scope.selected is None else ()).filtered("has_selected_items")
        apart = self & selected.customer_id
        yield scope, self - apart
        for customer in apart:
            messages = selected.filtered(lambda message, own=customer: message.customer_id == own)
            yield replace(scope, **messages._get_selection()), customer

    def _decide_together(self, today, scope):
        """Return {customer: Verdict} for customers of one company; a group is decided about as its payer."""
        groups = self._read_deciding_groups()
        accounts = self.sudo().union(*groups, *groups.values()) if groups else self  # whatever the user may read
        rules = accounts._get_rules(today)
        facts = self.env["ar.facts"]._gather(accounts, today, scope)
        of_groups = {}
        for payer, members in groups.items():
            of_groups |= self._decide_group(payer, members, facts, rules.get(payer.id), today, scope)
        return {
            customer: of_groups.get(customer)
            or self._decide_alone(facts[customer.id], rules.get(customer.id), today, scope)
            for customer in self
        }

    @api.model
    def _decide_alone(self, facts, rules, today, scope):
        """Return the verdict by these facts.

        :param AccountFacts facts: of a customer, or of a group
        :param rules: of the customer's policy; None: no policy applies
        """
        decision = decide(facts, rules, today) if rules else self._undecided(facts)
        return Verdict(facts, rules or Rules(), decision, scope, is_todays=bool(rules))

    @api.model
    def _undecided(self, facts):
        """Return the decision for a customer to whom no policy applies."""
        return Decision(codes.NO_CONTACT, codes.NO_POLICY if facts.items else codes.NOTHING_DUE)

    @api.model
    def _next_contact_vals(self, planned):
        """Return the values of the next step and its date, assuming that nothing is paid until then.

        :param PlannedContact planned: the next contact; None: there is none
        """
        return {
            "next_step_id": planned.decision.step.step_id if planned else False,
            "next_date": planned.day if planned else False,
        }

    def _next_steps_by_line(self, today):
        """Return {journal item id: (date, step id)}: each open item's own next step; items without one are left out.

        So are all items of who is not reminded as a whole, itself or through its payer, until a person changes that. A
        pause moves the date.

        :param date today: the company's date
        """
        active = self.filtered("company_id.ar_active")
        payers = active._get_payers()  # their policies decide when the group is reminded
        accounts = active.union(*payers.values())
        rules, facts = accounts._get_rules(today), self.env["ar.facts"]._gather(accounts, today, ITEMS_ONLY)
        steps = {}
        for customer, payer in payers.items():
            own, of_payer = facts[customer.id], facts[payer.id]
            days = [reminded_from(own, today), reminded_from(of_payer, today)]
            if not rules.get(payer.id) or None in days or (of_payer.is_insolvent and payer != customer):
                continue
            resumed_on = max(filter(None, (own.resumed_on, of_payer.resumed_on)), default=None)
            for item in own.items:
                found = next_step(item, rules[payer.id], max(days), resumed_on)
                if found and item.chaseable_currency > 0:
                    steps[item.item_id] = found[0], found[1].step_id
        return steps

    # === TASKS === #

    def _announce_missing_payments(self, facts, today):
        """Give the collector a task about payments without entry that have not arrived since the last run.

        Their invoices are reminded again from today; the task says why. Called before the result of the run is stored.
        There is none before collections are activated for the company, because nothing is reminded then.
        """
        since = self.decision_date or today - datetime.timedelta(days=FIRST_RUN_DAYS)
        missing = [row.payment_id for row in facts.registered if since < row.until <= today]
        if not missing or not facts.items or not self.company_id.ar_active:
            return
        # The collector learns of the payment, whatever else the user may read of it.
        payments, reader = self.env["account.payment"].sudo().browse(missing), self._in_staff_language()
        names = ", ".join(
            f"{payment.name or payment.memo or ''} ({format_amount(reader.env, payment.amount, payment.currency_id)})"
            for payment in payments[:NAMED_PAYMENTS]
        )
        if len(payments) > NAMED_PAYMENTS:
            names = reader.env._("%(names)s and %(number)s more", names=names, number=len(payments) - NAMED_PAYMENTS)
        self._add_task(
            "ar_collections.mail_activity_type_payment",
            reader.env._("Reminders resume: not on the bank statement yet: %(payments)s", payments=names),
        )

    @api.model
    def _find_reached(self, made, waiting):
        """Return the customers who reach a step; where a message replaces one of the same step that was before.

        So the task about the last step does not come back, once a person has done it, while the step waits.

        :param made: the messages of this run
        :param waiting: those that waited before
        """
        before = {(message.customer_id, message.step_id) for message in waiting}
        return made.filtered(lambda each: (each.customer_id, each.step_id) not in before).customer_id

    def _announce_last_step(self, decision):
        """Give the collector a task: the last step of the schedule was reached, a person decides how to proceed."""
        reader = self._in_staff_language()
        reader._add_task(
            "ar_collections.mail_activity_type_next",
            reader.env._(
                "%(step)s is the last step: decide on the next action",
                step=reader.env["ar.reminder.step"].browse(decision.step.step_id).name,
            ),
        )
