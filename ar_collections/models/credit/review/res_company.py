from odoo import fields, models


class ResCompany(models.Model):
    """What a company expects of the data of its customers."""

    _inherit = "res.company"

    ar_review_credit_days = fields.Integer(
        "Unapplied Credits after (days)",
        default=30,
        help="Age from which payments and credit notes that are not applied are listed under Data Review. 0: never.",
    )
    ar_confirm_months = fields.Integer(
        "Confirm Customer Data every (months)",
        help="How often somebody is to confirm the data of a customer; what is due is listed under Data Review. "
        "0: never.",
    )
    ar_reviewed_on = fields.Date(
        "Data Reviewed on", readonly=True, copy=False, help="Day for which the nightly run reviewed all customers."
    )

    _ar_review_not_negative = models.Constraint(
        "CHECK (ar_review_credit_days BETWEEN 0 AND 3650 AND ar_confirm_months BETWEEN 0 AND 120)",
        "Enter 0 to 3650 days and 0 to 120 months for the review of data; 0 turns a check off.",
    )
