import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import CALL_RESULTS
from ...core.workdays import WorkCalendar

#: After these nobody knows more than before: the dialog asks when to try again. Days until then, working days only.
TRY_AGAIN_DAYS = {"not_reached": 1, "left_message": 2}


class ArCallLog(models.TransientModel):
    """A call in one dialog: whom, how it ended, what was said, when to call again."""

    _name = "ar.call.log"
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
        """Suggest a working day where nobody was reached."""
        for wizard in self:
            days = TRY_AGAIN_DAYS.get(wizard.result)
            wizard.next_date = wizard._get_workday(days) if days else False

    def _get_workday(self, days):
        """Return the first working day so many days from today."""
        today = self.company_id._ar_today()
        policy = self.customer_id.policy_id
        calendar = policy._get_work_calendar(today) if policy else WorkCalendar()
        return calendar.next_workday(today + datetime.timedelta(days=days))

    @api.model
    def _open_for(self, customer):
        """Open the dialog with the contact for receivables chosen."""
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
        """Note the call and go on to what follows from it.

        :return: the next dialog, or close this one
        :raise UserError: for who may not, a contact of somebody else, or where it is not said when to try again
        """
        self.ensure_one()
        customer = self.customer_id
        customer._require("collector")
        customer.check_access("write")
        self._check_answers()
        customer._log_call(self.result, self.partner_id, self.note or "", self.next_date)
        return customer._get_next_step(self.result)

    def _check_answers(self):
        """Refuse what cannot be."""
        if self.partner_id.commercial_partner_id != self.customer_id.partner_id:
            raise UserError(self.env._("Choose a contact of %(customer)s.", customer=self.customer_id.display_name))
        if self.result in TRY_AGAIN_DAYS and not self.next_date:
            raise UserError(self.env._("The customer was not reached: enter when to call again."))
        if self.next_date and self.next_date < self.company_id._ar_today():
            raise UserError(self.env._("The next call cannot be in the past."))
