from datetime import date, timedelta

from odoo import api, models
from odoo.tools import SQL

from ....core.credit.review import NAMED, Records
from ...customers.sql import IS_OPEN, of_customers, pg_array

#: An invoice may be entered some days before it is sent.
SENT_WITHIN_DAYS = 2


class ArReviewInvoices(models.AbstractModel):
    """Reads what the invoices and payments of customers say about their data."""

    _inherit = "ar.review"

    @api.model
    def _read_invoices(self, customers, company, today):
        """Return what the open invoices say: {partner id: archived contacts, and records unsent and other_name}.

        An invoice is billed below another's name where its contact belongs to another customer today than the invoice
        says, or where the delivery address belongs to a customer outside of the group.
        """
        query = SQL(
            """
            WITH invoice AS (
                SELECT move.id, debtor.commercial_partner_id AS partner_id,
                       CASE WHEN debtor.active THEN NULL ELSE debtor.id END AS archived_id,
                       move.is_move_sent IS NOT TRUE AND move.sending_data IS NULL
                           AND move.invoice_date <= %(day)s AND move.invoice_date_due >= %(cutoff)s AS is_unsent,
                       move.commercial_partner_id <> debtor.commercial_partner_id
                           OR delivered.commercial_partner_id <> debtor.commercial_partner_id
                              AND owner.id NOT IN (SELECT partner_id FROM res_company)
                              AND COALESCE(owner.parent_id, 0) <> debtor.commercial_partner_id AS is_other
                  FROM account_move move
                  JOIN res_partner debtor ON debtor.id = move.partner_id
             LEFT JOIN res_partner delivered ON delivered.id = move.partner_shipping_id
             LEFT JOIN res_partner owner ON owner.id = delivered.commercial_partner_id
                 WHERE move.partner_id = ANY(ARRAY(SELECT id FROM res_partner
                                                    WHERE commercial_partner_id = ANY(%(partners)s::int[])))
                   AND move.company_id = %(company)s AND move.move_type = 'out_invoice' AND %(is_open)s
            )
            SELECT partner_id, COALESCE(ARRAY_AGG(DISTINCT archived_id) FILTER (WHERE archived_id IS NOT NULL), '{}'),
                   %(unsent)s, %(other)s
              FROM invoice
          GROUP BY partner_id
            """,
            day=today - timedelta(days=SENT_WITHIN_DAYS),
            cutoff=company.ar_cutoff_date or date.min,
            company=company.id,
            partners=pg_array(customers.partner_id.ids),
            unsent=_select_first("id", SQL("is_unsent")),
            other=_select_first("id", SQL("is_other")),
            is_open=IS_OPEN,
        )
        return {
            partner_id: {"archived": archived, "unsent": _records(ids, number), "other_name": _records(others, count)}
            for partner_id, archived, ids, number, others, count in self.env.execute_query(query)
        }

    @api.model
    def _read_failed_invoices(self, customers, company):
        """Return {partner id: open invoices of which the last mail to the customer came back or was not sent}."""
        query = SQL(
            """
            SELECT partner_id, %(failed)s
              FROM (SELECT DISTINCT ON (move.id) move.id, debtor.commercial_partner_id AS partner_id,
                           notice.notification_status
                      FROM account_move move
                      JOIN res_partner debtor ON debtor.id = move.partner_id
                      JOIN mail_message message ON message.model = 'account.move' AND message.res_id = move.id
                      JOIN mail_notification notice ON notice.mail_message_id = message.id
                      JOIN res_partner reader ON reader.id = notice.res_partner_id
                     WHERE move.partner_id = ANY(ARRAY(SELECT id FROM res_partner
                                                        WHERE commercial_partner_id = ANY(%(partners)s::int[])))
                       AND move.company_id = %(company)s AND move.move_type = 'out_invoice' AND %(is_open)s
                       AND notice.notification_type = 'email'
                       AND reader.commercial_partner_id = debtor.commercial_partner_id
                  ORDER BY move.id, notice.id DESC) invoice
             WHERE notification_status IN ('bounce', 'exception')
          GROUP BY partner_id
            """,
            failed=_select_first("id", SQL("TRUE")),
            partners=pg_array(customers.partner_id.ids),
            company=company.id,
            is_open=IS_OPEN,
        )
        return {partner_id: _records(ids, number) for partner_id, ids, number in self.env.execute_query(query)}

    @api.model
    def _read_credits(self, customers, company):
        """Return {partner id: (open credits, date of the oldest)}."""
        query = SQL(
            """
            SELECT debtor.commercial_partner_id, %(first)s, MIN(line.date)
              FROM account_move_line line
              JOIN res_partner debtor ON debtor.id = line.partner_id
             WHERE %(customers)s
               AND line.account_id = ANY(%(accounts)s::int[]) AND line.company_id = %(company)s
               AND line.parent_state = 'posted' AND line.reconciled IS NOT TRUE
               AND line.amount_residual < 0 AND line.amount_residual_currency < 0
          GROUP BY 1
            """,
            first=_select_first("line.id", SQL("TRUE")),
            customers=of_customers(customers.partner_id.ids),
            accounts=pg_array(self.env["ar.facts"]._get_receivable_account_ids(company)),
            company=company.id,
        )
        return {
            partner_id: (_records(ids, number), day) for partner_id, ids, number, day in self.env.execute_query(query)
        }


def _select_first(name, condition):
    """Return the SQL of two columns: the first ids of the rows of a group for which a condition holds, their number."""
    column = SQL.identifier(*name.split("."))
    return SQL(
        "COALESCE((ARRAY_AGG(%(id)s ORDER BY %(id)s) FILTER (WHERE %(condition)s))[1:%(named)s], '{}'),"
        " COUNT(*) FILTER (WHERE %(condition)s)",
        id=column,
        condition=condition,
        named=NAMED,
    )


def _records(ids, number):
    return Records(tuple(ids), number)
