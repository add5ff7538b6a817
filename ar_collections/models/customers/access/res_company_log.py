from odoo import SUPERUSER_ID, api, models

from .ar_setting_change import CHANGED


class ResCompanyLog(models.Model):
    """Changes of a company's settings of collections are logged, whether made in the settings or in a dialog of ours.

    The dialog writes in superuser mode, for the user; what Odoo's own user writes is no decision of a person.
    """

    _inherit = "res.company"

    def write(self, vals):
        """Override of `base` to log settings with the values before and after."""
        settings = [] if self.env.uid == SUPERUSER_ID else self._ar_get_settings(vals)
        if not settings:
            return super().write(vals)
        log, companies = self.env["ar.setting.change"], self.sudo()  # whoever may write may read what it was
        before = log._read_texts(companies, settings)
        result = super().write(vals)
        log._log(companies, CHANGED, before, log._read_texts(companies, settings))
        return result

    @api.model
    def _ar_get_settings(self, names):
        """Return those of the fields that are shown among the settings, and are of collections."""
        shown = self.env["res.config.settings"]._fields
        return [self._fields[name] for name in names if name.startswith("ar_") and name in shown]
