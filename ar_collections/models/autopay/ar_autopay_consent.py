from odoo import api, fields, models
from odoo.exceptions import UserError


class ArAutopayConsent(models.Model):
    """The customer's consent to charge a saved payment method: who gave it, when, and to which text.

    Rows are evidence and only appended: another method or a new consent creates another row, a withdrawal ends one.
    """

    _name = "ar.autopay.consent"
    _description = "Consent to Automatic Payments"
    _order = "id desc"

    plan_id = fields.Many2one("ar.payment.plan", required=True, index=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    customer_id = fields.Many2one(related="plan_id.customer_id", store=True, index=True)
    token_id = fields.Many2one(
        "payment.token", "Payment Method", required=True, index=True, readonly=True, ondelete="restrict"
    )
    method = fields.Char(readonly=True, help="Payment method as shown to the customer.")
    name = fields.Char("Given by", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Logged in as", readonly=True)
    agreed_on = fields.Datetime("Given on", required=True, readonly=True)
    ip_address = fields.Char("IP Address", readonly=True)
    text = fields.Text("Consent Text", required=True, readonly=True, help="Text as accepted by the customer.")
    ended_on = fields.Datetime("Ended on", readonly=True)
    ended_reason = fields.Char("Reason for Ending", readonly=True)

    _one_live_consent = models.UniqueIndex(
        "(plan_id) WHERE ended_on IS NULL", "A plan can have only one active consent."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Refuse deletion: the consent proves why the customer was charged."""
        raise UserError(self.env._("The customer's consent cannot be deleted. Stop the automatic payments instead."))
