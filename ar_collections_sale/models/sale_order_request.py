from odoo import api, fields, models

from odoo.addons.ar_collections.formats import format_amount
from odoo.addons.ar_collections.models.credit.requests.res_partner import READERS


class SaleOrderRequest(models.Model):
    """From a quotation that is held its salesperson requests another limit."""

    _inherit = "sale.order"

    ar_can_request_limit = fields.Boolean(compute="_compute_ar_can_request_limit", groups=READERS)

    @api.depends("ar_is_held", "partner_invoice_id")
    @api.depends_context("uid")
    def _compute_ar_can_request_limit(self):
        """Compute whether to show the button; the dialog checks it again."""
        for order in self:
            partner = order.partner_invoice_id.commercial_partner_id
            order.ar_can_request_limit = order.ar_is_held and partner.ar_can_request_limit

    def action_ar_request_limit(self):
        """Open the dialog to request a credit limit for who gets the invoice, with this order as the reason."""
        self.ensure_one()
        self.check_access("read")
        requests = self.env["ar.credit.request"]
        partner = self.partner_invoice_id.commercial_partner_id
        requests._check_requester(partner)
        action = self.env["ar.credit.request.new"]._open(partner, self.company_id)
        amount = format_amount(self.env, self.amount_total, self.currency_id)
        reason = self.env._("%(order)s, %(amount)s", order=self.display_name, amount=amount)
        return {**action, "context": {**action["context"], "default_reason": reason}}
