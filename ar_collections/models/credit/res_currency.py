from odoo import models


class ResCurrency(models.Model):
    """Whether amounts can be converted: Odoo converts a currency without an exchange rate at 1."""

    _inherit = "res.currency"

    def _ar_has_rate(self, root):
        """Return whether amounts in this currency can be converted to that of a root company.

        :param root: a company without parent
        """
        if self == root.currency_id:
            return True
        rates = self.sudo().rate_ids  # of the root company, which the user may not work for
        return any(not rate.company_id or rate.company_id == root for rate in rates)
