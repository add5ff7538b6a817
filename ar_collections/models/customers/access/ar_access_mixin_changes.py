from odoo import api, models
from odoo.tools import html2plaintext

from .ar_setting_change import CHANGED, CREATED, DELETED


class ArAccessMixinChanges(models.AbstractModel):
    """Changes that users make to rules without a thread are logged, with the values before and after.

    What our own code does in superuser mode, an update or a migration is no decision and is not logged.
    """

    _inherit = "ar.access.mixin"

    #: Whether changes are logged in `ar.setting.change`.
    _logs_changes = False

    #: The field of the record that this one is a line of, whose name and company are logged with it.
    _logged_parent = None

    def _log_rule_created(self):
        """Log the values of new records."""
        if self._is_rule_logged():
            self._log_rule_changes(CREATED, {}, self._read_rule_texts(self._get_writable_fields()))

    def _read_rule_before(self, vals):
        """Return what is about to be written as in `_read_rule_texts`; empty where nothing is logged."""
        return self._read_rule_texts(vals) if self._is_rule_logged() else {}

    @api.model
    def _log_rule_written(self, before):
        """Log what has changed.

        :param dict before: what `_read_rule_before` returned
        """
        if not before:
            return
        records = self.browse([record.id for record in before])
        names = {name for texts in before.values() for name in texts}
        records._log_rule_changes(CHANGED, before, records._read_rule_texts(names))

    @api.ondelete(at_uninstall=False)
    def _unlink_log_rule(self):
        """Log the values that are lost."""
        if self._is_rule_logged():
            self._log_rule_changes(DELETED, self._read_rule_texts(self._get_writable_fields()), {})

    def _is_rule_logged(self):
        return self._logs_changes and not self.env.su

    def _read_rule_texts(self, names):
        """Return {record: {field: its value as text, empty for none}} of those of the fields that are logged.

        Lines log themselves, and what is computed is no decision.
        """
        fields = [self._fields[name] for name in self._fields if name in names]
        fields = [field for field in fields if field.store and field.type not in ("one2many", "binary")]
        return {record: {field.name: record._get_rule_text(field) for field in fields} for record in self}

    def _get_rule_text(self, field):
        value = self[field.name]
        if field.relational:
            return ", ".join(value.sudo().mapped("display_name"))  # names alone, whatever the user may read of them
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        if value is False:
            return ""
        return html2plaintext(value) if field.type == "html" else str(value)

    def _log_rule_changes(self, kind, before, after):
        """Store what differs between two times, of those records in which something does.

        :param dict before: see `_read_rule_texts`
        :param dict after: as ``before``
        """
        rows = [record._prepare_rule_change(kind, before.get(record, {}), after.get(record, {})) for record in self]
        if rows := [row for row in rows if row]:
            self.env["ar.setting.change"].sudo().create(rows)  # nobody may write the log

    def _prepare_rule_change(self, kind, before, after):
        """Return the values of a row of the log; empty where nothing differs.

        :param dict before: {field: text}
        :param dict after: as ``before``
        """
        names = [name for name in {**before, **after} if before.get(name, "") != after.get(name, "")]
        if not names:
            return {}
        parent = self[self._logged_parent] if self._logged_parent else self.browse()
        companies = [record.company_id for record in (self, parent) if "company_id" in record._fields]
        lines = [
            f"{self._fields[name]._description_string(self.env)}: {before.get(name, '')} → {after.get(name, '')}"
            for name in names
        ]
        models_sudo = self.env["ir.model"].sudo()  # the name is shown, whatever the user may read
        return {
            "user_id": self.env.uid,
            "company_id": companies[0].id if companies else False,
            "kind": kind,
            "model_name": models_sudo.browse(models_sudo._get_id(self._name)).name,
            "record_name": " / ".join(record.display_name or str(record.id) for record in (parent, self) if record),
            "res_model": self._name,
            "res_id": self.id,
            "text": "\n".join(lines),
        }
