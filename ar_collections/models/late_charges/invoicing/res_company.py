from odoo import fields, models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    """How a company invoices late charges."""

    _inherit = "res.company"

    ar_late_charge_account_id = fields.Many2one(
        "account.account", "Income Account of Late Charges", check_company=True, ondelete="restrict",
        domain="[('account_type', 'in', ('income', 'income_other'))]",
        help="Account of invoice lines that charge interest and lump sums.",
    )  # fmt: skip
    ar_late_charge_tax_ids = fields.Many2many(
        "account.tax", "ar_late_charge_tax_rel", string="Taxes of Late Charges", check_company=True,
        domain="[('type_tax_use', '=', 'sale')]",
        help="Usually empty: interest for late payment is outside the scope of VAT. A tax of 0 % where the tax report "
             "wants one.",
        groups="base.group_user",  # portal users may read companies, but no taxes
    )  # fmt: skip
    ar_late_charge_journal_id = fields.Many2one(
        "account.journal", "Journal of Late Charges", check_company=True, domain="[('type', '=', 'sale')]",
        ondelete="restrict", help="Empty: the first sales journal.",
    )  # fmt: skip
    ar_late_interest_product_id = fields.Many2one("product.product", "Product for Interest", ondelete="restrict")
    ar_late_lump_sum_product_id = fields.Many2one("product.product", "Product for Lump Sums", ondelete="restrict")
    ar_late_charges_on = fields.Date(
        "Late Charges Computed on", readonly=True, copy=False,
        help="Day for which the nightly run computed all late charges.",
    )  # fmt: skip

    def _ar_get_interest_product(self):
        """Return the product of lines for interest: the company's, else the one that comes with the module."""
        return self.ar_late_interest_product_id or self._ar_get_own_product("product_late_interest")

    def _ar_get_lump_sum_product(self):
        """Return the product of lines for lump sums: the company's, else the one that comes with the module."""
        return self.ar_late_lump_sum_product_id or self._ar_get_own_product("product_late_lump_sum")

    def _ar_get_own_product(self, name):
        """Return a product of this module; empty where somebody deleted it."""
        return self.env.ref(f"ar_collections.{name}", raise_if_not_found=False) or self.env["product.product"]

    def _ar_get_late_charge_journal(self):
        """Return the journal of late charges: the company's, else its first sales journal."""
        if self.ar_late_charge_journal_id:
            return self.ar_late_charge_journal_id
        journals = self.env["account.journal"]
        return journals.search([*journals._check_company_domain(self), ("type", "=", "sale")], limit=1)

    def _ar_find_late_charge_error(self):
        """Return the sentence that says what is missing to invoice late charges; empty where nothing is."""
        self.ensure_one()
        if not self.ar_late_charge_account_id:
            return self.env._(
                "%s has no income account for late charges: choose it under Settings > Invoicing > Late Charges.",
                self.name,
            )
        place = self.env._("Settings > Invoicing > Late Charges")
        if error := self._ar_find_archived(place, self.ar_late_charge_account_id, self.ar_late_charge_journal_id):
            return error
        if not self._ar_get_late_charge_journal():
            return self.env._("%s has no sales journal: create one, or choose the journal of late charges.", self.name)
        if not (self._ar_get_interest_product() and self._ar_get_lump_sum_product()):
            return self.env._(
                "%s has no products for late charges: choose them under Settings > Invoicing > Late Charges.", self.name
            )
        return ""

    def _ar_check_late_charge_settings(self):
        """Check that late charges can be invoiced.

        :raise UserError: with the way out
        """
        for company in self:
            if error := company._ar_find_late_charge_error():
                raise UserError(error)

    def _ar_report_late_charge_settings(self):
        """Store a problem where late charges cannot be invoiced; return whether they can."""
        self.ensure_one()
        problems = self.env["ar.problem"]
        if error := self._ar_find_late_charge_error():
            problems._report(self, "late_charges", error, company=self)
            return False
        problems._clear(self, "late_charges")
        return True
