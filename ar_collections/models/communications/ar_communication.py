import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import (
    CALL_RESULTS,
    CANCEL_REASONS,
    CHANNELS,
    COMMUNICATION_MOVES,
    COMMUNICATION_STATES,
    FAILURES,
    STEP_FREE_STATES,
    TONES,
    WAITING_STATES,
)
from ...core import decision as codes

_logger = logging.getLogger(__name__)

#: The fields that may change once a communication was sent: those of its delivery, never its content.
CHANGEABLE_WHEN_SENT = {
    "state", "failure", "failure_reason", "activity_id", "date_sent", "message_id",
    "salesperson_notified",
}  # fmt: skip


class ArCommunication(models.Model):
    """One contact with a customer: an e-mail, a letter or a call, automatic or by a person.

    The communications are the log of collections. It is append-only: sent ones cannot be changed, and none can be
    deleted. Counts ("third reminder") are derived from it. The states and their legal transitions are in ``const/``.
    """

    _name = "ar.communication"
    _inherit = ["ar.access.mixin"]
    _description = "Communication"
    _order = "date desc, id desc"
    _check_company_auto = True

    customer_id = fields.Many2one(
        "ar.customer", "Customer Account", required=True, index=True, readonly=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(related="customer_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="customer_id.company_id", store=True, index=True)
    state = fields.Selection(COMMUNICATION_STATES, required=True, default="planned", readonly=True, index=True)
    cancel_reason = fields.Selection(CANCEL_REASONS, readonly=True)
    failure = fields.Selection(FAILURES, readonly=True)
    failure_reason = fields.Text(readonly=True)
    date = fields.Date("Planned on", required=True, readonly=True, index=True)
    date_sent = fields.Date(
        readonly=True, string="Sent on", help="Date on which the customer was contacted, in the company's time zone."
    )
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    tone = fields.Selection(TONES, required=True, readonly=True)
    step_id = fields.Many2one("ar.reminder.step", readonly=True, index=True, ondelete="restrict")
    is_manual = fields.Boolean(
        "Manual reminder",
        readonly=True,
        help="Whether the message was sent or approved manually, not by the nightly run.",
    )
    approved_by_id = fields.Many2one("res.users", "Approved by", readonly=True)
    user_id = fields.Many2one("res.users", "Collector", readonly=True)
    lang = fields.Char("Language", readonly=True)
    deadline = fields.Date(readonly=True, help="Date by which the customer was asked to pay.")
    subject = fields.Char(readonly=True)
    body = fields.Html(readonly=True, sanitize=False, help="Content as it was sent.")
    email_to = fields.Char("Sent to", readonly=True, help="Email addresses, separated by commas.")
    recipient_ids = fields.Many2many("res.partner", string="Recipients", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_total = fields.Monetary("Amount due", readonly=True, help="Amount due in company currency, less credits.")
    line_ids = fields.One2many("ar.communication.line", "communication_id", readonly=True)
    message_id = fields.Many2one("mail.message", readonly=True, index="btree_not_null", ondelete="set null")
    address_ids = fields.One2many(
        "ar.communication.recipient", "communication_id", "Addresses", readonly=True,
        help="Email addresses, each with the outcome of its delivery.",
    )  # fmt: skip
    activity_id = fields.Many2one("mail.activity", "Task", readonly=True, index="btree_not_null", ondelete="set null")
    attachment_ids = fields.Many2many("ir.attachment", readonly=True)

    call_result = fields.Selection(CALL_RESULTS, "Result of the Call", readonly=True, index="btree_not_null")
    note = fields.Text(readonly=True, help="Summary of the conversation.")
    display_title = fields.Char("Description", compute="_compute_display_title")

    _waiting_idx = models.Index("(customer_id) WHERE state IN ('planned', 'review')")

    # === COMPUTES === #

    @api.depends("step_id", "customer_id", "date")
    def _compute_display_name(self):
        for communication in self:
            what = communication.step_id.name or communication.subject or communication.notice or ""
            communication.display_name = f"{communication.customer_id.display_name}: {what}"

    @api.depends("step_id", "subject", "notice")
    @api.depends_context("lang")
    def _compute_display_title(self):
        """Compute the title: the step's name, else the type of notice, else the subject."""
        notices = dict(self._fields["notice"]._description_selection(self.env))
        for communication in self:
            title = communication.step_id.name or notices.get(communication.notice) or communication.subject
            communication.display_title = title

    def _get_channel(self):
        """Return the model of the channel, see `ar.channel`."""
        self.ensure_one()
        return self.env["ar.channel"]._get(self.channel)

    # === IMMUTABILITY === #

    def write(self, vals):
        """Override of `base` to keep the content of communications that were sent.

        :raise UserError: for a field other than `CHANGEABLE_WHEN_SENT` of one that is not waiting any more
        """
        if not set(vals) <= CHANGEABLE_WHEN_SENT and any(state not in WAITING_STATES for state in self.mapped("state")):
            raise UserError(self.env._("A sent communication cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Prevent deletion: the log is the audit trail."""
        raise UserError(
            self.env._("Communications are the audit trail and cannot be deleted. Cancel a planned one instead.")
        )

    # === STATES === #

    def _set_state(self, state, **values):
        """Change the state where the transition is legal; other communications are left and noted in the server log.

        A communication that failed or was cancelled frees its steps.

        :param str state: the target, see ``COMMUNICATION_MOVES``
        :param values: further values to store, e.g. ``cancel_reason``
        :return: the communications whose state changed
        """
        legal = self.filtered(lambda communication: state in COMMUNICATION_MOVES[communication.state])
        for refused in self - legal:
            _logger.info("Communication %s stays %s: it cannot become %s.", refused.id, refused.state, state)
        if legal:
            legal.write({"state": state, **values})
            if state in STEP_FREE_STATES:
                legal.line_ids.write({"uses_step": False})
                # The unique index must see the step as free before another communication uses it.
                legal.line_ids.flush_recordset(["uses_step"])
            if state == "failed":
                legal._get_accounts()._mark_changed()
        return legal

    def _cancel(self, reason):
        """Cancel the waiting communications of self, with their queued e-mails and tasks.

        :param str reason: one of ``CANCEL_REASONS``
        :return: the communications that were cancelled
        """
        self._close_review_tasks()
        cancelled = self._set_state("cancelled", cancel_reason=reason)
        cancelled.address_ids._cancel()
        cancelled.activity_id.unlink()
        return cancelled

    def _close_review_tasks(self):
        """Close the review tasks of the messages that wait for review."""
        reviewed = self.filtered(lambda communication: communication.state == "review")
        reviewed.customer_id._close_tasks("ar_collections.mail_activity_type_review")

    @api.model
    def _waiting(self, customers):
        """Return the automatic reminders to the customers that are prepared, but not sent or approved yet."""
        # The log of all customers of the run is read, whatever the user may read.
        return self.sudo().search(
            [
                ("customer_id", "in", customers.ids),
                ("state", "in", WAITING_STATES),
                ("is_manual", "=", False),
                ("notice", "=", False),
            ]
        )

    def _content(self):
        """Return the content of the message, comparable to :meth:`_content_of`: (step id, items, credits).

        Items are ((kind, id), due date, step id, amount), credits (journal item id, amount), amounts rounded to six
        digits.
        """
        self.ensure_one()
        items = self.line_ids.filtered(lambda line: line.kind == "item")
        return (
            self.step_id.id,
            frozenset(
                (line._get_key(), line.date_due, line._get_step_id(), round(line.amount_left, 6)) for line in items
            ),
            frozenset((line.move_line_id.id, round(line.amount_left, 6)) for line in self.line_ids - items),
        )

    def _is_current(self, decision, today):
        """Return whether the message has the content that the decision would give it now.

        A message deferred by timing may still be current; one without an address, or held by a payment to match, never
        is. The text of a queued e-mail
        depends on its day ("12 days late", "until Friday"), so on another day it is replaced; what waits for a person
        is kept.

        :param Decision decision: today's decision
        :param date today: the company's date
        """
        self.ensure_one()
        dated = self._get_channel()._is_dated and self.state == "planned" and self.date != today
        stopped = not decision.items or decision.code in (codes.NO_ADDRESS, codes.UNMATCHED_PAYMENT)
        if stopped or (dated and decision.has_message):
            return False
        return self._content() == self._content_of(decision)

    @api.model
    def _content_of(self, decision):
        """Return the content of a message for the decision, in the shape of :meth:`_content`."""
        return (
            decision.step.step_id,
            frozenset(
                (entry.item.key, entry.item.due_date, entry.step_id, round(float(entry.item.chaseable_currency), 6))
                for entry in decision.items
            ),
            frozenset((credit.item_id, round(-float(credit.amount_currency), 6)) for credit in decision.credits),
        )

    def _get_replacement_vals(self, decision, today):
        """Return the values that a message replacing this one takes over.

        An override adds its own values, for instance edited text.

        :param Decision decision: the decision for the new message
        :param date today: the company's date
        :rtype: dict
        """
        self.ensure_one()
        return {}

    # === BUTTONS === #

    def action_approve(self):
        """Approve messages that wait for review; they are checked again before they are sent."""
        self._require("manager")
        # Users have no write access to the log; the role was checked.
        waiting = self.filtered(lambda communication: communication.state == "review").sudo()
        waiting._close_review_tasks()
        waiting.write({"is_manual": True, "approved_by_id": self.env.uid})
        self.env["ar.outreach"]._release(waiting)
        waiting.customer_id._mark_changed()
        return True

    def action_skip(self):
        """Skip the message: its steps are used, the next step follows on its day."""
        return self._cancel_by_person("skipped", "skipped")

    def action_reject(self):
        """Reject the message: its steps are free again, the nightly run prepares a new one."""
        return self._cancel_by_person("cancelled", "rejected")

    def _cancel_by_person(self, state, reason):
        """Cancel or skip the waiting communications of self, by a person's decision.

        :param str state: ``cancelled`` or ``skipped``
        :param str reason: one of ``CANCEL_REASONS``
        :raise UserError: when none is waiting
        """
        self._require("collector")
        today = self.company_id[:1]._ar_today()
        # Users have no write access to the log; the role was checked.
        waiting = self.filtered(lambda communication: communication.state in WAITING_STATES).sudo()
        if not waiting:
            raise UserError(self.env._("There is nothing left to send: the messages were already sent or canceled."))
        if state == "cancelled":
            waiting._cancel(reason)
        else:
            waiting._close_review_tasks()
            waiting._set_state(state, cancel_reason=reason, date_sent=today)
            waiting.address_ids._cancel()
            waiting.activity_id.unlink()
        waiting.customer_id._mark_changed()
        return True

    def action_mark_delivered(self):
        """Settle an unknown delivery: the customer received the message."""
        return self._settle_by_person("sent")

    def action_mark_not_delivered(self):
        """Settle an unknown delivery: the customer did not receive the message; its steps are free again."""
        return self._settle_by_person("failed", failure="not_delivered")

    def _settle_by_person(self, state, **values):
        """Settle the recipients whose delivery is unknown, by a person's decision."""
        self._require("collector")
        log = self.sudo()  # users have no write access to the log; the role was checked
        log.address_ids.filtered(lambda recipient: recipient.state == "unknown")._set_state(state, **values)
        log._follow_recipients()
        log.filtered(lambda communication: communication.state == "unknown")._set_state(state, **values)
        log._update_unknown_tasks()
        log.customer_id._mark_changed()
        return True
