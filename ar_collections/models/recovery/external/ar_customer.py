from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ....core.decision import INSOLVENT, PAYMENT_BLOCKED, PLACED
from ....core.recovery.placement import WITH_AGENCY
from .external_role import has_external_role, is_external

#: What external collectors read of an account. All else, such as credit limits, balances and notes, is not theirs.
SHOWN = frozenset(
    (
        "id", "display_name", "active", "partner_id", "company_id", "currency_id", "partner_phone", "partner_email",
        "external_html", "external_amount",
    )
)  # fmt: skip


class ArCustomer(models.Model):
    """What external collectors may see of an account, and which accounts are theirs."""

    _inherit = "ar.customer"

    _writable = {"manager": ("external_user_ids",)}

    external_user_ids = fields.Many2many(
        "res.users",
        "ar_customer_external_rel",
        "customer_id",
        "user_id",
        "External Collectors",
        domain=[("share", "=", False)],
        help="Users of an outsourced team who work with this customer, besides those of agencies with its cases.",
    )

    def _has_field_access(self, field, operation):
        """Override to show external collectors a few fields only, also in searches, groups and paths of fields."""
        allowed = super()._has_field_access(field, operation)
        return allowed and (field.name in SHOWN or not is_external(self.env))

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **options):
        """Override of `base`: the usual order is by a priority that external collectors may not read."""
        if (not order or order == self._order) and is_external(self.env):
            order = "id"
        return super()._search(domain, offset=offset, limit=limit, order=order, **options)

    def _get_external_items(self):
        """Return {journal item id: OpenItem}: what the user, an external collector, works with, oldest first.

        Of a customer that is assigned to it these are the late items that no agency has; of an agency's cases theirs.
        """
        self.ensure_one()
        account = self.sudo()  # the caller checked that the account is the user's
        today = self.company_id._ar_today()
        lines = (
            self.env["ar.placement.line"]
            .sudo()  # as the account
            .search([("placement_id.customer_id", "=", self.id), ("placement_id.state", "in", WITH_AGENCY)])
        )
        own = lines.filtered(lambda line: self.env.user in line.placement_id.agency_id.user_ids).move_line_id
        others = lines.move_line_id - own
        is_assigned = self.env.user in account.external_user_ids
        items = sorted(account._get_facts().items, key=lambda item: (item.due_date, item.item_id))
        return {
            item.item_id: item
            for item in items
            if item.item_id in own.ids
            or (is_assigned and self._is_late_external(item, today) and item.item_id not in others.ids)
        }

    @api.model
    def _is_late_external(self, item, today):
        """Return whether an item is late; not one that is blocked or claimed in proceedings: nobody may ask for it."""
        is_claimed = any(part.code == INSOLVENT for part in item.exclusions)
        return item.is_debt and item.due_date < today and not is_claimed and not item.has(PAYMENT_BLOCKED)

    def _free_amount(self, item):
        """Override to let the agency that has an item agree about it with the customer."""
        if has_external_role(self.env.user):
            kept = tuple(part for part in item.exclusions if part.code != PLACED)
            item = replace(item, exclusions=kept)
        return super()._free_amount(item)

    def _check_external(self):
        """Check that the user is an external collector of the account; return it in superuser mode.

        :raise AccessError: for others
        """
        self.ensure_one()
        self.check_access("read")
        if not has_external_role(self.env.user):
            raise AccessError(self.env._("This is for external collectors: use the buttons of the account."))
        return self.sudo()  # the role and the account were checked
