from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import INQUIRY_SOURCES, INQUIRY_STATES, REPLY_KINDS
from ..communications.ar_customer import REPLY_TYPE
from ..customers.optional_float import OptionalFloat
from ..portal.ar_customer import REQUEST_TYPE


class ArInquiry(models.Model):
    """Something that a customer waits to be answered: a mail, a message on the customer page, or a question in a call.

    It has an owner and a deadline in working hours. It is answered when somebody writes to the customer or speaks to
    it, and may be closed by hand.
    """

    _name = "ar.inquiry"
    _inherit = ["ar.access.mixin", "ar.list.export.mixin"]
    _description = "Inquiry of a Customer"
    _order = "state desc, deadline, id"

    _writable = {"collector": ("user_id",)}

    name = fields.Char("Inquiry", required=True, readonly=True)
    customer_id = fields.Many2one("ar.customer", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="customer_id.company_id", store=True, index=True)
    user_id = fields.Many2one("res.users", "Owner", index=True, ondelete="set null", help="Who has to answer.")
    source = fields.Selection(INQUIRY_SOURCES, "Received by", required=True, readonly=True)
    kind = fields.Selection(REPLY_KINDS, "About", readonly=True)
    reply_id = fields.Many2one("ar.reply", readonly=True, index="btree_not_null", ondelete="set null")
    message_id = fields.Many2one("mail.message", readonly=True, index="btree_not_null", ondelete="set null")
    received_on = fields.Datetime("Received", required=True, readonly=True)
    deadline = fields.Datetime(required=True, readonly=True, index=True, help="In working hours, by the credit policy.")
    state = fields.Selection(INQUIRY_STATES, required=True, readonly=True, default="open", index=True)
    ended_on = fields.Datetime("Ended", readonly=True)
    ended_by_id = fields.Many2one("res.users", "Ended by", readonly=True, ondelete="set null")
    hours = OptionalFloat(
        "Hours to Answer",
        readonly=True,
        aggregator="avg",
        help="Working hours until the first answer; empty while open, and where it was closed by hand.",
    )
    is_late = fields.Boolean("Answered Late", readonly=True)
    is_overdue = fields.Boolean(
        "Overdue", compute="_compute_is_overdue", search="_search_is_overdue", help="Open after its deadline."
    )

    @api.depends("state", "deadline")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for inquiry in self:
            inquiry.is_overdue = inquiry.state == "open" and inquiry.deadline < now

    def _search_is_overdue(self, operator, value):
        """Find inquiries that are open after their deadline, or those that are not."""
        if operator not in ("in", "not in") or set(value) - {True, False} or len(value) != 1:
            return NotImplemented
        if (True in value) == (operator == "in"):
            return [("state", "=", "open"), ("deadline", "<", fields.Datetime.now())]
        return ["|", ("state", "!=", "open"), ("deadline", ">=", fields.Datetime.now())]

    def write(self, vals):
        """Override of `base` to check an owner whom a user chooses.

        :raise UserError: for one who cannot answer
        """
        result = super().write(vals)
        if vals.get("user_id") and not self.env.su:
            self._check_owner()
        return result

    def _check_owner(self):
        """Check that the owners can answer.

        :raise UserError: for one who is no collector of the company
        """
        for inquiry in self:
            if not inquiry.user_id._ar_works_for(inquiry.company_id, "collector"):
                raise UserError(
                    self.env._(
                        "%(user)s cannot answer customers of %(company)s: choose a collector.",
                        user=inquiry.user_id.name,
                        company=inquiry.company_id.display_name,
                    )
                )

    # === LIFE === #

    @api.model
    def _open_for(self, customer, source, name, **values):
        """Create the inquiry of a customer: its owner is the collector.

        :param customer: `ar.customer`, in superuser mode
        :param str source: one of ``const.INQUIRY_SOURCES``
        :param str name: what the customer wants, one line
        :param values: ``reply_id``, ``message_id``, ``kind`` and ``received_on``; default: now
        :return: the inquiry, in superuser mode
        """
        received_on = values.pop("received_on", None) or fields.Datetime.now()
        owner = customer.collector_id or customer.company_id._ar_get_responsible()
        return self.sudo().create(  # users have no right to create inquiries
            {
                **values,
                "customer_id": customer.id,
                "source": source,
                "name": name[:200] or self.env._("Message"),
                "user_id": owner.id,
                "received_on": received_on,
                "deadline": customer.policy_id._plan_answer(received_on),
            }
        )

    def _end(self, state):
        """End those of the inquiries that are open.

        :param str state: ``answered`` or ``closed``
        """
        now = fields.Datetime.now()
        for inquiry in self.sudo().filtered(lambda each: each.state == "open"):  # the caller checked the role
            inquiry.write(
                {
                    "state": state,
                    "ended_on": now,
                    "ended_by_id": self.env.uid,
                    "hours": inquiry._count_hours(now) if state == "answered" else None,
                    "is_late": state == "answered" and now > inquiry.deadline,
                }
            )

    def _get_task_type(self):
        """Return the external id of the type of the collector's task for the inquiry; None: it has none."""
        self.ensure_one()
        if self.reply_id or self.source == "email":
            return REPLY_TYPE
        return REQUEST_TYPE if self.source == "page" else None

    def _filter_by_task(self, task_type):
        """Return the inquiries with a task of this type."""
        return self.filtered(lambda inquiry: inquiry._get_task_type() == task_type)

    def _count_hours(self, moment):
        """Return the working hours from the customer's question to a moment."""
        self.ensure_one()
        return self.customer_id.policy_id._count_hours(self.received_on, moment)

    # === BUTTONS === #

    def action_close(self):
        """Close inquiries by hand: no answer is needed, or it was given elsewhere.

        The task ends with the customer's last open inquiry of its kind.

        :raise UserError: where one has ended already
        """
        self._require("collector")
        if any(inquiry.state != "open" for inquiry in self):
            raise UserError(self.env._("Only open inquiries can be closed."))
        self._end("closed")
        self.customer_id._close_answered_tasks({inquiry._get_task_type() for inquiry in self} - {None})

    def action_open(self):
        """Open the reply, else the customer's account."""
        self.ensure_one()
        self._require("auditor")
        if not self.reply_id:
            return self.customer_id._get_form_action()
        return {
            "type": "ir.actions.act_window",
            "res_model": "ar.reply",
            "res_id": self.reply_id.id,
            "views": [(False, "form")],
        }
