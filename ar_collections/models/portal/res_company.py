from odoo import fields, models

#: Odoo's switch for online payment in its portal.
ONLINE_SWITCH = "account_payment.enable_portal_payment"


class ResCompany(models.Model):
    _inherit = "res.company"

    ar_link_days = fields.Integer(
        "Links Valid for (days)",
        default=180,
        help="Number of days after which the link to the customer page in a message ends. It applies to links sent "
        "from now on; the customer can request a new one on the page.",
    )

    _ar_link_days_positive = models.Constraint(
        "CHECK (ar_link_days BETWEEN 1 AND 3650)", "Links must be valid for at least one day and at most ten years."
    )

    def _ar_get_online_currencies(self):
        """Return the currencies in which customers can pay online, None among them for all; none where it is off.

        :rtype: set[res.currency | None]
        """
        self.ensure_one()
        if not self._ar_is_online_switched_on():
            return set()
        providers = self.env["payment.provider"].sudo()  # they hold secrets; only whether there are any is used
        domain = [*providers._check_company_domain(self), ("state", "!=", "disabled"), ("is_published", "=", True)]
        return {currency or None for (currency,) in providers._read_group(domain, ["available_currency_ids"])}

    def _ar_is_online_switched_on(self):
        """Return whether Odoo's setting for online payment in the portal is enabled."""
        switch = self.env["ir.config_parameter"].sudo().get_param(ONLINE_SWITCH)  # it is not confidential
        return bool(switch) and switch != "False"
