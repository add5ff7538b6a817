import logging

from odoo import models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class ArCustomerWords(models.Model):
    """Reminding one customer in a person's own words."""

    _inherit = "ar.customer"

    def action_remind_now(self):
        """Open what would be said to the customer now; a person may change the words, then send it."""
        self.ensure_one()
        self._check_collector()
        self.check_access("write")
        return self.env["ar.message.edit"]._open_for(self)

    def _decide(self, today, without=None, human=False):
        """Override to ask about the items alone that a person chose, where the message about them came back.

        Asked about everything, the night would replace it by a message that nobody ordered.
        """
        chosen = self.env["ar.communication"]
        if without and self.env.context.get("ar_chosen_items") is None:
            chosen = without.filtered("is_chosen")
        mine = self & chosen.customer_id
        decided = super(ArCustomerWords, self - mine)._decide(today, without=without, human=human)
        for customer in mine:
            lines = chosen.filtered(lambda message, own=customer: message.customer_id == own).line_ids
            about = customer.with_context(ar_chosen_items=tuple(lines.move_line_id.ids))
            decided[customer] = super(ArCustomerWords, about)._decide(today, without=without, human=human)[about]
        return decided

    def _decide_for_person(self, today):
        """Ask the ladder what may be said to this customer now, by a person's order.

        :param date today: the company's date
        :return: (what the night prepared, rules, decision)
        :raise UserError: when nothing may be said, with the reason
        """
        self.ensure_one()
        if not self.company_id.ar_active:
            raise UserError(self.env._("Collections are not active yet; a manager activates them first."))
        waiting = self.env["ar.communication"]._waiting(self)
        customer = self.with_company(self.company_id)
        _facts, rules, decision = customer._decide(today, without=waiting, human=True)[customer]
        if not decision.speaks:
            labels = dict(self._fields["decision_code"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "Nothing can be said to %(customer)s now: %(reason)s.",
                    customer=self.display_name,
                    reason=labels[decision.code],
                )
            )
        if decision.step.channel == "call":
            raise UserError(self.env._("The next step is a call. Log the call instead of writing a message."))
        return waiting, rules, decision

    def _refresh_next(self, today):
        """Show what comes next after something was said just now; the nightly run shows the rest.

        :param date today: the company's date
        """
        self.ensure_one()
        customer = self.sudo().with_context(tracking_disable=True)  # what the run found is not written by hand
        facts, rules, decision = customer._decide(today)[customer]
        ahead = customer._next_contact_vals(facts, rules, decision, today)
        customer.write({**ahead, "decision_code": decision.code})

    def _tell_softly(self, user, subject, body, record=None):
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
