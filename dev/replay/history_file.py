"""A history of invoices as a CSV file: read, checked, and all or nothing.

The columns are those of IBM's sample "Accounts Receivable": `customerID`, `invoiceNumber`, `InvoiceDate`, `DueDate`,
`InvoiceAmount`, `Disputed` and `SettledDate` are used, others are ignored. Dates are month/day/year; an empty
`SettledDate` means never settled. A column `currency` (ISO code) is optional; empty means the company's currency.
"""

import csv
import datetime
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from dev.setup.console import Problem

#: Days from the answer to a dispute to the payment.
ANSWER_DAYS = 3

COLUMNS = ("customerID", "invoiceNumber", "InvoiceDate", "DueDate", "InvoiceAmount", "Disputed", "SettledDate")


@dataclass(frozen=True, slots=True)
class HistoryInvoice:
    """One row. `amount` in `currency`, `None` being the company's own; never settled where `settled` is `None`."""

    number: str
    customer: str
    invoiced: datetime.date
    due: datetime.date
    settled: datetime.date | None
    amount: Decimal
    currency: str | None
    disputed: bool

    @property
    def paid_on(self):
        """Return the day on which the invoice is paid: a payment in advance counts from the invoice date."""
        return self.settled and max(self.settled, self.invoiced)

    @property
    def disputed_on(self):
        """Return the day on which the customer disputes the invoice: its due date, unless it is paid by then."""
        raised = max(self.due, self.invoiced)
        return raised if self.disputed and (self.paid_on is None or self.paid_on > raised) else None

    @property
    def resolved_on(self):
        """Return the day on which the dispute is answered: a few days before the payment; `None` without one."""
        if not self.disputed_on or not self.paid_on:
            return None
        return max(self.paid_on - datetime.timedelta(days=ANSWER_DAYS), self.disputed_on)


def read_history(path, currencies):
    """Return the invoices of a file, in its order.

    :param Path path: the file
    :param currencies: the ISO codes that may stand in the column `currency`
    :rtype: list[HistoryInvoice]
    :raise Problem: with every bad row and its line number
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            invoices, errors = _read_rows(csv.DictReader(file), currencies)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Problem(f"{path} cannot be read: {error}") from error
    if errors:
        listed = "\n".join(f"line {line}: {', '.join(problems)}" for line, problems in errors)
        raise Problem(f"{listed}\n{path} has {len(errors)} bad line(s); nothing was loaded.")
    if not invoices:
        raise Problem(f"{path} holds no invoices.")
    return invoices


def _read_rows(rows, currencies):
    """Return the invoices and the errors, as (line number, [what is wrong])."""
    missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        return [], [(1, [f"there is no column {column}" for column in missing])]
    invoices, errors, lines = [], [], {}
    for row in rows:
        invoice, problems = _read_row(row, currencies)
        number = (row["invoiceNumber"] or "").strip()
        first = lines.setdefault(number, rows.line_num)
        if number and first != rows.line_num:
            problems.append(f"the invoiceNumber {number} is in line {first} already")
        if problems:
            errors.append((rows.line_num, problems))
        invoices.append(invoice)
    return invoices, errors


def _read_row(row, currencies):
    """Return the row's invoice and what is wrong with it; a list means several things may be."""
    problems = ["there are more values than columns"] if None in row else []
    texts = {column: (row[column] or "").strip() for column in row if column}
    for column in ("customerID", "invoiceNumber"):
        if not texts[column]:
            problems.append(f"{column} is missing")
    currency = texts.get("currency", "").upper() or None
    if currency and currency not in currencies:
        problems.append(f"the currency {currency} is unknown")
    return HistoryInvoice(
        number=texts["invoiceNumber"],
        customer=texts["customerID"],
        invoiced=_read_date(texts, "InvoiceDate", problems),
        due=_read_date(texts, "DueDate", problems),
        settled=_read_date(texts, "SettledDate", problems, required=False),
        amount=_read_amount(texts, problems),
        currency=currency,
        disputed=texts["Disputed"].lower() in ("yes", "true", "1"),
    ), problems


def _read_date(texts, column, problems, required=True):
    """Return a date written month/day/year, or `None`; what is wrong is added to `problems`."""
    if not texts[column]:
        if required:
            problems.append(f"{column} is missing")
        return None
    try:
        return datetime.datetime.strptime(texts[column], "%m/%d/%Y").date()  # noqa: DTZ007 (a date has no time zone)
    except ValueError:
        problems.append(f"{column} {texts[column]} is no date (month/day/year)")
        return None


def _read_amount(texts, problems):
    """Return the amount; what is wrong with it is added to `problems`."""
    text = texts["InvoiceAmount"]
    try:
        amount = Decimal(text)
    except InvalidOperation:
        problems.append(f"InvoiceAmount {text} is no number" if text else "InvoiceAmount is missing")
        return None
    if not amount.is_finite():
        problems.append(f"InvoiceAmount {text} is no number")
    elif amount < 0:
        problems.append(f"InvoiceAmount {text} is negative")
    return amount
