"""The aging report as an Excel workbook: a sheet by customer that ties out to the ledger, and a sheet of items."""

import functools
import io

import xlsxwriter

from odoo import fields

from ...core.customers.table import number_format
from ...formats import format_date
from ...models.customers.export.workbook import write_titles

#: Excel's maximum number of rows, less some for the header.
MOST_ROWS = 1_048_000


def write_workbook(aging):
    """Return the content of the workbook; amounts are numbers in company currency, unless labeled otherwise.

    :param aging: an `ar.aging` record
    :rtype: bytes
    """
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True, "constant_memory": True}) as workbook:
        money = number_format(aging.currency_id.decimal_places)
        formats = {
            "bold": workbook.add_format({"bold": True}),
            "dates": workbook.add_format({"num_format": "yyyy-mm-dd"}),
            "money": workbook.add_format({"num_format": money}),
            "sum": workbook.add_format({"num_format": money, "bold": True, "top": 1}),
            "digits": functools.cache(lambda digits: workbook.add_format({"num_format": number_format(digits)})),
        }
        _write_customers(aging, workbook, formats)
        _write_items(aging, workbook, formats)
    return output.getvalue()


def _write_customers(aging, workbook, formats):
    """Write one row per customer, the totals, and the ledger balance with the difference if there is one."""
    env, company = aging.env, aging.company_id
    sheet = workbook.add_worksheet(env._("Customers"))
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, 8, 14)
    sheet.write_string(0, 0, f"{company.name}, {aging.display_name}, {aging.currency_id.name}", formats["bold"])
    columns = [*company._ar_aging_names(), env._("Credits"), env._("Total")]
    write_titles(workbook, sheet, 2, [env._("Customer"), *columns], numeric=range(1, len(columns) + 1))
    sheet.freeze_panes(3, 1)
    row, sums = 3, [0] * len(columns)
    for name, buckets, credits, total in aging._get_customer_rows():
        amounts = [*buckets, credits, total]
        sums = [added + amount for added, amount in zip(sums, amounts, strict=True)]
        _write_amounts(sheet, row, name, amounts, formats["money"])
        row += 1
    _write_amounts(sheet, row, env._("Sum"), sums, formats["sum"])
    sheet.write_string(row + 2, 0, env._("Ledger balance on %(day)s", day=format_date(env, aging.date)))
    sheet.write_number(row + 2, len(columns), aging.ledger_balance, formats["money"])
    if not aging.currency_id.is_zero(aging.difference):
        sheet.write_string(row + 3, 0, env._("Settled between branches"))
        sheet.write_number(row + 3, len(columns), aging.difference, formats["money"])


def _write_amounts(sheet, row, name, amounts, money):
    """Write a name and its amounts, shown with the currency's decimals.

    :param money: the cell format
    """
    sheet.write_string(row, 0, name)
    for column, amount in enumerate(amounts, 1):
        sheet.write_number(row, column, float(amount), money)


def _write_items(aging, workbook, formats):
    """Write one row per item, the oldest due date first; items beyond Excel's limit are left out.

    The names are read with sudo: customers and users may be restricted to other companies.
    """
    env = aging.env
    sheet = workbook.add_worksheet(env._("Items"))
    columns = [
        env._("Customer"), env._("Number"), env._("Date"), env._("Due"), env._("Days late"), env._("Age"),
        env._("Currency"), env._("Amount due in currency"), env._("Amount due"), env._("Collector"),
        env._("Salesperson"),
    ]  # fmt: skip
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, 10, 14)
    write_titles(workbook, sheet, 0, columns, numeric=(4, 7, 8))
    sheet.freeze_panes(1, 0)
    items = aging._get_items()
    ages = dict(items.fields_get(["bucket"])["bucket"]["selection"])
    for row, item in enumerate(items[:MOST_ROWS], 1):
        sheet.write_string(row, 0, item.partner_id.sudo().display_name or "")
        sheet.write_string(row, 1, item.name or "")
        sheet.write_datetime(row, 2, fields.Datetime.to_datetime(item.invoice_date), formats["dates"])
        sheet.write_datetime(row, 3, fields.Datetime.to_datetime(item.due_date), formats["dates"])
        if item.days_late is not None:
            sheet.write_number(row, 4, item.days_late)
        sheet.write_string(row, 5, ages[item.bucket])
        sheet.write_string(row, 6, item.currency_id.name)
        sheet.write_number(row, 7, item.residual_currency, formats["digits"](item.currency_id.decimal_places))
        sheet.write_number(row, 8, item.residual, formats["money"])
        sheet.write_string(row, 9, item.collector_id.sudo().name or "")
        sheet.write_string(row, 10, item.salesperson_id.sudo().name or "")
