import hashlib

from odoo import Command, api, models
from odoo.exceptions import LockError, UserError

from ...core.money import to_decimal
from ...core.plans.plan import Installment
from ...core.plans.schedule import NOT_FREE
from ...messages import PLAN_ERRORS

#: What an acceptance stores; a change of the plan voids it.
NO_ACCEPTANCE = dict.fromkeys(
    ("accepted_name", "accepted_on", "accepted_ip", "accepted_how", "consent_note", "terms", "terms_version"), False
)


class ArPaymentPlanAgreement(models.Model):
    """How a plan comes about: drafted, proposed, accepted, active."""

    _inherit = "ar.payment.plan"

    # === DRAFTING === #

    @api.model
    def _make(self, customer, amounts, schedule, **values):
        """Draft a plan; beyond the policy's limits a credit manager gets the task to approve it.

        :param amounts: {journal item id: Decimal, or None for all that is free}
        :param schedule: [core.plan.Installment]
        :param values: more fields, as ``origin`` and ``frequency``
        :raise UserError: where there can be no such plan
        """
        contents = self._prepare_contents(customer, amounts, schedule)
        plan = self.sudo().create({"customer_id": customer.id, **contents, **values})  # whoever calls it was checked
        plan._log_on_thread(
            plan.env._("Draft payment plan for %(amount)s created.", amount=plan._format(plan.amount_total))
        )
        plan._add_approval_task()
        return plan

    def _change(self, amounts, schedule, **values):
        """Replace what a draft or a proposal says: a counter-offer. Approval and acceptance must be given anew."""
        self.ensure_one()
        if self.state not in ("draft", "proposed"):
            raise UserError(self.env._("This plan is agreed and cannot be changed. Cancel it and create a new one."))
        contents = self._prepare_contents(self.customer_id, amounts, schedule)
        self.line_ids.unlink()
        self.installment_ids.unlink()
        if self.state == "proposed":
            self._set_state("draft")
        requester = {} if self._is_counter_offer(contents["beyond_codes"]) else {"requested_by_id": self.env.uid}
        self.write({**NO_ACCEPTANCE, "approved_by_id": False, "approved_on": False, **requester, **contents, **values})
        self._add_approval_task()

    def _is_counter_offer(self, beyond_codes):
        """Tell whether a change is the decision of a manager on what somebody else asked for.

        It stays the request of whoever asked, so that the manager may approve it. Who passes limits that the request
        kept asks for something of the own; another one must approve that.

        :param str beyond_codes: the policy's limits that the changed plan passes
        """
        decides = self._has_role("credit_manager")
        further = set((beyond_codes or "").split(",")) - set((self.beyond_codes or "").split(",")) - {""}
        return decides and self.requested_by_id != self.env.user and not further

    @api.model
    def _prepare_contents(self, customer, amounts, schedule):
        """Return the values of items and installments, checked against ledger and policy at this moment."""
        items = customer._get_planned_items(amounts)
        check = customer._check_plan(items, schedule)
        self._raise_errors(check.errors)
        lines = {line.id: line for line in customer._browse_lines([item.item_id for item in items])}
        policy = customer.policy_id
        return {
            "currency_id": lines[items[0].item_id].currency_id.id,
            "amount_total": float(sum(item.amount for item in items)),
            "beyond_codes": ",".join(check.beyond),
            "grace_days": policy.plan_grace_days,
            "missed_max": policy.plan_missed_max or 1,
            "line_ids": [Command.create(self._prepare_line_vals(lines[item.item_id], item.amount)) for item in items],
            "installment_ids": [
                Command.create({"number": row.number, "date": row.day, "amount": float(row.amount)}) for row in schedule
            ],
        }

    @api.model
    def _prepare_line_vals(self, line, amount):
        return {
            "move_line_id": line.id,
            "date_due": line.date_maturity or line.date,
            "amount": float(amount),
            "residual_before": line.amount_residual_currency,
        }

    @api.model
    def _raise_errors(self, errors):
        """Refuse what cannot be, in words."""
        if errors:
            raise UserError("\n".join(self.env._(PLAN_ERRORS[code]) for code in errors))

    def _find_errors(self):
        """Return what stands against the plan now: what changed since it was drafted."""
        self.ensure_one()
        items = self.customer_id._get_planned_items(
            {line.move_line_id.id: to_decimal(line.amount) for line in self.line_ids}
        )
        return self.customer_id._check_plan(items, self._get_schedule()).errors

    def _get_schedule(self):
        """Return the installments as the core knows them, oldest first."""
        self.ensure_one()
        rows = self.installment_ids.sorted(lambda row: (row.date, row.number))
        return [Installment(row.number, row.date, to_decimal(row.amount)) for row in rows]

    # === PROPOSAL AND CONSENT === #

    def action_propose(self):
        """Send the customer the plan with a link to accept it."""
        for plan in self._allowed("collector"):
            plan._check_approved()
            plan._raise_errors(plan._find_errors())
            plan.write(plan._prepare_terms(plan.partner_id.lang))
            if plan._set_state("proposed", proposed_on=plan.company_id._ar_today()):
                self.env["ar.outreach"]._notify(plan, "plan_proposed", is_manual=True)
                plan._log_on_thread(plan.env._("Proposed to the customer."))

    def _check_approved(self):
        if self.needs_approval:
            raise UserError(
                self.env._(
                    "%(plan)s exceeds the policy limits; a credit manager must approve it first:\n%(limits)s",
                    plan=self.name,
                    limits=self.beyond_limits,
                )
            )

    def _prepare_terms(self, lang=None):
        """Return the text that the customer accepts, and a name for its version."""
        terms = self.with_context(lang=lang or self.env.lang)._get_terms()
        return {"terms": terms, "terms_version": self._get_version(terms)}

    @api.model
    def _get_version(self, terms):
        """Return a short name that two different texts never share."""
        return hashlib.sha256(terms.encode()).hexdigest()[:12]

    def _activate(self, **acceptance):
        """Make the plan active, as things stand now: its items are silent, its installments are due.

        :param acceptance: who agreed, when and how
        :raise UserError: where items were paid or planned elsewhere meanwhile, or a date has passed
        """
        self.ensure_one()
        try:
            self.customer_id._lock_account()  # nobody plans, promises or pays the items in the same moment
        except LockError as error:
            raise UserError(
                self.env._("This account is locked by another operation; try again in a moment.")
            ) from error
        if self.state not in ("draft", "proposed"):
            raise UserError(self.env._("A decision on %(plan)s has already been made.", plan=self.name))
        self._check_approved()
        self._raise_errors(self._find_errors())
        self._store_baseline()
        self._set_state("active", activated_on=self.company_id._ar_today(), **acceptance)
        self.env["ar.outreach"]._notify(self, "plan_accepted", is_manual=True)
        self._log_on_thread(
            self.env._("Agreed with %(name)s; now active.", name=self.accepted_name or self.partner_id.name)
        )

    def _store_baseline(self):
        """Note what is open of the items at this moment; what is on its way already does not count as paid on it."""
        items = {item.item_id: item for item in self.customer_id._get_facts().items}
        credited = self.env["ar.facts"]._read_credited(list(items))
        for line in self.line_ids:
            item = items[line.move_line_id.id]
            line.residual_before = float(self.customer_id._get_open_before(item))
            line.credited_before = float(credited.get(item.item_id, 0))

    def _accept(self, name, ip, version):
        """Accept a proposal on the customer's page.

        :param str name: who accepts, in the visitor's own words
        :param str version: of the terms that were shown
        """
        self.ensure_one()
        if self.state != "proposed":
            raise UserError(self.env._("A decision on %(plan)s has already been made.", plan=self.name))
        if not name or version != self.terms_version:
            raise UserError(self.env._("The plan has changed in the meantime. Please read it again."))
        self._activate(**self._prepare_acceptance(name, ip))

    def _prepare_acceptance(self, name, ip):
        return {
            "accepted_name": name,
            "accepted_on": self.env.cr.now(),
            "accepted_ip": ip,
            "accepted_how": "page",
        }

    def _record_consent(self, how, name, note):
        """Make the plan active with a consent that was given by telephone or in writing.

        :param str note: when and how, required: it stands for the signature
        """
        self.ensure_one()
        if not (note or "").strip() or not (name or "").strip():
            raise UserError(self.env._("Enter who agreed, when and how: this note replaces the signature."))
        self.write(self._prepare_terms(self.partner_id.lang))
        self._activate(accepted_how=how, accepted_name=name, consent_note=note, accepted_on=self.env.cr.now())

    # === AFTER THAT === #

    def _cancel(self, reason):
        """End the plan; what is left of its items is due as before."""
        self.ensure_one()
        self._check_reason(reason)
        ended = {"ended_on": self.company_id._ar_today()} if self.state == "active" else {}
        if not self._set_state("cancelled", ended_reason=reason, **ended):
            raise UserError(self.env._("%(plan)s has already ended.", plan=self.name))
        self.activity_unlink(["ar_collections.mail_activity_type_plan_approval"])
        self._log_on_thread(self.env._("Canceled: %(reason)s", reason=reason))

    def _reinstate(self, reason):
        """Let a broken plan go on; what was missed so far is forgiven, what is unpaid stays to be paid."""
        self.ensure_one()
        self._check_reason(reason)
        today = self.company_id._ar_today()
        if self.state != "broken":
            raise UserError(self.env._("Only a broken plan can be reinstated."))
        if not self.installment_ids.filtered(lambda row: row.date >= today):
            raise UserError(self.env._("All dates of the plan have passed; create a new plan instead."))
        if self._has_conflict():
            self._raise_errors((NOT_FREE,))
        self._set_state("active", ended_on=False, ended_reason=False, forgiven_until=today)
        self._log_on_thread(self.env._("Reinstated: %(reason)s", reason=reason))

    @api.model
    def _check_reason(self, reason):
        if not reason:
            raise UserError(self.env._("Enter a reason."))

    def _has_conflict(self):
        """Tell whether one of the plan's items lies in another active plan, or in an open promise."""
        live = [("move_line_id", "in", self.line_ids.move_line_id.ids), ("is_live", "=", True)]
        return any(self.env[model].search_count(live) for model in ("ar.payment.plan.line", "ar.promise.line"))
