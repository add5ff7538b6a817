from odoo import models


class ArDispute(models.Model):
    """Salespeople are notified of new disputes of their customers."""

    _inherit = "ar.dispute"

    def _log_raised(self):
        """Override to notify the salesperson, who may know the cause of the dispute."""
        result = super()._log_raised()
        reader = self.customer_id._with_salesperson_lang()
        if reader:
            dispute = self.with_env(reader.env)
            reader._notify_salesperson(
                reader.env._("%(customer)s disputes an invoice", customer=reader.display_name),
                reader.env._(
                    "%(number)s: %(amount)s, %(reason)s",
                    number=dispute.name,
                    amount=dispute._format_amount(dispute.amount_total),
                    reason=dispute.reason_id.name,
                ),
            )
        return result
