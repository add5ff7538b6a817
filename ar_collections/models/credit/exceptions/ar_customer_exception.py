from odoo import fields, models

from ....const import CREDIT_EXCEPTIONS


class ArCustomerException(models.Model):
    """The history of exceptions that are fields of a customer account: who granted what, why, from when, until when.

    Rows follow the fields, see `ar_customer_exceptions`; nobody writes them. `ar.credit.exception` lists them together
    with those that are kept elsewhere.
    """

    _name = "ar.customer.exception"
    _description = "Exception of a Customer"
    _order = "id desc"

    customer_id = fields.Many2one(
        "ar.customer", "Customer Account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="customer_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(CREDIT_EXCEPTIONS, "Exception", required=True, readonly=True)
    value = fields.Char(readonly=True, help="The risk class, policy or limit that was set.")
    reason = fields.Text(readonly=True)
    user_id = fields.Many2one("res.users", "Granted by", readonly=True, ondelete="restrict")
    since = fields.Date(readonly=True)
    until = fields.Date("Last Day", readonly=True, help="Last day with the exception; empty: until somebody ends it.")
    ended_on = fields.Date("Ended on", readonly=True, help="First day without the exception.")

    _open_once = models.UniqueIndex("(customer_id, kind) WHERE ended_on IS NULL")
    _open_until_idx = models.Index("(company_id, until) WHERE ended_on IS NULL")
