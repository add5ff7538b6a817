from odoo import fields, models

from ...const import GROUP_AUDITOR


class AccountPayment(models.Model):
    """For which payment a customer was thanked: each once, also where it is reset and posted again."""

    _inherit = "account.payment"

    ar_receipt_id = fields.Many2one(
        "ar.payment.receipt", "Thanks", readonly=True, copy=False, index="btree_not_null", ondelete="set null",
        groups=GROUP_AUDITOR,
    )  # fmt: skip
