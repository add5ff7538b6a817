from odoo import api, fields, models
from odoo.tools import SQL

from ...core import decision as codes
from ...core.decision import Decision
from ...core.facts import Rules
from ...core.money import ZERO
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

    def _get_rules(self, today):
        """Return {customer id: Rules}; each policy is read once. Customers without a policy are left out.

        :param date today: the day the rules are for
        """
        rules = {policy.id: policy._get_rules(today) for policy in self.policy_id}
        return {customer.id: rules[policy_id] for customer in self if (policy_id := customer.policy_id.id)}

    def _decide(self, today, without=None, human=False):
        """Ask the ladder about each customer, on facts read at this moment.

        :param date today: the day to decide for
        :param without: `ar.communication` records to look away from
        :param bool human: a person asked for the message
        :return: {customer: (facts, rules, decision)}; without a policy the rules are empty, and the decision says so
        """
        decided = {}
        self.fetch(["company_id", "partner_id", "policy_id", "excluded", "pause_until"])
        for customers in self.grouped("company_id").values():
            rules = customers._get_rules(today)
            facts = self.env["ar.facts"]._gather(customers, today, without, human)
            for customer in customers:
                known, own = facts[customer.id], rules.get(customer.id)
                decided[customer] = (known, own, decide(known, own, today)) if own else self._undecided(known)
        return decided

    @api.model
    def _undecided(self, facts):
        """Return (facts, no rules, silence) for a customer to whom no policy applies."""
        return facts, Rules(), Decision(codes.SILENT, codes.NO_POLICY if facts.items else codes.NOTHING_DUE)

    def _next_contact_vals(self, facts, rules, decision, today):
        """Return what comes next and when, if nobody pays."""
        planned = next_contact(facts, rules, decision, today)
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

    # === AGREEMENTS === #

    def _lock_alone(self):
        """Lock the account for whoever pays, disputes, promises or plans, until the end of the transaction.

        The row is touched, too: a transaction that began before this one ended, and gets the lock after it, would
        otherwise decide on items as they were. So the database refuses it, and Odoo starts it anew.

        :raise LockError: when somebody else is at work on the account
        """
        self.lock_for_update()
        self.env.execute_query(SQL("UPDATE ar_customer SET id = id WHERE id = ANY(%s) RETURNING id", self.ids))

    @api.model
    def _free_amount(self, item):
        """Return how much of an open item is neither being paid nor part of another agreement, in its currency.

        An item in a promise or a plan is not free for another one, not even its rest: nobody could tell for which of
        them a payment is meant.

        :param item: core.facts.OpenItem
        """
        if any(silence.code in (codes.PROMISE_OPEN, codes.PLAN_ACTIVE) for silence in item.silences):
            return ZERO
        taken = sum((silence.amount for silence in item.silences if silence.code in codes.AGREED_CODES), ZERO)
        return max(item.residual_currency - taken, ZERO)

    @api.model
    def _get_open_before(self, item):
        """Return what of an item stands open when something is agreed: what is on its way by then pays the rest.

        :param item: core.facts.OpenItem
        """
        return item.residual_currency - self._pending_amount(item)

    def _get_free_amounts(self):
        """Return {journal item id: amount that may be promised or planned}, oldest due date first; zeros left out."""
        self.ensure_one()
        free = {item.item_id: self._free_amount(item) for item in self._get_facts().items}
        return {line_id: amount for line_id, amount in free.items() if amount > 0}

    def _get_agreement_rows(self):
        """Return the open agreements as the page lists them; promises, disputes and plans add theirs by overriding.

        :return: [{name, title, status, date (the next one, or False), text, url (or False)}], in the order shown
        """
        self.ensure_one()
        return []

    def _get_possible_asks(self):
        """Return what the customer may ask for about ticked items: {code: words on the button}, by overriding."""
        self.ensure_one()
        return {}

    # === TASKS === #

    def _announce_last_step(self, decision):
        """Tell the collector that the schedule ends here: from now on a person decides."""
        self._add_task(
            "ar_collections.mail_activity_type_next",
            self.env._(
                "“%(step)s” is the last step: decide how to go on",
                step=self.env["ar.reminder.step"].browse(decision.step.step_id).name,
            ),
        )

    def _add_task(self, activity_type, summary, user=None):
        """Give the collector a task, unless the same kind of task is open already.

        :param str activity_type: external id of the kind of task
        :param user: who gets it instead of the collector
        """
        self.ensure_one()
        kind = self.env.ref(activity_type)
        customer = self.sudo()  # tasks are given to people, whatever the starter's rights
        if kind in customer.activity_ids.activity_type_id:
            return
        responsible = user or self.collector_id or self.company_id.ar_activated_by_id or self.env.user
        customer.with_context(mail_activity_quick_update=True).activity_schedule(
            activity_type, summary=summary, user_id=responsible.id
        )

    def _close_tasks(self, activity_type):
        """Remove the open tasks of a kind: what they asked for was done elsewhere."""
        self.sudo().activity_unlink([activity_type])  # as in `_add_task`
