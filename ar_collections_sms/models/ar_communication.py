import datetime

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.ar_collections.core.communications import outcome
from odoo.addons.ar_collections.models.customers.sql import pg_array


class ArCommunication(models.Model):
    """Text messages in the log."""

    _inherit = "ar.communication"

    channel = fields.Selection(selection_add=[("sms", "SMS")], ondelete={"sms": lambda log: log._leave_sms()})
    sms_text = fields.Text(
        "SMS", readonly=True, help="Text of the message; the key of its link is only in the message itself."
    )
    sms_parts = fields.Integer("SMS Parts", readonly=True)

    def _leave_sms(self):
        """Keep the log where this add-on is uninstalled: what waits is canceled, the rest reads as letters."""
        self._cancel("outdated")
        self.flush_recordset()
        # The log is append-only for the ORM.
        self.env.cr.execute(
            SQL("UPDATE ar_communication SET channel = 'letter' WHERE id = ANY(%s::int[])", pg_array(self.ids))
        )
        self.invalidate_recordset(["channel"])

    def _defer(self, day):
        """Override to leave text messages, too, to the hour of the run on a day, see `super`.

        Where it is quiet from then until another day, as after a run in the evening, they are left to the morning of
        the day: they follow the books of the run before, as all that a run in the evening prepares, and the other day
        may be one on which nobody may be contacted.
        """
        result = super()._defer(day)
        queue = self.env["ar.sms.queue"]
        for company, group in self.filtered(lambda each: each.channel == "sms").grouped("company_id").items():
            run = self._get_start(company, day, company.ar_run_hour)
            for recipient in group.address_ids.filtered(lambda each: each.state == outcome.PLANNED):
                is_day = company._ar_day(queue._find_loud(recipient, run)) == day
                recipient.sms_after = run if is_day else self._get_start(company, day)
        return result

    @api.model
    def _read_sms_costs(self, company):
        """Return what text messages of this month cost a company so far, in its currency.

        Those that the gateway refused cost nothing.
        """
        self.env.flush_all()
        first = company._ar_today().replace(day=1)
        following = (first + datetime.timedelta(days=32)).replace(day=1)
        ((costs,),) = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(recipient.sms_cost), 0)
                  FROM ar_communication_recipient recipient
                  JOIN ar_communication log ON log.id = recipient.communication_id
                 WHERE log.company_id = %s AND log.channel = 'sms' AND recipient.sms_cost > 0
                   AND log.date_sent >= %s AND log.date_sent < %s
                """,
                company.id,
                first,
                following,
            )
        )
        return costs
