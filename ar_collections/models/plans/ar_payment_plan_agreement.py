import datetime

from odoo import Command, api, models
from odoo.exceptions import LockError, UserError

from ...core.money import to_decimal
from ...core.plans.plan import Installment, terms_version
from ...core.plans.schedule import NOT_FREE
from ...messages import PLAN_ERRORS

#: Values that clear the acceptance: a changed plan must be accepted again.
NO_ACCEPTANCE = dict.fromkeys(
    ("accepted_name", "accepted_on", "accepted_ip", "accepted_how", "consent_note", "terms", "terms_version"), False
)


class ArPaymentPlanAgreement(models.Model):
    """The agreement on a plan: draft, proposal, acceptance, activation, cancellation, reinstatement."""

    _inherit = "ar.payment.plan"

    # === DRAFTING === #

    @api.model
    def _make(self, customer, amounts, schedule, **values):
        """Create a draft plan; beyond the policy's limits a credit manager gets an activity to approve it.

        Callers must have checked access to the customer.

        :param amounts: {journal item id: Decimal, or None for all that is free}
        :param schedule: [core.plans.plan.Installment]
        :param values: more fields, as ``origin`` and ``frequency``
        :return: the plan, as superuser
        :raise UserError: where the plan is not possible
        """
        contents = self._prepare_contents(customer, amounts, schedule)
        plan = self.sudo().create({"customer_id": customer.id, **contents, **values})  # callers checked access
        reader, amount = plan._in_staff_language(), plan.amount_total
        sentence = reader.env._("Draft payment plan for %(amount)s created.", amount=reader._format_amount(amount))
        reader._log_on_thread(sentence)
        plan._add_approval_task()
        return plan

    def _change(self, amounts, schedule, **values):
        """Replace items and installments of a draft or proposal; approval and acceptance must be given again.

        Parameters as for `_make`.

        :raise UserError: where the plan is agreed or ended, or the new contents are not possible
        """
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
        """Return whether a change is a credit manager's decision on somebody else's request.

        Then the requester stays, so that this manager may approve the plan. A change that exceeds further limits
        makes the manager the requester, and another credit manager must approve it.

        :param str beyond_codes: codes of the limits that the changed plan exceeds, separated by commas
        """
        decides = self._has_role("credit_manager")
        further = set((beyond_codes or "").split(",")) - set((self.beyond_codes or "").split(",")) - {""}
        return decides and self.requested_by_id != self.env.user and not further

    @api.model
    def _prepare_contents(self, customer, amounts, schedule):
        """Return the values of items and installments, checked against the ledger and the policy as of now.

        :raise UserError: where the plan is not possible
        """
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
            "move_id": line.move_id.id,
            "date_due": line.date_maturity or line.date,
            "amount": float(amount),
            "residual_before": line.amount_residual_currency,
        }

    @api.model
    def _raise_errors(self, errors):
        """Raise a `UserError` with the texts of the error codes, if there are any."""
        if errors:
            raise UserError("\n".join(self.env._(PLAN_ERRORS[code]) for code in errors))

    def _find_errors(self):
        """Return the codes of the errors that the plan has now, from what changed since it was drafted."""
        self.ensure_one()
        items = self.customer_id._get_planned_items(
            {line.move_line_id.id: to_decimal(line.amount) for line in self.line_ids}
        )
        return self.customer_id._check_plan(items, self._get_schedule()).errors

    def _get_schedule(self):
        """Return the installments, oldest first.

        :rtype: list[core.plans.plan.Installment]
        """
        self.ensure_one()
        rows = self.installment_ids.sorted(lambda row: (row.date, row.number))
        return [Installment(row.number, row.date, to_decimal(row.amount)) for row in rows]

    # === PROPOSAL AND CONSENT === #

    def action_propose(self):
        """Send the plan to the customer, with a link to accept it.

        :raise UserError: where it needs approval, or is not possible any more
        """
        for plan in self._allowed("collector"):
            if plan.state != "draft":  # the terms that the customer accepted stay as they are
                raise UserError(plan.env._("A decision on %(plan)s has already been made.", plan=plan.name))
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
        """Return the values of ``terms``, the text that the customer accepts, and ``terms_version``."""
        terms = self.with_context(lang=lang or self.env.lang)._get_terms()
        return {"terms": terms, "terms_version": terms_version(terms)}

    def _activate(self, **acceptance):
        """Activate the plan: its parts of the items are excluded from reminders, its installments are due.

        The open amounts of its items at this moment are stored; payments are counted from them.

        :param acceptance: values of the fields that say who agreed, when and how
        :raise UserError: where an item was paid or agreed on elsewhere, a date has passed, approval is missing, or
            the account is locked by another operation
        """
        self.ensure_one()
        self._lock_customer()
        if self.state not in ("draft", "proposed"):
            raise UserError(self.env._("A decision on %(plan)s has already been made.", plan=self.name))
        self._check_approved()
        self._raise_errors(self._find_errors())
        self._store_baseline()
        self._set_state("active", activated_on=self.company_id._ar_today(), **acceptance)
        self.env["ar.outreach"]._notify(self, "plan_accepted", is_manual=True)
        reader, name = self._in_staff_language(), self.accepted_name or self.partner_id.name
        reader._log_on_thread(reader.env._("Agreed with %(name)s; now active.", name=name))

    def _lock_customer(self):
        """Lock the account: no other plan, promise or payment of the items at the same time.

        :raise UserError: where it is locked by another operation for long
        """
        try:
            self.customer_id._lock_account()
        except LockError as error:
            raise UserError(
                self.env._("This account is locked by another operation; try again in a moment.")
            ) from error

    def _store_baseline(self):
        """Store residuals and credited amounts of the items as of now.

        Pending online payments are taken off, so that they do not count as payments of the plan.
        """
        items = {item.item_id: item for item in self.customer_id._get_facts().items}
        credited = self.env["ar.facts"]._read_credited(list(items))
        for line in self.line_ids:
            item = items[line.move_line_id.id]
            line.residual_before = float(self.customer_id._get_open_before(item))
            line.credited_before = float(credited.get(item.item_id, 0))

    def _accept(self, name, ip, version):
        """Accept a proposal on the portal page, which activates the plan.

        :param str name: who accepts, as typed by the visitor
        :param str version: of the plan that was shown, see `_get_shown_version`
        :raise UserError: where the plan was decided on or changed meanwhile, or the name is missing
        """
        self.ensure_one()
        if self.state != "proposed":
            raise UserError(self.env._("A decision on %(plan)s has already been made.", plan=self.name))
        if not name or version != self._get_shown_version():
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
        """Activate the plan with an acceptance given by telephone or in writing.

        :param str how: ``phone`` or ``mail``
        :param str name: who agreed
        :param str note: when and how; required, because it replaces the signature
        :raise UserError: where name or note is missing, or as `_activate`
        """
        self.ensure_one()
        if not (note or "").strip() or not (name or "").strip():
            raise UserError(self.env._("Enter who agreed, when and how: this note replaces the signature."))
        self.write(self._prepare_terms(self.partner_id.lang))
        self._activate(accepted_how=how, accepted_name=name, consent_note=note, accepted_on=self.env.cr.now())

    # === CANCELLATION AND REINSTATEMENT === #

    def _cancel(self, reason):
        """Cancel the plan; what is left of its items is due as before.

        :raise UserError: without a reason, or where the plan has ended already
        """
        self.ensure_one()
        self._check_reason(reason)
        ended = {"ended_on": self.company_id._ar_today()} if self.state == "active" else {}
        if not self._set_state("cancelled", ended_reason=reason, **ended):
            raise UserError(self.env._("%(plan)s has already ended.", plan=self.name))
        self.activity_unlink(["ar_collections.mail_activity_type_plan_approval"])
        self._log_on_thread(self.env._("Canceled: %(reason)s", reason=reason))

    def _end_unowed(self, reason):
        """Override to cancel the plan."""
        self._set_state("cancelled", ended_reason=reason, ended_on=self.company_id._ar_today())
        self._log_on_thread(self.env._("Canceled: %(reason)s", reason=reason))

    def _note_changed_invoice(self, move):
        """Override to ask the collector whether the plan still fits."""
        self._add_plan_task(
            self.env._("%(plan)s: %(invoice)s was changed, check the plan", plan=self.name, invoice=move.name)
        )
        return super()._note_changed_invoice(move)

    def _reinstate(self, reason):
        """Make a broken plan active again: installments missed so far no longer count, but stay payable.

        :raise UserError: without a reason, or where the plan is not broken, all its dates have passed, an item is in
            another agreement, or the account is locked by another operation
        """
        self.ensure_one()
        self._check_reason(reason)
        self._lock_customer()
        today = self.company_id._ar_today()
        if self.state != "broken":
            raise UserError(self.env._("Only a broken plan can be reinstated."))
        if not self.installment_ids.filtered(lambda row: row.date >= today):
            raise UserError(self.env._("All dates of the plan have passed; create a new plan instead."))
        if self._has_conflict():
            self._raise_errors((NOT_FREE,))
        # What is due today is not missed yet, and an excused last installment would never end the plan.
        yesterday = today - datetime.timedelta(days=1)
        self._set_state("active", ended_on=False, ended_reason=False, forgiven_until=yesterday)
        self._log_on_thread(self.env._("Reinstated: %(reason)s", reason=reason))

    @api.model
    def _check_reason(self, reason):
        if not reason:
            raise UserError(self.env._("Enter a reason."))

    def _has_conflict(self):
        """Return whether one of the plan's items is in another active plan, or in an open promise."""
        live = [("move_line_id", "in", self.line_ids.move_line_id.ids), ("is_live", "=", True)]
        return any(self.env[model].search_count(live) for model in ("ar.payment.plan.line", "ar.promise.line"))
