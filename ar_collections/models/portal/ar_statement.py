import csv
import datetime
import functools
import io
from collections import defaultdict

import xlsxwriter

from odoo import api, fields, models

from ...core.customers.table import number_format
from ...core.money import ZERO
from ...formats import format_amount, format_date, get_colon
from ..customers.export.workbook import write_titles

#: The invisible mark of Unicode that dates have in languages that are written from right to left.
RIGHT_TO_LEFT = "\u200f"


class ArStatement(models.AbstractModel):
    """Statement of account as of a day: the items open at the end of that day, whatever was paid since."""

    _name = "ar.statement"
    _description = "Statement of Account"

    @api.model
    def _read_lines(self, customers, day):
        """Return the items of customers of one company that are open at the end of the day, oldest due date first.

        Those of today are as the books are now, as in messages and on the customer page: what is dated later counts,
        such as a post-dated payment.

        :return: list of `AsOfItem`, see `ar.as.of`
        """
        company = customers.company_id
        last = day if day < company._ar_today() else datetime.date.max
        return self.env["ar.as.of"]._read_items(company, last, customers.partner_id.ids)

    @api.model
    def _get_accounts(self, customer, member_ids=None):
        """Return the customer and those of the accounts it pays for that its statement lists, as far as users see them.

        :param member_ids: ids of these; ``None``: all of today's
        """
        accounts = customer._get_group()
        if member_ids is not None:
            accounts = accounts.filtered(lambda account: account.id in {customer.id, *member_ids})
        return accounts if self.env.su else accounts.sudo(False)._filtered_access("read") | customer

    @api.model
    def _get_visible_members(self, customer, day):
        """Return whom a statement on the customer's page may list besides, see `_get_accounts`: none of a past day.

        Who pays for others sees their open items, and of a past day the statement has what was paid since.
        """
        return () if day < customer.company_id._ar_today() else None

    @api.model
    def _get_values(self, customer, day, member_ids=None):
        """Return the values of the statement, with a group per currency; ``balance`` is in company currency.

        :param member_ids: see `_get_accounts`
        :return: {customer, company, day, day_text, groups: [see `_get_group`], members: [{customer, groups}] with open
            items, totals: [{currency, total}] of all where there are members, balance of the customer alone,
            bucket_names, registered: payments not booked yet, colon: see `get_colon`}, and the
            formatting functions amount and date
        """
        day = fields.Date.to_date(day)
        accounts, company = self._get_accounts(customer, member_ids), customer.company_id
        lines_of = defaultdict(list)
        for line in self._read_lines(accounts, day):
            lines_of[line.customer_partner_id].append(line)
        own, facts = lines_of[customer.partner_id.id], self._gather_accounts(accounts, day)
        members = [
            {"customer": member, "groups": self._get_groups(lines, day, company, facts.get(member.id))}
            for member in accounts - customer
            if (lines := lines_of.get(member.partner_id.id))
        ]
        groups = self._get_groups(own, day, company, facts.get(customer.id))
        return {
            "customer": customer,
            "company": company,
            "day": day,
            "day_text": format_date(self.env, day, date_format="long"),
            "colon": get_colon(self.env),
            "groups": groups,
            "members": members,
            "totals": self._get_totals([*groups, *(each for member in members for each in member["groups"])]),
            "balance": float(sum((line.residual for line in own), ZERO)),
            "amount": lambda amount, currency: format_amount(self.env, amount, currency),
            # Reports are printed from left to right, where marks of the other direction would scramble a date.
            "date": lambda value: format_date(self.env, value, date_format="medium").replace(RIGHT_TO_LEFT, ""),
            "bucket_names": company._ar_aging_names(),
            "transfers": self._get_transfers(customer, facts),
            "registered": self._get_registered(customer, day),
        }

    @api.model
    def _get_groups(self, lines, day, company, facts=None):
        """Return the sections of one customer, see `_get_group`; parameters as there."""
        by_currency = defaultdict(list)
        for line in lines:
            by_currency[line.currency_id].append(line)
        currencies = self.env["res.currency"].browse(by_currency)
        return [self._get_group(currency, by_currency[currency.id], day, company, facts) for currency in currencies]

    @api.model
    def _get_totals(self, groups):
        """Return [{currency, total}] of these sections."""
        totals = defaultdict(lambda: ZERO)
        for group in groups:
            totals[group["currency"]] += group["total"]
        return [{"currency": currency, "total": total} for currency, total in totals.items()]

    @api.model
    def _get_registered(self, customer, day):
        """Return the payments that are not booked yet, so that the ledger above does not show them; none for past days.

        :return: `account.payment` recordset, in superuser mode
        """
        payments = self.env["account.payment"].sudo()  # the customer's own, whose access the caller checked
        if day < customer.company_id._ar_today():
            return payments
        self.env.flush_all()  # they are read with plain SQL
        waiting = self.env["ar.facts"]._read_waiting_payments(customer)
        return payments.browse([payment.payment_id for payment in waiting if payment.is_inbound])

    @api.model
    def _get_file_name(self, customer, kind, day):
        """Return the name of the file, with the date, so that several can be kept beside each other.

        :param str kind: the extension
        """
        name = self.env._("Statement %(company)s %(day)s", company=customer.company_id.name, day=day.isoformat())
        return f"{name.replace('/', '-')}.{kind}"

    # === FORMATS === #

    @api.model
    def _render_pdf(self, customer, day, first=None, member_ids=None):
        """Return (content, mimetype) of the statement as PDF, in the customer's language.

        :param member_ids: see `_get_accounts`
        :param date first: first day of the movements that it lists besides the open items; ``None``: it lists none
        """
        reports = self.env["ir.actions.report"].with_context(lang=customer.partner_id.lang)
        data = {"day": fields.Date.to_string(day), "first": fields.Date.to_string(first) if first else False}
        data["members"] = None if member_ids is None else list(member_ids)
        content = reports._ar_render_pdf("ar_collections.action_report_statement", customer.ids, data=data)
        return content, "application/pdf"

    @api.model
    def _render_xlsx(self, customer, day, member_ids=None):
        """Return (content, mimetype) of the statement as a workbook: one row per item, amounts as numbers.

        :param member_ids: see `_get_accounts`
        """
        values = self._get_values(customer, day, member_ids)
        output = io.BytesIO()
        with xlsxwriter.Workbook(output, {"in_memory": True}) as workbook:
            sheet = workbook.add_worksheet(self.env._("Statement"))
            bold, dates = workbook.add_format({"bold": True}), workbook.add_format({"num_format": "yyyy-mm-dd"})
            money = functools.cache(lambda digits: workbook.add_format({"num_format": number_format(digits)}))
            sheet.set_column(0, 0, 24)
            sheet.set_column(1, 7, 14)
            sheet.write_string(  # a name may begin like a formula
                0, 0, self.env._("%(name)s, as of %(day)s", name=customer.display_name, day=values["day_text"]), bold
            )
            write_titles(workbook, sheet, 2, self._get_columns(), numeric=(3, 5, 6))
            sheet.freeze_panes(3, 0)
            row, formats = 3, {"bold": bold, "dates": dates, "money": money}
            for group in values["groups"]:
                row = self._write_group(sheet, row, group, formats)
            for member in values["members"]:
                sheet.write_string(row, 0, member["customer"].display_name, bold)
                row += 1
                for group in member["groups"]:
                    row = self._write_group(sheet, row, group, formats)
            for total in values["totals"] if values["members"] else ():
                sheet.write_string(row, 0, self.env._("Total of all customers"), bold)
                sheet.write_string(row, 4, total["currency"].name, bold)
                sheet.write_number(row, 6, float(total["total"]), money(total["currency"].decimal_places))
                row += 1
        return output.getvalue(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    @api.model
    def _render_csv(self, customer, day, member_ids=None):
        """Return (content, mimetype) of the open items as CSV: one row each, amounts and dates for other programs.

        :param member_ids: see `_get_accounts`
        """
        output = io.StringIO()
        rows = csv.writer(output)
        rows.writerow([*self._get_columns(), self.env._("Reference"), self.env._("Customer")])
        values = self._get_values(customer, day, member_ids)
        groups = [(customer, group) for group in values["groups"]]
        groups += [(member["customer"], group) for member in values["members"] for group in member["groups"]]
        moves = {entry["line"].move_id for _owner, group in groups for entry in group["rows"]}
        # The caller checked the visitor's access.
        references = {move.id: move.payment_reference for move in self.env["account.move"].sudo().browse(moves)}
        for owner, group in groups:
            for entry in group["rows"]:
                line = entry["line"]
                rows.writerow(
                    [
                        self._escape_formula(line.name or ""),
                        line.invoice_date,
                        line.due_date,
                        entry["days_late"],
                        group["currency"].name,
                        line.original,
                        line.residual_currency,
                        self._escape_formula(references[line.move_id] or ""),
                        self._escape_formula(owner.display_name or ""),
                    ]
                )
        return output.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8"

    @api.model
    def _escape_formula(self, text):
        """Return the text so that no spreadsheet takes it for a formula."""
        return f"'{text}" if text[:1] in "=+-@\t\r" and text else text

    @api.model
    def _get_columns(self):
        return [
            self.env._("Number"),
            self.env._("Date"),
            self.env._("Due"),
            self.env._("Days late"),
            self.env._("Currency"),
            self.env._("Amount"),
            self.env._("Amount due"),
        ]

    @api.model
    def _write_group(self, sheet, row, group, formats):
        """Write the rows, total and aging of one currency; return the next free row.

        :param dict formats: {bold, dates} of the workbook, and ``money``: a function that returns that of a number of
            decimals
        """
        name, money = group["currency"].name, formats["money"](group["currency"].decimal_places)
        for entry in group["rows"]:
            line = entry["line"]
            sheet.write_string(row, 0, line.name or "")
            sheet.write_datetime(row, 1, fields.Datetime.to_datetime(line.invoice_date), formats["dates"])
            sheet.write_datetime(row, 2, fields.Datetime.to_datetime(line.due_date), formats["dates"])
            sheet.write_number(row, 3, entry["days_late"])
            sheet.write_string(row, 4, name)
            sheet.write_number(row, 5, float(line.original), money)
            sheet.write_number(row, 6, float(line.residual_currency), money)
            row += 1
        sheet.write_string(row, 0, self.env._("Total %(currency)s", currency=name), formats["bold"])
        sheet.write_number(row, 6, float(group["total"]), money)
        for offset, (bucket, amount) in enumerate(zip(group["bucket_names"], group["buckets"], strict=True), 1):
            sheet.write_string(row + offset, 0, bucket)
            sheet.write_number(row + offset, 6, float(amount), money)
        sheet.write_string(row + len(group["buckets"]) + 1, 0, self.env._("Credits"))
        sheet.write_number(row + len(group["buckets"]) + 1, 6, float(group["credits"]), money)
        return row + len(group["buckets"]) + 3
