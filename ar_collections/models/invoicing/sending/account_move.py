from odoo import fields, models

from ...customers.core_flow import ignore_failure
from .ar_invoice_sending_posted import TYPES


class AccountMove(models.Model):
    """Posted invoices that are sent by themselves."""

    _inherit = "account.move"

    ar_sending_ids = fields.One2many(
        "ar.invoice.sending", "move_id", "Automatic Sending", groups="ar_collections.ar_collections_group_auditor"
    )

    def _post(self, soft=True):
        """Override of `account` to put posted invoices on the list of those to send, where the company sends them."""
        before = set(self.filtered("posted_before").ids)
        posted = super()._post(soft)
        # sudo: whoever posts needs no right on the settings.
        sent = posted.filtered(lambda move: move.move_type in TYPES and move.company_id.sudo().ar_sends_invoices)
        if sent:
            with ignore_failure(self.env, "the automatic sending of posted invoices"):
                self.env["ar.invoice.sending"].sudo()._follow_posted(sent.sudo(), before)  # as above
        return posted
