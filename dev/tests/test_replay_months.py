"""The monthly figures of a replay: which months, under which names, and what is not available."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from dev.replay.months import BUCKETS, figures_of, measure_months, month_ends

FIGURES = {
    "dso_simple": Decimal(45),
    "dso_countback": SimpleNamespace(days=Decimal("73.7"), exhausted=True),
    "best_dso": Decimal(12),
    "average_days_delinquent": Decimal(33),
    "cei": Decimal(1) / 3,
    "percent_current": Decimal(75),
    "weighted_days_to_pay": Decimal("9.55"),
}


def _books(*buckets):
    amounts = tuple(map(Decimal, buckets))
    closing = SimpleNamespace(total=sum(amounts), overdue=sum(amounts[1:]), buckets=amounts)
    return SimpleNamespace(period=SimpleNamespace(last=date(2012, 3, 31)), closing=closing)


def _month(**figures):
    return figures_of(_books(6, 5, 4, 3, 2, "1.5"), SimpleNamespace(**{**FIGURES, **figures}))


def test_a_month_is_written_with_all_its_figures():
    assert _month() == {
        "month": "2012-03",
        "receivable": 21.5,
        "overdue": 15.5,
        "buckets": dict(zip(BUCKETS, (6, 5, 4, 3, 2, 1.5), strict=True)),
        "dso_simple": 45,
        "dso_countback": 73.7,
        "best_dso": 12,
        "add": 33,
        "cei": 1 / 3,
        "percent_current": 75,
        "weighted_days_to_pay": 9.55,
    }


def test_what_is_not_available_is_null():
    gone = dict.fromkeys(FIGURES, None)
    gone["dso_countback"] = SimpleNamespace(days=Decimal(31), exhausted=False)
    month = _month(**gone)
    assert {name for name, value in month.items() if value is None} == {
        "dso_simple", "dso_countback", "best_dso", "add", "cei", "percent_current", "weighted_days_to_pay",
    }  # fmt: skip


def test_the_months_that_end_within_the_period():
    assert month_ends(date(2012, 1, 1), date(2012, 1, 30)) == []
    assert month_ends(date(2012, 1, 31), date(2012, 1, 31)) == [date(2012, 1, 31)]
    assert len(month_ends(date(2011, 12, 31), date(2013, 1, 1))) == 13


def test_each_month_is_asked_for_once():
    amounts_due = []

    class Metrics:
        def with_company(self, company):
            return self

        def _measure_day(self, company, day):
            amounts_due.append((company, day))
            return _books(0, 0, 0, 0, 0, 0), SimpleNamespace(**FIGURES)

    months = measure_months({"ar.metrics": Metrics()}, "company", date(2012, 1, 1), date(2012, 2, 29))
    assert len(months) == 2
    assert amounts_due == [("company", date(2012, 1, 31)), ("company", date(2012, 2, 29))]
