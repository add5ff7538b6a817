from odoo import api, models


class ArCountryRuleMixin(models.AbstractModel):
    """Rules of countries that come with the module; those of countries that somebody deleted are left out."""

    _name = "ar.country.rule.mixin"
    _description = "Rule of a Country"

    #: The field without which a record is left out; its value is searched for in the data, not referred to.
    _needed = "country_id"

    @api.model
    def _load_records(self, data_list, update=False):
        """Override to install and upgrade without countries that the database does not have.

        What people import, or another module brings, may be for all countries.
        """
        if self.env.context.get("install_module") == "ar_collections":
            data_list = [data for data in data_list if data["values"].get(self._needed)]
        return super()._load_records(data_list, update)
