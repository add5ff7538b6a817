from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

#: Accounts whose balance is what customers owe, or what is owed to vendors.
OPEN_ITEM_TYPES = ("asset_receivable", "liability_payable")


class ResCompany(models.Model):
    """Where losses are booked, and up to which amount one person writes off alone."""

    _inherit = "res.company"

    ar_write_off_journal_id = fields.Many2one(
        "account.journal",
        "Write-Off Journal",
        domain="[('type', '=', 'general'), ('company_id', '=', id)]",
        check_company=True,
        help="Journal of the entries of write-offs; empty: one is created with the first write-off.",
    )
    ar_bad_debt_account_id = fields.Many2one(
        "account.account",
        "Bad Debt Account",
        domain="[('account_type', 'in', ('expense', 'expense_depreciation', 'expense_other', 'expense_direct_cost'))]",
        check_company=True,
        help="Expense account for what customers do not pay.",
    )
    ar_small_difference_account_id = fields.Many2one(
        "account.account",
        "Small Differences Account",
        domain="[('account_type', 'not in', ('asset_receivable', 'liability_payable'))]",
        check_company=True,
        help="Account for small differences that are written off; empty: the bad debt account.",
    )
    ar_write_off_alone = fields.Monetary(
        "One Person Writes off up to",
        help="Highest amount that a credit manager writes off alone of one customer in 30 days; above it a second "
        "person approves. The same amount holds for what one person grants alone of disputes that it recorded itself. "
        "0: always two persons.",
    )

    _ar_write_off_alone_not_negative = models.Constraint(
        "CHECK (ar_write_off_alone >= 0)", "The amount that one person writes off alone cannot be negative."
    )

    @api.constrains("ar_bad_debt_account_id", "ar_small_difference_account_id", "ar_allowance_expense_account_id")
    def _check_ar_loss_accounts(self):
        """Check that no loss is booked on open items: the write-off would settle nothing."""
        for company in self:
            accounts = company.ar_bad_debt_account_id | company.ar_small_difference_account_id
            for account in accounts | company.ar_allowance_expense_account_id:
                if account.account_type in OPEN_ITEM_TYPES:
                    raise ValidationError(
                        self.env._(
                            "%s is an account of receivables or payables, whose balance is what is owed: choose an "
                            "expense account for losses.",
                            account.display_name,
                        )
                    )

    def _ar_get_write_off_journal(self):
        """Return the journal of write-offs, created where there is none yet; its entries count as losses.

        :raise UserError: where it is archived
        """
        self.ensure_one()
        company = self.sudo()  # who may write off needs no right on journals
        journal = company.ar_write_off_journal_id
        if not journal:
            journal = company.env["account.journal"].create(
                {
                    "name": self.env._("Write-Offs"),
                    "code": company._ar_get_free_journal_code(),
                    "type": "general",
                    "company_id": company.id,
                    "show_on_dashboard": False,
                }
            )
            company.ar_write_off_journal_id = journal
        if not journal.ar_is_write_off:
            journal.ar_is_write_off = True
        self._ar_check_none_archived(journal)
        return journal

    def _ar_get_free_journal_code(self):
        """Return a code for the journal of write-offs that no journal of the company has."""
        journals = self.env["account.journal"].with_context(active_test=False)
        taken = set(journals.search([("company_id", "=", self.id)]).mapped("code"))
        return next(code for number in range(1, 1000) if (code := f"WO{number if number > 1 else ''}") not in taken)

    def _ar_get_loss_account(self, is_small):
        """Return the account that losses are booked on.

        :raise UserError: where none is set, or it is archived, with where to set it
        """
        self.ensure_one()
        company = self.sudo()  # as for the journal
        account = (is_small and company.ar_small_difference_account_id) or company.ar_bad_debt_account_id
        if not account:
            raise UserError(
                self.env._(
                    "%(company)s has no account for bad debts: an administrator sets it under Invoicing > "
                    "Configuration > Settings > Collections.",
                    company=company.name,
                )
            )
        self._ar_check_none_archived(account)
        return account

    def _ar_check_none_archived(self, *settings):
        """Check accounts and journals of the settings of collections.

        :raise UserError: for the first that is archived, with where to choose another one
        """
        place = self.env._("Invoicing > Configuration > Settings > Collections")
        if error := self._ar_find_archived(place, *settings):
            raise UserError(error)
