from odoo import api, models


class ArReportMixin(models.AbstractModel):
    """Reports that are queries are computed once for a list, not once more to check the access to its rows.

    Odoo checks the rows of a list against the record rules and reads the fields of the rules for it. From a table this
    costs little; a query would be computed again.
    """

    _name = "ar.report.mixin"
    _inherit = ["ar.list.export.mixin"]
    _description = "Report"

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        """Override of `base` to read the fields that record rules look at together with the others."""
        if field_names is not None:
            rules = self.env["ir.rule"]._compute_domain(self._name, "read")
            names = (condition.field_expr.partition(".")[0] for condition in rules.iter_conditions())
            field_names = [*field_names, *(name for name in names if name not in field_names)]
        return super().search_fetch(domain, field_names, offset, limit, order)

    def _get_entry_action(self):
        """Return the action that opens the journal entry ``move_id`` of a row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "views": [(False, "form")],
        }
