from odoo import api, models

from ....core.credit.request import Authority, Delegation

ROLE = "credit_manager"


class ArDecisionMixin(models.AbstractModel):
    """What credit managers decide within their authority: limits, write-offs. A substitute decides for who is absent.

    The rules are in `core.credit.request`. A model has a ``company_id`` and a ``name``, inherits `ar.access.mixin` and
    `mail.thread`, and says by `_get_user_authority` up to which amount a user may decide about it.
    """

    _name = "ar.decision.mixin"
    _description = "Decision by Credit Managers"

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base` to number the records by the sequence whose code is the model's name."""
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                # Only numbers are drawn; the user needs no right on sequences.
                vals["name"] = self.env["ir.sequence"].sudo().next_by_code(self._name) or "/"
        return super().create(vals_list)

    @property
    def _mail_post_access(self):
        """Override of `mail`: users may not write these records, but those with a role may comment on them."""
        return "read" if self.env.su or self._has_role("collector") else "write"

    def _get_deciders(self):
        """Return the credit managers of the record's company."""
        return self.company_id._ar_get_users(ROLE)

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
