import contextlib

from odoo import api, models
from odoo.fields import Domain

from ...core.late_charges.charge import NOTHING, PAID_IN_TIME, get_free_until, judge
from ...core.late_charges.interest import Interest
from ...core.late_charges.refusal import ChargeRefused
from ...core.money import ZERO, to_decimal
from .ar_late_charge import LIVE
from .late_item import Outcome
from .refusals import get_refusal_text
from .rules.late_rules import LateRulesOf

STEP = "late_charges"


class ArLateChargeNight(models.Model):
    """The nightly step: late charges follow the books, and those that are due are invoiced where the policy says so."""

    _inherit = "ar.late.charge"

    @api.model
    def _accrue_company(self, company, today, auto_commit=False):
        """Step of the nightly run: compute the late charges of a company, once for the day.

        :param date today: the company's date
        :param bool auto_commit: commit batch after batch, as a scheduled action does
        :return: False where the time ran out
        """
        policies = self._get_charging_policies(company)
        if company.ar_late_charges_on == today or not (policies or self._has_live(company)):
            return True
        accounts = self.env["ar.customer"].with_context(active_test=False, tracking_disable=True)
        customers = accounts.browse(self._find_customers(company, policies, today))
        refused = {}

        def work(batch):
            charges = self._accrue(company, batch, today, refused)
            charges._invoice_by_policy(today)

        is_first_turn = (company.ar_credit_progress or {}).get(STEP, [""])[0] != str(today)
        finished = customers._go_on_with(STEP, company, today, work, auto_commit)
        self._report_refused(policies, refused)
        if finished and not company._ar_has_left(STEP):
            passed = policies.filtered(lambda policy: policy.id not in refused)
            self._end_refused(passed, company, None if is_first_turn else today)
            company.ar_late_charges_on = today
        return finished

    @api.model
    def _get_charging_policies(self, company):
        """Return the policies of the company that charge late payment, archived ones included."""
        policies = self.env["ar.credit.policy"].with_context(active_test=False)
        return policies.search([("company_id", "=", company.id), ("late_charge_regime_id", "!=", False)])

    @api.model
    def _has_live(self, company):
        return bool(self.search_count([("company_id", "=", company.id), ("state", "in", LIVE)], limit=1))

    @api.model
    def _report_refused(self, policies, refused):
        """Store a problem for each policy whose charges could not be computed.

        :param dict refused: {policy id: sentence}
        """
        for policy in policies.filtered(lambda policy: policy.id in refused):
            self.env["ar.problem"]._report(policy, STEP, refused[policy.id])

    @api.model
    def _end_refused(self, policies, company, today):
        """End the problems of policies whose charges were computed by all turns of the night.

        :param date today: not those that an earlier turn of this day reported; None: there was no earlier turn
        """
        problems = self.env["ar.problem"]
        if today:
            known = problems.sudo()._search_open(policies, STEP)  # sudo: as in `_report` of problems
            reported = known.filtered(lambda problem: company._ar_day(problem.last_on) >= today)
            policies = policies.filtered(lambda policy: policy.id not in reported.mapped("res_id"))
        problems._clear(policies, STEP)

    # === ONE BATCH OF CUSTOMERS === #

    @api.model
    def _accrue(self, company, customers, today, refused=None):
        """Compute the late charges of these customers; return those that were looked at.

        :param dict refused: gets {policy id: sentence} of what could not be computed
        """
        policies = self._get_charging_policies(company)
        items = self._read_items(company, policies, today, customers.ids)
        known = self._find_charges(customers, items)
        known._change_currencies(items)
        kept = {charge.move_line_id.id: charge for charge in known if charge.move_line_id}
        read = known._read_outcomes()
        outcomes = {charge.move_line_id.id: read[charge.id] for charge in known}
        values = self._compute_items(items, kept, outcomes, today, {} if refused is None else refused)
        new = []
        for line_id, vals in values.items():
            charge = kept.get(line_id)
            currency = self.env["res.currency"].browse(vals["currency_id"])
            outcome = outcomes.get(line_id, Outcome())
            vals |= self._get_outcome_vals(vals["state"], vals["total"], outcome, currency)
            if charge:
                charge._write_changed(vals)
            elif vals["total"]:
                new.append(vals)
        known.filtered(lambda charge: charge.move_line_id.id not in {item.line_id for item in items})._drop_lost(today)
        known._take_back(today)
        looked_at = known | self.create(new)
        looked_at._waive_kept()
        return looked_at

    @api.model
    def _find_charges(self, customers, items):
        """Return the charges of these customers and items; those whose items Odoo deleted follow their invoices."""
        line_ids = [item.line_id for item in items]
        lost = Domain("move_line_id", "=", False) & Domain("move_id", "in", [item.move_id for item in items])
        live = Domain("state", "in", LIVE) | (Domain("move_id.state", "=", "cancel") & Domain("charged", ">", 0))
        own = Domain("customer_id", "in", customers.ids) & live
        charges = self.search(Domain("move_line_id", "in", line_ids) | lost | own)
        taken = set(charges.move_line_id.ids)
        for charge in charges.filtered(lambda charge: not charge.move_line_id):
            free = (item.line_id for item in items if item.move_id == charge.move_id.id and item.line_id not in taken)
            if line_id := next(free, None):
                charge.move_line_id = line_id
                taken.add(line_id)
        return charges

    @api.model
    def _compute_items(self, items, kept, outcomes, today, refused):
        """Return {line id: values of the charge}.

        :param dict kept: {line id: the charge that exists}
        :param dict outcomes: {line id: Outcome}
        :param dict refused: gets {policy id: sentence}
        """
        values, rules_of = {}, LateRulesOf(self.env, today)
        moves = self.env["account.move"].browse({item.move_id for item in items})  # read together
        moves_by_id = {move.id: move for move in moves}
        bearers = self._read_lump_bearers(items)
        for facts in self._read_facts(items, today):
            item, rules = facts.item, rules_of[facts.item.policy_id]
            charge, outcome = kept.get(item.line_id, self.browse()), outcomes.get(item.line_id, Outcome())
            bears = bearers.get(item.move_id, item.line_id) == item.line_id
            try:
                move = moves_by_id[item.move_id] if bears else None
                owed = self._get_owed(facts, rules, today, charge, outcome, move)
            except ChargeRefused as refusal:
                refused[item.policy_id] = get_refusal_text(self.env, refusal)
                continue
            vals = self._prepare_vals(facts, rules, owed, outcome, today)
            if vals["state"] == PAID_IN_TIME and owed.lump_sum and not outcome.charged:
                vals = self._prepare_vals(facts, rules, owed._replace(lump_sum=ZERO), outcome, today)
                charge._release_lump_sum()
                bearers.pop(item.move_id, None)
            elif owed.lump_sum:
                bearers[item.move_id] = item.line_id
            values[item.line_id] = vals
        return values

    @api.model
    def _read_lump_bearers(self, items):
        """Return {invoice id: the item that has its lump sum}; else it is that of the oldest item paid too late."""
        stored = self.search([("move_id", "in", [item.move_id for item in items]), ("lump_sum", ">", 0)])
        free = stored.filtered(lambda charge: charge.state == PAID_IN_TIME and not charge.charged)
        free._release_lump_sum()
        return {charge.move_id.id: charge.move_line_id.id for charge in stored - free}

    def _release_lump_sum(self):
        """Take the lump sum off charges of items that were paid in time, so that another item may bear it."""
        for charge in self:
            charge.write({"lump_sum": 0.0, "total": charge.interest})
        self.flush_recordset(["lump_sum"])  # the database allows one for an invoice

    @api.model
    def _prepare_vals(self, facts, rules, owed, outcome, today):
        """Return the values of an item's charge.

        :param Owed owed: what is owed of it
        :param Outcome outcome: what became of it
        """
        item, charge_rules, interest = facts.item, rules.get_rules(facts.item), owed.now
        total, taken = interest.amount + owed.lump_sum, to_decimal(outcome.charged + outcome.waived)
        judged = total if interest.periods else ZERO  # a lump sum stays charged, but none is due where all is disputed
        state = judge(judged, facts.debt, charge_rules, facts.reminded_on, today, facts.is_held, taken)
        return {
            "customer_id": item.customer_id,
            "move_line_id": item.line_id,
            "move_id": item.move_id,
            "name": item.name,
            "date_due": item.due,
            "currency_id": item.currency_id,
            "amount": float(item.amount),
            "residual": float(item.residual),
            "paid_on": facts.debt.paid_on or False,
            "days": interest.days,
            "interest": float(interest.amount),
            "lump_sum": float(owed.lump_sum),
            "total": float(total),
            "state": state,
            "free_until": get_free_until(item.due, charge_rules, facts.reminded_on) or False,
            "is_known": interest.is_known,
            "accrued_on": today,
            "balance_days": float(facts.get_balance_days(facts.debt.paid_on or today)),
            "settled_by": item.settled_by,
        }

    def _drop_lost(self, today):
        """Let charges fall away whose item is not charged any more: canceled, of a person, of another policy.

        An invoice that is a draft again for a while keeps its charge.
        """
        nothing = {"state": NOTHING, "interest": 0.0, "lump_sum": 0.0, "total": 0.0, "left": 0.0}
        for charge in self.filtered(lambda charge: charge.move_id.state != "draft"):
            if charge.state in LIVE:
                charge._write_changed({**nothing, "accrued_on": today})

    # === COMPUTATION === #

    def _get_computation(self, day):
        """Return the computation of these charges until a day, read from the books: [(charge, Interest)].

        No interest where nobody charges the customer any more, or a rate is missing.
        """
        facts = {found.item.line_id: found for found in self._read_facts(self._read_own_items(), day)}
        rules_of, rows = LateRulesOf(self.env, day), []
        for charge in self:
            found, interest = facts.get(charge.move_line_id.id), Interest()
            with contextlib.suppress(ChargeRefused):
                if found:
                    last = found.get_last_day(day)
                    interest = rules_of[found.item.policy_id].accrue(found.debt, found.item.currency_id, last)
            rows.append((charge, interest))
        return rows
