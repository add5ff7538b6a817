from odoo import api, fields, models
from odoo.tools import SQL

from ....core.invoicing import arrival
from ...customers.sql import IS_OPEN, pg_array

#: The layout that Odoo gives to the mails of its own dialog and scheduled action that send invoices.
LAYOUT = "mail.mail_notification_layout_with_responsible_signature"


class ArInvoiceArrivalMails(models.Model):
    """Evidence from Odoo's own mails of invoices: their notifications say to whom, and what came of it.

    ``is_move_sent`` is none: Odoo sets it when the document is made, before any mail.
    """

    _inherit = "ar.invoice.arrival"

    @api.model
    def _store_mails(self, messages):
        """Add what is known now about the mails of these messages; messages that send no invoice are left out.

        :param messages: `mail.message`
        :return: {kind: ids of the invoices}
        """
        query = self._insert_notifications(SQL("message.id = ANY(%s::int[])", pg_array(messages.ids)))
        added = self.env.execute_query(SQL("%s RETURNING kind, move_id", query))
        if added:
            self._forget()
        kinds = {kind for kind, _move_id in added}
        return {kind: {move_id for each, move_id in added if each == kind} for kind in kinds}

    @api.model
    def _import_mails(self):
        """Add the mails that were sent before this was recorded, of invoices that are not paid.

        They are recorded on the day of the message.
        """
        self.env.cr.execute(self._insert_notifications(IS_OPEN, SQL("message.date")))  # many, which nobody reads here
        self._forget()

    @api.model
    def _insert_notifications(self, condition, moment=None):
        """Return the statement that adds the outcome of each notification by e-mail to somebody outside the company.

        An invoice leaves by a message on its thread with a PDF, or with the layout of Odoo's own dialog. What is known
        already is left out; a mail that is sent once more after it came back is new. What came back did so from the
        address that it was sent to, whatever the contact's address is now.

        :param SQL condition: on ``message`` and ``move``
        :param SQL moment: when it happened; default: now
        :rtype: SQL
        """
        self.env.flush_all()
        return SQL(
            """
            INSERT INTO ar_invoice_arrival (move_id, company_id, debtor_id, amount, date, moment, kind, route,
                                            address, domain, message_id, notification_id, failure_type, reason)
                 SELECT found.move_id, found.company_id, found.debtor_id, found.amount, found.day, found.moment,
                        found.kind, used.address, used.address, %(domain)s, found.message_id, found.notification_id,
                        NULLIF(found.failure_type, ''), NULLIF(found.reason, '')
                   FROM (%(found)s) found
      LEFT JOIN LATERAL (SELECT before.kind
                           FROM ar_invoice_arrival before
                          WHERE before.notification_id = found.notification_id
                       ORDER BY before.id DESC
                          LIMIT 1) latest ON TRUE
      LEFT JOIN LATERAL (SELECT before.address
                           FROM ar_invoice_arrival before
                          WHERE before.notification_id = found.notification_id AND before.kind = 'sent'
                       ORDER BY before.id DESC
                          LIMIT 1) taken ON found.kind = %(bounced)s
     CROSS JOIN LATERAL (SELECT COALESCE(taken.address, found.address) AS address) used
                  WHERE found.kind IS DISTINCT FROM latest.kind
            """,
            domain=self._sql_domain(SQL("used.address")),
            found=self._select_notifications(condition, moment or SQL("%s::timestamp", fields.Datetime.now())),
            bounced=arrival.BOUNCED,
        )

    @api.model
    def _select_notifications(self, condition, moment):
        """Return the query of the outcomes, see `_insert_notifications`."""
        return SQL(
            """
            SELECT move.id AS move_id, move.company_id, move.commercial_partner_id AS debtor_id,
                   move.amount_total AS amount, %(day)s AS day, %(moment)s AS moment, outcome.kind,
                   COALESCE(NULLIF(notification.mail_email_address, ''), reader.email_normalized, reader.email)
                   AS address,
                   message.id AS message_id, notification.id AS notification_id, notification.failure_type,
                   notification.failure_reason AS reason
              FROM mail_message message
              JOIN account_move move ON move.id = message.res_id
              JOIN (%(zones)s) zone ON zone.company_id = move.company_id
              JOIN mail_notification notification ON notification.mail_message_id = message.id
         LEFT JOIN res_partner reader ON reader.id = notification.res_partner_id
              JOIN (VALUES ('sent', 'sent'), ('bounce', %(bounced)s), ('exception', %(failed)s),
                           ('canceled', %(failed)s)) AS outcome (status, kind)
                ON outcome.status = notification.notification_status
             WHERE message.model = 'account.move' AND %(condition)s
               AND message.message_type IN ('comment', 'email_outgoing', 'auto_comment')
               AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
               AND notification.notification_type = 'email'
               AND notification.failure_type IS DISTINCT FROM 'mail_dup'
               AND COALESCE(reader.partner_share, TRUE)
               AND (message.email_layout_xmlid = %(layout)s
                    OR EXISTS (SELECT FROM message_attachment_rel rel
                                 JOIN ir_attachment file ON file.id = rel.attachment_id
                                WHERE rel.message_id = message.id AND file.mimetype = 'application/pdf'))
          ORDER BY notification.id
            """,
            day=self.env["res.company"]._ar_sql_day(moment),
            moment=moment,
            zones=self.env["res.company"]._ar_select_zones(),
            bounced=arrival.BOUNCED,
            failed=arrival.FAILED,
            condition=condition,
            layout=LAYOUT,
        )

    @api.model
    def _record_bounce(self, messages, address):
        """Add that mails of invoices came back, and decide about the customers anew.

        Odoo does not find the recipient where the contact has another address by now, or the mail was forwarded. It is
        the one it was sent to; else that of the only recipient. Of several, it is not known which one.

        :param str address: the normalized address that the returned message names, may be empty
        """
        added = self._record_mails(messages)
        for message in messages if arrival.BOUNCED not in added else ():
            facts = self.search([("message_id", "=", message.id)], order="id")
            ways = {fact.address: fact for fact in facts}
            last = ways.get(address) or (facts[-1:] if len(ways) == 1 else facts.browse())
            if last.kind == arrival.SENT:
                reason = self.env._("It came back from another address, to which it was forwarded.")
                self.env["mail.notification"].sudo().browse(last.notification_id).exists().write(  # as the mail gateway
                    {
                        "notification_status": "bounce",
                        "failure_type": "mail_bounce",
                        "failure_reason": last.address != address and reason,
                    }
                )
                self._record_mails(message)

    @api.model
    def _record_mails(self, messages):
        """Add what is known about the mails of these messages, and decide about the customers anew.

        :return: {kind: ids of the invoices} of what was added
        """
        added = self._store_mails(messages)
        moves = self.env["account.move"].browse({move_id for found in added.values() for move_id in found})
        self.env["ar.customer"]._mark_arrivals(moves)
        return added
