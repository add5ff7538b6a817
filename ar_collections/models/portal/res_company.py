from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    ar_link_days = fields.Integer(
        "Links Valid for (days)",
        default=180,
        help="Number of days after which the link to the customer page in a message ends. It applies to links sent "
        "from now on; the customer can request a new one on the page.",
    )

    _ar_link_days_positive = models.Constraint(
        "CHECK (ar_link_days BETWEEN 1 AND 3650)", "Links must be valid for at least one day and at most ten years."
    )
