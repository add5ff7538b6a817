from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    ar_orders_billed_on = fields.Date(
        "Orders Invoiced on", readonly=True, copy=False, help="Day up to which orders were invoiced by themselves."
    )
