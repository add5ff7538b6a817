from odoo import api, models


class ArChannelLetter(models.AbstractModel):
    """Printed letters hold a link to the customer page as a QR code; the copy that is stored does not."""

    _inherit = "ar.channel.letter"

    @api.model
    def _print(self, letter):
        """Override to print the letter with a link of its own: who reads the stored copy must not have the key."""
        stored, _content = super()._print(letter)
        reader = letter.recipient_ids[:1] or letter.partner_id
        key = self.env["ar.portal.link"]._issue(letter.customer_id, "letter", partner=reader)
        _same, content = super(ArChannelLetter, self.with_context(ar_page_key=key))._print(letter)
        return stored, content
