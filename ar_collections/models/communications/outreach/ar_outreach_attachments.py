from odoo import api, models


class ArOutreachAttachments(models.AbstractModel):
    """The documents attached to messages."""

    _inherit = "ar.outreach"

    @api.model
    def _get_attachments(self, communication):
        """Return the attachments of the message, and store them on the communication."""
        attachments = self._make_attachments(communication)
        if attachments:
            communication.attachment_ids = attachments
        return attachments

    @api.model
    def _make_attachments(self, communication):
        """Return the attachments: the PDFs of the listed invoices, where the step includes them.

        An override adds other documents, for instance the statement of account.
        """
        attachments = self.env["ir.attachment"]
        if communication.step_id.attach_invoices or communication.notice == "copies":
            # An invoice that is due in installments has several lines.
            for invoice in communication._get_group_items().move_id:
                attachments |= invoice.invoice_pdf_report_id or self._attach_invoice(communication, invoice)
        return attachments

    @api.model
    def _name_attachments(self, communication):
        """Return what :meth:`_make_attachments` would attach to a reminder, as texts; nothing is printed for it.

        An override names the documents that it attaches.
        """
        if not communication.step_id.attach_invoices:
            return []
        invoices = communication._get_group_items().move_id
        return [f"{invoice.name.replace('/', '-')}.pdf" for invoice in invoices]

    @api.model
    def _attach_invoice(self, communication, invoice):
        """Return the PDF of an invoice as an attachment, rendered because the invoice has none yet."""
        # The document is for the customer, whatever the user may read.
        reports = self.env["ir.actions.report"].with_context(lang=communication.lang).sudo()
        content = reports._ar_render_pdf("account.account_invoices", invoice.ids)
        return self._attach(communication, invoice.name, content)

    @api.model
    def _attach(self, communication, name, content):
        """Create an attachment of the communication from the content of a PDF.

        :param str name: the file's name, without extension
        :param bytes content: the PDF
        """
        return (
            self.env["ir.attachment"]
            .sudo()  # as the log itself
            .create(
                {
                    "name": f"{name.replace('/', '-')}.pdf",
                    "raw": content,
                    "mimetype": "application/pdf",
                    "res_model": "ar.communication",
                    "res_id": communication.id,
                }
            )
        )
