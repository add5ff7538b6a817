"""Which days of a history are simulated, and which of its invoices are open then."""

import datetime
import os

from dev.setup.console import Problem

#: Days simulated after the last due date where an invoice is never settled, so that all its reminders are seen.
UNSETTLED_DAYS = 60


def read_period(invoices):
    """Return (first, last) day: `FROM` and `TO` of the environment, else the first invoice to the last settlement.

    :param invoices: list of `HistoryInvoice`
    :raise Problem: if a date cannot be read, or the first is after the last
    """
    first = _read_day("FROM") or min(invoice.invoiced for invoice in invoices)
    last = _read_day("TO") or _last_day(invoices)
    if first > last:
        raise Problem(f"There are no days to simulate: FROM={first} is after TO={last}.")
    return first, last


def in_period(invoices, first, last):
    """Return the invoices that are open on one of the days, by the date of invoice.

    :raise Problem: if there are none
    """
    found = [i for i in invoices if i.invoiced <= last and (i.paid_on is None or i.paid_on >= first)]
    if not found:
        raise Problem(f"No invoice is open between {first} and {last}.")
    return sorted(found, key=lambda invoice: (invoice.invoiced, invoice.number))


def days(first, last):
    """Yield every day from the first to the last.

    >>> [str(day) for day in days(datetime.date(2012, 2, 28), datetime.date(2012, 3, 1))]
    ['2012-02-28', '2012-02-29', '2012-03-01']
    """
    for offset in range((last - first).days + 1):
        yield first + datetime.timedelta(days=offset)


def _last_day(invoices):
    """Return the last settlement, or the end of the reminders about what is never settled."""
    ends = [invoice.paid_on for invoice in invoices if invoice.paid_on]
    if len(ends) < len(invoices):
        ends.append(max(invoice.due for invoice in invoices) + datetime.timedelta(days=UNSETTLED_DAYS))
    return max(ends)


def _read_day(name):
    """Return the date in an environment variable, `None` if it is not set."""
    text = os.environ.get(name)
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Problem(f"{name}={text} is no date: write it as {name}=2012-01-31.") from error
