from odoo import api, fields, models
from odoo.tools import SQL, html2plaintext, plaintext2html

from ...const import CHANNELS, COMMUNICATION_STATES

KINDS = [
    *CHANNELS,
    ("message", "Message"),
    ("reply", "Reply"),
    ("returned", "Payment returned"),
    ("invoice", "Invoice"),
]


class ArTimelineEntry(models.Model):
    """The correspondence with a customer in both directions: the communication log and the messages of the thread.

    Payments that came back stand between them, because they change what the messages mean, and what happened to
    invoices: sent, returned, opened by the customer.

    It is a query: nothing is stored. Of the thread it has what customers can see: their messages, and those that
    colleagues sent to them manually, as with a statement. Messages of reminders are in the log already.
    """

    _name = "ar.timeline.entry"
    _inherit = "ar.report.mixin"
    _description = "Communication with a Customer"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "title"
    _depends = {
        "ar.communication": [
            "amount_total", "call_result", "channel", "company_id", "customer_id", "date", "date_sent", "email_to",
            "message_id", "state", "user_id",
        ],
        "ar.communication.line": ["communication_id", "member_id"],
        "ar.customer": ["company_id", "partner_id"],
        "ar.invoice.arrival": ["address", "company_id", "date", "debtor_id", "kind", "move_id", "user_id"],
        "ar.returned.payment": ["amount", "company_id", "currency_id", "customer_id", "date", "payment", "state"],
        "res.company": ["currency_id", "partner_id", "resource_calendar_id"],
        "resource.calendar": ["tz"],
        "mail.message": [
            "author_id", "date", "email_from", "is_internal", "message_type", "model", "res_id", "subtype_id",
        ],
        "res.partner": ["commercial_partner_id", "tz"],
        "res.users": ["partner_id", "share"],
    }  # fmt: skip

    customer_id = fields.Many2one("ar.customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    communication_id = fields.Many2one("ar.communication", readonly=True)
    message_id = fields.Many2one("mail.message", readonly=True)
    returned_id = fields.Many2one("ar.returned.payment", readonly=True)
    arrival_id = fields.Many2one("ar.invoice.arrival", readonly=True)
    date = fields.Date(readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    is_from_customer = fields.Boolean("From the Customer", readonly=True)
    author_id = fields.Many2one("res.partner", readonly=True)
    address = fields.Char("To or From", readonly=True)
    amount_total = fields.Monetary("Amount due", readonly=True)
    call_result = fields.Selection(related="communication_id.call_result")
    state = fields.Selection(COMMUNICATION_STATES, readonly=True)
    title = fields.Char("Description", compute="_compute_content")
    body = fields.Html(compute="_compute_content", sanitize=False)

    def _search_display_name(self, operator, value):
        """Override of `base` to find entries by their address: the description is not stored."""
        return [("address", operator, value)]

    # === SQL === #

    @property
    def _table_query(self):
        """Return the query; ids are those of the records times 5, plus a number for each kind but the log."""
        parts = (
            self._select_log(),
            self._select_messages(),
            self._select_returned(),
            self._select_arrivals(),
            self._select_paid_for(),
        )
        return SQL(" UNION ALL ").join(parts)

    @api.model
    def _select_log(self):
        return SQL(
            """
            SELECT log.id * 5 AS id, log.customer_id, log.company_id, log.id AS communication_id,
                   NULL::int AS message_id, NULL::int AS returned_id, NULL::int AS arrival_id,
                   COALESCE(log.date_sent, log.date) AS date,
                   log.channel AS kind, FALSE AS is_from_customer, person.partner_id AS author_id,
                   log.email_to AS address, log.amount_total, log.state
              FROM ar_communication log
         LEFT JOIN res_users person ON person.id = log.user_id
            """
        )

    @api.model
    def _select_messages(self):
        """Return the query of replies (see `communications/ar_customer`) and of manual messages to customers.

        A message is by a colleague where its author has, or had, an internal user: archived users count, too.
        """
        return SQL(
            """
            SELECT message.id * 5 + 1, account.id, account.company_id, NULL::int, message.id, NULL::int,
                   NULL::int, %(day)s,
                   CASE WHEN colleague.id IS NULL THEN 'reply' ELSE 'message' END, colleague.id IS NULL,
                   message.author_id, message.email_from, NULL::numeric, NULL
              FROM mail_message message
              JOIN ar_customer account ON account.id = message.res_id
              JOIN (%(zones)s) zone ON zone.company_id = account.company_id
         LEFT JOIN (SELECT DISTINCT partner_id AS id FROM res_users WHERE NOT share) colleague
                ON colleague.id = message.author_id
         LEFT JOIN mail_message_subtype subtype ON subtype.id = message.subtype_id
             WHERE message.model = 'ar.customer'
               AND message.message_type IN ('email', 'comment')
               AND message.is_internal IS NOT TRUE
               AND subtype.internal IS NOT TRUE
               AND NOT EXISTS (SELECT FROM ar_communication log WHERE log.message_id = message.id)
            """,
            day=self.env["res.company"]._ar_sql_day(SQL("message.date")),
            zones=self.env["res.company"]._ar_select_zones(),
        )

    @api.model
    def _select_returned(self):
        """Return the query of payments that came back; the amount only where it is in the company's currency."""
        return SQL(
            """
            SELECT returned.id * 5 + 2, returned.customer_id, returned.company_id, NULL::int, NULL::int, returned.id,
                   NULL::int, returned.date, 'returned', FALSE, NULL::int, returned.payment,
                   CASE WHEN returned.currency_id = company.currency_id THEN returned.amount END, NULL
              FROM ar_returned_payment returned
              JOIN res_company company ON company.id = returned.company_id
             WHERE returned.state = 'returned'
            """
        )

    @api.model
    def _select_arrivals(self):
        """Return the query of what happened to invoices of the customer; tasks given about them are left out."""
        return SQL(
            """
            SELECT fact.id * 5 + 3, account.id, account.company_id, NULL::int, NULL::int, NULL::int, fact.id,
                   fact.date, 'invoice', fact.kind IN ('viewed', 'requested'), person.partner_id,
                   COALESCE(fact.address, fact.route), NULL::numeric, NULL
              FROM ar_invoice_arrival fact
              JOIN res_partner debtor ON debtor.id = fact.debtor_id
              JOIN ar_customer account
                ON account.partner_id = debtor.commercial_partner_id AND account.company_id = fact.company_id
         LEFT JOIN res_users person ON person.id = fact.user_id
             WHERE fact.kind <> 'told'
            """
        )

    @api.model
    def _select_paid_for(self):
        """Return the query of messages to the payer of a group that list items of this account; without their total."""
        return SQL(
            """
            SELECT MIN(line.id) * 5 + 4, line.member_id, log.company_id, log.id, NULL::int, NULL::int, NULL::int,
                   COALESCE(log.date_sent, log.date), log.channel, FALSE, person.partner_id, log.email_to,
                   NULL::numeric, log.state
              FROM ar_communication_line line
              JOIN ar_communication log ON log.id = line.communication_id
         LEFT JOIN res_users person ON person.id = log.user_id
             WHERE line.member_id IS NOT NULL AND line.member_id <> log.customer_id
          GROUP BY line.member_id, log.id, person.partner_id
            """
        )

    # === CONTENT === #

    @api.depends("communication_id", "message_id", "returned_id", "arrival_id")
    @api.depends_context("lang")
    def _compute_content(self):
        """Compute title and body from the communication, or from the message."""
        messages = {message.id: message for message in self.message_id.sudo()}  # the user may read the thread
        for entry in self:
            if entry.communication_id:
                communication = entry.communication_id
                entry.title, entry.body = (
                    entry._get_log_title(communication),
                    communication.body or (communication.note and plaintext2html(communication.note)),
                )
            elif entry.returned_id:
                entry.title = f"{entry.returned_id.name}: {entry.returned_id._format_amount()}"
                entry.body = plaintext2html(entry.returned_id._get_text())
            elif entry.arrival_id:
                entry.title = entry._get_arrival_title(entry.arrival_id.sudo())  # as its invoice, whose number is shown
                entry.body = plaintext2html(entry.arrival_id.reason or "")
            else:
                message = messages[entry.message_id.id]
                entry.title, entry.body = entry._get_message_title(message), message.body

    def _get_log_title(self, communication):
        """Return the title of a message, for an account of a group with the payer who got it."""
        if communication.customer_id == self.customer_id:
            return communication.display_title
        template = self.env._("%(title)s (to %(payer)s)")
        return template % {"title": communication.display_title, "payer": communication.customer_id.display_name}

    def _get_arrival_title(self, fact):
        """Return a title for what happened to an invoice: what, which is to be read in a narrow list, and its number.

        :param fact: `ar.invoice.arrival`
        """
        labels = dict(fact._fields["kind"]._description_selection(self.env))
        return f"{labels[fact.kind]}: {fact.move_id.name}"

    def _get_message_title(self, message):
        """Return a title for a message: the first line of a reply; else the subject, if it is not the record's name."""
        subject = message.subject if message.subject != message.record_name else ""
        first_line = html2plaintext(message.body or "").strip().partition("\n")[0][:100]
        return (first_line or subject) if self.is_from_customer else (subject or first_line)
