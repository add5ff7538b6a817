from markupsafe import Markup

from odoo import api, models

from ....core.portal.links import insert_key, strip_keys
from ..limits.visitor import get_visitor_key


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `mail` to store no key to the customer page: of a quoted message, or a link that staff pasted."""
        return super().create([_without_keys(values) for values in vals_list])

    def write(self, vals):
        """Override of `mail` to store no key to the customer page, as in `create`."""
        return super().write(_without_keys(vals))

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


def _without_keys(values):
    """Return the values of a message without keys in its body; the type of the body tells whether it is safe HTML."""
    body = values.get("body")
    if not body or "access_token" not in body:
        return values
    text = strip_keys(str(body))
    return {**values, "body": Markup(text) if isinstance(body, Markup) else text}
