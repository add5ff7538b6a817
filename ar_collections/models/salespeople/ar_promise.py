from odoo import models


class ArPromise(models.Model):
    """Salespeople are notified of promises that their customers did not keep."""

    _inherit = "ar.promise"

    def _act_on_not_kept(self):
        """Override to notify the salespeople of the customers."""
        result = super()._act_on_not_kept()
        for promise in self:
            reader = promise.customer_id._with_salesperson_lang()
            if reader:
                reader._notify_salesperson(
                    reader.env._("%(customer)s did not keep a promise to pay", customer=reader.display_name),
                    reader.env._(
                        "%(number)s: %(left)s is still unpaid.",
                        number=promise.name,
                        left=promise._format_amount(promise.amount_open, reader.env.lang),
                    ),
                )
        return result
