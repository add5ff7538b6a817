"""The demo company's regular customers: two years of invoices, each paid with the customer's usual delay.

They give the trend reports data: growing sales, customers who pay early, on time, or some days late.
"""

import datetime
from decimal import Decimal

from dev.replay.books import Books
from dev.replay.history_file import HistoryInvoice

#: Name -> (day of the month of the invoice, first amount, days from the due date to the payment).
REGULARS = {
    "Daily Deliveries": (3, 10900, 2),
    "Harbour Couriers": (7, 9800, 9),
    "Lakeside Hotel": (11, 13600, -8),
    "Museum of Wheels": (14, 7900, 0),
    "Parcel Riders": (18, 9100, 13),
    "Sunday Riders Club": (22, 4900, 5),
    "University Rentals": (26, 8700, 21),
}
MONTHS = 24
TERM = datetime.timedelta(days=30)
#: Growth of sales per month, and how many days slower customers paid one year earlier.
GROWTH = Decimal("1.012")
SLOWER_A_YEAR = 6


def open_books(env, today):
    """Return the `Books` of the regular customers, with drafts; each day is posted with `post_day`.

    :param env: an environment of the demo company
    :param date today: what is paid that day or later is not paid
    """
    yesterday = today - datetime.timedelta(days=1)
    return Books(env, sorted(invoices(today), key=lambda invoice: invoice.invoiced), yesterday)


def invoices(today):
    """Return the regular customers' `HistoryInvoice` rows of two years, up to the day before `today`.

    >>> rows = invoices(datetime.date(2026, 11, 22))
    >>> len(rows), str(min(row.invoiced for row in rows)), str(max(row.invoiced for row in rows))
    (168, '2024-11-22', '2026-11-18')
    """
    return [
        _invoice(name, month, datetime.date(year, number, day), Decimal(amount), delay)
        for name, (day, amount, delay) in REGULARS.items()
        for month, (year, number) in enumerate(_months(today, day))
    ]


def _invoice(name, month, day, amount, delay):
    """Return the invoice of a month, the oldest being 0."""
    slower = SLOWER_A_YEAR * (MONTHS - month) // 12
    day = _on_weekday(day)
    due = day + TERM
    return HistoryInvoice(
        number=f"{name} {day:%Y-%m}",
        customer=name,
        invoiced=day,
        due=due,
        settled=_on_weekday(due + datetime.timedelta(days=delay + slower)),
        amount=(amount * GROWTH**month).quantize(Decimal("0.01")),
        currency=None,
        disputed=False,
    )


def _on_weekday(day):
    """Return a day, or the Friday before a weekend: on weekends neither invoices are made nor payments booked.

    >>> str(_on_weekday(datetime.date(2026, 11, 22))), str(_on_weekday(datetime.date(2026, 11, 23)))
    ('2026-11-20', '2026-11-23')
    """
    return day - datetime.timedelta(days=max(day.weekday() - 4, 0))


def _months(today, day):
    """Return (year, month) of the last months whose day is over, the oldest first."""
    newest = today.year * 12 + today.month - 1 - (day >= today.day)
    return [(number // 12, number % 12 + 1) for number in range(newest - MONTHS + 1, newest + 1)]
