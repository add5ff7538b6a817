from odoo import api, models
from odoo.tools import pdf


class ArChannelLetter(models.AbstractModel):
    """Final demands by post: enclosures are printed with them."""

    _inherit = "ar.channel.letter"

    @api.model
    def _print(self, letter):
        """Override to print the enclosures of a final demand behind it."""
        printed = super()._print(letter)
        enclosed = self.env["ar.outreach"]._get_enclosed(letter) if letter.is_final_demand else []
        if not enclosed:
            return printed
        return tuple(pdf.merge_pdf([part, *(content for _name, content in enclosed)]) for part in printed)
