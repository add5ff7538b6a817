from markupsafe import Markup

from odoo import api, fields, models

from ....core.money import ZERO
from ....formats import format_amount
from .external_role import has_external_role, is_external


class ArCustomerShown(models.Model):
    """How external collectors see an account: how to reach the customer, and the items they work with."""

    _inherit = "ar.customer"

    external_amount = fields.Monetary("To Collect", compute="_compute_external_items", compute_sudo=False)
    external_html = fields.Html("Items", compute="_compute_external_items", compute_sudo=False)

    @api.depends_context("uid", "lang")
    def _compute_external_items(self):
        """Compute the list of the user's items; empty for who is no external collector."""
        is_shown = has_external_role(self.env.user)
        for customer in self:
            items = customer._get_external_items() if is_shown else {}
            amounts = [item.residual_currency for item in items.values() if item.currency == customer.currency_id.name]
            customer.external_amount = float(sum(amounts, ZERO))
            customer.external_html = customer._render_external(items)

    def _render_external(self, items):
        """Return a table of open items.

        :param items: {journal item id: core.facts.OpenItem}
        """
        if not items:
            return False
        # The caller checked that the account is the user's; names of its invoices are part of what is shown.
        names = self.sudo()._get_item_names(self._browse_lines(list(items)))
        by_name = self.env["res.currency"]._ar_by_name({item.currency for item in items.values()})
        row = Markup("<tr><td>%s</td><td>%s</td><td class='text-end'>%s</td></tr>")
        rows = [
            row
            % (
                names[item.item_id],
                self._format_date(item.due_date),
                format_amount(self.env, item.residual_currency, by_name[item.currency]),
            )
            for item in items.values()
        ]
        head = Markup("<tr><th>%s</th><th>%s</th><th class='text-end'>%s</th></tr>")
        titles = head % (self.env._("Invoice"), self.env._("Due"), self.env._("Open"))
        return Markup("<table class='table table-sm'>%s%s</table>") % (titles, Markup("").join(rows))

    @api.model
    def get_view(self, view_id=None, view_type="form", **options):
        """Override to return the views of external collectors, whichever view they ask for."""
        if view_type in ("form", "kanban", "list", "search") and is_external(self.env):
            view_id = self.env.ref(f"ar_collections.ar_customer_view_{view_type}_external").id
        return super().get_view(view_id, view_type, **options)

    def action_external_log(self):
        """Open the dialog in which external collectors record a call, a promise or a proposal."""
        account = self._check_external()
        return {
            "name": self.env._("Record Contact"),
            "type": "ir.actions.act_window",
            "res_model": "ar.external.log",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_customer_id": account.id},
        }
