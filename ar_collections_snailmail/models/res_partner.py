from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_post_name(self):
        """Return the name on an envelope, as Odoo's postal service takes it."""
        self.ensure_one()
        return self.name or self.parent_id.name or ""
