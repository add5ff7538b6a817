"""The key figures of a replayed company at each month's end, computed by the code that the reports use."""

from datetime import timedelta

from dev.replay.history_period import days

#: The ranges of the aging report, in their order.
BUCKETS = ("not_due", "d1_30", "d31_60", "d61_90", "d91_120", "d120_plus")


def measure_months(env, company, first, last):
    """Return a dict of figures for each calendar month that ends between the days, both included.

    What was paid on a month's last day is paid; what was paid later is open.
    """
    metrics = env["ar.metrics"].with_company(company)
    return [figures_of(*metrics._measure_day(company, day)) for day in month_ends(first, last)]


def month_ends(first, last):
    """Return the last days of months from the first to the last day.

    >>> from datetime import date
    >>> [str(day) for day in month_ends(date(2012, 1, 31), date(2012, 3, 30))]
    ['2012-01-31', '2012-02-29']
    """
    return [day for day in days(first, last) if (day + timedelta(days=1)).day == 1]


def figures_of(books, figures):
    """Return a month's figures as they are printed: unrounded, `None` where there was nothing to divide by.

    A count-back DSO longer than the history of sales is `None` too: it is only known to be more.

    :param books: the ledger's figures for the calendar month, `core.metrics.key_figures.Books`
    :param figures: the key figures of the month
    """
    closing, countback = books.closing, figures.dso_countback
    return {
        "month": f"{books.period.last:%Y-%m}",
        "receivable": float(closing.total),
        "overdue": float(closing.overdue),
        "buckets": {name: float(amount) for name, amount in zip(BUCKETS, closing.buckets, strict=True)},
        "dso_simple": _number(figures.dso_simple),
        "dso_countback": _number(countback.days) if countback.exhausted else None,
        "best_dso": _number(figures.best_dso),
        "add": _number(figures.average_days_delinquent),
        "cei": _number(figures.cei),
        "percent_current": _number(figures.percent_current),
        "weighted_days_to_pay": _number(figures.weighted_days_to_pay),
    }


def _number(value):
    return None if value is None else float(value)
