from odoo import api, models
from odoo.exceptions import AccessError, UserError

#: The roles, as in the external ids of their groups; see security/groups.xml.
ROLES = ("auditor", "collector", "manager", "credit_manager")

#: What `mail` adds to a record: who may not read its messages must not find the record by them either. The tasks
#: themselves, ``activity_ids``, are found by who may read them: Odoo opens the tasks of a user by them.
THREAD_FIELDS = frozenset(
    (
        "message_ids", "website_message_ids", "has_message", "message_follower_ids", "message_partner_ids",
        "message_is_follower", "message_needaction", "message_needaction_counter", "message_has_error",
        "message_has_error_counter", "message_attachment_count",
        "activity_state", "activity_user_id", "activity_type_id", "activity_type_icon",
        "activity_date_deadline", "activity_summary", "activity_exception_decoration",
        "activity_exception_icon", "activity_calendar_event_id",
    )
)  # fmt: skip


#: Context keys with which `mail` logs nothing of a change.
UNTRACED = frozenset(("tracking_disable", "mail_notrack", "mail_create_nolog"))


class ArAccessMixin(models.AbstractModel):
    """Checks of a user's role, because every method and every field can be reached by RPC, whatever a view hides.

    Buttons check it with `_require`. What users may write is a list for each role, ``_writable``; all other fields are
    written by our own code in superuser mode. No context key opens them.
    """

    _name = "ar.access.mixin"
    _description = "Roles of Users"

    #: {role: names of the fields that it, and the roles above it, may write}. Each file that extends a model declares
    #: its own fields, in other modules as well. Fields that an administrator adds in Odoo need no declaration.
    _writable = {}

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
        :raise UserError: without the role, which the message names
        :raise AccessError: where the user may not read one of the records
        """
        if self:
            self.check_access("read")
        if not (self.env.su or self._has_role(role)):
            raise UserError(self._get_role_refusal(f"ar_collections.ar_collections_group_{role}"))

    @api.model
    def _get_role_refusal(self, group):
        """Return the sentence that refuses something to a user, with the role that is needed for it.

        :param str group: external id of the role's group
        """
        name = self.env.ref(group).sudo().name  # the name is shown, whatever the user may read
        return self.env._("Only the role “%(role)s” may do this: ask a colleague who has it.", role=name)

    @api.model
    def _has_field_access(self, field, operation):
        """Override of `base` to keep messages, followers and tasks from users without a role of ours.

        It counts for reading, searching, grouping and exporting, also along a path of fields from another model.
        """
        allowed = super()._has_field_access(field, operation)
        return allowed and (field.name not in THREAD_FIELDS or self.env.su or self._has_role("auditor"))

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Override of `mail` to hide messages, and tasks of others, from employees without a role of ours."""
        if message_operation == "read" and self.env.user._is_internal() and not self._has_role("auditor"):
            return dict.fromkeys(self, "write")
        return super()._mail_get_operation_for_mail_message_operation(message_operation)

    # === WRITABLE FIELDS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base` to check the fields; defaults in the context are ignored for those that are not writable.

        :raise AccessError: for a field that the user's role may not write
        """
        if self.env.su or self._transient:
            return super().create(vals_list)
        self = self._with_trace()  # noqa: PLW0642
        roles = self._get_writable_fields()
        self._check_writable({name for vals in vals_list for name in vals}, roles)
        hidden = {
            f"default_{name}"
            for name, field in self._fields.items()
            if not (field.manual or self._may_write(name, roles))
        }
        context = {key: value for key, value in self.env.context.items() if key not in hidden}
        records = super(ArAccessMixin, self.with_env(self.env(context=context))).create(vals_list)
        records._log_rule_created()
        return records

    def write(self, vals):
        """Override of `base` to check the fields.

        :raise AccessError: for a field that the user's role may not write
        """
        if self.env.su or self._transient:
            return super().write(vals)
        self._check_writable(vals, self._get_writable_fields())
        before = self._read_rule_before(vals)
        result = super(ArAccessMixin, self._with_trace()).write(vals)
        self._log_rule_written(before)
        return result

    def _with_trace(self):
        """Return these records without the context keys that keep `mail` from logging changes on the thread.

        Every RPC caller can set them, and changes of what is tracked would leave no trace. Our own code sets them in
        superuser mode, for what is no decision.
        """
        if UNTRACED.isdisjoint(self.env.context):
            return self
        return self.with_env(
            self.env(context={key: value for key, value in self.env.context.items() if key not in UNTRACED})
        )

    @api.model
    def _get_writable_fields(self):
        """Return {field: lowest role that may write it}, from the declarations ``_writable`` of all files."""
        declared = [vars(part).get("_writable", {}) for part in reversed(type(self).mro())]
        return {name: role for part in declared for role, names in part.items() for name in names}

    @api.model
    def _may_write(self, name, roles):
        """Return whether the user's role may write the field.

        :param dict roles: see `_get_writable_fields`
        """
        return name in roles and self._has_role(roles[name])

    @api.model
    def _check_writable(self, names, roles):
        """Raise for the first field that the user's role may not write; the message says what to do instead."""
        for name in sorted(names):
            # Unknown names are left to Odoo, fields that an administrator added to his access rights. An import names
            # the external ids of lines as `id`, which is never written.
            if name == "id" or name not in self._fields or self._fields[name].manual or self._may_write(name, roles):
                continue
            field = self._fields[name]._description_string(self.env)
            models_sudo = self.env["ir.model"].sudo()  # the name is shown, whatever the user may read
            model = models_sudo.browse(models_sudo._get_id(self._name)).name
            values = {"field": field, "name": name, "model": model}
            if name in roles:
                groups = self.env.ref(f"ar_collections.ar_collections_group_{roles[name]}").sudo()  # the name is shown
                text = self.env._("Only the role “%(role)s” may change “%(field)s” (%(name)s) of %(model)s: ask a "
                                  "colleague who has it.", role=groups.name, **values)  # fmt: skip
                raise AccessError(text)
            raise AccessError(
                self.env._(
                    "“%(field)s” (%(name)s) of %(model)s cannot be changed directly: it is set by the buttons of the "
                    "record and by the nightly run.",
                    **values,
                )
            )

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
