from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """Where the allowance for expected losses is booked."""

    _inherit = "res.company"

    ar_allowance_account_id = fields.Many2one(
        "account.account",
        "Allowance Account",
        check_company=True,
        help="Balance sheet account, in deduction of the receivables, that holds the allowance for expected losses.",
    )
    ar_allowance_expense_account_id = fields.Many2one(
        "account.account",
        "Allowance Expense Account",
        check_company=True,
        help="Account for changes of the allowance; empty: the bad debt account.",
    )

    @api.constrains("ar_allowance_account_id")
    def _check_ar_allowance_account_id(self):
        """Check that the allowance is not booked on what customers owe, which must tie out to the open items."""
        for company in self:
            if company.ar_allowance_account_id.account_type == "asset_receivable":
                raise ValidationError(
                    self.env._(
                        "%s is an account of receivables, whose balance is what customers owe: choose an account of "
                        "its own for the allowance.",
                        company.ar_allowance_account_id.display_name,
                    )
                )
