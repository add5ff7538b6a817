from odoo import fields, models


class ArCreditPolicy(models.Model):
    """The pause of automatic contact after a customer's reply."""

    _inherit = "ar.credit.policy"

    reply_pause_days = fields.Integer(
        "Pause after a Reply (working days)",
        default=5,
        tracking=True,
        help="Number of working days without automatic contact after a reply of the customer. 0: no pause.",
    )

    _reply_pause_not_negative = models.Constraint(
        "CHECK (reply_pause_days >= 0)", "The pause after a reply cannot be negative; 0 means no pause."
    )
