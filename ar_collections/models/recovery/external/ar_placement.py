from odoo import api, models

from .external_role import is_external

#: What external collectors read of a case; the commission is between the companies.
SHOWN = frozenset(
    (
        "id", "display_name", "name", "customer_id", "partner_id", "company_id", "currency_id", "state", "placed_on",
        "agency_reference", "amount_total", "amount_left", "amount_paid", "limitation_date", "cost_ids",
    )
)  # fmt: skip


class ArPlacement(models.Model):
    """What external collectors may see of the cases placed with their agency."""

    _inherit = "ar.placement"

    def _has_field_access(self, field, operation):
        """Override to show external collectors a few fields only, also in searches, groups and paths of fields."""
        allowed = super()._has_field_access(field, operation)
        return allowed and (field.name in SHOWN or not is_external(self.env))

    @api.model
    def get_view(self, view_id=None, view_type="form", **options):
        """Override to return the views of external collectors, whichever view they ask for."""
        if view_type in ("form", "kanban", "list", "search") and is_external(self.env):
            view_id = self.env.ref(f"ar_collections.ar_placement_view_{view_type}_external").id
        return super().get_view(view_id, view_type, **options)
