from odoo import fields, models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    """How a company charges the costs of legal steps; the journal is that of late charges."""

    _inherit = "res.company"

    ar_legal_cost_account_id = fields.Many2one(
        "account.account", "Income Account of Legal Costs", check_company=True, ondelete="restrict",
        domain="[('account_type', 'in', ('income', 'income_other', 'expense'))]",
        help="Account of invoice lines that charge legal costs: an income account, or the expense account they were "
             "booked on.",
    )  # fmt: skip
    ar_legal_cost_tax_ids = fields.Many2many(
        "account.tax", "ar_legal_cost_tax_rel", string="Taxes of Legal Costs", check_company=True,
        domain="[('type_tax_use', '=', 'sale')]",
        help="Usually empty: damages are outside the scope of VAT.",
        groups="base.group_user",  # portal users may read companies, but no taxes
    )  # fmt: skip
    ar_legal_cost_product_id = fields.Many2one("product.product", "Product for Legal Costs", ondelete="restrict")

    def _ar_get_legal_cost_product(self):
        """Return the product of lines for legal costs: the company's, else the one that comes with the module."""
        return self.ar_legal_cost_product_id or self._ar_get_own_product("product_legal_cost")

    def _ar_check_legal_cost_settings(self):
        """Check that legal costs can be charged.

        :raise UserError: with the way out
        """
        for company in self:
            if not company.ar_legal_cost_account_id:
                raise UserError(
                    self.env._(
                        "%s has no account for legal costs: choose it under Settings > Invoicing > Legal Costs.",
                        company.name,
                    )
                )
            place = self.env._("Settings > Invoicing > Legal Costs")
            if error := company._ar_find_archived(place, company.ar_legal_cost_account_id):
                raise UserError(error)
            place = self.env._("Settings > Invoicing > Late Charges")
            if error := company._ar_find_archived(place, company.ar_late_charge_journal_id):
                raise UserError(error)
            if not company._ar_get_legal_cost_product():
                raise UserError(
                    self.env._(
                        "%s has no product for legal costs: choose one under Settings > Invoicing > Legal Costs.",
                        company.name,
                    )
                )
            if not company._ar_get_late_charge_journal():
                raise UserError(
                    self.env._(
                        "%s has no sales journal: create one, or choose the journal of late charges.", company.name
                    )
                )
