from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import html2plaintext

from ...const import CALLS_REACHED, GROUP_AUDITOR
from ..communications.ar_customer import REPLY_TYPE

#: Whoever ends a task has not seen what was added to it in so short a time.
UNSEEN = timedelta(minutes=5)


class ArCustomerInquiries(models.Model):
    """The inquiries of a customer: what opens them, and what answers them."""

    _inherit = "ar.customer"

    inquiry_ids = fields.One2many("ar.inquiry", "customer_id", "Inquiries", groups=GROUP_AUDITOR)
    reply_ids = fields.One2many("ar.reply", "customer_id", "Replies", groups=GROUP_AUDITOR)
    open_reply_id = fields.Many2one(
        "ar.reply", "Reply to Answer", compute="_compute_open_reply_id", groups=GROUP_AUDITOR, help="The last one."
    )
    open_reply_text = fields.Char(compute="_compute_open_reply_id", groups=GROUP_AUDITOR)
    has_suspicious_reply = fields.Boolean(compute="_compute_open_reply_id", groups=GROUP_AUDITOR)
    inquiry_count = fields.Integer("Open Inquiries", compute="_compute_inquiry_count", groups=GROUP_AUDITOR)
    inquiry_overdue_count = fields.Integer(
        "Overdue Inquiries",
        compute="_compute_inquiry_count",
        search="_search_inquiry_overdue_count",
        groups=GROUP_AUDITOR,
    )

    @api.depends("inquiry_ids.state", "inquiry_ids.reply_id")
    @api.depends_context("lang")
    def _compute_open_reply_id(self):
        opened = self.env["ar.inquiry"].search(
            [("customer_id", "in", self.ids), ("state", "=", "open"), ("reply_id", "!=", False)], order="id"
        )
        last = {inquiry.customer_id: inquiry.reply_id for inquiry in opened}
        suspicious = opened.reply_id.filtered(lambda reply: reply.is_flagged and not reply.checked_on).customer_id
        for customer in self:
            reply = customer.open_reply_id = last.get(customer, self.env["ar.reply"])
            customer.has_suspicious_reply = customer in suspicious
            customer.open_reply_text = reply._get_task_text(self) if reply else False

    @api.depends("inquiry_ids.state", "inquiry_ids.deadline")
    def _compute_inquiry_count(self):
        """Compute the number of open inquiries, and of those after their deadline."""
        now = fields.Datetime.now()
        own = [("customer_id", "in", self.ids), ("state", "=", "open")]
        counts = [
            dict(self.env["ar.inquiry"]._read_group(own + more, ["customer_id"], ["__count"]))
            for more in ([], [("deadline", "<", now)])
        ]
        for customer in self:
            customer.inquiry_count, customer.inquiry_overdue_count = (count.get(customer, 0) for count in counts)

    def _search_inquiry_overdue_count(self, operator, value):
        """Find customers with overdue inquiries (> 0), or without (= 0)."""
        if operator == ">" and value == 0:
            return [("inquiry_ids", "any", [("is_overdue", "=", True)])]
        if operator == "in" and set(value) == {0}:
            return [("inquiry_ids", "not any", [("is_overdue", "=", True)])]
        return NotImplemented

    # === LIFE === #

    def _open_inquiry(self, message, reply=None):
        """Open the inquiry of a message.

        :param reply: what was read in it
        """
        words = message.subject if reply is None or reply.source == "email" else ""
        text = (
            (reply and reply._get_summary()) or words or html2plaintext(message.body or "").strip().partition("\n")[0]
        )
        values = {"message_id": message.id}
        if reply:
            values.update(reply_id=reply.id, kind=reply.kind, received_on=reply.received_on)
        source = reply.source if reply else "page"
        return self.env["ar.inquiry"]._open_for(self, source, text or "", **values)

    def _answer_inquiries(self):
        """Note that somebody answered the customer: all that was open is answered, and no task to answer is left.

        What was requested on the page stays a task: a new address or a call is more than an answer.
        """
        # Whoever writes to the customer answers, whatever the role.
        inquiries = self.env["ar.inquiry"].sudo().search([("customer_id", "in", self.ids), ("state", "=", "open")])
        inquiries._end("answered")
        self._close_tasks(REPLY_TYPE)

    def _close_answered_tasks(self, task_types=(REPLY_TYPE,)):
        """Close the tasks of customers without any open inquiry of a task's kind.

        :param task_types: external ids of the types, see `ar.inquiry._get_task_type`
        """
        opened = self.env["ar.inquiry"].search([("customer_id", "in", self.ids), ("state", "=", "open")])
        for task_type in task_types:
            (self - opened._filter_by_task(task_type).customer_id)._close_tasks(task_type)

    def _end_task(self, task_type, user):
        """End the inquiries of a task of this customer that is done; what it cannot have meant gets a task again.

        Those of another owner than the task's stay open, and those that came just now, unless they are all there is.

        :param str task_type: external id of its type
        :param user: the `res.users` whose task it was
        """
        self.ensure_one()
        opened = self.env["ar.inquiry"].search([("customer_id", "=", self.id), ("state", "=", "open")], order="id")
        opened = opened._filter_by_task(task_type)
        own = user | self.env.user
        if not own & opened.user_id:
            own |= self.collector_id  # the task was given to somebody else, with all that was in it
        meant = opened.filtered(lambda inquiry: not inquiry.user_id or inquiry.user_id in own)
        seen = meant.filtered(lambda inquiry: inquiry.create_date < self.env.cr.now() - UNSEEN)
        done = seen or meant[:1]
        done._end("closed")
        for inquiry in opened - done:
            text, note = inquiry.name, False
            if inquiry.reply_id.message_id:
                text, note = self._get_reply_task(inquiry.reply_id.message_id, self._in_staff_language())
            self._add_task(task_type, text, user=inquiry.user_id, note=note, append=True)

    def _write_message(self, *args, **kwargs):
        """Override: a message that a person writes answers the customer."""
        communication = super()._write_message(*args, **kwargs)
        self._answer_inquiries()
        return communication

    def _log_call(self, result, contact, note="", next_date=None):
        """Override: whoever was reached was answered."""
        call = super()._log_call(result, contact, note=note, next_date=next_date)
        if result in CALLS_REACHED:
            self._answer_inquiries()
        return call

    # === BUTTONS === #

    def action_open_reply(self):
        """Open the reply that somebody has to answer; the list, where there are several."""
        self.ensure_one()
        self._require("auditor")
        opened = self.reply_ids.filtered("is_open")
        if len(opened) > 1:
            action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_reply_action")
            return dict(action, domain=[("id", "in", opened.ids)], context={})
        return self.open_reply_id and {
            "type": "ir.actions.act_window",
            "res_model": "ar.reply",
            "res_id": self.open_reply_id.id,
            "views": [(False, "form")],
        }

    def action_open_inquiries(self):
        """Open the customer's inquiries."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_inquiry_action")
        return dict(action, domain=[("customer_id", "=", self.id)], context={})
