from odoo import api, fields, models

from ....core.credit.request import Authority


class ResUsers(models.Model):
    """Up to which amount a credit manager decides about write-offs; set by who administers users."""

    _inherit = "res.users"

    ar_limits_write_off = fields.Boolean(
        "Limited Write-Offs", groups="base.group_erp_manager",
        help="Whether the user decides about write-offs up to an amount only. Otherwise about any.",
    )  # fmt: skip
    ar_writes_off_up_to = fields.Monetary(
        "Writes off up to", currency_field="ar_authority_currency_id", groups="base.group_erp_manager",
        help="Highest write-off that the user may decide about, in the currency of the user's company.",
    )  # fmt: skip

    _ar_writes_off_up_to_not_negative = models.Constraint(
        "CHECK (ar_writes_off_up_to >= 0)", "The highest write-off that a user decides about cannot be negative."
    )

    @api.depends("ar_limits_write_off", "ar_writes_off_up_to")
    def _compute_ar_authority_currency_id(self):
        """Override: the amount for write-offs is in the same currency."""
        return super()._compute_ar_authority_currency_id()

    def _ar_get_write_off_authority(self, company, today):
        """Return up to which amount the user may decide about write-offs of a company, in its currency.

        :rtype: core.credit.request.Authority
        """
        self.ensure_one()
        user = self.sudo()  # decided by what an administrator set, whatever the present user may read
        if not user.ar_limits_write_off:
            return Authority(user.id)
        return Authority(user.id, self._ar_convert_authority(user.ar_writes_off_up_to, company, today))
