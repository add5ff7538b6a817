from odoo import api, models

from ...const import WAITING_STATES
from ...core.facts import Scope


class ArCommunicationPresend(models.Model):
    """The check of reminders at the moment of sending: the decision is repeated on the facts of that moment."""

    _inherit = "ar.communication"

    def _check_before_sending(self):
        """Override to check reminders: each customer is decided anew.

        What is due but would read differently now (a payment came in, a day went by) is replaced by a fresh
        communication in the same breath. A message about selected items is decided about these alone.
        """
        passed = super()._check_before_sending()
        reminders = self.filtered(lambda c: c.company_id.ar_active and not c.notice)
        selected = reminders.filtered("has_selected_items")
        for messages in (reminders - selected, *selected):
            passed |= messages._check_reminders_before_sending()
        return passed.filtered(lambda communication: communication.state == "planned")

    def _check_reminders_before_sending(self):
        """Return those of self that may be spoken now; messages about selected items come one by one."""
        passed = self.browse()
        outreach = self.env["ar.outreach"]
        for (company, is_manual, approver, _turn), messages in self._group_for_check().items():
            group = messages.filtered(lambda c: c.state in WAITING_STATES)  # some may have given way to others
            today = company._ar_today()
            decided = group.customer_id._decide(today, group._get_scope(is_manual))
            of_customer = {communication.customer_id: communication for communication in group}
            for customer in [c for c, verdict in decided.items() if self._is_deferred(verdict.decision)]:
                decided.pop(customer)
            group._cancel_superseded(decided, today)
            if outreach._perform(decided, group, today, is_manual=is_manual, approved_by_id=approver.id):
                outreach._trigger_mail_queue()
            passed |= self.browse().union(*(of_customer[customer] for customer in decided))
        return passed

    def _get_scope(self, is_manual):
        """Return what the decision about these messages looks at: at everything but them, or at selected items."""
        selected = (
            frozenset(self.line_ids.move_line_id.ids) if self and all(self.mapped("has_selected_items")) else None
        )
        return Scope(is_manual=is_manual, without=frozenset(self.ids), selected=selected)

    def _group_for_check(self):
        """Group what is judged together: ordered in the same way, and one message a customer.

        :return: {(company, human, approver, turn): communications}
        """
        turns = {}
        for messages in self.grouped("customer_id").values():
            turns |= {message: turn for turn, message in enumerate(messages)}
        return self.grouped(lambda c: (c.company_id, c.is_manual, c.approved_by_id, turns[c]))

    def _cancel_superseded(self, decided, today):
        """Give up what the night prepared for customers whose message of self is about to be said anew.

        The new one lists all that is late, so both would speak of the same step; the rest is prepared anew.

        :param decided: {customer: Verdict}
        :return: the communications that were given up
        """
        fresh = self.filtered(
            lambda message: (
                message.customer_id in decided
                and decided[message.customer_id].decision.has_message
                and not message._is_current(decided[message.customer_id].decision, today)
            )
        )
        cancelled = (self._waiting(fresh.customer_id) - self)._cancel("outdated")
        for communication in cancelled.filtered("edited_on"):
            communication._notify_editor("outdated")  # nobody takes those words over
        return cancelled

    @api.model
    def _is_deferred(self, decision):
        """Tell whether only the day is wrong: then the message stays in the queue for the next one."""
        return not decision.has_message and bool(decision.items) and decision.code in ("too_soon", "not_a_workday")
