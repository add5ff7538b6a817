from odoo import api, models
from odoo.tools import SQL


class ArCustomer(models.Model):
    """Merged contacts have one payment behavior in a week: the one that is known from more invoices."""

    _inherit = "ar.customer"

    @api.model
    def _drop_twice(self, sources, target):
        """Override to keep one row of payment behavior for each week."""
        result = super()._drop_twice(sources, target)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM ar_payment_behavior behavior USING ar_payment_behavior kept
                 WHERE behavior.partner_id = ANY(%(partners)s) AND kept.partner_id = ANY(%(partners)s)
                   AND kept.company_id = behavior.company_id AND kept.week = behavior.week
                   AND (kept.items, kept.id) > (behavior.items, behavior.id)
                """,
                partners=(sources | target).ids,
            )
        )
        self.env["ar.payment.behavior"].invalidate_model()
        return result
