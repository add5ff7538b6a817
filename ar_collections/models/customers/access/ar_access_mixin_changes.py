from odoo import api, models

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
            after = self._read_rule_texts(self._get_writable_fields())
            self.env["ar.setting.change"]._log(self, CREATED, {}, after)

    def _read_rule_before(self, vals):
        """Return what is about to be written; empty where nothing is logged.

        :return: {record: (as in `_read_rule_texts`, company)}
        """
        if not self._is_rule_logged():
            return {}
        log, texts = self.env["ar.setting.change"], self._read_rule_texts(vals)
        return {record: (texts[record], log._get_company(record)) for record in self}

    @api.model
    def _log_rule_written(self, before):
        """Log what has changed.

        :param dict before: what `_read_rule_before` returned
        """
        if not before:
            return
        records = self.browse([record.id for record in before])
        texts = {record: values for record, (values, _company) in before.items()}
        names = {name for values in texts.values() for name in values}
        companies = {record: company for record, (_values, company) in before.items()}
        self.env["ar.setting.change"]._log(records, CHANGED, texts, records._read_rule_texts(names), companies)

    @api.ondelete(at_uninstall=False)
    def _unlink_log_rule(self):
        """Log the values that are lost, first those of lines: the database deletes them with their record."""
        if self.env.su:
            return
        for lines in self._get_logged_lines():
            lines._unlink_log_rule()
        if self._is_rule_logged():
            before = self._read_rule_texts(self._get_writable_fields())
            self.env["ar.setting.change"]._log(self, DELETED, before, {})

    def _get_logged_lines(self):
        """Return the lines of these records that are logged, archived ones included, one recordset for each model."""
        found = {}
        for name, field in self._fields.items():
            lines = self.env[field.comodel_name] if field.type == "one2many" else None
            if getattr(lines, "_logs_changes", False) and lines._logged_parent == field.inverse_name:
                found[lines._name] = found.get(lines._name, lines) | self.with_context(active_test=False)[name]
        return found.values()

    def _is_rule_logged(self):
        return self._logs_changes and not self.env.su

    def _read_rule_texts(self, names):
        """Return those of the fields that are logged, as in `ar.setting.change._read_texts`.

        Lines log themselves, and what is computed is no decision.
        """
        fields = [field for name, field in self._fields.items() if name in names and field.store]
        return self.env["ar.setting.change"]._read_texts(self, fields)
