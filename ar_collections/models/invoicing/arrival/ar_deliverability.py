from odoo import api, fields, models
from odoo.tools import SQL

from ....const import ARRIVAL_KINDS
from ....core.invoicing import arrival

#: What the report shows of the evidence of invoices.
OUTCOMES = [
    pair for pair in ARRIVAL_KINDS if pair[0] in (arrival.SENT, arrival.BOUNCED, arrival.FAILED, arrival.VIEWED)
]


class ArDeliverability(models.Model):
    """Report: what became of the emails with invoices and reminders, by mail domain and week.

    A query, nothing is stored. Each email is counted once, as what became of it; views are counted by day.
    """

    _name = "ar.deliverability"
    _inherit = "ar.report.mixin"
    _description = "Deliverability"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "address"
    _depends = {
        "ar.invoice.arrival": ["address", "company_id", "date", "debtor_id", "domain", "kind", "move_id", "reason"],
        "ar.communication": ["company_id", "customer_id", "date", "date_sent"],
        "ar.communication.recipient": ["address", "communication_id", "failure", "failure_reason", "state"],
        "ar.customer": ["company_id", "partner_id"],
        "res.partner": ["commercial_partner_id"],
    }

    date = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    customer_id = fields.Many2one("ar.customer", "Customer Account", readonly=True)
    kind = fields.Selection([("invoice", "Invoice"), ("message", "Message")], "Document", readonly=True)
    outcome = fields.Selection(OUTCOMES, readonly=True)
    domain = fields.Char("Mail Domain", readonly=True)
    address = fields.Char("Email Address", readonly=True)
    move_id = fields.Many2one("account.move", "Invoice", readonly=True)
    communication_id = fields.Many2one("ar.communication", "Message", readonly=True)
    sent = fields.Integer(readonly=True, help="Taken by a mail server, and not returned.")
    bounced = fields.Integer(readonly=True, help="Returned, or refused because of the address.")
    failed = fields.Integer("Not Sent", readonly=True, help="Refused by a mail server, or without a usable address.")
    viewed = fields.Integer(readonly=True, help="Days on which the customer opened an invoice.")
    reason = fields.Text("Details", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT delivery.id, delivery.date, delivery.company_id, account.partner_id, delivery.kind, delivery.outcome,
                   delivery.domain, delivery.address, delivery.move_id, delivery.communication_id, delivery.reason,
                   account.id AS customer_id, (delivery.outcome = 'sent')::int AS sent,
                   (delivery.outcome = 'bounced')::int AS bounced, (delivery.outcome = 'failed')::int AS failed,
                   (delivery.outcome = 'viewed')::int AS viewed
              FROM (%s) delivery
         LEFT JOIN ar_customer account ON account.id = delivery.customer_id
            """,
            self._select_deliveries(),
        )

    @api.model
    def _select_deliveries(self):
        """Return the query of deliveries; ``failed`` counts what did not get through, whatever the way it failed.

        Its ids are those of the evidence times 2, and those of recipients of messages times 2 plus 1.
        """
        return SQL("%s UNION ALL %s", self._select_invoices(SQL("TRUE")), self._select_messages(SQL("TRUE")))

    @api.model
    def _select_recent(self, company, since):
        """Return the query of a company's deliveries from a day on, without views: for the hourly check."""
        return SQL(
            "%s UNION ALL %s",
            self._select_invoices(
                SQL("fact.company_id = %s AND fact.date >= %s AND fact.kind <> 'viewed'", company.id, since)
            ),
            self._select_messages(SQL("message.company_id = %s AND message.date_sent >= %s", company.id, since)),
        )

    @api.model
    def _select_invoices(self, condition):
        """Return the query of the evidence of invoices; a view belongs to the domain the invoice was last sent to.

        Of an email to an address the last outcome counts, whether it came back or was tried again.

        :param SQL condition: on ``fact``
        """
        return SQL(
            """
            SELECT fact.id * 2 AS id, fact.date, fact.company_id, account.id AS customer_id, 'invoice' AS kind,
                   fact.kind AS outcome, COALESCE(fact.domain, latest.domain) AS domain,
                   COALESCE(fact.address, latest.address) AS address, fact.move_id, NULL::int AS communication_id,
                   fact.reason, (fact.kind = 'sent')::int AS sent, (fact.kind IN ('bounced', 'failed'))::int AS failed
              FROM ar_invoice_arrival fact
         LEFT JOIN res_partner debtor ON debtor.id = fact.debtor_id
         LEFT JOIN ar_customer account
                ON account.partner_id = debtor.commercial_partner_id AND account.company_id = fact.company_id
         LEFT JOIN LATERAL (SELECT before.domain, before.address
                              FROM ar_invoice_arrival before
                             WHERE fact.kind = 'viewed' AND before.move_id = fact.move_id AND before.kind = 'sent'
                          ORDER BY before.id DESC
                             LIMIT 1) latest ON TRUE
             WHERE fact.kind IN ('sent', 'bounced', 'failed', 'viewed') AND %s
               AND NOT EXISTS (SELECT FROM ar_invoice_arrival later
                                WHERE later.message_id = fact.message_id AND later.id > fact.id
                                  AND later.kind IN ('sent', 'bounced', 'failed')
                                  AND later.address IS NOT DISTINCT FROM fact.address)
            """,
            condition,
        )

    @api.model
    def _select_messages(self, condition):
        """Return the query of the recipients of reminders and notices; an address that failed after all bounced.

        :param SQL condition: on ``message``
        """
        return SQL(
            """
            SELECT reader.id * 2 + 1, COALESCE(message.date_sent, message.date), message.company_id,
                   message.customer_id, 'message',
                   CASE WHEN reader.state = 'sent' THEN 'sent'
                        WHEN reader.failure = 'address' THEN 'bounced' ELSE 'failed' END,
                   NULLIF(split_part(LOWER(reader.address), '@', 2), ''), reader.address, NULL::int, message.id,
                   reader.failure_reason, (reader.state = 'sent')::int, (reader.state = 'failed')::int
              FROM ar_communication_recipient reader
              JOIN ar_communication message ON message.id = reader.communication_id
             WHERE reader.state IN ('sent', 'failed') AND reader.address LIKE '%%@%%' AND %s
            """,
            condition,
        )

    # === BUTTONS === #

    def action_open(self):
        """Open the invoice, or the message."""
        self.ensure_one()
        record = self.move_id or self.communication_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
