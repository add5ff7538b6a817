from odoo import api, models
from odoo.exceptions import UserError

#: The roles, as in the external ids of their groups; see security/groups.xml.
ROLES = ("auditor", "collector", "manager", "credit_manager")


class ArAccessMixin(models.AbstractModel):
    """Checks of a user's role, for methods that users can call: hiding a button in a view does not prevent the call."""

    _name = "ar.access.mixin"
    _description = "Roles of Users"

    #: The role that a user needs for the tasks on these records; see `ar.handover`.
    _task_role = "collector"

    @api.model
    def _has_role(self, role):
        """Return whether the user has the role or a higher one.

        :param str role: one of `ROLES`
        :raise ValueError: for any other role
        """
        if role not in ROLES:
            raise ValueError(role)
        return self.env.user.has_group(f"ar_collections.ar_collections_group_{role}")

    def _require(self, role):
        """Check that the user has the role or a higher one, and may read these records.

        In superuser mode everything is allowed.

        :param str role: one of `ROLES`
        :raise UserError: without the role; the message names whom to ask
        :raise AccessError: where the user may not read one of the records
        """
        if self:
            self.check_access("read")
        if not (self.env.su or self._has_role(role)):
            raise UserError(self.env._("You are not allowed to do this; ask a collections manager."))

    # === TASKS === #

    def _can_do_task(self, task, user):
        """Return whether a user can do a task on this record.

        :param task: `mail.activity`
        :param user: `res.users`, may be empty
        """
        self.ensure_one()
        return user._ar_works_for(self.company_id, self._task_role)

    def _get_task_owner(self, task):
        """Return who takes over a task on this record from a user who cannot do it any more; may be empty.

        By default the collector of the record's customer, else who answers for the company.
        """
        self.ensure_one()
        customer = self if self._name == "ar.customer" else self.customer_id
        return customer.collector_id or self.company_id._ar_get_responsible()
