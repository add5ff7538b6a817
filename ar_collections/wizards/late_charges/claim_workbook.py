"""The claim against a customer as an Excel workbook: a sheet of items with totals, and a sheet of the computation."""

import functools
import io

import xlsxwriter

from odoo import fields

from ...core.customers.table import number_format
from ...core.money import ZERO
from ...models.customers.export.workbook import write_titles


def write_workbook(claim):
    """Return the content of the workbook; amounts are numbers in the currency of each item.

    :param claim: an `ar.late.charge.claim` record
    :rtype: bytes
    """
    rows, credits = claim._read_rows()
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True}) as workbook:
        formats = {
            "bold": workbook.add_format({"bold": True}),
            "dates": workbook.add_format({"num_format": "yyyy-mm-dd"}),
            "percent": workbook.add_format({"num_format": "0.0000"}),
        }
        _write_items(claim, workbook, formats, rows, credits)
        _write_periods(claim, workbook, formats, rows)
    return output.getvalue()


def _get_money(workbook, currency, **options):
    """Return the cell format of amounts in a currency."""
    return workbook.add_format({"num_format": number_format(currency.decimal_places), **options})


def _write_items(claim, workbook, formats, rows, credits):
    """Write a row for each item and the totals of each currency."""
    env = claim.env
    sheet = workbook.add_worksheet(env._("Claim"))
    sheet.set_column(0, 9, 16)
    sheet.set_column(0, 0, 36)
    sheet.write_string(0, 0, claim.display_name, formats["bold"])
    sheet.write_string(1, 0, f"{claim.regime_id.name}: {claim.regime_id.source or ''}" if claim.regime_id else "")
    columns = [
        env._("Number"), env._("Due"), env._("Currency"), env._("Invoiced"), env._("Open"), env._("Days in delay"),
        env._("Interest"), env._("Lump sum"), env._("Invoiced or waived before"), env._("Total"),
    ]  # fmt: skip
    write_titles(workbook, sheet, 3, columns, numeric=range(3, 10))
    sheet.freeze_panes(4, 0)
    number, others = 4, claim._read_others(rows)
    for currency in claim._get_currencies(rows, credits, others):
        money = _get_money(workbook, currency)
        own = [row for row in rows if row.currency_id == currency.id]
        for row in own:
            _write_item(sheet, number, row, currency, formats["dates"], money)
            number += 1
        more = [*others.get(currency.id, []), (env._("Open credits"), -credits.get(currency.id, ZERO))]
        for label, amount in more:
            if amount:
                sheet.write_string(number, 0, label)
                sheet.write_string(number, 2, currency.name)
                sheet.write_number(number, 9, float(amount), money)
                number += 1
        sheet.write_string(number, 0, env._("Sum"), formats["bold"])
        sheet.write_string(number, 2, currency.name, formats["bold"])
        sums = _sum_amounts(own)
        sums[9] += sum(amount for _label, amount in more)
        _write_amounts(sheet, number, sums, _get_money(workbook, currency, bold=True, top=1))
        number += 2


def _write_item(sheet, number, row, currency, dates, money):
    sheet.write_string(number, 0, row.name)
    sheet.write_datetime(number, 1, fields.Datetime.to_datetime(row.due), dates)
    sheet.write_string(number, 2, currency.name)
    sheet.write_number(number, 5, row.interest.days)
    _write_amounts(sheet, number, _sum_amounts([row]), money)


def _sum_amounts(rows):
    """Return {column: Decimal} of the sums of rows."""
    names = {3: "amount", 4: "open", 7: "lump_sum", 8: "deducted", 9: "total"}
    sums = {column: sum((getattr(row, name) for row in rows), ZERO) for column, name in names.items()}
    return {**sums, 6: sum((row.interest.amount for row in rows), ZERO)}


def _write_amounts(sheet, number, amounts, money):
    for column, amount in amounts.items():
        sheet.write_number(number, column, float(amount), money)


def _write_periods(claim, workbook, formats, rows):
    """Write a row for each period with one balance and one rate; the interest is rounded once for each item."""
    env = claim.env
    sheet = workbook.add_worksheet(env._("Computation"))
    sheet.set_column(0, 7, 16)
    sheet.set_column(0, 0, 36)
    columns = [
        env._("Number"), env._("After"), env._("Until"), env._("Days"), env._("Currency"), env._("Open"),
        env._("Rate a year (%)"), env._("Interest, not rounded"),
    ]  # fmt: skip
    write_titles(workbook, sheet, 0, columns, numeric=(3, 5, 6, 7))
    sheet.freeze_panes(1, 0)
    number = 1
    # Not rounded: four decimals more than amounts have.
    money = functools.cache(lambda digits: workbook.add_format({"num_format": number_format(digits)}))
    for row in rows:
        currency = env["res.currency"].browse(row.currency_id)
        digits = currency.decimal_places
        for period in row.interest.periods:
            sheet.write_string(number, 0, row.name)
            for column, day in ((1, period.after), (2, period.last)):
                sheet.write_datetime(number, column, fields.Datetime.to_datetime(day), formats["dates"])
            sheet.write_number(number, 3, period.days)
            sheet.write_string(number, 4, currency.name)
            sheet.write_number(number, 5, float(period.balance), money(digits))
            sheet.write_number(number, 6, float(period.percent), formats["percent"])
            sheet.write_number(number, 7, float(period.interest), money(digits + 4))
            number += 1
