import datetime

from odoo import api, fields, models
from odoo.tools import SQL


class ArPortalCount(models.Model):
    """How often something was started on the customer page on a day: of one account, or by one visitor.

    Only written with SQL, in the transaction of what is counted: what is refused or fails is not counted.
    """

    _name = "ar.portal.count"
    _description = "Starts on the Customer Portal"
    _order = "day desc, id desc"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    day = fields.Date(required=True, readonly=True)
    kind = fields.Char(required=True, readonly=True, help="What was started: a promise, a message, a payment.")
    key = fields.Char(
        required=True, readonly=True, help="The account, or a hash that stands for the visitor's address."
    )
    number = fields.Integer(required=True, readonly=True, help="Number of starts; of files: kilobytes.")

    _once = models.UniqueIndex("(company_id, day, kind, key)")

    @api.model
    def _add(self, company, day, kind, key, number, limit):
        """Add to a count unless it would exceed its limit; return whether it was added.

        Two transactions cannot both take the last place: the second one waits for the first, and is repeated by Odoo.

        :param date day: the company's date
        :param int limit: 0: no limit
        """
        if not limit:
            return True
        if number > limit:
            return False
        added = self.env.execute_query(
            SQL(
                """
                INSERT INTO ar_portal_count AS counted (company_id, day, kind, key, number)
                     VALUES (%(company)s, %(day)s, %(kind)s, %(key)s, %(number)s)
                ON CONFLICT (company_id, day, kind, key)
                  DO UPDATE SET number = counted.number + EXCLUDED.number
                      WHERE counted.number + EXCLUDED.number <= %(limit)s
                  RETURNING id
                """,
                company=company.id,
                day=day,
                kind=kind,
                key=key,
                number=number,
                limit=limit,
            )
        )
        self.invalidate_model()
        return bool(added)

    @api.autovacuum
    def _gc_old_days(self):
        """Delete the counts of past days; in no time zone is the day before yesterday still today."""
        before = fields.Date.today() - datetime.timedelta(days=2)
        self.env.cr.execute(SQL("DELETE FROM ar_portal_count WHERE day < %s", before))
