import io

import xlsxwriter

from odoo import Command, models
from odoo.exceptions import UserError

from ....core.customers.table import number_format
from ....formats import format_date
from ...customers.export.workbook import write_titles


class ArAllowanceEntry(models.Model):
    """The draft entry of the difference, which an accountant posts, and the workbook for the auditor."""

    _inherit = "ar.allowance"

    def action_create_entry(self):
        """Create the draft entry of the difference to what is booked, and open it."""
        self.ensure_one()
        self._require("credit_manager")
        self.check_access("write")
        allowance = self.sudo()  # an accountant posts the entry; who may make it was checked
        if allowance.move_id:
            raise UserError(self.env._("The entry of this allowance is made: make a new allowance instead."))
        if not allowance.line_ids:
            raise UserError(self.env._("Compute the matrix first."))
        allowance._check_no_draft()
        allowance.action_compute()
        if allowance.currency_id.is_zero(allowance.difference):
            raise UserError(self.env._("The allowance is booked already: there is no difference."))
        allowance.move_id = allowance._create_entry()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": allowance.move_id.id,
            "views": [(False, "form")],
        }

    def _check_no_draft(self):
        """Check that no entry waits to be posted: it would be missing in the difference.

        :raise UserError: where one waits
        """
        company = self.company_id
        waiting = self.search([("company_id", "=", company.id), ("move_id.state", "=", "draft")], limit=1)
        if waiting:
            raise UserError(
                self.env._(
                    "The entry of the allowance of %(company)s as of %(day)s is still a draft: post or delete it "
                    "first.",
                    company=company.name,
                    day=format_date(self.env, waiting.date),
                )
            )

    def _create_entry(self):
        """Create the draft entry; return it."""
        company = self.company_id
        account = company.ar_allowance_account_id
        expense = company.ar_allowance_expense_account_id or company.ar_bad_debt_account_id
        if not account or not expense:
            raise UserError(
                self.env._(
                    "%(company)s has no accounts for the allowance: an administrator sets them under Invoicing > "
                    "Configuration > Settings > Collections.",
                    company=company.name,
                )
            )
        company._ar_check_none_archived(account, expense)
        domain = [("company_id", "=", company.id), ("type", "=", "general"), ("ar_is_write_off", "=", False)]
        journal = self.env["account.journal"].search(domain, limit=1)
        return (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "entry",
                    "date": self.date,
                    "journal_id": journal.id,
                    "ref": self.display_name,
                    "line_ids": [
                        Command.create({"name": self.display_name, "account_id": used.id, "balance": sign * amount})
                        for used, sign, amount in ((expense, 1, self.difference), (account, -1, self.difference))
                    ],
                }
            )
        )

    def _check_export(self):
        """Override to need a role, not the right to export: the file is written for who may read the allowance."""
        self._require("auditor")

    def _write_workbook(self):
        """Override to write the matrix, its sums, and how it was computed."""
        output = io.BytesIO()
        with xlsxwriter.Workbook(output, {"in_memory": True}) as workbook:
            sheet = workbook.add_worksheet(self.env._("Allowance"))
            digits = number_format(self.currency_id.decimal_places)
            money = workbook.add_format({"num_format": digits})
            percent = workbook.add_format({"num_format": "0.0000"})
            bold = workbook.add_format({"bold": True})
            sheet.set_column(0, 0, 32)
            sheet.set_column(1, 6, 16)
            sheet.write_string(0, 0, f"{self.company_id.name}, {self.display_name}, {self.currency_id.name}", bold)
            columns = ("name", "balance", "insured", "exposed", "rate", "rate_used", "amount")
            labels = self.line_ids.fields_get(columns, ["string"])
            write_titles(workbook, sheet, 2, [labels[name]["string"] for name in columns], numeric=range(1, 7))
            sheet.freeze_panes(3, 0)
            for row, line in enumerate(self.line_ids, 3):
                sheet.write_string(row, 0, line.name)
                for column, name in enumerate(columns[1:], 1):
                    sheet.write_number(row, column, line[name], percent if name.startswith("rate") else money)
            self._write_sums(sheet, workbook.add_format({"num_format": digits, "bold": True, "top": 1}), columns)
            own = self.fields_get(["amount_total", "amount_before", "difference", "factor", "factor_reason"])
            for row, name in enumerate(("amount_total", "amount_before", "difference"), 5 + len(self.line_ids)):
                sheet.write_string(row, 0, own[name]["string"])
                sheet.write_number(row, 6, self[name], money)
            sheet.write_string(row + 1, 0, own["factor"]["string"])
            sheet.write_number(row + 1, 6, self.factor, percent)
            sheet.write_string(row + 2, 0, self.factor_reason or "")
        return output.getvalue()

    def _write_sums(self, sheet, form, columns):
        """Write the sums of the matrix below it.

        :param form: format of the cells
        :param columns: names of the fields of the columns
        """
        row = 3 + len(self.line_ids)
        sheet.write_string(row, 0, self.env._("Sum"), form)
        for column, name in enumerate(columns):
            if name in ("balance", "insured", "exposed", "amount"):
                sheet.write_number(row, column, sum(self.line_ids.mapped(name)), form)
