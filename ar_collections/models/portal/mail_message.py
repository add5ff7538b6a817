from odoo import models

from ...core.portal.links import insert_key
from .visitor import get_visitor_key


class MailMessage(models.Model):
    _inherit = "mail.message"

    def _portal_message_format(self, properties_names, options=None):
        """Override of `portal`: in messages shown on the customer page, addresses of it hold the visitor's key."""
        rows = super()._portal_message_format(properties_names, options)
        customers = self.env["ar.customer"].sudo()  # the visitor's access was checked; only the id and server are read
        for message, row in zip(self, rows, strict=True):
            if message.model == "ar.customer" and row.get("body"):
                customer = customers.browse(message.res_id)
                if key := get_visitor_key(customer):
                    kind, body = row["body"]
                    row["body"] = [kind, insert_key(body, customer.get_base_url(), key, "&amp;")]
        return rows
