import logging

from odoo import api, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class ArOutreach(models.AbstractModel):
    """Odoo's payment receipts, attached to thanks for payments."""

    _inherit = "ar.outreach"

    @api.model
    def _make_attachments(self, communication):
        """Override to attach the receipts as one PDF; the message goes out without where it cannot be printed."""
        attachments = super()._make_attachments(communication)
        receipt = communication.notice == "payment_receipt" and communication._get_agreement().exists()
        if not receipt or not receipt.policy_id.sudo().receipt_pdf:  # of the customer, whatever the user may read
            return attachments
        # The document is for the customer, whatever the user may read.
        reports = self.env["ir.actions.report"].with_context(lang=communication.lang).sudo()
        ids = [payment["id"] for payment in receipt.contents["payments"]]
        try:
            content = reports._ar_render_pdf("account.action_report_payment_receipt", ids)
        except UserError as error:  # wkhtmltopdf is missing
            _logger.warning("The receipt %s could not be printed: %s", receipt.id, error)
            return attachments
        name = receipt.with_context(lang=communication.lang).name
        return attachments | self._attach(communication, name, content)
