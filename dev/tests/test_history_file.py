"""A history is read completely or not at all; the error names every bad line."""

import datetime
import os
from decimal import Decimal

import pytest

from dev.replay import __main__ as replay
from dev.replay.currencies import currency_codes
from dev.replay.history_file import read_history
from dev.replay.history_period import in_period, read_period
from dev.setup.console import Problem

HEADER = (
    "countryCode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate,"
    "PaperlessBill,DaysToSettle,DaysLate"
)
GOOD = "391,0379-NEVHP,4/6/2013,0000611365,1/2/2013,2/1/2013,55.94,No,1/15/2013,Paper,13,0"
CURRENCIES = frozenset({"EUR", "USD"})


@pytest.fixture
def write(tmp_path):
    """Return a function that writes lines into a file and returns its path."""

    def write_lines(*lines):
        path = tmp_path / "history.csv"
        path.write_text("\n".join(lines) + "\n")
        return path

    return write_lines


def _row(number="1", invoiced="1/2/2013", due="2/1/2013", amount="10", settled="1/15/2013", customer="C"):
    return f"391,{customer},4/6/2013,{number},{invoiced},{due},{amount},Yes,{settled},Paper,13,0"


def test_a_row_becomes_an_invoice(write):
    (invoice,) = read_history(write(HEADER, GOOD), CURRENCIES)
    assert (invoice.number, invoice.customer, invoice.amount) == ("0000611365", "0379-NEVHP", Decimal("55.94"))
    assert (invoice.invoiced, invoice.due) == (datetime.date(2013, 1, 2), datetime.date(2013, 2, 1))
    assert (invoice.settled, invoice.currency, invoice.disputed) == (datetime.date(2013, 1, 15), None, False)


def test_who_never_settles_has_no_date(write):
    (invoice,) = read_history(write(HEADER, _row(settled="")), CURRENCIES)
    assert invoice.paid_on is None
    assert invoice.disputed


def test_a_payment_in_advance_waits_for_the_invoice(write):
    (invoice,) = read_history(write(HEADER, _row(invoiced="1/2/2013", settled="12/30/2012")), CURRENCIES)
    assert invoice.paid_on == datetime.date(2013, 1, 2)


@pytest.mark.parametrize(
    ("settled", "disputed_on", "resolved_on"),
    [
        ("", "2013-02-01", None),
        ("3/10/2013", "2013-02-01", "2013-03-07"),
        ("2/3/2013", "2013-02-01", "2013-02-01"),  # paid before an answer could be awaited
        ("2/1/2013", None, None),
        ("1/15/2013", None, None),
    ],
)
def test_a_disputed_row_is_contested_on_its_due_date(write, settled, disputed_on, resolved_on):
    (invoice,) = read_history(write(HEADER, _row(settled=settled)), CURRENCIES)
    assert [str(invoice.disputed_on), str(invoice.resolved_on)] == [str(disputed_on), str(resolved_on)]


def test_a_row_that_is_not_disputed_is_not_contested(write):
    (invoice,) = read_history(write(HEADER, GOOD), CURRENCIES)
    assert (invoice.disputed_on, invoice.resolved_on) == (None, None)


def test_an_invoice_due_before_its_date_is_contested_when_it_appears(write):
    (invoice,) = read_history(write(HEADER, _row(due="12/1/2012", settled="")), CURRENCIES)
    assert invoice.disputed_on == datetime.date(2013, 1, 2)


def test_a_currency_may_be_given(write):
    invoices = read_history(write(f"{HEADER},currency", f"{GOOD},EUR", f"{_row()},"), CURRENCIES)
    assert [invoice.currency for invoice in invoices] == ["EUR", None]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (_row(invoiced=""), "InvoiceDate is missing"),
        (_row(due=""), "DueDate is missing"),
        (_row(due="31/12/2013"), "DueDate 31/12/2013 is no date"),
        (_row(amount="-1"), "InvoiceAmount -1 is negative"),
        (_row(amount="ten"), "InvoiceAmount ten is no number"),
        (_row(amount="NaN"), "InvoiceAmount NaN is no number"),
        (_row(amount=""), "InvoiceAmount is missing"),
        (_row(number=""), "invoiceNumber is missing"),
        (_row(customer=" "), "customerID is missing"),
        (_row(settled="soon"), "SettledDate soon is no date"),
        (_row(amount="1,000.00"), "more values than columns"),
        ("391,C", "InvoiceDate is missing"),
    ],
)
def test_a_bad_row_is_reported_with_its_line(write, row, expected):
    with pytest.raises(Problem) as problem:
        read_history(write(HEADER, GOOD, row), CURRENCIES)
    assert str(problem.value).startswith("line 3: ")
    assert expected in str(problem.value)


