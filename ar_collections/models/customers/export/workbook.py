"""Workbooks of tables, for Excel: amounts with the currency of their row, totals by currency."""

import io

import xlsxwriter

from ....core.customers.table import NUMERIC, money_format, number_format, totals

#: Excel's maximum number of rows, less some for the header and the totals.
MOST_ROWS = 1_048_000

#: Excel's maximum length of a sheet's name, and what may not stand in it.
NAME_LENGTH = 31
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))

WIDTHS = {"text": 28, "datetime": 18}


def write_titles(workbook, sheet, line, titles, numeric=()):
    """Write the names of columns, those of numbers on the right, where the numbers stand; print the sheet in width.

    :param numeric: positions of the columns of numbers
    """
    for column, title in enumerate(titles):
        side = "right" if column in numeric else "left"
        form = {"bold": True, "bottom": 1, "align": side, "valign": "bottom", "text_wrap": True}
        sheet.write_string(line, column, title, workbook.add_format(form))
    fit_to_print(sheet, line)


def fit_to_print(sheet, line):
    """Print a sheet as wide as a page, with the names of its columns on each page.

    :param int line: number of the row of these names
    """
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(line)


class WorkbookWriter:
    """Writes tables into the sheets of one workbook."""

    def __init__(self, env):
        """Begin a workbook whose texts are in the language of an environment."""
        self.env = env
        self._output = io.BytesIO()
        self._workbook = xlsxwriter.Workbook(self._output, {"in_memory": True})
        self._formats = {}

    def close(self):
        """Return the content of the workbook.

        :rtype: bytes
        """
        self._workbook.close()
        return self._output.getvalue()

    def add_table(self, name, title, columns, rows):
        """Write a sheet: a title, the names of the columns, the rows, and the totals by currency.

        :param str name: of the sheet
        :param columns: list[core.customers.table.Column]
        :param rows: list of (currency of the row, cells); a cell that is empty is ``None``
        """
        sheet = self._workbook.add_worksheet(name.translate(FORBIDDEN)[:NAME_LENGTH])
        sheet.write_string(0, 0, title, self._get_format(bold=True))
        for number, column in enumerate(columns):
            side = "right" if column.kind in NUMERIC else "left"
            sheet.write_string(2, number, column.title, self._get_format(bold=True, bottom=1, align=side))
            sheet.set_column(number, number, WIDTHS.get(column.kind, 16))
        sheet.freeze_panes(3, 0)
        fit_to_print(sheet, 2)
        shown = rows[:MOST_ROWS]
        for line, (currency, cells) in enumerate(shown, 3):
            self._write_cells(sheet, line, columns, cells, currency)
        if any(column.total for column in columns):
            self._write_totals(sheet, 3 + len(shown), columns, shown)

    def _write_totals(self, sheet, line, columns, rows):
        """Write a line for each currency; amounts of several are never added up."""
        by_currency = {}
        for currency, cells in rows:
            by_currency.setdefault(currency, []).append(cells)
        for number, (currency, cells) in enumerate(by_currency.items()):
            sums = totals(columns, cells)
            if sums[0] is None:
                several = len(by_currency) > 1
                total = self.env._("Total in %(currency)s", currency=currency.name) if several else self.env._("Total")
                sums[0] = total
            self._write_cells(sheet, line + number, columns, sums, currency, bold=True, top=1)

    def _write_cells(self, sheet, line, columns, cells, currency, **style):
        """Write a row; numbers are written as numbers, so that they can be added up."""
        for number, (column, cell) in enumerate(zip(columns, cells, strict=True)):
            form = self._get_format(num_format=self._get_number_format(column, currency), **style)
            if cell is None:
                sheet.write_blank(line, number, None, form)
            elif column.kind in NUMERIC:
                sheet.write_number(line, number, float(cell), form)
            elif column.kind == "text" or isinstance(cell, str):
                sheet.write_string(line, number, cell, form)
            else:
                sheet.write_datetime(line, number, cell, form)

    @staticmethod
    def _get_number_format(column, currency):
        """Return the format of a cell, as Excel writes it."""
        if column.kind == "money" and currency:
            return money_format(
                currency.decimal_places, currency.symbol or currency.name, currency.position == "before"
            )
        if column.kind in NUMERIC:
            return number_format(0 if column.kind == "integer" else column.digits)
        return {"date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm"}.get(column.kind, "General")

    def _get_format(self, **style):
        """Return the format of the workbook with this style; each is made once."""
        key = tuple(sorted(style.items()))
        if key not in self._formats:
            self._formats[key] = self._workbook.add_format(style)
        return self._formats[key]
