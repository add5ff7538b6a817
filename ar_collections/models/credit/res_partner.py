from odoo import api, fields, models

from ...core.credit.limit import NO_LIMIT
from ...formats import format_amount
from ..customers.core_flow import ignore_failure


class ResPartner(models.Model):
    """Customers get a credit limit before their first invoice."""

    _inherit = "res.partner"

    ar_can_set_limit = fields.Boolean(
        compute="_compute_ar_can_set_limit", groups="ar_collections.ar_collections_group_credit_manager"
    )

    @api.depends("commercial_partner_id.ar_customer_ids")
    @api.depends_context("company")
    def _compute_ar_can_set_limit(self):
        """Compute whether the contact is a customer of its own without an account."""
        for partner in self:
            is_own = bool(partner.ids) and partner.commercial_partner_id == partner
            partner.ar_can_set_limit = is_own and not partner.ar_customer_id

    def write(self, vals):
        """Override to note with the account who changes Odoo's own limit, which is a copy and follows in the night."""
        if self.env.su or "credit_limit" not in vals:
            return super().write(vals)
        with ignore_failure(self.env, "changes of Odoo's credit limit", writes=False):
            before = {partner: partner.sudo().credit_limit for partner in self}  # noted, whatever the user may read
        result = super().write(vals)
        with ignore_failure(self.env, "changes of Odoo's credit limit"):
            self._ar_note_limit(before)
        return result

    def _ar_note_limit(self, before):
        """Note on the accounts that a person changed the copy of the limit on the contact.

        :param before: {partner: the copy before the change}
        """
        root = self.env.company.sudo().root_id  # the user may work for a branch alone
        domain = [("partner_id", "in", self.ids), ("company_id", "=", root.id), ("credit_limit_kind", "!=", NO_LIMIT)]
        for account in self.env["ar.customer"].sudo().search(domain):  # who works on contacts needs no role of ours
            values = before[account.partner_id.with_env(self.env)], account.partner_id.credit_limit
            old, new = (format_amount(account.env, value or 0, account.currency_id) for value in values)
            if old != new:
                text = self.env._(
                    "%(user)s changed the credit limit on the contact from %(old)s to %(new)s. It is a copy: the limit "
                    "of this account holds.",
                    user=self.env.user.name,
                    old=old,
                    new=new,
                )
                account._message_log(body=text)

    def action_ar_set_limit(self):
        """Open the account that holds the customer's limit, made where there is none yet."""
        self.ensure_one()
        self.check_access("read")
        accounts = self.env["ar.customer"]
        accounts._require("credit_manager")
        root = self.env.company.sudo().root_id  # the user may work for a branch alone
        accounts._ensure_for_partners(self.commercial_partner_id, root)
        return accounts.search(
            [("partner_id", "=", self.commercial_partner_id.id), ("company_id", "=", root.id)]
        )._get_form_action()
