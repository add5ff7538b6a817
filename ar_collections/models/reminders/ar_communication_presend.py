from odoo import api, models

from ...const import WAITING_STATES
from ...core.communications.contact_rules import next_allowed_day
from ...core.facts import Scope


class ArCommunicationPresend(models.Model):
    """Pre-send check of reminders: the decision is repeated with the facts at the moment of sending."""

    _inherit = "ar.communication"

    def _check_before_sending(self):
        """Override to check reminders by deciding anew for each customer.

        A reminder that is still due but would have other contents now (a payment came in, a day passed) is replaced by
        a new communication in the same transaction. For a message about selected items only these items are considered.
        """
        passed = super()._check_before_sending()
        reminders = self.filtered(lambda c: c.company_id.ar_active and not c.notice)
        selected = reminders.filtered("has_selected_items")
        for messages in (reminders - selected, *selected):
            passed |= messages._check_reminders_before_sending()
        return passed.filtered(lambda communication: communication.state == "planned")

    def _find_unchanged(self):
        """Override to decide about reminders anew, together: those that would have the same contents now."""
        found = super()._find_unchanged()
        # What is read for a group is not noticed when it changes: its messages are checked alone.
        reminders = self.filtered(lambda c: not c.notice and not c.has_selected_items and not c.is_for_group)
        for (company, is_manual, _approver, ahead, _position), group in reminders._group_for_check().items():
            today = company._ar_today()
            verdicts = group.customer_id._decide(today, group._get_scope(is_manual), is_judged=False)
            for communication in group:
                customer = communication.customer_id
                decision = customer._look_ahead(verdicts[customer], today, ahead).decision
                if decision.has_message and communication._is_current(decision, today):
                    found |= communication
        return found

    def _is_notice_valid(self):
        """Override for messages that a person wrote: the amounts that they list may still be requested.

        Who got the items of others pays for these still.
        """
        if self.agreement_model:
            return super()._is_notice_valid()
        members = self.sudo().line_ids.member_id  # who pays counts, whatever the user may read
        if any(payer != self.customer_id for payer in members._get_payers().values()):
            return False
        items = self.line_ids.filtered(lambda line: line.kind == "item").move_line_id
        amounts = self.customer_id._get_written_amounts(self.notice, items)
        listed = {line.move_line_id.id: round(line.amount_left, 6) for line in self.line_ids}
        return listed == {line_id: round(float(amount), 6) for line_id, (amount, _requested) in amounts.items()}

    def _check_notices_before_sending(self):
        """Override to notify who wrote a message whose amounts have changed since, so that it is not sent."""
        passed = super()._check_notices_before_sending()
        for written in self.filtered(lambda notice: notice.edited_on and notice.state == "cancelled"):
            written._notify_editor("outdated")
        return passed

    def _check_reminders_before_sending(self):
        """Return those of self that may be sent now; the caller passes messages about selected items one by one."""
        passed = self.browse()
        for (company, is_manual, approver, ahead, _position), messages in self._group_for_check().items():
            group = messages.filtered(lambda c: c.state in WAITING_STATES)  # an earlier group may have cancelled some
            passed |= group._check_together(company._ar_today(), is_manual, approver, ahead)
        return passed

    def _check_together(self, today, is_manual, approver, ahead):
        """Return those of a group that may be sent now, at most one for each customer, see `_group_for_check`.

        Where the message would have another step or ask for more than what was approved, the approval does not count:
        it is decided as if nobody had ordered it, and a large amount waits for a review again.
        """
        outreach = self.env["ar.outreach"]
        verdicts = self.customer_id._decide(today, self._get_scope(is_manual), is_judged=False)
        verdicts = {c: c._look_ahead(verdict, today, ahead) for c, verdict in verdicts.items()}
        exceeding = self.filtered(lambda c: approver and c._exceeds_approval(verdicts[c.customer_id].decision))
        of_customer = {communication.customer_id: communication for communication in self - exceeding}
        verdicts = {customer: verdicts[customer] for customer in of_customer}
        for customer in [c for c, verdict in verdicts.items() if self._is_deferred(verdict.decision)]:
            verdict = verdicts.pop(customer)
            of_customer[customer]._defer(next_allowed_day(verdict.facts, verdict.rules, today))
        group = self - exceeding
        group._cancel_superseded(verdicts, today)
        if outreach._perform(verdicts, group, today, is_manual=is_manual, approved_by_id=approver.id):
            outreach._trigger_mail_queue()
        passed = self.browse().union(*(of_customer[customer] for customer in verdicts))
        return passed | exceeding._check_together(today, False, approver.browse(), ahead) if exceeding else passed

    def _exceeds_approval(self, decision):
        """Return whether a decision goes beyond this message as a manager approved it: another step, or more money."""
        self.ensure_one()
        if not decision.has_message:
            return False
        more = self.currency_id.compare_amounts(float(decision.company_total), self.amount_total) > 0
        return more or decision.step.step_id != self.step_id.id

    def _is_rest_valid(self):
        """Override to decide anew about a reminder: it is still due with the same contents."""
        if not super()._is_rest_valid():
            return False
        if self.notice:
            return True
        today = self.company_id._ar_today()
        verdict = self.customer_id._decide(today, self._get_scope(self.is_manual), is_judged=False)[self.customer_id]
        verdict = self.customer_id._look_ahead(verdict, today, self.decided_for)
        return verdict.decision.has_message and self._content() == self._content_of(verdict.decision)

    def _get_scope(self, is_manual):
        """Return the scope of the decision about these messages: everything but them, or the selected items only.

        :rtype: core.facts.Scope
        """
        selection = self._get_selection() if self and all(self.mapped("has_selected_items")) else {}
        return Scope(is_manual=is_manual, without=frozenset(self.ids), **selection)

    def _get_selection(self):
        """Return what these messages about selected items are limited to, as values of `core.facts.Scope`.

        Extension point: an override adds items of another kind that they list.
        """
        return {"selected": frozenset(self.line_ids.move_line_id.ids)}

    def _group_for_check(self):
        """Group the messages that are decided together: initiated in the same way, at most one message per customer.

        :return: {(company, is manual, approver, day it was decided for, position among the customer's messages):
            communications}
        """
        positions = {}
        for messages in self.grouped("customer_id").values():
            positions |= {message: position for position, message in enumerate(messages)}
        return self.grouped(lambda c: (c.company_id, c.is_manual, c.approved_by_id, c.decided_for, positions[c]))

    def _cancel_superseded(self, verdicts, today):
        """Cancel other waiting messages to customers whose message in self is about to be replaced.

        The replacement lists all overdue items, so both would send the same step; the nightly run prepares the rest.

        :param verdicts: {customer: Verdict}
        :return: the communications that were cancelled
        """
        fresh = self.filtered(
            lambda message: (
                message.customer_id in verdicts
                and verdicts[message.customer_id].decision.has_message
                and not message._is_current(verdicts[message.customer_id].decision, today)
            )
        )
        cancelled = (self._waiting(fresh.customer_id) - self)._cancel("outdated")
        for communication in cancelled.filtered("edited_on"):
            communication._notify_editor("outdated")  # no replacement takes over this text
        return cancelled

    @api.model
    def _is_deferred(self, decision):
        """Return whether only the day prevents sending; the message then stays queued for the next allowed day."""
        return not decision.has_message and bool(decision.items) and decision.code in ("too_soon", "not_a_workday")
