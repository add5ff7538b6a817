import logging

from odoo import api, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

#: Invoices that are attached to a statement at most, whatever their size: each may have to be printed.
INVOICES_MAX = 30


class ArOutreach(models.AbstractModel):
    """What is attached to statements: the statement as PDF, and invoices as far as they fit."""

    _inherit = "ar.outreach"

    @api.model
    def _make_attachments(self, communication):
        """Override to attach what the policy says; the message goes out without what cannot be printed."""
        attachments = super()._make_attachments(communication)
        statement = communication.notice == "account_statement" and communication._get_agreement().exists()
        policy = statement and statement.policy_id.sudo()  # of the customer, whatever the user may read
        if not policy:
            return attachments
        if policy.statement_pdf:
            attachments |= self._attach_statement(communication, statement)
        if policy.statement_invoices:
            attachments |= self._attach_statement_invoices(communication, policy.statement_size_mb * 1024**2)
        return attachments

    @api.model
    def _attach_statement(self, communication, statement):
        """Return the statement as PDF; nothing where it cannot be printed, because the message says the same."""
        first = statement.first_day if statement.kind == "activity" else None
        statements = self.env["ar.statement"].sudo()  # for the customer, whatever the user may read
        try:
            members = [member["id"] for member in statement.contents.get("members", ())]
            content, _type = statements._render_pdf(statement.customer_id, statement.day, first, members)
        except UserError as error:  # wkhtmltopdf is missing
            _logger.warning("The statement %s could not be printed: %s", statement.id, error)
            return self.env["ir.attachment"]
        name = statement.with_context(lang=communication.lang).name
        return self._attach(communication, name, content)

    @api.model
    def _attach_statement_invoices(self, communication, limit):
        """Return the PDFs of the listed invoices, the oldest due first, as far as they fit.

        :param int limit: in bytes, of all of them
        """
        attachments, size = self.env["ir.attachment"], 0
        lines = communication.line_ids.filtered(lambda line: line.kind == "item").sorted("date_due")
        invoices = lines.move_id.filtered(lambda move: move.is_sale_document(include_receipts=True))
        for invoice in invoices[:INVOICES_MAX]:
            stored = invoice.invoice_pdf_report_id
            if stored and size + stored.file_size > limit:
                continue
            try:
                attachment = stored or self._attach_invoice(communication, invoice)
            except UserError as error:  # as above; the invoice is on the customer's page
                _logger.warning("Invoice %s could not be printed for a statement: %s", invoice.id, error)
                continue
            size += attachment.file_size
            if size > limit:
                attachment.unlink()  # printed for this message, and too large for it
                break
            attachments |= attachment
        return attachments
