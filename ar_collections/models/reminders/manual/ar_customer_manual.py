import logging
from dataclasses import replace

from odoo import api, models
from odoo.exceptions import UserError

from ....core import decision as codes
from ....core.facts import ITEMS_ONLY, NOT_SELECTED, Scope
from ....core.reminders.early import decide_early, early_day
from ....core.reminders.steps import last_sent_step, next_step

_logger = logging.getLogger(__name__)


class ArCustomerManual(models.Model):
    """Manual actions of a collector, outside the nightly run.

    On selected open items: send a reminder, make a payment link, exclude them from follow-up, resume them. On the
    customer: send the next reminder, with edited text where wanted.
    """

    _inherit = "ar.customer"

    # === REMIND NOW === #

    def _decide_for_items(self, lines, today, day=None):
        """Return the decision about a manual reminder for these items only, or for all.

        Allowed days and contact limits apply to automatic reminders only; a step is still sent once, and what is
        excluded stays excluded.

        :param lines: `account.move.line` recordset; None: all items
        :param date day: the day whose step is sent before its time; default: today
        :rtype: Verdict
        """
        self.ensure_one()
        payer = self._get_payer().with_company(self.company_id)
        waiting = self.env["ar.communication"]._waiting(payer._with_members())
        scope = Scope(is_manual=True, without=frozenset(waiting.ids), **self._get_selection(lines))
        return payer._look_ahead(payer._decide(today, scope)[payer], today, day)

    def _get_selection(self, lines):
        """Return what a manual reminder is limited to, as values of `Scope`; empty where it is about the whole account.

        Who selects items does not mean the installments of plans; a reminder about a customer with a payer lists them.

        :param lines: see `_decide_for_items`
        """
        if lines is not None:
            return {"selected": frozenset(lines.ids)}
        if self._get_payer() == self:
            return {}
        facts = self._get_facts()
        kinds = {"selected": facts.items, "installments": facts.installments}
        return {name: frozenset(item.item_id for item in items) for name, items in kinds.items()}

    @api.model
    def _look_ahead(self, verdict, today, day):
        """Return the verdict with the steps that are due on a later day, see `core.reminders.early`.

        :param date day: the later day; empty: the verdict of today stays
        """
        if not day or verdict.payer:  # nothing is sent to an account that another one pays for
            return verdict
        decision = decide_early(verdict.facts, verdict.rules, verdict.decision, today, day)
        return replace(verdict, decision=decision, is_todays=False)

    def _check_early(self, verdict, today, day):
        """Check that a day which the client sent skips no step: only the next one is sent before its day.

        :param Verdict verdict: about the message
        :param date day: see `_decide_for_items`
        :raise UserError: for a day after that of the next step
        """
        if day and day > (early_day(verdict.facts, verdict.rules, today) or today):
            reason = self._get_code_label(codes.ALREADY_SENT)
            raise UserError(self.env._("No reminder can be sent now: %(reason)s.", reason=reason))

    def _remind_items(self, lines, day=None):
        """Send the due reminder about these items manually, or the step of a later day; the payer of a group gets it.

        :param lines: `account.move.line` recordset; None: all items of a customer with a payer
        :param date day: see `_decide_for_items`
        :return: the communication
        :raise UserError: where no reminder can be sent, with the reason
        """
        self.ensure_one()
        company, today = self.company_id, self.company_id._ar_today()
        if not company.ar_active:
            raise UserError(self.env._("Collections are not active yet; a manager activates them first."))
        customer = self._get_payer().with_company(company)
        customer._lock_account()
        customer._check_no_edited_message()
        verdict = self._decide_for_items(lines, today, day)
        if not verdict.decision.has_message:
            reason = self._get_code_label(verdict.decision.code)
            raise UserError(self.env._("No reminder can be sent now: %(reason)s.", reason=reason))
        self._check_early(verdict, today, day)
        # The manual reminder replaces the one the nightly run prepared, which prepares the other items anew.
        self.env["ar.communication"]._waiting(customer._with_members())._cancel("outdated")
        outreach = self.env["ar.outreach"]
        ahead = {customer: {"decided_for": day or False}}
        waiting = self.env["ar.communication"]
        made = outreach._perform({customer: verdict}, waiting, today, is_manual=True, edited=ahead)
        outreach._trigger_mail_queue()
        return made

    def _check_no_edited_message(self):
        """Check that no message with edited text waits: replacing it would lose the text.

        :raise UserError: when one waits
        """
        if self.env["ar.communication"]._waiting(self._with_members()).filtered("edited_on"):
            raise UserError(
                self.env._(
                    "A message that a colleague edited for this customer is waiting. Open it first with “Remind Now…”."
                )
            )

    def _explain_items(self, lines, verdict, today):
        """Return {line id: (whether the message lists it, its step or the reason why not, as text)}.

        :param Verdict verdict: about these lines
        """
        facts, decision = verdict.facts, verdict.decision
        listed = {entry.item.item_id: entry for entry in decision.items} if decision.has_message else {}
        items = {item.item_id: item for item in facts.items}
        explained = {}
        for line in lines:
            if line.id in listed:
                step = self.env["ar.reminder.step"].browse(listed[line.id].step_id)
                explained[line.id] = True, step.name or self.env._("Also listed")
            elif line.id in items:
                explained[line.id] = False, self._get_refusal(items[line.id], verdict, today)
            else:
                explained[line.id] = (
                    False,
                    self.env._("No amount due: the item is a credit, or was paid in the meantime"),
                )
        return explained

    def _get_refusal(self, item, verdict, today):
        """Return why the message does not list an item, as text.

        The item's own exclusion comes first, then its next step and date, then the reason of the customer's decision.
        """
        if item.chaseable_currency <= 0:
            found = {exclusion.code for exclusion in item.exclusions}
            return self._get_code_label(codes.in_order(found - {NOT_SELECTED})[0])
        upcoming = next_step(item, verdict.rules, today, verdict.facts.resumed_on)
        decision = verdict.decision
        if decision.code in (codes.ALREADY_SENT, codes.NOTHING_DUE) or decision.has_message:
            if not upcoming:
                return self.env._("Last step sent: decide on the next action")
            step = self.env["ar.reminder.step"].browse(upcoming[1].step_id)
            day = self._format_date(upcoming[0])
            return self.env._("Waiting for next step on %(day)s: %(step)s", day=day, step=step.name)
        return self._get_code_label(decision.code)

    @api.model
    def _get_code_label(self, code):
        """Return the label of a decision code in the user's language."""
        return dict(self._fields["decision_code"]._description_selection(self.env)).get(code, "")

    # === PAY LINK === #

    def _get_pay_link(self, lines):
        """Return the absolute address of the customer's page with these items preselected."""
        self.ensure_one()
        return self.get_base_url() + self._get_page_address(items="-".join(map(str, lines.ids)))

    # === NO FOLLOW-UP === #

    def _set_no_chase(self, lines, reason, until=None):
        """Exclude these items from follow-up, and log it on the customer's thread.

        An invoice is excluded with all its installments, as Odoo does it, and stores the reason and the end date. Other
        entries, such as opening balances, may hold items of many customers: each item stores its own end date.

        :param lines: `account.move.line` recordset
        :param str reason: for colleagues
        :param date until: the day on which reminders resume; default: never
        """
        self.ensure_one()
        lines = lines.sudo()  # collectors may not write entries; the caller checked their rights on the account
        invoices = lines.move_id.filtered(lambda move: move.is_invoice())
        invoices.write({"no_followup": True, "ar_no_chase_reason": reason, "ar_no_chase_until": until})
        (lines - invoices.line_ids).write({"no_followup": True, "ar_follow_up": "no", "ar_no_chase_until": until})
        numbers = self._get_numbers(lines.move_id)
        text = self.env._("No follow-up: %(numbers)s. %(reason)s", numbers=numbers, reason=reason)
        if until:
            day = self._format_date(until)
            text = self.env._(
                "No follow-up until %(day)s: %(numbers)s. %(reason)s", day=day, numbers=numbers, reason=reason
            )
        self.message_post(body=text, subtype_xmlid="mail.mt_note")
        self._mark_changed()

    def _resume_items(self, lines):
        """Resume reminders about those of the items that are excluded from follow-up, and log it on the thread.

        :raise UserError: when none of them is excluded, or what keeps reminders back is that Odoo's payment is blocked
        """
        self.ensure_one()
        excluded = lines.sudo().filtered(lambda line: line._is_left_out())  # as in `_set_no_chase`
        if not excluded:
            lines.sudo()._check_unblocked()  # as above
            raise UserError(self.env._("Reminders for these items are already active."))
        excluded._resume_reminders()
        text = self.env._("Follow-up resumed: %(numbers)s.", numbers=self._get_numbers(excluded.move_id))
        self.message_post(body=text, subtype_xmlid="mail.mt_note")
        self._mark_changed()

    @api.model
    def _get_numbers(self, moves):
        return ", ".join(moves.mapped("name"))

    # === ITEM STATUS === #

    def _get_item_status_texts(self, today):
        """Return {line id: text} with the exclusions and the last step sent of each open item of these customers.

        :param date today: the company's date
        """
        steps = {}
        texts = {}
        for facts in self.env["ar.facts"]._gather(self, today, ITEMS_ONLY).values():
            for item in facts.items:
                found = {exclusion.code for exclusion in item.exclusions}
                parts = [self._get_code_label(code) for code in codes.in_order(found)]
                last = last_sent_step(item)
                if last:
                    steps.setdefault(last.step_id, self.env["ar.reminder.step"].browse(last.step_id))
                    parts.append(f"{steps[last.step_id].name}, {self._format_date(last.day)}")
                texts[item.item_id] = " · ".join(parts)
        return texts

    # === EDITED TEXT === #

    def action_remind_now(self):
        """Open the reminder that is due to the customer now, to be edited and sent; else what can be sent instead.

        For a customer whom another one pays for, the dialog says who gets it, with the items of this customer.
        """
        self.ensure_one()
        self._require("collector")
        self.check_access("write")
        if self.company_id.ar_active and self._get_payer() == self:
            decision = self._decide_for_items(None, self.company_id._ar_today()).decision
            if decision.has_message and not self.env["ar.channel"]._get(decision.step.channel)._is_spoken:
                return self.env["ar.message.edit"]._open_for(self)
        return self.env["ar.remind"]._open_for(self)

    def _decide_manually(self, today, day=None):
        """Return the decision about a manual reminder to this customer.

        :param date today: the company's date
        :param date day: the day whose step is sent before its time; default: today
        :return: (the communications the nightly run prepared, Verdict)
        :raise UserError: when no message can be sent or the next step is a call, with the reason
        """
        self.ensure_one()
        if (payer := self._get_payer()) != self:
            names = {"payer": payer.display_name, "customer": self.display_name}
            raise UserError(
                self.env._("%(payer)s pays for %(customer)s: send the reminder from the account of %(payer)s.", **names)
            )
        if not self.company_id.ar_active:
            raise UserError(self.env._("Collections are not active yet; a manager activates them first."))
        waiting = self.env["ar.communication"]._waiting(self._with_members())
        verdict = self._decide_for_items(None, today, day)
        decision = verdict.decision
        if not decision.has_message:
            names = {"customer": self.display_name, "reason": self._get_code_label(decision.code)}
            raise UserError(self.env._("No reminder can be sent to %(customer)s now: %(reason)s.", **names))
        if self.env["ar.channel"]._get(decision.step.channel)._is_spoken:
            raise UserError(self.env._("The next step is a call. Log the call instead of editing a message."))
        return waiting, verdict

    def _notify_colleague(self, user, subject, body, record=None):
        """Notify a colleague, in Odoo or by e-mail as the user prefers; a failure is logged and not raised.

        :param user: `res.users` who gets it
        :param body: text, or Markup
        :param record: what the note links to; default: this account
        """
        self.ensure_one()
        about = (record or self).sudo()  # sent on behalf of the system; the current user needs no right to post
        try:
            with self.env.cr.savepoint():
                about.with_context(lang=user.lang, mail_notify_force_send=False).message_notify(
                    author_id=self.company_id.partner_id.id,
                    partner_ids=user.partner_id.ids,
                    subject=subject,
                    body=body,
                )
        except Exception:  # a failed notification must not undo what it reports
            self.env.invalidate_all(flush=False)
            _logger.warning("No note to user %s about customer account %s.", user.id, self.id, exc_info=True)
