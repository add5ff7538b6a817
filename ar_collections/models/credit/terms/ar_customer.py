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
        """Override to keep one notice of each version of terms: both accounts may have been told.

        What was sent about the others is about the one that is kept; what waits is not sent, see `_is_notice_valid`.
        """
        result = super()._drop_duplicates(others)
        self.env.flush_all()
        dropped = SQL(
            """
            SELECT dropped_id, kept_id
              FROM (SELECT id AS dropped_id, customer_id, FIRST_VALUE(id) OVER (
                               PARTITION BY terms_id ORDER BY customer_id = %(own)s DESC, id) AS kept_id
                      FROM ar_credit_terms_notice
                     WHERE customer_id = %(own)s OR customer_id = ANY(%(others)s)) pair
             WHERE dropped_id <> kept_id
            """,
            own=self.id,
            others=others.ids,
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE ar_communication sent SET agreement_id = pair.kept_id
                  FROM (%s) pair
                 WHERE sent.agreement_model = 'ar.credit.terms.notice' AND sent.agreement_id = pair.dropped_id
                   AND sent.state <> 'planned'
                """,
                dropped,
            )
        )
        self.env.cr.execute(
            SQL("DELETE FROM ar_credit_terms_notice USING (%s) pair WHERE id = pair.dropped_id", dropped)
        )
        self.env["ar.credit.terms.notice"].invalidate_model()
        self.env["ar.communication"].invalidate_model(["agreement_id"])
        return result
