from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ....const import BILLING_REQUIREMENTS
from ....core.invoicing.sending import states


class ArBillingRequirement(models.Model):
    """What a customer requires of invoices, such as its order number, or an upload on its portal."""

    _name = "ar.billing.requirement"
    _inherit = ["ar.access.mixin"]
    _description = "Billing Requirement"
    _order = "customer_id, sequence, id"
    _logs_changes = True
    _logged_parent = "customer_id"

    _writable = {"collector": ("customer_id", "sequence", "kind", "name", "url", "is_enforced")}

    customer_id = fields.Many2one("ar.customer", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="customer_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(BILLING_REQUIREMENTS, required=True, default=states.REFERENCE)
    name = fields.Char("Instructions", help="In words, for colleagues: what exactly is required, and how it is done.")
    url = fields.Char("Address of the Portal", help="Web address at which invoices are uploaded.")
    is_enforced = fields.Boolean(
        "Before Sending", default=True, help="Whether an invoice is not sent before this is met."
    )

    @api.depends("kind", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for requirement in self:
            requirement.display_name = requirement.name or labels.get(requirement.kind)

    @api.constrains("kind", "name", "url")
    def _check_complete(self):
        """Check that a colleague can do what is required: an upload has an address, the others are said in words."""
        for requirement in self:
            address = urlsplit((requirement.url or "").strip())
            if requirement.kind == states.UPLOAD and (address.scheme not in ("http", "https") or not address.netloc):
                raise ValidationError(
                    self.env._(
                        "Enter the web address of %(customer)s at which invoices are uploaded, as in "
                        "https://portal.example.com.",
                        customer=requirement.customer_id.display_name,
                    )
                )
            if requirement.kind == states.OTHER and not (requirement.name or "").strip():
                raise ValidationError(
                    self.env._(
                        "Say in words what %(customer)s requires of invoices.",
                        customer=requirement.customer_id.display_name,
                    )
                )

    def _get_identity(self):
        """Return what makes two requirements of one customer the same."""
        self.ensure_one()
        return self.kind, (self.name or "").strip().lower(), (self.url or "").strip().lower()

    def _get_copied_vals(self):
        """Return the values of the same requirement for another account."""
        self.ensure_one()
        return {name: self[name] for name in ("sequence", "kind", "name", "url", "is_enforced")}
