import logging
from datetime import timedelta

from lxml import etree, html

from odoo import Command, api, fields, models
from odoo.tools import email_normalize, html2plaintext

from ...const import GROUP_AUDITOR, REPLY_KINDS, REPLY_READINGS, REPLY_SOURCES
from ...core.replies import kinds
from ...core.replies.named import is_named
from ...core.replies.reading import MOST_WORDS, Reading, read

_logger = logging.getLogger(__name__)

#: So many characters of a mail's HTML are looked at: Odoo keeps the whole mail.
MOST_HTML = 200_000

#: A header may say that a mail was written so long ago; others have a wrong clock.
MOST_DAYS_BEFORE = timedelta(days=7)


class ArReply(models.Model):
    """A reply of a customer, read by the rules: what it is about, by which words, and what a person may do about it.

    Nothing is done because of it but pausing automatic contact, see `ar_customer`. The mail itself stays on the
    customer's thread. What the rules do not understand is a question, which a person reads.
    """

    _name = "ar.reply"
    _inherit = ["ar.access.mixin"]
    _description = "Reply of a Customer"
    _order = "received_on desc, id desc"

    customer_id = fields.Many2one("ar.customer", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="customer_id.company_id", store=True, index=True)
    message_id = fields.Many2one("mail.message", readonly=True, index="btree_not_null", ondelete="set null")
    author_id = fields.Many2one("res.partner", "Contact", readonly=True, ondelete="set null")
    email_from = fields.Char("Sender", readonly=True, help="Normalized address; empty for messages on the page.")
    source = fields.Selection(REPLY_SOURCES, required=True, readonly=True)
    received_on = fields.Datetime("Received", required=True, readonly=True, index=True)
    kind = fields.Selection(REPLY_KINDS, "About", required=True, readonly=True, index=True)
    findings = fields.Json(readonly=True, help="[{kind, words, sentence}]: all that was found, what it is about first.")
    findings_text = fields.Text("Found", compute="_compute_findings_text", help="What was found, by which words.")
    words = fields.Char(readonly=True, help="The customer's words on which this rests.")
    sentence = fields.Char(readonly=True, help="The sentence with these words, else how the reply begins.")
    reading = fields.Selection(REPLY_READINGS, required=True, readonly=True)
    language = fields.Char(readonly=True)
    day = fields.Date(readonly=True, help="Day of the payment made or promised, or of the return to the office.")
    day_words = fields.Char("Day in Words", readonly=True)
    other_day = fields.Date("Or", readonly=True, help="The other meaning of an ambiguous date, as in 06/07.")
    new_address = fields.Char("Address Named", readonly=True, help="Another email address that the customer names.")
    move_ids = fields.Many2many("account.move", string="Invoices Named", readonly=True)
    is_answer = fields.Boolean(readonly=True, help="Whether a person wrote it: out-of-office notices are no answers.")
    inquiry_ids = fields.One2many("ar.inquiry", "reply_id", "Inquiries")
    is_open = fields.Boolean("To Do", compute="_compute_is_open", search="_search_is_open")
    body = fields.Html("Text", related="message_id.body", groups=GROUP_AUDITOR)

    _one_per_message = models.UniqueIndex("(message_id) WHERE message_id IS NOT NULL", "This message was read already.")

    @api.depends("customer_id", "kind")
    def _compute_display_name(self):
        for reply in self:
            reply.display_name = f"{reply.customer_id.display_name}: {reply._get_kind_label(reply.kind)}"

    @api.depends("findings")
    @api.depends_context("lang")
    def _compute_findings_text(self):
        for reply in self:
            rows = reply.findings or ()
            reply.findings_text = (
                "\n".join(f"{reply._get_kind_label(r['kind'])}: “{r['sentence']}” [{r['words']}]" for r in rows)
                or False
            )

    @api.depends("inquiry_ids.state")
    def _compute_is_open(self):
        for reply in self:
            reply.is_open = "open" in reply.inquiry_ids.mapped("state")

    def _search_is_open(self, operator, value):
        """Find replies that somebody has to answer."""
        if operator not in ("in", "not in") or set(value) - {True, False}:
            return NotImplemented
        return [
            ("inquiry_ids", "any" if (True in value) == (operator == "in") else "not any", [("state", "=", "open")])
        ]

    @api.model
    def _get_kind_label(self, kind):
        """Return what a reply is about, in the user's language."""
        return dict(self._fields["kind"]._description_selection(self.env)).get(kind, "")

    def _get_rows(self):
        """Return [{kind, words, sentence}] of all that was found; a reply in which nothing was found is unclear."""
        self.ensure_one()
        return self.findings or [{"kind": self.kind, "words": "", "sentence": self.sentence}]

    # === READING === #

    @api.model
    def _read(self, customer, message, is_automatic=False):
        """Read a message of a customer, and store what was found; a message is read once.

        Where reading fails, the reply is stored as unclear, so that a person reads it.

        :param customer: `ar.customer`, in superuser mode
        :param message: `mail.message` on its thread
        :param bool is_automatic: the headers of the mail say so
        :return: the reply
        """
        if known := self.search([("message_id", "=", message.id)]):
            return known
        sender = email_normalize(message.email_from or "") or "" if message.message_type == "email" else ""
        written_on = self._get_written_on(customer.company_id, message)
        try:
            reading = self._read_text(customer, message, sender, written_on, is_automatic)
            state = (
                "shortened" if reading.is_long else "read" if reading.language or is_automatic else "unknown_language"
            )
        except Exception:  # whatever a mail contains, it is not to be lost
            _logger.warning("Message %s of %s could not be read", message.id, customer, exc_info=True)
            kind = kinds.OUT_OF_OFFICE if is_automatic else kinds.UNCLEAR
            reading, state = Reading(kind, is_answer=not is_automatic), "failed"
        values = self._prepare_vals(customer, message, sender, reading, state)
        # Whoever names an invoice of ours is in doubt a person, unless the headers say otherwise.
        values["is_answer"] |= bool(values["move_ids"][0][2]) and not is_automatic
        reply = self.create(values)
        reply._raise_flags(sender)
        return reply

    @api.model
    def _get_written_on(self, company, message):
        """Return the day on which a message was written, by its header: only one of the last days is believed."""
        now = fields.Datetime.now()
        moment = message.date if now - MOST_DAYS_BEFORE <= message.date <= now else now
        return company._ar_day(moment)

    @api.model
    def _read_text(self, customer, message, sender, written_on, is_automatic):
        """Return what a message says; parameters as in `_read`.

        :rtype: Reading
        """
        code = customer.partner_id.lang or ""
        known = {sender, *self._get_own_addresses(customer.company_id)}
        return read(
            self._get_text(message.body),
            self.env["ar.reply.rule"]._get_book(),
            written_on,
            subject=message.subject or "" if sender else "",
            language=code[:2] or None,
            known=known,
            month_first=self._is_month_first(code),
            is_automatic=is_automatic,
        )

    @api.model
    def _prepare_vals(self, customer, message, sender, reading, state):
        """Return the values of a reply, as it was read."""
        day = reading.day
        return {
            "customer_id": customer.id,
            "message_id": message.id,
            "author_id": message.author_id.id,
            "email_from": sender,
            "source": "email" if message.message_type == "email" else "page",
            "received_on": fields.Datetime.now(),  # deadlines do not follow the sender's clock
            "kind": reading.kind,
            "findings": [{"kind": f.kind, "words": f.words, "sentence": f.sentence} for f in reading.findings],
            "words": reading.words,
            "sentence": reading.main.sentence if reading.main else self._find_beginning(reading.own_text),
            "reading": state,
            "language": reading.language,
            "day": day and day.day,
            "day_words": day and day.words,
            "other_day": day and day.other,
            "new_address": reading.address,
            "move_ids": [Command.set(self._find_named(customer, reading.own_text).ids)],
            "is_answer": reading.is_answer,
        }

    @api.model
    def _find_beginning(self, text):
        """Return the first line of a text that is more than a greeting, else its first line."""
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        said = (line for line in lines if len(line.split()) > 3 or line.endswith("?"))
        return next(said, lines[0] if lines else "")[:MOST_WORDS]

    @api.model
    def _get_text(self, body):
        """Return what the customer wrote, as plain text: without what Odoo recognizes as earlier messages.

        :param str body: HTML of the message
        """
        body = (body or "")[:MOST_HTML]
        if not body.strip():
            return ""
        tree = html.fromstring(f"<div>{body}</div>")
        for quote in tree.xpath("//*[@data-o-mail-quote or @data-o-mail-quote-node]"):
            quote.drop_tree()
        own = html2plaintext(etree.tostring(tree, encoding="unicode"), include_references=False)
        return own if own.strip() else html2plaintext(body, include_references=False)

    @api.model
    def _is_month_first(self, code):
        """Return whether dates begin with the month in a language; None where it is English, or none, and unknown."""
        language = self.env["res.lang"]._get_data(code=code)
        date_format = language.date_format if language else ""
        if "%m" in date_format and "%d" in date_format:
            return date_format.index("%m") < date_format.index("%d")
        return None

    @api.model
    def _get_own_addresses(self, company):
        """Return addresses of ours: they are no news in a reply."""
        colleagues = company.sudo().user_ids.filtered(lambda user: not user.share)  # others are customers
        emails = [company.email, company.catchall_email, company.bounce_email, *colleagues.mapped("email")]
        return {address for email in emails if email and (address := email_normalize(email))}

    @api.model
    def _find_named(self, customer, text):
        """Return the open invoices, the customer's and those that it pays for, whose number is in a text."""
        return self._read_debts(customer).move_id.filtered(
            lambda move: any(
                number and is_named(number, text) for number in (move.name, move.payment_reference, move.ref)
            )
        )

    @api.model
    def _read_debts(self, customer):
        """Return the open items of the customer and of the accounts that it pays for, in superuser mode."""
        facts = customer._get_group()._read_facts()
        return customer._browse_lines([item.item_id for found in facts.values() for item in found.items])
