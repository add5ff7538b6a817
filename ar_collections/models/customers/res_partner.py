from odoo import api, fields, models

from .core_flow import ignore_failure

#: The fields that decide to which commercial partner a contact belongs.
DEBTOR_FIELDS = {"parent_id", "is_company"}


class ResPartner(models.Model):
    _inherit = "res.partner"

    type = fields.Selection(
        selection_add=[("collections", "Receivables Contact")], ondelete={"collections": "set default"}
    )
    ar_customer_ids = fields.One2many(
        "ar.customer", "partner_id", "Customer Accounts", groups="ar_collections.ar_collections_group_auditor"
    )
    ar_customer_id = fields.Many2one(
        "ar.customer",
        "Customer Account",
        compute="_compute_ar_customer",
        groups="ar_collections.ar_collections_group_auditor",
        help="Customer account in the current company.",
    )
    ar_overdue = fields.Monetary(
        "Overdue",
        currency_field="ar_currency_id",
        compute="_compute_ar_customer",
        groups="ar_collections.ar_collections_group_auditor",
        help="Amount past the due date, credits not deducted, as of the last run.",
    )
    ar_currency_id = fields.Many2one(
        "res.currency", compute="_compute_ar_customer", groups="ar_collections.ar_collections_group_auditor"
    )

    @api.depends("commercial_partner_id.ar_customer_ids.overdue")
    @api.depends_context("company")
    def _compute_ar_customer(self):
        accounts = self.env["ar.customer"].search(
            [("partner_id", "in", self.commercial_partner_id.ids), ("company_id", "=", self.env.company.id)]
        )
        account_of = {account.partner_id: account for account in accounts}
        for partner in self:
            account = account_of.get(partner.commercial_partner_id, accounts.browse())
            partner.ar_customer_id = account
            partner.ar_overdue = account.overdue
            partner.ar_currency_id = account.currency_id

    def write(self, vals):
        """Override of `base` to let the customer accounts follow contacts that get a company or leave it."""
        if DEBTOR_FIELDS.isdisjoint(vals):
            return super().write(vals)
        before = {}
        with ignore_failure(self.env, "the debtors before a change of contacts"):
            # sudo: contacts of a company may be hidden from the user.
            family = self.sudo().with_context(active_test=False).search([("id", "child_of", self.ids)])
            before = {partner: partner.commercial_partner_id for partner in family}
        result = super().write(vals)
        with ignore_failure(self.env, "the customer accounts of contacts"):
            # sudo: a user who works on contacts needs no role of ours.
            self.env["ar.customer"].sudo().with_context(active_test=False)._follow_partners(before)
        return result

    def unlink(self):
        """Override of `base` to delete the customer accounts that were never used, which would keep the contact.

        Those with a history are archived without the contact.

        :raise AccessError: for who may not delete contacts
        """
        self.check_access("unlink")
        # sudo: a user who deletes contacts needs no role of ours.
        accounts = self.env["ar.customer"].sudo().with_context(active_test=False)
        owned = accounts.search([("partner_id", "in", self.ids)])
        owned._unlink_unused()
        owned.exists()._detach(self)
        return super().unlink()

    def action_open_ar_customer(self):
        """Open the partner's customer account in the current company."""
        self.ensure_one()
        return self.ar_customer_id._get_form_action()
