from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import CREDIT_LIMIT_KINDS
from ...core.credit.limit import AMOUNT

#: What is written to the account.
LIMIT_FIELDS = ("credit_limit_kind", "credit_limit", "credit_review_on")


class ArCreditLimitEntry(models.TransientModel):
    """Credit limits from a file: each row names a contact, which may have no account yet."""

    _name = "ar.credit.limit.entry"
    _inherit = ["ar.file.mixin"]
    _description = "Credit Limit from a File"

    partner_id = fields.Many2one("res.partner", "Customer", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    credit_limit_kind = fields.Selection(CREDIT_LIMIT_KINDS, "Limit", required=True, default=AMOUNT)
    credit_limit = fields.Monetary("Limit Amount")
    credit_review_on = fields.Date("Review on")

    @api.model
    def get_import_templates(self):
        """Return the example that the import offers, in the form of `base_import`."""
        template = "/ar_collections/static/csv/credit_limits.csv"
        return [{"label": self.env._("Example: credit limits"), "template": template}]

    def _get_row_note(self):
        """Override to note which account the row is about."""
        return self.partner_id.commercial_partner_id, self.company_id

    @api.model
    def _check_rows(self, fields, data, notes, is_bad):
        """Override to load nothing where it is not certain which customer a row means.

        Odoo takes the first of several contacts with one name, and the last of several rows for one customer.
        """
        return super()._check_rows(fields, data, notes, is_bad) + self._find_repeated(fields, data, notes)

    @api.model
    def _find_repeated(self, fields, data, accounts):
        """Return a message for each row that means the customer of an earlier row, whatever the two call it.

        :param fields, data: as those of `load`
        :param dict accounts: {number of a row, from 0: (customer, company)}
        """
        column = next((number for number, name in enumerate(fields) if name.startswith("partner_id")), None)
        first_rows, messages = {}, []
        for number, account in sorted(accounts.items()):
            first = first_rows.setdefault(account, number)
            if first == number:
                continue
            text = self.env._(
                "Row %(row)s (%(name)s) and row %(first)s (%(first_name)s) are about the same customer, %(customer)s: "
                "leave one of them out.",
                row=number + 1,
                name=data[number][column] if column is not None else number + 1,
                first=first + 1,
                first_name=data[first][column] if column is not None else first + 1,
                customer=account[0].display_name,
            )
            messages.append(self._get_row_message(number, text, "partner_id"))
        return messages

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base` to give the limits to the customers.

        :raise UserError: without the role, or for a limit that cannot be meant
        """
        self.env["ar.customer"]._require("credit_manager")
        entries = super().create(vals_list)
        if others := entries.company_id - self.env.companies:
            raise UserError(self.env._("Select %(company)s in the list of companies.", company=others[0].name))
        given = dict(zip(entries, vals_list, strict=True))
        for company, group in entries.grouped("company_id").items():
            group._enter(company, given)
        return entries

    def write(self, vals):
        """Override of `base` to give the limits again: a file with external IDs that is read once more writes."""
        self.env["ar.customer"]._require("credit_manager")
        result = super().write(vals)
        for company, group in self.grouped("company_id").items():
            group._enter(company, dict.fromkeys(group, vals))
        return result

    def _enter(self, company, given):
        """Write the limits to the accounts in the company; those that are missing are created.

        :param dict given: {entry: values of its row}; without a column for the review, its day stays as it is
        """
        partners = self.partner_id.commercial_partner_id
        self.env["ar.customer"]._ensure_for_partners(partners, company)
        customers = self.env["ar.customer"].with_context(active_test=False)
        domain = [("partner_id", "in", partners.ids), ("company_id", "=", company.id), ("merged_into_id", "=", False)]
        accounts = customers.search(domain).grouped("partner_id")
        with customers._follow_limits_together():
            for entry in self:
                names = [name for name in LIMIT_FIELDS if name != "credit_review_on" or name in given[entry]]
                values = {name: entry[name] for name in names}
                accounts[entry.partner_id.commercial_partner_id].write(values)
