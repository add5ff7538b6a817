from odoo import api, models


class ArCountryRuleMixin(models.AbstractModel):
    """Rules of countries that come with the module; those of countries that somebody deleted are left out."""

    _name = "ar.country.rule.mixin"
    _description = "Rule of a Country"

    #: The field without which a record of the module is left out.
    _needed_to_load = "country_id"

    @api.model
    def _load_records(self, data_list, update=False):
        """Override to install and upgrade without countries that the database does not have.

        What people import is not left out: a missing country is an error, or stands for all others.
        """
        kept = [data for data in data_list if data["values"].get(self._needed_to_load) or not data.get("noupdate")]
        return super()._load_records(kept, update)
