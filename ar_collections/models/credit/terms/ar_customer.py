from odoo import models
from odoo.tools import SQL


class ArCustomerTerms(models.Model):
    """The published terms on the customer's page, and what becomes of notices when accounts are merged."""

    _inherit = "ar.customer"

    def _get_published_terms(self):
        """Return the terms that hold for the customer today, in the visitor's language; may be empty."""
        self.ensure_one()
        policy = self.sudo().policy_id  # for the visitor of the page, whose access was checked
        return policy._get_published_terms() if policy else ""

    def _get_announced_terms(self):
        """Return announced terms that will hold for the customer from a later day: `ar.credit.terms`, may be empty."""
        self.ensure_one()
        today = self.company_id._ar_today()
        terms = self.sudo().policy_id.terms_ids.filtered(  # as above
            lambda terms: terms.state == "announced" and terms.applies_from > today
        )
        return terms.sorted("applies_from")[:1]

    def _drop_duplicates(self, others):
        """Override to keep one notice of each version of terms: both accounts may have been told."""
        result = super()._drop_duplicates(others)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM ar_credit_terms_notice notice USING ar_credit_terms_notice kept
                 WHERE notice.customer_id = ANY(%(others)s) AND kept.terms_id = notice.terms_id
                   AND (kept.customer_id = %(own)s
                        OR (kept.customer_id = ANY(%(others)s) AND kept.id < notice.id))
                """,
                own=self.id,
                others=others.ids,
            )
        )
        self.env["ar.credit.terms.notice"].invalidate_model()
        return result
