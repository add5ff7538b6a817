from odoo import api, models


class ResCurrency(models.Model):
    """Finds the currencies of what is open by their names, which are unique.

    Inactive ones, too: Odoo lets a currency be deactivated in which invoices are open.
    """

    _inherit = "res.currency"

    @api.model
    def _ar_by_name(self, names):
        """Return {name: currency} of those that exist, in the order of currencies; one query."""
        names = list(names)
        found = self.with_context(active_test=False).search([("name", "in", names)]) if names else ()
        return {currency.name: currency.with_env(self.env) for currency in found}

    @api.model
    def _ar_named(self, name):
        """Return the currency of that name; empty where there is none."""
        return self._ar_by_name([name] if name else []).get(name, self.browse())
