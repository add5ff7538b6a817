from collections import defaultdict

from odoo import api, models


class ArWizardMixin(models.AbstractModel):
    """Dialogs refer only to records that their user may read, whoever calls them and with whichever values.

    A dialog shows the names of what it refers to, and its button acts on it. Record rules of the dialog cover what is
    stored; this covers defaults, values that are not stored yet, and records in lists.
    """

    _name = "ar.wizard.mixin"
    _description = "Dialog"

    @api.model
    def default_get(self, fields):
        """Override of `base` to check the defaults, which every caller can set in the context.

        :raise AccessError: where the user may not read one of the records
        """
        values = super().default_get(fields)
        self._check_references([values])
        return values

    def onchange(self, values, field_names, fields_spec):
        """Override of `web` to check the values before any name is shown; parameters and result as there.

        :raise AccessError: where the user may not read one of the records
        """
        self._check_references([values])
        return super().onchange(values, field_names, fields_spec)

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base` to check the values.

        :raise AccessError: where the user may not read one of the records
        """
        self._check_references(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Override of `base` to check the values.

        :raise AccessError: where the user may not read one of the records
        """
        self._check_references([vals])
        return super().write(vals)

    # === HELPERS === #

    @api.model
    def _check_references(self, vals_list):
        """Check that the user may read all records that the values refer to, those in lines of the dialog included."""
        if self.env.su:
            return
        found = defaultdict(set)
        self._collect_references(vals_list, found)
        for model, ids in found.items():
            self.env[model].browse(ids).check_access("read")

    @api.model
    def _collect_references(self, vals_list, found):
        """Add the records that the values refer to.

        :param dict found: {model: set of ids}
        """
        for vals in vals_list:
            for name, value in vals.items():
                field = self._fields.get(name)
                if field is None or not field.relational or not value:
                    continue
                comodel = self.env[field.comodel_name]
                if field.type == "many2one":
                    found[field.comodel_name].update(_get_ids([value]))
                    continue
                ids, lines = _read_commands(value)
                found[field.comodel_name].update(ids)
                if lines and isinstance(comodel, self.env.registry["ar.wizard.mixin"]):
                    comodel._collect_references(lines, found)


def _read_commands(commands):
    """Return (ids, values of lines) of the value of a list field: commands, ids or records."""
    ids, lines = set(), []
    for command in commands:
        if not isinstance(command, (list, tuple)):
            ids |= _get_ids([command])
        else:
            ids |= _get_ids(command[1:2])
            rest = command[2] if len(command) > 2 else None
            if isinstance(rest, dict):
                lines.append(rest)
            elif rest:
                ids |= _get_ids(rest)
    return ids, lines


def _get_ids(values):
    """Return the ids of stored records among the values: numbers above 0, records, or values with an id."""
    ids = [value.get("id") if isinstance(value, dict) else getattr(value, "id", value) for value in values]
    return {number for number in ids if isinstance(number, int) and not isinstance(number, bool) and number > 0}
