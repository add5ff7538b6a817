from odoo import fields, models


class ArCreditPolicy(models.Model):
    """The pause of automatic contact after a customer's reply, and failed deliveries."""

    _inherit = "ar.credit.policy"

    _writable = {
        "manager": (
            "reply_pause_days", "failed_deliveries_max",
        ),
    }  # fmt: skip

    reply_pause_days = fields.Integer(
        "Pause after a Reply (working days)",
        default=5,
        tracking=True,
        help="Number of working days without automatic contact after a reply of the customer. 0: no pause.",
    )

    failed_deliveries_max = fields.Integer(
        "Failed Deliveries until the Address Is Checked",
        default=3,
        tracking=True,
        help=(
            "Number of messages in a row that the mail server may refuse for an address. Then it is not used until "
            "somebody confirms or changes it. 0: it is tried again and again."
        ),
    )

    _failed_deliveries_not_negative = models.Constraint(
        "CHECK (failed_deliveries_max >= 0)", "The number of failed deliveries cannot be negative; 0 means no limit."
    )
    _reply_pause_not_negative = models.Constraint(
        "CHECK (reply_pause_days >= 0)", "The pause after a reply cannot be negative; 0 means no pause."
    )
