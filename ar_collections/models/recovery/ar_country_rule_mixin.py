from odoo import api, models


class ArCountryRuleMixin(models.AbstractModel):
    """Rules of countries that come with the module; those of countries that somebody deleted are left out."""

    _name = "ar.country.rule.mixin"
    _description = "Rule of a Country"

    @api.model
    def _load_records(self, data_list, update=False):
        """Override to install and upgrade without countries that the database does not have."""
        return super()._load_records([data for data in data_list if data["values"].get("country_id")], update)
