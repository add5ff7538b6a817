from odoo import models

from ..write_off.ar_write_off_line_relief import Item


class AccountMoveLine(models.Model):
    """Items that are claimed in insolvency proceedings: nobody asks for them, and nobody charges them."""

    _inherit = "account.move.line"

    def _ar_find_claimed(self):
        """Return those of these items that proceedings hold today, in superuser mode."""
        items = self.sudo()  # what a visitor or a collector may not read of them counts, too
        found = items.browse()
        if not self.env["ar.insolvency"]._is_used():
            return found
        for company, own in items.grouped("company_id").items():
            today = company._ar_today()
            rows = [Item(line.id, line.partner_id.commercial_partner_id.id) for line in own]
            for line_id, proceedings in self.env["ar.facts"]._find_claimed(company, rows).items():
                if any(each.holds(today) for each in proceedings):
                    found |= items.browse(line_id)
        return found
