"""The data sheet of a payment order as an Excel workbook."""

import io

import xlsxwriter

from ....core.customers.table import money_format
from ....models.customers.export.workbook import write_titles


def write_workbook(order):
    """Return the content of the workbook: parties, claims and ancillary claims in the order of the form.

    :param order: an `ar.payment.order` record
    :rtype: bytes
    """
    env, values = order.env, order._get_sheet_values()
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True}) as workbook:
        bold, head = workbook.add_format({"bold": True}), workbook.add_format({"bold": True, "bottom": 1})
        money = _get_money(workbook, values["currency"])
        sheet = workbook.add_worksheet(env._("Payment order"))
        sheet.set_column(0, 7, 24)
        sheet.write_string(0, 0, order.display_name, bold)
        number = _write_parts(sheet, values, head)
        number = _write_rows(env, workbook, sheet, values, number)
        for label, amount in values["ancillary_amounts"]:
            sheet.write_string(number, 0, label)
            sheet.write_number(number, 5, amount, money)
            number += 1
        sheet.write_string(number + 1, 0, env._("Court if contested"))
        sheet.write_string(number + 1, 1, order.court or "")
        for offset, text in enumerate(values["missing"]):
            sheet.write_string(number + 3 + offset, 0, text)
    return output.getvalue()


def _get_money(workbook, currency, **options):
    """Return the cell format of amounts: with the currency, which nothing else on the sheet names."""
    symbol, is_before = currency.symbol or currency.name, currency.position == "before"
    return workbook.add_format({"num_format": money_format(currency.decimal_places, symbol, is_before), **options})


def _write_parts(sheet, values, head):
    """Write the parties; return the number of the next row."""
    number = 2
    for part in values["parts"]:
        sheet.write_string(number, 0, part["title"], head)
        for label, value, _where in part["rows"]:
            number += 1
            sheet.write_string(number, 0, label)
            sheet.write_string(number, 1, value or "")  # a text may begin like a formula
        number += 2
    return number


def _write_rows(env, workbook, sheet, values, number):
    """Write the principal with its interest and its sum; return the number of the next row."""
    money = _get_money(workbook, values["currency"])
    titles = [
        env._("No."), env._("Catalogue number"), env._("Invoice"), env._("From"), env._("To"), env._("Amount"),
        env._("Interest a year"), env._("Interest from"),
    ]  # fmt: skip
    write_titles(workbook, sheet, number, titles, numeric=(0, 5))
    for row in values["rows"]:
        number += 1
        sheet.write_number(number, 0, row["number"])
        texts = {1: "catalogue", 2: "name", 3: "from", 4: "to", 6: "interest", 7: "interest_from"}
        for column, name in texts.items():
            sheet.write_string(number, column, row[name])
        sheet.write_number(number, 5, row["value"], money)
    number += 1
    sheet.write_string(number, 0, env._("Principal"), workbook.add_format({"bold": True}))
    total = sum(row["value"] for row in values["rows"])
    sheet.write_number(number, 5, total, _get_money(workbook, values["currency"], bold=True, top=1))
    return number + 2
