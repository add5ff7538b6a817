import datetime
import hashlib

from odoo import api, fields, models
from odoo.tools import SQL

#: Gateways do not send a message once more after this number of days.
KEEP_DAYS = 30


class ArSmsReceived(models.Model):
    """Messages that a gateway sent already: it repeats a request whose answer it did not get."""

    _name = "ar.sms.received"
    _description = "Received Text Message"
    _order = "id desc"
    _rec_name = "key"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    key = fields.Char(required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True)

    _key_once = models.UniqueIndex("(company_id, key)")

    @api.model
    def _is_new(self, company, number, text, identifier):
        """Store that a message came; return whether it is the first time, also of requests at the same time.

        :param str identifier: the gateway's; without one, the same text of a number within an hour is the same message
        """
        now = fields.Datetime.now()
        parts = (identifier or f"{now:%Y-%m-%d %H}", number, text)
        key = hashlib.sha256("\n".join(parts).encode()).hexdigest()
        # A request that comes at the same time waits here for the outcome of the first one.
        query = SQL(
            """
            INSERT INTO ar_sms_received (company_id, key, date) VALUES (%s, %s, %s)
                ON CONFLICT (company_id, key) DO NOTHING RETURNING id
            """,
            company.id,
            key,
            now,
        )
        return bool(self.env.execute_query(query))

    @api.autovacuum
    def _gc_received(self):
        """Remove what no gateway repeats any more."""
        oldest = fields.Datetime.now() - datetime.timedelta(days=KEEP_DAYS)
        self.sudo().search([("date", "<", oldest)], limit=10_000).unlink()  # nobody has access
