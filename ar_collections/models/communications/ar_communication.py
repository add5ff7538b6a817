import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import (
    CALL_RESULTS,
    CANCEL_REASONS,
    CHANNELS,
    COMMUNICATION_MOVES,
    COMMUNICATION_STATES,
    STEP_FREE_STATES,
    TONES,
    WAITING_STATES,
)
from ...core import decision as codes

_logger = logging.getLogger(__name__)

#: What may change on a communication that was spoken: how it ended, never what was said.
CHANGEABLE_WHEN_SENT = {
    "state", "failure", "failure_reason", "mail_mail_id", "activity_id", "date_sent", "message_id",
    "salesperson_notified",
}  # fmt: skip


class ArCommunication(models.Model):
    """One contact with a customer: the memory of collections. Only appended; nobody deletes or rewrites it.

    The states and their legal moves stand in ``const.py``. Counters ("third reminder") are counted from here.

    How a call ended, as the person who made it says.
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
    failure = fields.Selection(
        [
            ("address", "Invalid address"),
            ("technical", "Technical error"),
            ("not_delivered", "Not delivered"),
        ],
        readonly=True,
    )
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
    mail_mail_id = fields.Many2one("mail.mail", "Email", readonly=True, index="btree_not_null", ondelete="set null")
    activity_id = fields.Many2one("mail.activity", "Task", readonly=True, index="btree_not_null", ondelete="set null")
    attachment_ids = fields.Many2many("ir.attachment", readonly=True)

    _waiting_idx = models.Index("(customer_id) WHERE state IN ('planned', 'review')")

    call_result = fields.Selection(CALL_RESULTS, "Result of the Call", readonly=True, index="btree_not_null")
    note = fields.Text(readonly=True, help="Summary of the conversation.")
    display_title = fields.Char("Description", compute="_compute_display_title")

    @api.depends("step_id", "customer_id", "date")
    def _compute_display_name(self):
        for communication in self:
            what = communication.step_id.name or communication.subject or communication.notice or ""
            communication.display_name = f"{communication.customer_id.display_name}: {what}"

    # === ONLY APPENDED === #

    def write(self, vals):
        """Override of `base` to keep what was said as it was said."""
        if not set(vals) <= CHANGEABLE_WHEN_SENT and any(state not in WAITING_STATES for state in self.mapped("state")):
            raise UserError(self.env._("A sent communication cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """The log is the audit trail."""
        raise UserError(
            self.env._("Communications are the audit trail and cannot be deleted. Cancel a planned one instead.")
        )

    # === STATES === #

    def _set_state(self, state, **values):
        """Move on to the state where that is legal; refuse and log the others. What was not spoken frees its steps.

        :param str state: the target, see ``COMMUNICATION_MOVES``
        :param values: what else to store, e.g. ``cancel_reason``
        :return: the communications that moved
        """
        legal = self.filtered(lambda communication: state in COMMUNICATION_MOVES[communication.state])
        for refused in self - legal:
            _logger.info("Communication %s stays %s: it cannot become %s.", refused.id, refused.state, state)
        if legal:
            legal.write({"state": state, **values})
            if state in STEP_FREE_STATES:
                legal.line_ids.write({"uses_step": False})
                # The index must see the step free before it is used again.
                legal.line_ids.flush_recordset(["uses_step"])
        return legal

    def _cancel(self, reason):
        """Give up what waits, with its reason: the queued mail and the tasks go with it."""
        self._close_review_tasks()
        cancelled = self._set_state("cancelled", cancel_reason=reason)
        cancelled._cancel_mail()
        cancelled.activity_id.unlink()
        return cancelled

    def _cancel_mail(self):
        """Take queued e-mails back; the envelope beside the message on the thread says that it was not sent."""
        self.mail_mail_id.filtered(lambda mail: mail.state in ("outgoing", "exception")).cancel()
        notifications = self.message_id.sudo().notification_ids  # the system's, as the mail
        notifications.filtered(lambda row: row.notification_status == "ready").notification_status = "canceled"

    def _close_review_tasks(self):
        """Remove the tasks to review those of the messages that wait for it."""
        reviewed = self.filtered(lambda communication: communication.state == "review")
        reviewed.customer_id._close_tasks("ar_collections.mail_activity_type_review")

    @api.model
    def _waiting(self, customers):
        """Return the reminders that the night run prepared for the customers and nobody has sent or approved yet."""
        # The log is read for all customers of the run, whoever started it.
        return self.sudo().search(
            [
                ("customer_id", "in", customers.ids),
                ("state", "in", WAITING_STATES),
                ("is_manual", "=", False),
                ("notice", "=", False),
            ]
        )

    def _content(self):
        """Return what the message says, comparable to :meth:`_content_of`."""
        self.ensure_one()
        items = self.line_ids.filtered(lambda line: line.kind == "item")
        return (
            self.step_id.id,
            frozenset((line._get_key(), line.step_id.id or None, round(line.amount_left, 6)) for line in items),
            frozenset((line.move_line_id.id, round(line.amount_left, 6)) for line in self.line_ids - items),
        )

    def _is_current(self, decision, today):
        """Tell whether the message says what would be said now.

        It may be held back by timing and still say the same; without an address it says nothing to anybody.
        A queued e-mail speaks of its day ("12 days late", "until Friday"), so on another day it is written anew;
        calls, letters and reviews wait for people.
        """
        self.ensure_one()
        dated = self.channel == "email" and self.state == "planned" and self.date != today
        if not decision.items or decision.code == codes.NO_ADDRESS or (dated and decision.has_message):
            return False
        return self._content() == self._content_of(decision)

    @api.model
    def _content_of(self, decision):
        """Return what a message for the decision would say, in the shape of :meth:`_content`."""
        return (
            decision.step.step_id,
            frozenset((s.item.key, s.step_id, round(float(s.item.chaseable_currency), 6)) for s in decision.items),
            frozenset((credit.item_id, round(-float(credit.amount_currency), 6)) for credit in decision.credits),
        )

    def _get_replacement_vals(self, decision, today):
        """Return what a message that replaces this one takes over; edited text is added by overriding.

        :param decision: what is said instead
        :param date today: the company's date
        """
        self.ensure_one()
        return {}

    # === BUTTONS === #

    def action_approve(self):
        """Release messages that wait for review; they are checked once more when they are sent."""
        self._require("manager")
        waiting = self.filtered(
            lambda communication: communication.state == "review"
        ).sudo()  # the log is written by the engine
        waiting._close_review_tasks()
        waiting.write({"is_manual": True, "approved_by_id": self.env.uid})
        self.env["ar.outreach"]._release(waiting)
        return True

    def action_skip(self):
        """Do not say this: the step counts as spoken, the next step comes in its time."""
        return self._cancel_by_person("skipped", "skipped")

    def action_reject(self):
        """Do not say this now; the night run proposes anew."""
        return self._cancel_by_person("cancelled", "rejected")

    def _cancel_by_person(self, state, reason):
        """Take back what waits, by a person's decision."""
        self._require("collector")
        today = self.company_id[:1]._ar_today()
        waiting = self.filtered(lambda communication: communication.state in WAITING_STATES).sudo()  # the engine's log
        if not waiting:
            raise UserError(self.env._("There is nothing left to send: the messages were already sent or canceled."))
        if state == "cancelled":
            waiting._cancel(reason)
        else:
            waiting._close_review_tasks()
            waiting._set_state(state, cancel_reason=reason, date_sent=today)
            waiting._cancel_mail()
            waiting.activity_id.unlink()
        return True

    def action_mark_delivered(self):
        """Settle an unknown delivery: the customer has the message."""
        self._require("collector")
        self.sudo()._set_state("sent")  # the log is written by the engine, on the collector's word
        return True

    def action_mark_not_delivered(self):
        """Settle an unknown delivery: the customer has no message; the step may be spoken again."""
        self._require("collector")
        self.sudo()._set_state(
            "failed", failure="not_delivered"
        )  # the log is written by the engine, on the collector's word
        return True

    # === CALLS === #

    @api.depends("step_id", "subject", "notice")
    @api.depends_context("lang")
    def _compute_display_title(self):
        """The step, the kind of notice, or what the message is about: one of them names every communication."""
        notices = dict(self._fields["notice"]._description_selection(self.env))
        for communication in self:
            title = communication.step_id.name or notices.get(communication.notice) or communication.subject
            communication.display_title = title
