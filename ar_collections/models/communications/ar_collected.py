from odoo import api, models
from odoo.tools import SQL

from ...const import CONTACT_STATES

#: A payment counts as collected after a contact if it was received on that day or within this number of days after it.
DAYS_AFTER_CONTACT = 7


class ArCollected(models.AbstractModel):
    """Payments received, and the contact that preceded each: read from reconciliations and log, nothing is stored.

    A payment is what settles an item from a bank or cash journal. Credit notes, write-offs and exchange differences are
    not payments, and bank entries reconciled with each other (a refund, a returned payment) pay no item. Of a payment
    with a write-off or a discount only the money received counts. A write-off within the bank's own entry, for fees for
    instance, cannot be distinguished from it.

    A payment is attributed to the last contact before it, at most `DAYS_AFTER_CONTACT` days earlier; a payment on the
    day of the contact counts. A contact is about the items that it listed and the items of the plans whose installments
    it listed. A call that lists nothing is about the whole account, except for payments that were on account already.

    The methods return queries for use in other queries, with amounts in company currency; the caller must have checked
    access to the companies.
    """

    _name = "ar.collected"
    _description = "Amounts Collected after Contact"

    @api.model
    def _select_payments(self, companies, first=None, last=None):
        """Return the query of payments of receivable items, one row for each reconciliation.

        Its columns: (id, item_id, company_id, payer_id, day, paid_on, amount, amount_currency). ``day`` is the later of
        the dates of item and payment, ``paid_on`` the payment's date; ``amount`` is in company currency,
        ``amount_currency`` in the item's own.

        :param first: the first day, default: all
        :param last: the last day, default: all
        """
        return SQL(
            """
            SELECT matched.id, item.id AS item_id, item.company_id, item.partner_id AS payer_id,
                   matched.max_date AS day, payment.date AS paid_on,
                   %(amount)s AS amount, %(amount_currency)s AS amount_currency
              FROM account_partial_reconcile matched
              JOIN account_move_line item ON item.id = matched.debit_move_id
              JOIN account_move_line payment ON payment.id = matched.credit_move_id
         LEFT JOIN account_payment register ON register.id = payment.payment_id
             WHERE matched.debit_amount_currency > 0 AND %(since)s AND %(until)s
               AND item.account_id = ANY(%(accounts)s) AND item.company_id = ANY(%(companies)s)
               AND item.parent_state = 'posted' AND payment.parent_state = 'posted'
               AND payment.journal_id = ANY(%(journals)s) AND item.journal_id <> ALL(%(journals)s)
            """,
            amount=self._get_money(SQL("matched.amount")),
            amount_currency=self._get_money(SQL("matched.debit_amount_currency")),
            since=SQL("matched.max_date >= %s", first) if first else SQL("TRUE"),
            until=SQL("matched.max_date <= %s", last) if last else SQL("TRUE"),
            accounts=self.env["ar.as.of"]._get_account_ids(companies),
            companies=companies.ids,
            # Ids instead of a subquery: the query planner has statistics on the number of entries of each journal.
            journals=self._get_money_journal_ids(),
        )

    @api.model
    def _get_money(self, amount, balance=None):
        """Return the SQL of the part of an amount that was received as money.

        It refers to the amount's journal item ``payment``, and to ``register``, the payment that created it, if any.
        What was written off with a payment, or deducted as a discount, is in its journal items on receivable accounts,
        one or several, which together exceed what was received: each has its share. Those against the direction of the
        payment are what it moved to another account, such as doubtful debts: they are no money.

        :param SQL balance: of the amount's journal item, of which only the sign counts; default: that of ``payment``
        """
        sign = SQL("SIGN(%s)", balance or SQL("payment.balance"))
        return SQL(
            """
            CASE WHEN register.payment_type = %(against)s THEN 0 ELSE
            COALESCE((SELECT %(amount)s * LEAST(register.amount, whole.amount) / NULLIF(whole.amount, 0)
                        FROM (SELECT ABS(SUM(own.amount_currency)) AS amount
                                FROM account_move_line own
                                JOIN account_account account ON account.id = own.account_id
                               WHERE own.payment_id = register.id AND account.account_type = 'asset_receivable'
                                 AND SIGN(own.balance) = %(sign)s) whole),
                     %(amount)s) END
            """,
            amount=amount,
            sign=sign,
            against=SQL("CASE %s WHEN 1 THEN 'inbound' WHEN -1 THEN 'outbound' END", sign),
        )

    @api.model
    def _get_money_journal_ids(self):
        """Return the ids of all bank, cash and credit card journals, archived ones included."""
        # Users of reports need no access to journals; only the ids are used.
        journals = self.env["account.journal"].sudo().with_context(active_test=False)
        return journals.search([("type", "in", ("bank", "cash", "credit"))]).ids

    @api.model
    def _select_collected(self, companies):
        """Return the query of payments after a contact, each payment once.

        Its columns: (day, company_id, id, amount, communication_id, partner_id, user_id). The last three are of the
        last contact before the payment: the contact itself, the customer and the collector.
        """
        return SQL(
            """
            SELECT DISTINCT ON (day, company_id, id)
                   day, company_id, id, amount, communication_id, partner_id, user_id
              FROM (%(by_item)s UNION ALL %(by_call)s) answered
          ORDER BY day, company_id, id, date_sent DESC, communication_id DESC
            """,
            by_item=self._select_paid_after_listing(companies),
            by_call=self._select_paid_after_call(companies),
        )

    @api.model
    def _select_paid_after_listing(self, companies):
        """Return the query of payments with every contact that listed their item in the days before the payment."""
        return SQL(
            """
            SELECT payment.id, payment.company_id, payment.day, payment.amount,
                   contact.id AS communication_id, contact.partner_id, contact.user_id, contact.date_sent
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
               AND payment.day BETWEEN contact.date_sent AND contact.date_sent + %(days)s
            """,
            payments=self._select_payments(companies),
            states=CONTACT_STATES,
            days=DAYS_AFTER_CONTACT,
        )

    @api.model
    def _select_paid_after_call(self, companies):
        """Return the query of payments with every call in the days before the payment that listed no items."""
        return SQL(
            """
            SELECT payment.id, payment.company_id, payment.day, payment.amount,
                   call.id AS communication_id, call.partner_id, call.user_id, call.date_sent
              FROM (%(payments)s) payment
              JOIN res_partner partner ON partner.id = payment.payer_id
              JOIN ar_communication call
                ON call.partner_id = partner.commercial_partner_id AND call.company_id = payment.company_id
             WHERE call.channel = 'call' AND call.step_id IS NULL AND call.state IN %(states)s
               AND payment.day BETWEEN call.date_sent AND call.date_sent + %(days)s
               AND payment.paid_on >= call.date_sent
            """,
            payments=self._select_payments(companies),
            states=CONTACT_STATES,
            days=DAYS_AFTER_CONTACT,
        )
