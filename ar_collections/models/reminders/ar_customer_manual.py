import logging

from odoo import api, models
from odoo.exceptions import UserError

from ...core import decision as codes
from ...core.facts import Scope
from ...core.reminders.steps import last_sent_step, next_step

_logger = logging.getLogger(__name__)


class ArCustomerManual(models.Model):
    """What a collector does about chosen open items: remind of them, hand out a link, leave them in peace.

    Reminding one customer in a person's own words.
    """

    _inherit = "ar.customer"

    # === REMIND NOW === #

    def _decide_for_items(self, lines, today):
        """Ask the ladder what a person may say about these items now; nothing else is looked at.

        Day and contact limits bind the machine only; a step is spoken once, and what is silent stays silent.

        :param lines: `account.move.line` recordset
        :rtype: Verdict
        """
        self.ensure_one()
        waiting = self.env["ar.communication"]._waiting(self)
        scope = Scope(is_manual=True, without=frozenset(waiting.ids), selected=frozenset(lines.ids))
        return self._decide(today, scope)[self]

    def _remind_items(self, lines):
        """Send the reminder that the ladder has for these items, by a person's order.

        :return: the communication
        :raise UserError: where nothing can be said, with the reason
        """
        self.ensure_one()
        company, today = self.company_id, self.company_id._ar_today()
        if not company.ar_active:
            raise UserError(self.env._("Collections are not active yet; a manager activates them first."))
        self._lock_account()
        self._check_no_edited_message()
        customer = self.with_company(company)
        verdict = customer._decide_for_items(lines, today)
        if not verdict.decision.has_message:
            reason = self._get_code_label(verdict.decision.code)
            raise UserError(self.env._("No reminder can be sent now: %(reason)s.", reason=reason))
        # What the night prepared gives way to the person's order, and is prepared anew for the rest.
        self.env["ar.communication"]._waiting(self)._cancel("outdated")
        outreach = self.env["ar.outreach"]
        made = outreach._perform({customer: verdict}, self.env["ar.communication"], today, is_manual=True)
        outreach._trigger_mail_queue()
        return made

    def _check_no_edited_message(self):
        """Refuse to replace a message that somebody wrote: its words would be lost."""
        if self.env["ar.communication"]._waiting(self).filtered("edited_on"):
            raise UserError(
                self.env._(
                    "A message that a colleague edited for this customer is waiting. Open it first with “Remind Now…”."
                )
            )

    def _explain_items(self, lines, verdict, today):
        """Return {line id: (whether the message lists it, in words why or why not)}.

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
        """Return why an item is not spoken of: its own reason first, then what comes next, then the customer's."""
        if item.chaseable_currency <= 0:
            found = {exclusion.code for exclusion in item.exclusions}
            return self._get_code_label(next(code for code in codes.ITEM_CODES if code in found))
        ahead = next_step(item, verdict.rules, today, verdict.facts.resumed_on)
        decision = verdict.decision
        if decision.code in (codes.ALREADY_SENT, codes.NOTHING_DUE) or decision.has_message:
            if not ahead:
                return self.env._("Last step sent: decide on the next action")
            step = self.env["ar.reminder.step"].browse(ahead[1].step_id)
            day = self._format_date(ahead[0])
            return self.env._("Waiting for next step on %(day)s: %(step)s", day=day, step=step.name)
        return self._get_code_label(decision.code)

    @api.model
    def _get_code_label(self, code):
        """Return a decision's code in the reader's words."""
        return dict(self._fields["decision_code"]._description_selection(self.env)).get(code, "")

    # === PAY LINK === #

    def _get_pay_link(self, lines):
        """Return the address of the customer's page with these items ticked."""
        self.ensure_one()
        # The token opens the page; the caller checked that the user works on this account.
        account = self.sudo()
        path = account.get_portal_url(query_string="&items=" + "-".join(map(str, lines.ids)))
        return self.company_id.get_base_url() + path

    # === LEAVE IN PEACE === #

    def _set_no_chase(self, lines, reason, until=None):
        """Chase these items no more, and say so on the customer's thread.

        An invoice is left in peace with all its parts, as Odoo does it, and carries the reason and the end. Other
        entries, such as opening balances, may hold items of many customers: each item carries its own end.

        :param lines: `account.move.line` recordset
        :param str reason: for colleagues
        :param date until: from when on reminders go on; default: never
        """
        self.ensure_one()
        lines = lines.sudo()  # flags of collections; the caller checked the collector's rights on the account
        invoices = lines.move_id.filtered(lambda move: move.is_invoice())
        invoices.write({"no_followup": True, "ar_no_chase_reason": reason, "ar_no_chase_until": until})
        (lines - invoices.line_ids).write({"no_followup": True, "ar_no_chase_until": until})
        numbers = self._get_numbers(lines.move_id)
        text = self.env._("No follow-up: %(numbers)s. %(reason)s", numbers=numbers, reason=reason)
        if until:
            day = self._format_date(until)
            text = self.env._(
                "No follow-up until %(day)s: %(numbers)s. %(reason)s", day=day, numbers=numbers, reason=reason
            )
        self.message_post(body=text, subtype_xmlid="mail.mt_note")

    def _resume_items(self, lines):
        """Take up items that were left in peace; those that were not stay as they are."""
        self.ensure_one()
        left = lines.sudo().filtered("no_followup")  # as in `_set_no_chase`
        if not left:
            raise UserError(self.env._("Reminders for these items are already active."))
        left._resume_reminders()
        text = self.env._("Follow-up resumed: %(numbers)s.", numbers=self._get_numbers(left.move_id))
        self.message_post(body=text, subtype_xmlid="mail.mt_note")

    @api.model
    def _get_numbers(self, moves):
        return ", ".join(moves.mapped("name"))

    # === HOW ITEMS STAND === #

    def _get_item_status_texts(self, today):
        """Return {line id: why (part of) it is silent, and what was said last}, for the open items of these customers.

        :param date today: the company's date
        """
        steps = {}
        texts = {}
        for facts in self.env["ar.facts"]._gather(self, today).values():
            for item in facts.items:
                found = {exclusion.code for exclusion in item.exclusions}
                parts = [self._get_code_label(code) for code in codes.ITEM_CODES if code in found]
                last = last_sent_step(item)
                if last:
                    steps.setdefault(last.step_id, self.env["ar.reminder.step"].browse(last.step_id))
                    parts.append(f"{steps[last.step_id].name}, {self._format_date(last.day)}")
                texts[item.item_id] = " · ".join(parts)
        return texts

    # === EDITED TEXT === #

    def action_remind_now(self):
        """Open what would be said to the customer now; a person may change the words, then send it."""
        self.ensure_one()
        self._require("collector")
        self.check_access("write")
        return self.env["ar.message.edit"]._open_for(self)

    def _decide_manually(self, today):
        """Ask the ladder what may be said to this customer now, by a person's order.

        :param date today: the company's date
        :return: (what the night prepared, Verdict)
        :raise UserError: when nothing may be said, with the reason
        """
        self.ensure_one()
        if not self.company_id.ar_active:
            raise UserError(self.env._("Collections are not active yet; a manager activates them first."))
        waiting = self.env["ar.communication"]._waiting(self)
        customer = self.with_company(self.company_id)
        verdict = customer._decide(today, Scope(is_manual=True, without=frozenset(waiting.ids)))[customer]
        decision = verdict.decision
        if not decision.has_message:
            labels = dict(self._fields["decision_code"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "No reminder can be sent to %(customer)s now: %(reason)s.",
                    customer=self.display_name,
                    reason=labels[decision.code],
                )
            )
        if decision.step.channel == "call":
            raise UserError(self.env._("The next step is a call. Log the call instead of editing a message."))
        return waiting, verdict

    def _update_next_step(self, today):
        """Show what comes next after something was said just now; the nightly run shows the rest.

        :param date today: the company's date
        """
        self.ensure_one()
        customer = self.sudo().with_context(tracking_disable=True)  # what the run found is not written by hand
        verdict = customer._decide(today)[customer]
        customer.write({**customer._next_contact_vals(verdict, today), "decision_code": verdict.decision.code})

    def _notify_colleague(self, user, subject, body, record=None):
        """Send a colleague a note, to the inbox or by e-mail as the colleague prefers; a failure stops nothing.

        :param user: `res.users` who gets it
        :param body: text, or Markup
        :param record: what the note links to; default: this account
        """
        self.ensure_one()
        about = (record or self).sudo()  # notes are the system's, whoever causes them
        try:
            with self.env.cr.savepoint():
                about.with_context(lang=user.lang, mail_notify_force_send=False).message_notify(
                    author_id=self.company_id.partner_id.id,
                    partner_ids=user.partner_id.ids,
                    subject=subject,
                    body=body,
                )
        except Exception:  # a note is worth less than what it tells about
            self.env.invalidate_all(flush=False)
            _logger.warning("No note to user %s about customer account %s.", user.id, self.id, exc_info=True)
