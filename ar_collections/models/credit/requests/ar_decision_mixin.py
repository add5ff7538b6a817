from odoo import api, models

from ....core.credit.request import Authority, Delegation

ROLE = "credit_manager"


class ArDecisionMixin(models.AbstractModel):
    """What credit managers decide within their authority: limits, write-offs. A substitute decides for who is absent.

    The rules are in `core.credit.request`. A model has a ``company_id``, and says by `_get_user_authority` up to
    which amount a user may decide about it.
    """

    _name = "ar.decision.mixin"
    _description = "Decision by Credit Managers"

    def _get_deciders(self):
        """Return the credit managers of the record's company."""
        group = self.env.ref(f"ar_collections.ar_collections_group_{ROLE}").sudo()  # who decides is no secret
        return group.all_user_ids.filtered(lambda user: user._ar_works_for(self.company_id, ROLE)).sorted("id")

    def _get_authorities(self):
        """Return (authorities of all credit managers of the company, today's delegations to substitutes)."""
        self.ensure_one()
        company = self.company_id
        today = company._ar_today()
        users = self._get_deciders()
        authorities = {user.id: self._get_user_authority(user, company, today) for user in users}
        covers = self.env["ar.absence"]._get_lent(today)
        delegations = [
            Delegation(authorities[absent], cover) for absent, cover in covers.items() if absent in authorities
        ]
        return list(authorities.values()), delegations

    @api.model
    def _get_user_authority(self, user, company, today):
        """Return up to which amount a user may decide; by default any.

        :rtype: core.credit.request.Authority
        """
        return Authority(user.id)
