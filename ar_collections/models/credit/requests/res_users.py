from odoo import api, fields, models
from odoo.tools import SQL

from ....core.credit.request import Authority
from ....core.money import ZERO, to_decimal

#: {kind: (field that says whether the authority is limited, field of the amount)}.
AUTHORITIES = {
    "limit": ("ar_limits_authority", "ar_approves_up_to"),
    "write_off": ("ar_limits_write_off", "ar_writes_off_up_to"),
}


class ResUsers(models.Model):
    """Up to which amounts a credit manager decides: about limits, and about write-offs and settlements.

    They are set by who administers users, and not by themselves.
    """

    _inherit = "res.users"

    ar_limits_authority = fields.Boolean(
        "Limited Authority", groups="base.group_erp_manager",
        help="Whether the user approves credit limits up to an amount only. Otherwise any limit.",
    )  # fmt: skip
    ar_approves_up_to = fields.Monetary(
        "Approves Limits up to", currency_field="ar_authority_currency_id", groups="base.group_erp_manager",
        help="Highest credit limit that the user may approve, in the currency of the user's company.",
    )  # fmt: skip
    ar_limits_write_off = fields.Boolean(
        "Limited Write-Offs", groups="base.group_erp_manager",
        help="Whether the user decides about write-offs up to an amount only. Otherwise about any.",
    )  # fmt: skip
    ar_writes_off_up_to = fields.Monetary(
        "Writes off up to", currency_field="ar_authority_currency_id", groups="base.group_erp_manager",
        help="Highest write-off that the user may decide about, in the currency of the user's company.",
    )  # fmt: skip
    ar_authority_currency_id = fields.Many2one(
        "res.currency", "Currency of the Authority", compute="_compute_ar_authority_currency_id", store=True
    )

    _ar_approves_up_to_not_negative = models.Constraint(
        "CHECK (ar_approves_up_to >= 0)", "The highest limit that a user may approve cannot be negative."
    )

    _ar_writes_off_up_to_not_negative = models.Constraint(
        "CHECK (ar_writes_off_up_to >= 0)", "The highest write-off that a user decides about cannot be negative."
    )

    @api.depends("ar_limits_authority", "ar_approves_up_to", "ar_limits_write_off", "ar_writes_off_up_to")
    def _compute_ar_authority_currency_id(self):
        """Keep the currency in which the amount was entered: users switch their own company themselves."""
        for user in self:
            user.ar_authority_currency_id = user.company_id.currency_id

    def _ar_get_authority(self, company, today, kind="limit"):
        """Return up to which amount the user may decide in a company, in its currency.

        An amount in a currency without a rate cannot be compared: the user decides nothing then.

        :param company: a root company
        :param date today: the company's date
        :param str kind: of `AUTHORITIES`: about limits, or about write-offs, settlements and placements
        :rtype: core.credit.request.Authority
        """
        self.ensure_one()
        limits, up_to = AUTHORITIES[kind]
        user = self.sudo()  # decided by what an administrator set, whatever the present user may read
        if not user[limits]:
            return Authority(user.id)
        return Authority(user.id, self._ar_convert_authority(user[up_to], company, today))

    def _ar_convert_authority(self, amount, company, today):
        """Return an amount up to which the user may decide in the company's currency; zero without a rate."""
        own, theirs = self.sudo().ar_authority_currency_id, company.currency_id  # as above
        if own != theirs and not self._ar_have_rates(own | theirs, company):
            return ZERO
        return to_decimal(own._convert(amount, theirs, company, today))

    def _ar_have_rates(self, currencies, company):
        """Return whether all of these currencies can be converted: without a rate Odoo takes 1."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT currency_id
                  FROM res_currency_rate
                 WHERE currency_id = ANY(%s) AND (company_id IS NULL OR company_id = %s)
                """,
                (currencies - company.currency_id).ids,
                company.id,
            )
        )
        return {currency_id for (currency_id,) in rows} == set((currencies - company.currency_id).ids)
