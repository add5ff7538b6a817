from odoo import api, models

#: Odoo's right to export, which the button asks for.
EXPORT_GROUP = "base.group_allow_export"

#: Who sees the button: salespeople and external collectors export nothing.
READERS = "ar_collections.ar_collections_group_auditor"


class ArListExportMixin(models.AbstractModel):
    """Lists with a button that downloads them as an Excel workbook, with totals and with the currency of each amount.

    Odoo's own export has neither. The button belongs to every list of the model.
    """

    _name = "ar.list.export.mixin"
    _description = "List with a Workbook"

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Override of `base` to add the button to lists, but for those from which nothing is exported."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "list" and arch.get("export_xlsx") != "0":
            header = arch.find("header")
            if header is None:
                header = arch.makeelement("header")
                arch.insert(0, header)
            button = {"name": "action_export_list", "type": "object", "display": "always", "icon": "fa-download"}
            button |= {"string": self.env._("Excel"), "class": "btn-secondary", "groups": READERS}
            header.append(header.makeelement("button", button))
        return arch, view

    @api.model
    def _get_export_title(self):
        """Return the title of the workbook, by which its file is named.

        Extension point for reports as of a day.
        """
        return self._get_export_name()

    @api.model
    def _get_export_name(self):
        """Return the name of the list on the screen: short, so that it fits on the tab of a sheet."""
        actions_sudo = self.env["ir.actions.act_window"].sudo()  # the name is shown, whatever the user may read
        action = actions_sudo.search([("res_model", "=", self._name)], order="id", limit=1)
        models_sudo = self.env["ir.model"].sudo()  # as above
        return action.name or models_sudo.browse(models_sudo._get_id(self._name)).name

    def action_export_list(self):
        """Return the action that downloads the selected rows, or all rows of the filter where none is selected.

        :raise AccessError: for users who may not export, or not read the rows
        """
        self.check_access("read")
        domain = [("id", "in", self.ids)] if self else self.env.context.get("active_domain") or []
        return self.env["ar.list.export"].create({"model": self._name, "domain": domain}).action_export()
