from odoo import fields, models


class ArPaymentAbility(models.Model):
    """What a customer said of its ability to pay, to staff or on its page, before a plan or settlement is agreed on."""

    _name = "ar.payment.ability"
    _inherit = ["ar.access.mixin"]
    _description = "Ability to Pay"
    _order = "date desc, id desc"
    _rec_name = "date"

    _writable = {"collector": ("customer_id", "date", "reason", "means", "proposal")}

    customer_id = fields.Many2one("ar.customer", "Customer Account", required=True, index=True, ondelete="restrict")
    partner_id = fields.Many2one(related="customer_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="customer_id.company_id", store=True, index=True)
    date = fields.Date(required=True, default=lambda self: self.env.company._ar_today())
    reason = fields.Text(required=True, help="Why the customer cannot pay all of it now.")
    means = fields.Text(help="Income, assets and other debts that the customer named, and what proves them.")
    proposal = fields.Text(help="What the customer offers: amounts and days.")
    origin = fields.Selection(
        [("staff", "Staff"), ("portal", "Customer portal")], required=True, default="staff", readonly=True
    )
    user_id = fields.Many2one(
        "res.users", "Noted by", readonly=True, required=True, default=lambda self: self.env.uid, ondelete="restrict"
    )
