from odoo import api, models
from odoo.tools import SQL

from ..const import CONTACT_STATES

#: A payment counts as collected after a contact if it came on the day of the contact or in so many days after it.
DAYS_AFTER_CONTACT = 7


class ArCollected(models.AbstractModel):
    """Money that came in, and after which contact: read from the reconciliations and the log, nothing is stored.

    Money is what settles an item from a bank or cash journal; credit notes, write-offs and exchange differences are
    none. A payment belongs to the last contact before it, at most so many days earlier: an answer on the very day
    counts. A contact is about the items that it listed, about the items of the plans whose installments it listed,
    and a call that lists nothing is about the whole account.

    Queries for other queries, in company currency; the caller must have checked access to the companies.
    """

    _name = "ar.collected"
    _description = "Money Collected after Contacts"

    @api.model
    def _select_payments(self, companies):
        """Return the query of what payments settled: (id, item_id, company_id, partner_id, day, amount, ...).

        The day is the later date of invoice and payment; amounts also in the item's currency.
        """
        return SQL(
            """
            SELECT matched.id, item.id AS item_id, item.company_id, item.partner_id, matched.max_date AS day,
                   matched.amount, matched.debit_amount_currency AS amount_currency
              FROM account_partial_reconcile matched
              JOIN account_move_line item ON item.id = matched.debit_move_id
              JOIN account_move_line payment ON payment.id = matched.credit_move_id
             WHERE item.company_id = ANY(%(companies)s) AND item.account_id = ANY(%(accounts)s)
               AND item.parent_state = 'posted' AND payment.parent_state = 'posted'
               AND matched.debit_amount_currency > 0
               AND payment.journal_id IN (SELECT id FROM account_journal WHERE type IN ('bank', 'cash', 'credit'))
            """,
            companies=companies.ids,
            accounts=self.env["ar.as.of"]._get_account_ids(companies),
        )

    @api.model
    def _select_collected(self, companies):
        """Return the query of payments after a contact, each once: (day, company_id, id, amount, partner_id, user_id).

        ``user_id`` is the collector of the contact that the payment belongs to, ``communication_id`` the contact.
        """
        return SQL(
            """
            SELECT DISTINCT ON (day, company_id, id)
                   day, company_id, id, amount, partner_id, communication_id, user_id
              FROM (%(by_item)s UNION ALL %(by_call)s) answered
          ORDER BY day, company_id, id, date_spoken DESC, communication_id DESC
            """,
            by_item=self._select_paid_after_listing(companies),
            by_call=self._select_paid_after_call(companies),
        )

    @api.model
    def _select_paid_after_listing(self, companies):
        """Return the query of payments with every contact that listed their item within the days before."""
        return SQL(
            """
            SELECT payment.*, contact.id AS communication_id, contact.user_id, contact.date_spoken
              FROM (%(payments)s) payment
              JOIN (
                   SELECT move_line_id AS item_id, communication_id
                     FROM ar_communication_line WHERE kind = 'item' AND move_line_id IS NOT NULL
                UNION ALL
                   SELECT planned.move_line_id, line.communication_id
                     FROM ar_communication_line line
                     JOIN ar_payment_plan_installment installment ON installment.id = line.plan_installment_id
                     JOIN ar_payment_plan_line planned ON planned.plan_id = installment.plan_id
                   ) listed ON listed.item_id = payment.item_id
              JOIN ar_communication contact ON contact.id = listed.communication_id
             WHERE contact.state IN %(states)s
               AND payment.day BETWEEN contact.date_spoken AND contact.date_spoken + %(days)s
            """,
            payments=self._select_payments(companies),
            states=CONTACT_STATES,
            days=DAYS_AFTER_CONTACT,
        )

    @api.model
    def _select_paid_after_call(self, companies):
        """Return the query of payments with every call to the customer within the days before that listed nothing."""
        return SQL(
            """
            SELECT payment.*, call.id AS communication_id, call.user_id, call.date_spoken
              FROM (%(payments)s) payment
              JOIN res_partner partner ON partner.id = payment.partner_id
              JOIN ar_customer account
                ON account.partner_id = partner.commercial_partner_id AND account.company_id = payment.company_id
              JOIN ar_communication call ON call.customer_id = account.id
             WHERE call.channel = 'call' AND call.step_id IS NULL AND call.state IN %(states)s
               AND payment.day BETWEEN call.date_spoken AND call.date_spoken + %(days)s
            """,
            payments=self._select_payments(companies),
            states=CONTACT_STATES,
            days=DAYS_AFTER_CONTACT,
        )
