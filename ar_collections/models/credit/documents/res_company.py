from odoo import api, models
from odoo.tools import format_list

#: How many credit managers are named to people who need one.
NAMED = 3


class ResCompany(models.Model):
    """Whom to ask where credit control holds something."""

    _inherit = "res.company"

    def _ar_get_credit_contacts(self):
        """Return the users who may release what is on hold in this company: its credit managers."""
        return self._ar_get_users("credit_manager", order="name, id")

    def _ar_get_credit_contact_text(self):
        """Return one sentence about whom to ask for a release; to a credit manager it names the button."""
        contacts = self._ar_get_credit_contacts()
        if self.env.user in contacts:
            return self.env._("You may release it.")
        if not contacts:
            # sudo: the name alone, also of the root company, where the user may work for a branch only.
            return self.env._("Nobody is credit manager of %s: ask your administrator for one.", self.sudo().name)
        return self.env._("Ask %s to release it.", self._ar_name_contacts(contacts))

    def _ar_get_credit_question_text(self):
        """Return the sentence about whom to ask where nothing is held; empty for credit managers, who know."""
        contacts = self._ar_get_credit_contacts()
        if not contacts or self.env.user in contacts:
            return ""
        return self.env._("Or ask %s.", self._ar_name_contacts(contacts))

    @api.model
    def _ar_name_contacts(self, contacts):
        """Return the names of credit managers, as a list in words."""
        return format_list(self.env, contacts[:NAMED].mapped("name"), style="or")
