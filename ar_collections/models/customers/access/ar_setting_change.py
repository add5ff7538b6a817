from odoo import api, fields, models
from odoo.tools import html2plaintext
from odoo.tools.misc import get_lang

CREATED, CHANGED, DELETED = "created", "changed", "deleted"


class ArSettingChange(models.Model):
    """One change of a rule that decides about reminders or money: who, when, from what to what; see `_logs_changes`.

    Policies and accounts are logged on their threads; this is for what has none, for lines of it, and for the settings
    of companies. Nobody writes or deletes it, also not with the record.
    """

    _name = "ar.setting.change"
    _inherit = ["ar.access.mixin"]
    _description = "Change of a Setting"
    _order = "id desc"
    _rec_name = "record_name"

    date = fields.Datetime("Changed on", required=True, readonly=True, default=fields.Datetime.now, index=True)
    user_id = fields.Many2one("res.users", "Changed by", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(
        "res.company", readonly=True, index=True, ondelete="cascade", help="Empty: a rule that all companies share."
    )
    kind = fields.Selection(
        [(CREATED, "Created"), (CHANGED, "Changed"), (DELETED, "Deleted")], "Change", required=True, readonly=True
    )
    # A selection: its names are in the language of who reads it.
    res_model = fields.Selection(
        "_select_models", "Setting", required=True, readonly=True, help="Kind of rule. Example: Reminder Step."
    )
    record_name = fields.Char(
        "Name", required=True, readonly=True, help="Rule that was changed, with what it is part of."
    )
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True, index=True)
    text = fields.Text("Values", readonly=True, help="Each value before and after. Example: Days: 30 → 5.")

    @api.model
    def _select_models(self):
        """Return the models whose changes are logged, with their names."""
        logged = [name for name, model in self.env.registry.items() if getattr(model, "_logs_changes", False)]
        models_sudo = self.env["ir.model"].sudo()  # the name is shown, whatever the user may read
        return [(row.model, row.name) for row in models_sudo.search([("model", "in", ["res.company", *logged])])]

    # === LOGGING === #

    @api.model
    def _read_texts(self, records, to_log):
        """Return {record: {field: its value as text, empty for none}}.

        :param to_log: the fields; lines and files are left out
        """
        to_log = [field for field in to_log if field.type not in ("one2many", "binary")]
        return {record: {field.name: self._get_text(record, field) for field in to_log} for record in records}

    @api.model
    def _get_text(self, record, field):
        """Return a value as the user sees it; words of ours in the language of the log."""
        env, value = self._get_log_env(), record[field.name]
        if field.relational:
            return ", ".join(value.with_env(env).sudo().mapped("display_name"))  # names, whatever the user may read
        if field.type == "boolean":
            return env._("Yes") if value else env._("No")
        if field.type == "selection":
            return dict(field._description_selection(env)).get(value, "")
        if value is False:
            return ""
        return html2plaintext(value) if field.type == "html" else str(value)

    @api.model
    def _get_log_env(self):
        """Return the environment in the language of the user's company: one log has one language."""
        return self.with_context(lang=get_lang(self.env, self.env.company.partner_id.lang).code).env

    @api.model
    def _get_company(self, record):
        """Return the company whose rule a record is, or what it is a line of; empty where all companies share it."""
        if record._name == "res.company":
            return record
        owners = (owner for owner in (record, self._get_parent(record)) if "company_id" in owner._fields)
        return next(owners, record.env["res.users"]).company_id

    @api.model
    def _get_parent(self, record):
        """Return what a record is a line of; an empty one of its own model where it is none."""
        name = getattr(record, "_logged_parent", None)
        return record[name] if name else record.browse()

    @api.model
    def _log(self, records, kind, before, after, companies=None):
        """Store what differs between two times, of those records in which something does.

        :param dict before: see `_read_texts`
        :param dict after: as ``before``
        :param companies: {record: its company before}; default: what it is now
        """
        rows = []
        for record in records:
            company = self._get_company(record)
            ids = {company.id, (companies or {}).get(record, company).id}  # moved: both see it
            values = self._prepare_change(record, kind, before.get(record, {}), after.get(record, {}))
            rows += [{**values, "company_id": id_} for id_ in (sorted(ids) if all(ids) else [False]) if values]
        if rows:
            self.sudo().create(rows)  # nobody may write the log

    @api.model
    def _prepare_change(self, record, kind, before, after):
        """Return the values of a row of the log; empty where nothing differs.

        :param dict before: {field: text}
        :param dict after: as ``before``
        """
        names = [name for name in {**before, **after} if before.get(name, "") != after.get(name, "")]
        if not names:
            return {}
        env = self._get_log_env()
        lines = [
            f"{record._fields[name]._description_string(env)}: {before.get(name, '')} → {after.get(name, '')}"
            for name in names
        ]
        shown = [each.with_env(env) for each in (self._get_parent(record), record) if each]
        return {
            "user_id": self.env.uid,
            "kind": kind,
            "record_name": " / ".join(each.display_name or str(each.id) for each in shown),
            "res_model": record._name,
            "res_id": record.id,
            "text": "\n".join(lines),
        }
