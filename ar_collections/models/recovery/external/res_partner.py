from lxml import etree

from odoo import api, models

from .external_role import is_external

#: Notes of staff about a contact.
NOTES = "comment"


class ResPartner(models.Model):
    """What staff notes and writes about a contact is not for external collectors, who may read how to reach it."""

    _inherit = "res.partner"

    @api.model
    def _has_field_access(self, field, operation):
        """Override of `base` to hide the internal notes, also in searches, groups and paths of fields."""
        allowed = super()._has_field_access(field, operation)
        return allowed and (field.name != NOTES or not is_external(self.env))

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Override of `mail` to hide the messages on contacts, which whoever reads the contact may read."""
        if message_operation == "read" and is_external(self.env):
            return dict.fromkeys(self, "write")
        return super()._mail_get_operation_for_mail_message_operation(message_operation)

    @api.model
    def get_view(self, view_id=None, view_type="form", **options):
        """Override of `base` to leave out the notes, without which the client would ask for them."""
        view = super().get_view(view_id, view_type, **options)
        if is_external(self.env):
            arch = etree.fromstring(view["arch"])
            for node in arch.xpath(f"//field[@name='{NOTES}'] | //label[@for='{NOTES}']"):
                node.getparent().remove(node)
            view["arch"] = etree.tostring(arch, encoding="unicode")
        return view
