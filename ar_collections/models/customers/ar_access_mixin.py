from odoo import api, models
from odoo.exceptions import UserError

#: The role that may be asked for each; see security/groups.xml.
ROLES = ("auditor", "collector", "manager", "credit_manager")


class ArAccessMixin(models.AbstractModel):
    """Who may use a button: views hide it, these methods refuse the call."""

    _name = "ar.access.mixin"
    _description = "Roles of Users"

    @api.model
    def _has_role(self, role):
        """Tell whether the user has a role of ours, or a higher one.

        :param str role: one of `ROLES`
        """
        if role not in ROLES:
            raise ValueError(role)
        return self.env.user.has_group(f"ar_collections.ar_collections_group_{role}")

    def _require(self, role):
        """Check that the user has a role and may read these records; the system itself may do everything.

        :param str role: one of `ROLES`
        :raise UserError: with whom to ask
        """
        if self:
            self.check_access("read")
        if not (self.env.su or self._has_role(role)):
            raise UserError(self.env._("You are not allowed to do this; ask a collections manager."))
