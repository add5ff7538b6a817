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
        """Return the query of what payments settled: (id, item_id, company_id, day, amount, amount_currency).

        The day is the later date of item and payment; the amounts are in company currency and in the item's own.
        Vendors' items are among them: join what is about customers.
        """
        journals = (
            self.env["account.journal"].sudo().with_context(active_test=False)
        )  # only to know where money comes in
        return SQL(
            """
            SELECT matched.id, matched.debit_move_id AS item_id, matched.company_id, matched.max_date AS day,
                   matched.amount, matched.debit_amount_currency AS amount_currency
              FROM account_partial_reconcile matched
              JOIN account_move_line payment ON payment.id = matched.credit_move_id
             WHERE matched.company_id = ANY(%s) AND matched.debit_amount_currency > 0
               AND payment.parent_state = 'posted' AND payment.journal_id = ANY(%s)
            """,
            companies.ids,
            # Their numbers, not a subquery: the planner knows how many entries each journal has.
            journals.search([("type", "in", ("bank", "cash", "credit"))]).ids,
        )

    @api.model
    def _select_collected(self, companies):
        """Return the query of payments after a contact, each once.

        Its columns: (id, company_id, day, amount, communication_id, partner_id, user_id), the last three of the last
        contact before the payment: the contact itself, the customer and the collector.
        """
        return SQL(
            """
            SELECT DISTINCT ON (day, company_id, id)
                   day, company_id, id, amount, communication_id, partner_id, user_id
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
            SELECT payment.*, contact.id AS communication_id, contact.partner_id, contact.user_id, contact.date_spoken
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
            SELECT payment.*, call.id AS communication_id, call.partner_id, call.user_id, call.date_spoken
              FROM (%(payments)s) payment
              JOIN account_move_line item ON item.id = payment.item_id AND item.account_id = ANY(%(accounts)s)
              JOIN res_partner partner ON partner.id = item.partner_id
              JOIN ar_communication call
                ON call.partner_id = partner.commercial_partner_id AND call.company_id = payment.company_id
             WHERE call.channel = 'call' AND call.step_id IS NULL AND call.state IN %(states)s
               AND payment.day BETWEEN call.date_spoken AND call.date_spoken + %(days)s
            """,
            payments=self._select_payments(companies),
            accounts=self.env["ar.as.of"]._get_account_ids(companies),
            states=CONTACT_STATES,
            days=DAYS_AFTER_CONTACT,
        )
