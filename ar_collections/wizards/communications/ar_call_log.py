import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import CALL_RESULTS
from ...core.workdays import WorkCalendar

#: Results after which another call is needed: result -> the suggested number of days until then.
TRY_AGAIN_DAYS = {"not_reached": 1, "left_message": 2}


class ArCallLog(models.TransientModel):
    """The dialog to record a call: contact, result, note and the date of the next call."""

    _name = "ar.call.log"
    _inherit = ["ar.wizard.mixin"]
    _description = "Log a Call"

    customer_id = fields.Many2one("ar.customer", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="customer_id.company_id")
    commercial_partner_id = fields.Many2one(related="customer_id.partner_id", string="Company of the Customer")
    partner_id = fields.Many2one(
        "res.partner",
        "Contact",
        required=True,
        domain="[('commercial_partner_id', '=', commercial_partner_id)]",
        ondelete="cascade",
    )
    phone = fields.Char(related="partner_id.phone")
    result = fields.Selection(CALL_RESULTS, required=True)
    note = fields.Text(help="Summary of the conversation.")
    next_date = fields.Date(
        "Call again on",
        compute="_compute_next_date",
        store=True,
        readonly=False,
        help="Date of the next call, for which you receive a task. Empty: no further call.",
    )

    @api.depends("result")
    def _compute_next_date(self):
        """Suggest a working day for another call where nobody was reached."""
        for wizard in self:
            days = TRY_AGAIN_DAYS.get(wizard.result)
            wizard.next_date = wizard._get_workday(days) if days else False

    def _get_workday(self, days):
        """Return the first working day from ``days`` days after today on, by the customer's policy."""
        today = self.company_id._ar_today()
        policy = self.customer_id.policy_id
        calendar = policy._get_work_calendar(today) if policy else WorkCalendar()
        return calendar.next_workday(today + datetime.timedelta(days=days))

    @api.model
    def _open_for(self, customer):
        """Return the action that opens the dialog, with the customer's best contact that has a telephone number."""
        self.env.flush_all()  # addresses are read with plain SQL
        contacts = self.env["res.partner"].browse(
            row["id"] for row in self.env["ar.facts"]._read_recipients(customer)[customer.id]
        )
        contact = contacts.filtered("phone")[:1] or contacts[:1] or customer.partner_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log a Call"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_customer_id": customer.id, "default_partner_id": contact.id},
        }

    def action_log(self):
        """Record the call and return the action that follows it.

        :return: the next dialog, or the action that closes this one
        :raise UserError: without the collector's role, and for invalid entries, see `_check_answers`
        """
        self.ensure_one()
        customer = self.customer_id
        customer._require("collector")
        customer.check_access("write")
        self._check_answers()
        customer._log_call(self.result, self.partner_id, self.note or "", self.next_date)
        return customer._get_next_step(self.result)

    def action_log_next(self):
        """Record the call and go to the next account, see `ar.customer.action_next_account`.

        :raise UserError: see `action_log`
        """
        following = self.action_log()
        closes = following.get("type") == "ir.actions.act_window_close"
        return self.customer_id.action_next_account() if closes else following

    def _check_answers(self):
        """Check the entries.

        :raise UserError: for another customer's contact, a missing date of the next call, or one in the past
        """
        if self.partner_id.commercial_partner_id != self.customer_id.partner_id:
            raise UserError(self.env._("Choose a contact of %(customer)s.", customer=self.customer_id.display_name))
        if self.result in TRY_AGAIN_DAYS and not self.next_date:
            raise UserError(self.env._("The customer was not reached: enter when to call again."))
        if self.next_date and self.next_date < self.company_id._ar_today():
            raise UserError(self.env._("The next call cannot be in the past."))
