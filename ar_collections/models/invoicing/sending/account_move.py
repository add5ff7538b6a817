from odoo import fields, models

from ...customers.core_flow import ignore_failure
from .ar_invoice_sending_posted import TYPES

#: The context key ``ar_judging`` of our own look at how an invoice can be sent; no remote caller can make it.
JUDGING = object()


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
            sendings, is_followed = self.env["ar.invoice.sending"].sudo(), False  # as above
            with ignore_failure(self.env, "the automatic sending of posted invoices"):
                sendings._follow_posted(sent.sudo(), before)  # as above
                is_followed = True
            if not is_followed:
                with ignore_failure(self.env, "the list of posted invoices that are looked at in the night"):
                    sendings._note_missed(sent, before)
        return posted

    def _partner_find_from_emails_single(
        self, emails, avoid_alias=True, ban_emails=None, filter_found=None, additional_values=None, no_create=False
    ):
        """Override of `mail` to create no contacts while it is only looked whether an invoice can be sent.

        An address without a contact counts as one: it is created when the invoice is sent.
        """
        options = avoid_alias, ban_emails, filter_found, additional_values
        if self.env.context.get("ar_judging") is not JUDGING:
            return super()._partner_find_from_emails_single(emails, *options, no_create)
        found = super()._partner_find_from_emails_single(emails, *options, True)
        return found or (found.new({"name": emails[0], "email": emails[0]}) if emails else found)
