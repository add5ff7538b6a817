from odoo import models
from odoo.tools import SQL


class ArFacts(models.AbstractModel):
    """Thanks that wait in the queue: the payments that they are for still hold."""

    _inherit = "ar.facts"

    def _select_versions(self, left_out):
        """Override to add the thanks that are not sent yet, and their payments.

        What a payment paid is undone by opening the item again, so it is among the open items.
        """
        waiting = SQL(
            """
            SELECT account.id, %s || COALESCE(%s, '')
              FROM account
              JOIN ar_communication log ON log.customer_id = account.id AND log.state IN ('planned', 'sending')
              JOIN ar_payment_receipt receipt ON log.notice = 'payment_receipt' AND receipt.id = log.agreement_id
         LEFT JOIN account_payment payment ON payment.ar_receipt_id = receipt.id
            """,
            self._version_of("receipt"),
            self._version_of("payment"),
        )
        return [*super()._select_versions(left_out), waiting]
