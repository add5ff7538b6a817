from odoo import fields, models


class AccountMoveLine(models.Model):
    """The due date that counts for a credit insurer: the first one, however often it is moved."""

    _inherit = "account.move.line"

    ar_original_due_date = fields.Date(
        "Original Due Date", copy=False, readonly=True, groups="base.group_user",
        help="Due date with which the invoice was first posted to this customer, where a customer is insured.",
    )  # fmt: skip
