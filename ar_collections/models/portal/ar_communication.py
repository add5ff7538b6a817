import base64

from odoo import models

from ...core.portal.links import Key, insert_key


class ArCommunication(models.Model):
    _inherit = "ar.communication"

    def _get_printed_link(self):
        """Return the link of a letter that is being printed, as the source of an image; empty for a copy of it."""
        self.ensure_one()
        key = self.env.context.get("ar_page_key")
        if not isinstance(key, Key):  # of this process: what a remote caller passes is plain text
            return ""
        base_url = self.customer_id.get_base_url()
        address = insert_key(base_url + self._get_pay_url(), base_url, key)
        image = self.env["ir.actions.report"].barcode("QR", address, width=300, height=300)
        return f"data:image/png;base64,{base64.b64encode(image).decode()}"

    def _get_link_end(self):
        """Return the last day on which a link made today is valid, in the customer's language."""
        return self._format_date(self.env["ar.portal.link"]._get_last_day(self.company_id))
