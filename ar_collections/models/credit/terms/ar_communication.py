from odoo import fields, models


class ArCommunicationTerms(models.Model):
    """The published terms in messages to customers."""

    _inherit = "ar.communication"

    terms_html = fields.Html(
        "Published Terms",
        compute="_compute_terms_html",
        sanitize=False,
        help="Terms of the customer's policy that are in force, in the language of the message, for email templates.",
    )

    def _compute_terms_html(self):
        for communication in self:
            policy = communication.customer_id.sudo().policy_id  # of the customer, whatever the user may read
            policy = policy.with_context(lang=communication.lang)
            communication.terms_html = policy._get_published_terms() if policy else False
