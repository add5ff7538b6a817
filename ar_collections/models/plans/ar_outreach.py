import logging

from odoo import models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class ArOutreach(models.AbstractModel):
    """Attaches the agreement (PDF) to the notice that confirms a payment plan."""

    _inherit = "ar.outreach"

    def _make_attachments(self, communication):
        """Override to attach the agreement to the notice ``plan_accepted``; without it where printing fails."""
        attachments = super()._make_attachments(communication)
        if communication.notice != "plan_accepted":
            return attachments
        plan = communication._get_agreement().with_context(lang=communication.lang)
        try:
            content = plan._render_agreement()
        except UserError as error:  # wkhtmltopdf is missing; the agreement is on the portal page, too
            _logger.warning("The agreement of payment plan %s could not be printed: %s", plan.id, error)
            return attachments
        return attachments | self._attach(communication, plan._get_agreement_name(), content)
