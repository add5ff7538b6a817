from dataclasses import replace
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core import decision as codes
from ...core.credit.score import CLASSES
from ...core.disputes import dispute
from ...core.promises import judgement
from ...core.worklist import priority
from ...formats import format_amount
from ...messages import PRIORITY_PARTS


class ArCustomer(models.Model):
    """The worklist: its order, by a priority that the nightly run stores, and snoozing customers.

    The priority is the sum of the points of its parts, see `core.worklist.priority`; each part is shown.
    """

    _inherit = "ar.customer"

    _writable = {
        "collector": (
            "snooze_until", "snooze_reason",
        ),
    }  # fmt: skip

    snooze_until = fields.Date(
        "Snoozed until",
        tracking=True,
        copy=False,
        help="Date until which the customer is hidden from the worklist; reminders continue.",
    )
    snooze_reason = fields.Char(tracking=True, copy=False)

    priority_score = fields.Integer(
        "Priority", default=0, readonly=True, aggregator=None, help="Points of all criteria, as of the last run."
    )
    priority_parts = fields.Json(readonly=True, help="[{code, points, amount (text) or number}], most points first")
    priority_text = fields.Text("Reason", compute="_compute_priority_text", help="Components of the priority.")
    priority_html = fields.Html("Components", compute="_compute_priority_text")

    _priority_idx = models.Index("(priority_score DESC, id)")

    # === PRIORITY === #

    @api.depends("priority_parts")
    @api.depends_context("lang")
    def _compute_priority_text(self):
        for customer in self:
            rows = [(customer._get_priority_text(part), part["points"]) for part in customer.priority_parts or ()]
            customer.priority_text = " · ".join(f"{text}: {points}" for text, points in rows)
            customer.priority_html = rows and self.env["ir.qweb"]._render(
                "ar_collections.customer_priority", {"rows": rows, "score": customer.priority_score}
            )

    def _get_priority_text(self, part):
        """Return the text of a part of the priority, in the user's language.

        :param dict part: see ``priority_parts``
        """
        values = {"number": part.get("number")}
        if part.get("amount"):
            values["amount"] = format_amount(self.env, part["amount"], self.currency_id)
        text = self.env._(PRIORITY_PARTS[part["code"]])
        return text % values

    # === MERGING === #

    def _get_merged_vals(self, others):
        """Override to keep the notes of all accounts."""
        notes = [note for note in (self | others).mapped("internal_note") if note]
        return {**super()._get_merged_vals(others), "internal_note": "\n\n".join(dict.fromkeys(notes)) or False}

    # === BUTTONS === #

    def action_end_snooze(self):
        """Show the customer in the worklist again."""
        self.write({"snooze_until": False, "snooze_reason": False})

    def action_exclude(self):
        """Open the dialog to exclude the customer from reminders, for some time or until somebody resumes them."""
        self._require("collector")
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_customer_bulk_action_pause")
        return {**action, "context": {"default_task": "pause", "default_customer_ids": self.ids}}

    def action_preview_reminders(self):
        """Open the preview of the reminders that these customers would get now; they can be sent from there."""
        self._require("collector")
        self.check_access("read")
        if len(self.company_id) != 1:
            raise UserError(self.env._("Select customers of a single company: each company sends its own messages."))
        return self.env["ar.preview"].create({"company_id": self.company_id.id})._show(self)

    # === NIGHTLY RUN === #

    @api.model
    def _prepare_run(self, company):
        """Override to store which amount is large in this run."""
        company.sudo()._ar_store_large_amount()  # collectors, who may run the day, may not write companies
        return super()._prepare_run(company)

    def _get_run_vals(self, verdicts, today):
        """Override to add score and parts of the priority."""
        values = super()._get_run_vals(verdicts, today)
        if not self:
            return values
        weights = self.company_id._ar_get_priority_weights()
        inputs = self._read_priority_inputs(today)
        for customer, verdict in verdicts.items():
            priority_facts = priority.read_priority_facts(
                verdict.account, today, weights.soon_days, **inputs.get(customer.id, {})
            )
            if verdict.decision.code == codes.NO_ADDRESS:  # no address for the channel of the step
                priority_facts = replace(priority_facts, has_address=False)
            parts = priority.rate(priority_facts, weights)
            stored = [self._get_stored_part(part) for part in parts] or False
            values.setdefault(customer.id, {}).update(priority_score=priority.score(parts), priority_parts=stored)
        return values

    @api.model
    def _get_stored_part(self, part):
        """Return a part of the priority as stored in JSON; the amount as text, to keep it exact."""
        stored = {"code": part.code, "points": part.points}
        if part.number is not None:
            stored["number"] = part.number
        if part.amount is not None:
            stored["amount"] = f"{part.amount.quantize(Decimal('0.000001')).normalize():f}"
        return stored

    def _read_priority_inputs(self, today):
        """Return {customer id: keyword arguments of `core.worklist.priority.read_priority_facts`} not in the facts."""
        sources = {
            "broken_promises": self._read_broken_promises(today),
            "late_disputes": self._read_late_disputes(today),
            "unreached_calls": self._read_unreached_calls(today),
        }
        risky = self._read_risky()
        return {
            customer_id: {
                **{name: numbers.get(customer_id, 0) for name, numbers in sources.items()},
                "risky": customer_id in risky,
            }
            for customer_id in self.ids
        }

    def _read_risky(self):
        """Return the ids of the customers whose degree of trust is "bad debtor" in their company, or whose class is E.

        The class is kept on the account of the root company.
        """
        partners = self.env["res.partner"].with_company(self.company_id).with_context(active_test=False)
        # Searched, because reading the field reads all that differ by company.
        bad = set(partners.search([("id", "in", self.partner_id.ids), ("trust", "=", "bad")]).ids)
        roots = self.company_id.sudo().root_id  # the user may work for a branch alone
        domain = [("partner_id", "in", self.partner_id.ids), ("company_id", "in", roots.ids)]
        worst = self.sudo().search([*domain, ("risk_class", "=", CLASSES[-1])])
        bad.update(worst.partner_id.ids)
        return {customer.id for customer in self if customer.partner_id.id in bad} if bad else set()

    def _read_broken_promises(self, today):
        """Return {customer id: number of broken promises on items that are still open}."""
        domain = [("state", "in", judgement.NOT_KEPT), ("line_ids.move_line_id.reconciled", "=", False)]
        return self._count_agreements("ar.promise", domain)

    def _read_late_disputes(self, today):
        """Return {customer id: number of open disputes past their deadline}."""
        return self._count_agreements(
            "ar.dispute", [("state", "in", dispute.OPEN_STATES), ("date_deadline", "<", today)]
        )

    @api.model
    def get_worklist_notice(self):
        """Return what stands above the worklist: where collections are not active, and whether the user activates them.

        :return: {text, can_activate, button}, or False where all companies of the user are active
        :raise AccessError: for users who may read no accounts
        """
        self.check_access("read")
        companies = self.env.companies.filtered(lambda company: not company.ar_active)
        if not companies:
            return False
        can_activate = self._has_role("manager")
        if elsewhere := companies.filtered("ar_is_elsewhere"):
            text = self.env._(
                "Collections wait (%(companies)s), because they were activated in another database: nothing is sent, "
                "and nobody is charged. A collections manager decides whether this database is the real one.",
                companies=", ".join(elsewhere.mapped("display_name")),
            )
            return {"text": text, "can_activate": can_activate, "button": self.env._("Decide")}
        text = self.env._(
            "Collections are not active (%(companies)s): nothing is sent, and no dates are forecast. Check the credit "
            "policies, look at the preview; a collections manager activates them.",
            companies=", ".join(companies.mapped("display_name")),
        )
        return {"text": text, "can_activate": can_activate, "button": self.env._("Activate")}

    def _count_agreements(self, model, domain):
        """Return {customer id: number of records} of a model with ``customer_id`` that match the domain."""
        counted = self.env[model]._read_group([("customer_id", "in", self.ids), *domain], ["customer_id"], ["__count"])
        return {customer.id: number for customer, number in counted}