def test_an_unknown_currency_is_reported(write):
    with pytest.raises(Problem, match="line 2: the currency XXQ is unknown"):
        read_history(write(f"{HEADER},currency", f"{GOOD},XXQ"), CURRENCIES)


def test_a_number_stands_once(write):
    with pytest.raises(Problem, match="line 4: the invoiceNumber 7 is in line 2 already"):
        read_history(write(HEADER, _row("7"), GOOD, _row("7")), CURRENCIES)


def test_every_bad_row_is_reported(write):
    with pytest.raises(Problem, match=r"line 2: .*\nline 4: .*, .*\n.* has 2 bad line") as problem:
        read_history(write(HEADER, _row(amount="-1"), GOOD, _row("2", invoiced="", amount="-1")), CURRENCIES)
    assert "nothing was loaded" in str(problem.value)


def test_a_missing_column_is_reported(write):
    with pytest.raises(Problem, match="line 1: there is no column DueDate"):
        read_history(write(HEADER.replace("DueDate", "Due"), GOOD), CURRENCIES)


def test_an_empty_file_is_reported(write):
    with pytest.raises(Problem, match="holds no invoices"):
        read_history(write(HEADER), CURRENCIES)


def test_a_file_of_another_kind_is_reported(tmp_path):
    path = tmp_path / "history.csv"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Problem, match="cannot be read"):
        read_history(path, CURRENCIES)


def test_nothing_is_loaded_from_a_bad_file(write, monkeypatch):
    monkeypatch.setitem(os.environ, "DATA", str(write(HEADER, GOOD, _row(amount="-1"))))
    monkeypatch.setattr(replay, "replay", lambda *_args: pytest.fail("a database was touched"))
    with pytest.raises(Problem, match="line 3"):
        replay.main()


def test_odoo_knows_the_usual_currencies():
    assert {"EUR", "USD", "GBP", "JPY", "INR"} <= currency_codes()


def test_the_days_run_from_the_first_invoice_to_the_last_settlement(write, monkeypatch):
    monkeypatch.delenv("FROM", raising=False)
    monkeypatch.delenv("TO", raising=False)
    settled = [GOOD, _row("2", invoiced="1/10/2013", settled="3/9/2013")]
    invoices = read_history(write(HEADER, *settled), CURRENCIES)
    assert read_period(invoices) == (datetime.date(2013, 1, 2), datetime.date(2013, 3, 9))
    invoices = read_history(write(HEADER, *settled, _row("3", due="2/1/2013", settled="")), CURRENCIES)
    assert read_period(invoices)[1] == datetime.date(2013, 4, 2)  # sixty days after the last due date


def test_the_days_may_be_chosen(write, monkeypatch):
    invoices = read_history(write(HEADER, GOOD, _row("2", invoiced="3/1/2013", settled="")), CURRENCIES)
    monkeypatch.setitem(os.environ, "FROM", "2013-01-15")
    monkeypatch.setitem(os.environ, "TO", "2013-02-28")
    first, last = read_period(invoices)
    assert [invoice.number for invoice in in_period(invoices, first, last)] == ["0000611365"]  # paid on the first day
    with pytest.raises(Problem, match="No invoice is open"):
        in_period(invoices, first + datetime.timedelta(days=1), last)
    monkeypatch.setitem(os.environ, "FROM", "2014-01-15")
    with pytest.raises(Problem, match="no days to simulate"):
        read_period(invoices)
    monkeypatch.setitem(os.environ, "FROM", "1/15/2013")
    with pytest.raises(Problem, match="FROM=1/15/2013 is no date"):
        read_period(invoices)
