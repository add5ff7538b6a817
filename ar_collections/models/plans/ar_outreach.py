import logging

from odoo import models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class ArOutreach(models.AbstractModel):
    """The agreement attached to the notice that confirms a plan."""

    _inherit = "ar.outreach"

    def _make_attachments(self, communication):
        """Override to attach the agreement to the notice that confirms it."""
        attachments = super()._make_attachments(communication)
        if communication.notice != "plan_accepted":
            return attachments
        plan = communication._get_agreement().with_context(lang=communication.lang)
        try:
            content = plan._render_agreement()
        except UserError as error:  # the printer is not set up: the agreement holds all the same, and is on the page
            _logger.warning("The agreement of payment plan %s could not be printed: %s", plan.id, error)
            return attachments
        return attachments | self._attach(communication, plan._get_agreement_name(), content)
