from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_amount

from ...core import decision as codes
from ...core.disputes import dispute
from ...core.promises import judgement
from ...core.worklist import priority
from ...messages import PRIORITY_PARTS


class ArCustomer(models.Model):
    """The worklist: whose customer it is today, what is put off, and what is done to many at once.

    Whom to work on first, and why: points from visible parts, stored by the nightly run.
    """

    _inherit = "ar.customer"

    collector_id = fields.Many2one(
        search="_search_collector_id", help="The collector, or who covers while the collector is away."
    )
    snooze_until = fields.Date(
        "Snoozed until", tracking=True, copy=False, help="Not shown in the worklist before this day; reminders go on."
    )
    snooze_reason = fields.Char("Why Snoozed", tracking=True, copy=False)

    priority_score = fields.Integer(
        "Priority", default=0, readonly=True, aggregator=None, help="The points of all parts, as of the last run."
    )
    priority_parts = fields.Json(readonly=True, help="[{code, points, amount (text) or number}], most points first")
    priority_text = fields.Text("Why", compute="_compute_priority_text", help="What the priority is made of.")
    priority_html = fields.Html("Made of", compute="_compute_priority_text")

    _priority_idx = models.Index("(priority_score DESC, id)")

    # === WHOSE CUSTOMER === #

    @api.depends("user_id", "policy_id.user_id")
    def _compute_collector_id(self):
        """Override to turn to who covers for an absent collector."""
        result = super()._compute_collector_id()
        for company, customers in self.grouped("company_id").items():
            covers = self.env["ar.absence"]._get_covers(company._ar_today()) if company else {}
            for customer in customers.filtered(lambda c, away=covers: c.collector_id.id in away):
                customer.collector_id = covers[customer.collector_id.id]
        return result

    @api.model
    def _search_collector_id(self, operator, value):
        """Find customers by who is responsible today: their own collector, or the one who covers."""
        if operator == "any":
            users = self.env["res.users"].search(value)
            return self._search_collector_id("in", users.ids)
        if operator != "in":
            return NotImplemented
        covers = self.env["ar.absence"]._get_covers(self.env.company._ar_today())
        wanted = set(value)
        owners = {user_id for user_id in wanted if user_id and user_id not in covers}
        owners |= {user_id for user_id, cover_id in covers.items() if cover_id in wanted}
        if False in wanted:
            owners.add(False)
        # Whose customers they are is no secret; the policies themselves are not for salespeople to read.
        policies = self.env["ar.credit.policy"].sudo().with_context(active_test=False)
        policy_ids = set(policies.search([("user_id", "in", owners)]).ids)
        if False in wanted:
            policy_ids.add(False)  # nor does a policy name somebody where there is none
        own = Domain("user_id", "in", owners - {False})
        return own | (Domain("user_id", "=", False) & Domain("policy_id", "in", policy_ids))

    # === BUTTONS === #

    def action_wake(self):
        """Show the customer in the worklist again."""
        self.write({"snooze_until": False, "snooze_reason": False})

    def action_preview_reminders(self):
        """Show what would be said to these customers now, to be sent from there."""
        self._check_collector()
        self.check_access("read")
        if len(self.company_id) != 1:
            raise UserError(self.env._("Choose customers of one company: each company speaks for itself."))
        return self.env["ar.preview"].create({"company_id": self.company_id.id})._show(self)

    @api.model
    def _check_collector(self, group="collector"):
        """Raise unless the user belongs to one of our groups; the view hides the button, this refuses the call."""
        if not (self.env.su or self.env.user.has_group(f"ar_collections.ar_collections_group_{group}")):
            raise UserError(self.env._("You are not allowed to do this; ask a collections manager."))

    # === PRIORITY === #

    @api.depends("priority_parts")
    @api.depends_context("lang")
    def _compute_priority_text(self):
        for customer in self:
            rows = [(customer._get_priority_words(part), part["points"]) for part in customer.priority_parts or ()]
            customer.priority_text = " · ".join(f"{words}: {points}" for words, points in rows)
            customer.priority_html = rows and self.env["ir.qweb"]._render(
                "ar_collections.desk_priority", {"rows": rows, "score": customer.priority_score}
            )

    def _get_priority_words(self, part):
        """Return what a part is about, in the reader's language."""
        values = {"number": part.get("number")}
        if part.get("amount"):
            values["amount"] = format_amount(self.env, float(part["amount"]), self.currency_id)
        words = self.env._(PRIORITY_PARTS[part["code"]])
        return words % values

    # === THE NIGHTLY RUN === #

    def _get_priority_vals(self, decided, today):
        """Return {customer id: values to store} for customers of one company, on the facts of the run.

        :param decided: {customer: (facts, rules, decision)}
        """
        if not self:
            return {}
        weights = self.company_id._ar_get_priority_weights()
        inputs = self._read_priority_inputs(today)
        values = {}
        for customer, (facts, _rules, decision) in decided.items():
            signs = priority.read_signs(facts, today, weights.soon_days, **inputs[customer.id])
            if decision.code == codes.NO_ADDRESS:  # none that the step's channel could use
                signs = replace(signs, has_address=False)
            parts = priority.rate(signs, weights)
            stored = [self._get_stored_part(part) for part in parts] or False
            values[customer.id] = {"priority_score": priority.score(parts), "priority_parts": stored}
        return values

    @api.model
    def _get_stored_part(self, part):
        """Return a part as it is stored; the amount as text, because money is not a float."""
        stored = {"code": part.code, "points": part.points}
        if part.number is not None:
            stored["number"] = part.number
        if part.amount is not None:
            stored["amount"] = f"{part.amount.quantize(Decimal('0.000001')).normalize():f}"
        return stored

    def _read_priority_inputs(self, today):
        """Return {customer id: what other sources know}, as keyword arguments of `core.priority.Signs`."""
        sources = {
            "broken_promises": self._read_broken_promises(today),
            "late_disputes": self._read_late_disputes(today),
            "unreached_calls": self._read_unreached_calls(today),
        }
        risky = self._read_risky()
        inputs = defaultdict(dict)
        for customer in self:
            inputs[customer.id] = {name: numbers.get(customer.id, 0) for name, numbers in sources.items()}
            inputs[customer.id]["risky"] = customer.id in risky
        return inputs

    def _read_risky(self):
        """Return the ids of the customers whom their company classes as bad debtors."""
        partners = self.partner_id.with_company(self.company_id)
        bad = set(partners.filtered(lambda partner: partner.trust == "bad").ids)
        return {customer.id for customer in self if customer.partner_id.id in bad}

    def _read_broken_promises(self, today):
        """Return {customer id: promises broken on what is still open}."""
        domain = [("state", "in", judgement.NOT_KEPT), ("line_ids.move_line_id.reconciled", "=", False)]
        return self._count_agreements("ar.promise", domain)

    def _read_late_disputes(self, today):
        """Return {customer id: disputes past their deadline without an answer}."""
        return self._count_agreements(
            "ar.dispute", [("state", "in", dispute.OPEN_STATES), ("date_deadline", "<", today)]
        )

    def _count_agreements(self, model, domain):
        """Return {customer id: number} of the customers' agreements of a kind."""
        counted = self.env[model]._read_group([("customer_id", "in", self.ids), *domain], ["customer_id"], ["__count"])
        return {customer.id: number for customer, number in counted}
