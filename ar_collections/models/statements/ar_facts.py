from odoo import models
from odoo.tools import SQL


class ArFacts(models.AbstractModel):
    """Statements that wait in the queue: what they say is as true as when it was read."""

    _inherit = "ar.facts"

    def _select_versions(self, left_out):
        """Override to add the statements that are not sent yet.

        Movements of their period are not added: what is booked in the seconds between reading and sending is among the
        movements of the next statement, which begins where this one was read.
        """
        waiting = SQL(
            """
            SELECT account.id, %s
              FROM account
              JOIN ar_communication log ON log.customer_id = account.id AND log.state IN ('planned', 'sending')
              JOIN ar_customer_statement statement
                ON log.notice = 'account_statement' AND statement.id = log.agreement_id
            """,
            self._version_of("statement"),
        )
        return [*super()._select_versions(left_out), waiting]
