from odoo import api, fields, models
from odoo.fields import Domain

from ...core import decision as codes
from ...core.customers.aging import age
from ...core.facts import ITEMS_ONLY
from ...formats import format_date

#: The aging buckets of an account, from not due to oldest.
AGED = ("aged_not_due", "aged_1", "aged_2", "aged_3", "aged_4", "aged_5")

#: While these hold, the schedule only waits for its next day.
WAITING = (codes.ALREADY_SENT, codes.TOO_SOON)


class ArCustomerList(models.Model):
    """The columns of the worklist: aged debts, credits, status and score; finding a customer by an invoice."""

    _inherit = "ar.customer"

    aged_not_due = fields.Monetary("Not due", readonly=True)
    aged_1 = fields.Monetary("1-30", readonly=True)
    aged_2 = fields.Monetary("31-60", readonly=True)
    aged_3 = fields.Monetary("61-90", readonly=True)
    aged_4 = fields.Monetary("91-120", readonly=True)
    aged_5 = fields.Monetary("120+", readonly=True)
    days_overdue = fields.Integer(
        compute="_compute_days_overdue", aggregator=None, help="Number of days since the oldest due date."
    )
    score_text = fields.Char("Score", compute="_compute_score_text", help="Points of the priority.")
    list_status = fields.Char(
        "Collection Status", compute="_compute_list_status", help="What holds for the customer now."
    )
    is_excluded = fields.Boolean(compute="_compute_is_excluded", help="Whether reminders are excluded today.")
    document = fields.Char(
        "Customer or Invoice", store=False, search="_search_document", help="Number or reference of an invoice."
    )

    # === AGING === #

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Override to name the aging buckets by the days that the company set."""
        found = super().fields_get(allfields, attributes)
        for name, title in zip(AGED, self.env.company._ar_aging_names(), strict=True):
            if "string" in found.get(name, ()):
                found[name]["string"] = title
        return found

    def _get_run_vals(self, verdicts, today):
        """Override to add the debts by age."""
        values = super()._get_run_vals(verdicts, today)
        edges = self.company_id._ar_aging_edges() if self else ()
        for customer, verdict in verdicts.items():
            values.setdefault(customer.id, {}).update(self._get_aged_vals(verdict.account, today, edges))
        return values

    def _get_aged_vals(self, facts, today, edges):
        """Return the debts by age of one of these accounts, in company currency.

        :param edges: see `res.company._ar_aging_edges`
        """
        items = [(self._get_aged_date(item, today), item.residual) for item in facts.items]
        return dict(zip(AGED, age(items, today, edges), strict=True))

    @api.model
    def _get_aged_date(self, item, today):
        """Return the date from which an item is late in the aging; what the customer does not owe is never late."""
        return item.due_date if item.is_debt else today

    def _store_aged(self, today):
        """Store the debts by age of these accounts of one company, without deciding about them."""
        facts, edges = self.env["ar.facts"]._gather(self, today, ITEMS_ONLY), self.company_id._ar_aging_edges()
        self._write_results({customer.id: self._get_aged_vals(facts[customer.id], today, edges) for customer in self})

    @api.depends("oldest_due_date")
    def _compute_days_overdue(self):
        for company, customers in self.grouped("company_id").items():
            today = company._ar_today() if company else fields.Date.context_today(self)
            for customer in customers:
                due = customer.oldest_due_date
                customer.days_overdue = max((today - due).days, 0) if due else 0

    # === STATUS AND SCORE === #

    @api.depends("excluded", "pause_until")
    def _compute_is_excluded(self):
        for customer in self:
            customer.is_excluded = customer.excluded or customer._is_paused()

    @api.depends("priority_score", "company_id")
    @api.depends_context("lang")
    def _compute_score_text(self):
        """Compute the points together with the most that the company's weights give."""
        for company, customers in self.grouped("company_id").items():
            most = company._ar_get_most_points() if company else 0
            for customer in customers:
                customer.score_text = self.env._("%(points)s of %(most)s", points=customer.priority_score, most=most)

    @api.depends("decision_code", "next_date", "held_until", "pause_until", "last_contact_date", "decision_date")
    @api.depends_context("lang")
    def _compute_list_status(self):
        calls = self._read_due_calls()
        for customer in self:
            customer.list_status = customer._get_list_status(customer.id in calls)

    def _get_list_status(self, has_call):
        """Return the status as a short text: the reason of the last decision, and until when it holds.

        :param bool has_call: the schedule waits for a call that somebody has to make
        """
        code, label = self.decision_code, self._get_code_label(self.decision_code)
        if not self.company_id.ar_active:
            return label
        if code in (codes.STEP_REACHED, *WAITING) and has_call:
            return self.env._("Call due")
        if code == codes.STEP_REACHED and self._is_reminded():
            return self.env._("Reminder sent")
        if code in WAITING and not self.next_date:
            return self.env._("Action required")
        if code in WAITING:
            day = format_date(self.env, self.next_date)
            return self.env._("Next step on %(day)s", day=day)
        if code == codes.PAYER_REMINDED and self.next_date:
            day = format_date(self.env, self.next_date)
            return self.env._("%(reason)s on %(day)s", reason=label, day=day)
        until = self.pause_until if code == codes.PAUSED else self.held_until
        if until:
            day = format_date(self.env, until)
            return self.env._("%(reason)s until %(day)s", reason=label, day=day)
        return label

    def _is_reminded(self):
        """Return whether the reminder of the last run went out."""
        return bool(self.last_contact_date and self.decision_date) and self.last_contact_date >= self.decision_date

    def _read_due_calls(self):
        """Return the ids of the customers whom the schedule wants to be called."""
        domain = [
            ("customer_id", "in", self.ids),
            ("state", "=", "planned"),
            ("channel", "in", self.env["ar.channel"]._get_codes("_is_spoken")),
        ]
        # Salespeople see the status of their customers, but not every communication.
        rows = self.env["ar.communication"].sudo()._read_group(domain, ["customer_id"])
        return {customer.id for (customer,) in rows}

    # === FINDING === #

    @api.model
    def _search_document(self, operator, value):
        """Find the customers who owe, or owed, an invoice with a number or reference."""
        if operator not in ("ilike", "=ilike", "in"):
            return NotImplemented
        names = ("move_id.name", "move_id.ref", "move_id.payment_reference")
        domain = Domain.OR(Domain(name, operator, value) for name in names)
        domain &= Domain("parent_state", "=", "posted") & Domain("account_id.account_type", "=", "asset_receivable")
        rows = self.env["account.move.line"]._read_group(domain, ["company_id"], ["partner_id:recordset"])
        return Domain.OR(
            [
                Domain("company_id", "=", company.id) & Domain("partner_id", "in", partners.commercial_partner_id.ids)
                for company, partners in rows
            ]
        )
