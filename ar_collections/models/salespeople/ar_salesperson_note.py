import datetime

from odoo import api, fields, models

from ...const import STEP_USED_STATES

#: Days for which a warning counts, unless its step was sent since then; later ones are about another debt.
NOTIFIED_DAYS = 30


class ArSalespersonNote(models.Model):
    """A warning that a salesperson got about a step ahead, stored so that it is sent once.

    Rows are only appended, by the nightly run.
    """

    _name = "ar.salesperson.note"
    _description = "Notification of a Salesperson"
    _order = "id desc"

    customer_id = fields.Many2one("ar.customer", required=True, index=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="customer_id.company_id", store=True, index=True)
    step_id = fields.Many2one("ar.reminder.step", required=True, readonly=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", "Salesperson", required=True, readonly=True, ondelete="cascade")
    date = fields.Date("Notified on", required=True, readonly=True)
    next_date = fields.Date("Step Date", readonly=True)

    #: Of two simultaneous runs only one can send the warning.
    _notified_once = models.UniqueIndex(
        "(customer_id, step_id, user_id, date)", "The salesperson was already notified of this step today."
    )

    @api.model
    def _read_notified(self, customers, today):
        """Return {(customer, step, salesperson)}, the warnings that need not be sent again.

        :param date today: the company's date
        """
        since = today - datetime.timedelta(days=NOTIFIED_DAYS)
        notified = self._read_group(
            [("customer_id", "in", customers.ids), ("date", ">", since)],
            ["customer_id", "step_id", "user_id"],
            ["date:max"],
        )
        sent_steps = self.env["ar.communication"]._read_group(
            [("customer_id", "in", customers.ids), ("state", "in", STEP_USED_STATES), ("date_sent", ">", since)],
            ["customer_id", "step_id"],
            ["date_sent:max"],
        )
        sent_on = {(customer, step): day for customer, step, day in sent_steps}
        return {
            (customer, step, user)
            for customer, step, user, day in notified
            if sent_on.get((customer, step), day) <= day
        }
