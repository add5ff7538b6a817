from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ....core.credit.exceptions import HOLD, RISK_CLASS
from .ar_customer_exceptions import NAMES

#: The exceptions whose user is stored on the account.
GRANTED_BY = {HOLD: "forced_by_id", RISK_CLASS: "risk_override_by_id"}


class ArCustomerExceptionsEarlier(models.Model):
    """The exceptions that accounts had before there was a history."""

    _inherit = "ar.customer"

    @api.model
    def _note_all_exceptions(self):
        """Note the exceptions that accounts had before there was a history."""
        found = [[(name, "!=", False)] for name in NAMES.values()]
        accounts = self.search(Domain.OR(found) & Domain("merged_into_id", "=", False))
        rows, concerned = self.env["ar.customer.exception"], [("customer_id", "in", accounts.ids)]
        known = rows.search(concerned)
        accounts._note_exceptions()
        rows = rows.search(concerned) - known
        logged = self._read_logged(rows.customer_id)
        for row in rows:
            day, user_id = logged.get((row.customer_id.id, NAMES[row.kind]), (False, False))
            row.write({"since": day, "user_id": row.customer_id[GRANTED_BY[row.kind]].id if row.kind in GRANTED_BY
                       else user_id})  # fmt: skip

    @api.model
    def _read_logged(self, accounts):
        """Return {(account id, field): (day, user id)} of the last changes on the threads of accounts."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (message.res_id, field.name)
                       message.res_id, field.name, %s,
                       (SELECT MIN(id) FROM res_users WHERE partner_id = message.author_id)
                  FROM mail_tracking_value logged
                  JOIN mail_message message ON message.id = logged.mail_message_id
                  JOIN ar_customer account ON account.id = message.res_id
                  JOIN (%s) zone ON zone.company_id = account.company_id
                  JOIN ir_model_fields field ON field.id = logged.field_id
                 WHERE message.model = 'ar.customer' AND message.res_id = ANY(%s) AND field.name = ANY(%s)
              ORDER BY message.res_id, field.name, message.id DESC
                """,
                self.env["res.company"]._ar_sql_day(SQL("message.date")),
                self.env["res.company"]._ar_select_zones(),
                accounts.ids,
                list(NAMES.values()),
            )
        )
        return {(account_id, name): (day, user_id) for account_id, name, day, user_id in rows}
