from odoo import api, fields, models


class ArCreditPolicy(models.Model):
    """Whether customers of a policy are thanked for payments."""

    _inherit = "ar.credit.policy"

    _writable = {"manager": ("receipt_enabled", "receipt_template_id", "receipt_pdf")}

    receipt_enabled = fields.Boolean(
        "Thank for Payments",
        tracking=True,
        help=(
            "Whether customers get an email on the day after their payment was matched: what it paid, and "
            "what is still open. All payments of a customer since the last one are in one email. A line of a "
            "bank statement that is matched with invoices directly is no payment in Odoo, so nobody is "
            "thanked for it. Example: a payment matched on Monday is thanked for on Tuesday."
        ),
    )
    receipt_template_id = fields.Many2one(
        "mail.template",
        "Template of Thanks",
        domain="[('model', '=', 'ar.communication')]",
        default=lambda self: self.env.ref("ar_collections.mail_template_payment_receipt", raise_if_not_found=False),
        ondelete="restrict",
        help="Email template of the thanks for payments. Example: a copy of the standard template in your own words.",
    )
    receipt_pdf = fields.Boolean(
        "Attach Receipt as PDF",
        default=True,
        help="Whether the receipt is attached as a PDF. Example: customers who book by paper print the receipt.",
    )
    receipt_since = fields.Date(
        "Payments from",
        compute="_compute_receipt_since",
        store=True,
        help="First date of the payments that customers are thanked for: the day on which it was switched on.",
    )

    @api.depends("receipt_enabled")
    def _compute_receipt_since(self):
        for policy in self:
            policy.receipt_since = policy.company_id._ar_today() if policy.receipt_enabled else False

    @api.constrains("receipt_enabled", "receipt_template_id")
    def _check_receipt_template(self):
        for policy in self.filtered("receipt_enabled"):
            policy._check_notice_template(
                policy.receipt_template_id,
                self.env._(
                    "Policy “%(policy)s” thanks for payments, but has no email template for it: choose one, or switch "
                    "“Thank for Payments” off.",
                    policy=policy.name,
                ),
            )
