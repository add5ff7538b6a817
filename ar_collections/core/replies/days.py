"""Days that a text names: written dates, weekdays, "tomorrow", "in two weeks", "end of the month".

What is named is found on the folded text, and understood from the day on which the text was written.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from ..months import add_months
from .calendar_words import CALENDARS, CalendarWords
from .words import fold

#: Days further away are typing errors, or no days at all.
FARTHEST = timedelta(days=400)

FRIDAY = 4

#: "The end of" before "next week", which changes nothing: payments go out on working days.
END = "(?:end of|ende|ende der|fin de la|fin de|final de la|finales de la|fine della|fine)"

#: "12.06.2026", "12/6", "2026-06-12": three or two numbers with one separator.
NUMERIC = re.compile(
    r"(?<![\w.,/-])(?:(?P<iso>\d{4})-(?P<iso_month>\d{1,2})-(?P<iso_day>\d{1,2})"
    r"|(?P<first>\d{1,2})(?P<separator>[./-])(?P<second>\d{1,2})(?:(?P=separator)(?P<year>\d{4}|\d{2})|\.?)?)(?![\w/%-])"
    r"(?![.,]\d)"
)


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day that a text names.

    :param words: as in the text, from `start` to `end`
    :param other: what else the words may mean, as 12 June and 6 December for "06/12"; None where they are clear
    :param is_written: it is written as a date, not told from the day of writing
    """

    day: date
    words: str
    start: int
    end: int
    other: date | None = None
    is_written: bool = True


def find_days(
    text: str, language: str | None, written_on: date, is_past: bool = False, month_first: bool | None = None
) -> list[NamedDay]:
    """Return the days that a text names, in its order; where two are named by the same words, the longer ones count.

    :param language: its code of two letters; others than those of `CALENDARS` and None: dates in numbers only
    :param is_past: what lacks a year or is a weekday is in the past, as in "we paid on Monday"
    :param month_first: whether "06/12" is 12 June; None: the language does not tell, and both are said

    >>> wednesday = date(2026, 6, 10)
    >>> def days(text, language="en", **options):
    ...     return [str(named.day) for named in find_days(text, language, wednesday, **options)]
    >>> days("on Friday"), days("by 3 July"), days("within two weeks"), days("at the end of the month")
    (['2026-06-12'], ['2026-07-03'], ['2026-06-24'], ['2026-06-30'])
    >>> days("Ende nächster Woche, spätestens am 22.6.", "de"), days("hier", "fr", is_past=True)
    (['2026-06-19', '2026-06-22'], ['2026-06-09'])
    >>> [(str(n.day), str(n.other)) for n in find_days("07/06/2026 or 25/06/2026", "en", wednesday)]
    [('2026-07-06', '2026-06-07'), ('2026-06-25', 'None')]
    """
    folded = fold(text)
    reader = _Reader(written_on, is_past, month_first, language)
    found = list(reader.read_numeric(folded))
    if words := CALENDARS.get(language or ""):
        for pattern, meaning in _patterns(language):
            found += reader.read_words(folded, pattern, meaning, words)
    kept: list[NamedDay] = []
    for named in sorted(found, key=lambda each: (each.start, -each.end)):
        if abs(named.day - written_on) <= FARTHEST and (not kept or named.start >= kept[-1].end):
            kept.append(named)
    return [_with_words(named, text) for named in kept]


def _with_words(named: NamedDay, text: str) -> NamedDay:
    return NamedDay(named.day, text[named.start : named.end], named.start, named.end, named.other, named.is_written)


@lru_cache(maxsize=16)
def _patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the expressions of a language, with what they mean: the name of a method of the reader."""
    words = CALENDARS[language]
    months, weekdays = "|".join(words.months), "|".join(words.weekdays)
    numbers = "|".join(sorted(words.numbers, key=len, reverse=True))
    number = rf"(?P<number>\d{{1,3}}|{numbers})"
    units = "|".join(f"(?P<unit{n}>{unit})" for n, unit in enumerate(words.units))
    around = f"(?:(?P<next>{words.following}) |(?P<last>{words.last}) )?"
    after = f"(?: (?P<next_after>{words.following})| (?P<last_after>{words.last}))?"
    day = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.|º|°)?"
    year = r"(?:,?(?: del?)? ?(?P<year>\d{4}))?"
    no_more = rf"(?![\w:%]|[.,/-]\d| ?(?:{months})| ?[€$%])"
    parts = [
        (rf"{day}{words.joint} ?(?P<month>{months})\b\.?{year}", "written"),
        (rf"(?P<month>{months})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?![.:]\d){year}", "written"),
        (words.next_month_end, "next_month_end"),
        (rf"(?:{words.month_end_of}) (?P<month>{months})\b", "end_of_named"),
        (words.month_end, "month_end"),
        (rf"(?:{words.week_end})", "week_end"),
        (rf"(?:{END} )?(?:{words.next_week})", "next_week"),
        (rf"(?:{words.middle})(?P<month>{months})\b", "middle"),
        (rf"(?:{'|'.join(sorted(words.days, key=len, reverse=True))})", "relative"),
        (rf"(?:{'|'.join(words.idioms)})" if words.idioms else r"(?!)", "idiom"),
        (rf"(?:{words.lead}) {number}(?: more| working| werk| weitere| arbeits)? ?(?:{units})", "units"),
        (rf"{around}(?P<weekday>{weekdays}){after}", "weekday"),
        (rf"{words.of_month}(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?{no_more}", "of_month"),
    ]  # fmt: skip
    return tuple((re.compile(rf"(?<![\w])(?:{part})(?![\w])"), meaning) for part, meaning in parts)


class _Reader:
    """Understands what was found, from the day on which the text was written."""

    def __init__(self, written_on: date, is_past: bool, month_first: bool | None, language: str | None):
        self.written_on = written_on
        self.is_past = is_past
        self.month_first = month_first
        #: Two numbers with these are no date: "3-5 days", in English also "room 12.5".
        self.no_dates = "-." if language == "en" else "-"
        self.knows_order = language not in ("en", None) and language in CALENDARS

    def read_numeric(self, text: str) -> Iterator[NamedDay]:
        """Yield the dates in numbers."""
        for found in NUMERIC.finditer(text):
            if found["iso"]:
                options = [_make_day(int(found["iso"]), int(found["iso_month"]), int(found["iso_day"]))]
            elif not found["year"] and found["separator"] in self.no_dates:
                continue
            else:
                options = self._read_pair(found)
            days = list(dict.fromkeys(day for day in options if day))
            if days:
                yield NamedDay(days[0], "", found.start(), found.end(), days[1] if len(days) > 1 else None)

    def _read_pair(self, found: re.Match[str]) -> list[date | None]:
        """Return what two numbers and maybe a year mean, the likelier first."""
        first, second = int(found["first"]), int(found["second"])
        day_first, month_first = (
            self._complete(found["year"], month, day) for month, day in ((second, first), (first, second))
        )
        if found["separator"] == "." or (self.knows_order and not self.month_first):
            return [day_first]
        if self.month_first is not None:
            likelier = [month_first, day_first] if self.month_first else [day_first, month_first]
            return likelier
        return sorted((day_first, month_first), key=self._distance)

    def _distance(self, day: date | None) -> tuple[bool, int]:
        """Return what sorts days by how well they fit: on the side where they are expected, and near."""
        if day is None:
            return True, 0
        days = (day - self.written_on).days * (-1 if self.is_past else 1)
        return days < 0, abs(days)

    def _complete(self, year: str | None, month: int, day: int) -> date | None:
        """Return a day whose year may be missing: then it is the nearest one on the side where days are expected."""
        if year:
            return _make_day(int(year) + (2000 if len(year) == 2 else 0), month, day)
        years = (self.written_on.year + offset for offset in (0, -1, 1))
        days = [found for each in years if (found := _make_day(each, month, day))]
        near = sorted(days, key=self._distance)
        # "Your invoice of 5 May" in June is no promise for next year.
        if near and not self.is_past and abs(near[0] - self.written_on) > timedelta(days=183):
            near.sort(key=lambda each: abs(each - self.written_on))
        return near[0] if near else None

    def read_words(self, text: str, pattern: re.Pattern[str], meaning: str, words: CalendarWords) -> Iterator[NamedDay]:
        """Yield the days that one expression finds."""
        understand: Callable = getattr(self, f"_{meaning}")
        for found in pattern.finditer(text):
            day, other = understand(found, words)
            if day:
                yield NamedDay(day, "", found.start(), found.end(), other, meaning in ("written", "of_month"))

    # Each returns (day or None, other meaning or None).

    def _written(self, found, words):
        return self._complete(found["year"], _find_index(words.months, found["month"]) + 1, int(found["day"])), None

    def _relative(self, found, words):
        number = next(days for text, days in words.days.items() if re.fullmatch(text, found[0]))
        return self.written_on + timedelta(days=number), None

    def _idiom(self, found, words):
        return self.written_on + timedelta(days=words.idioms[found[0]]), None

    def _units(self, found, words):
        number = int(found["number"]) if found["number"].isdigit() else words.numbers[found["number"]]
        if found["unit2"]:
            return add_months(self.written_on, number), None
        return self.written_on + timedelta(days=number * (7 if found["unit1"] else 1)), None

    def _weekday(self, found, words):
        index = _find_index(words.weekdays, found["weekday"])
        ahead = (index - self.written_on.weekday()) % 7
        if self.is_past or found["last"] or found["last_after"]:
            return self.written_on - timedelta(days=(7 - ahead) % 7 or 7), None
        near = self.written_on + timedelta(days=ahead or 7)
        if not (found["next"] or found["next_after"]):
            return near, None
        following = self.written_on + timedelta(days=index - self.written_on.weekday() + 7)
        return following, near if near != following else None

    def _month_end(self, _found, _words):
        return _last_of_month(self.written_on), None

    def _next_month_end(self, _found, _words):
        return _last_of_month(add_months(self.written_on.replace(day=1), 1)), None

    def _end_of_named(self, found, words):
        first = self._complete(None, _find_index(words.months, found["month"]) + 1, 28)
        return first and _last_of_month(first), None

    def _middle(self, found, words):
        return self._complete(None, _find_index(words.months, found["month"]) + 1, 15), None

    def _week_end(self, _found, _words):
        return self.written_on + timedelta(days=(FRIDAY - self.written_on.weekday()) % 7), None

    def _next_week(self, _found, _words):
        return self.written_on + timedelta(days=FRIDAY - self.written_on.weekday() + 7), None

    def _of_month(self, found, _words):
        months = [add_months(self.written_on.replace(day=1), offset) for offset in (0, -1, 1)]
        days = [day for each in months if (day := _make_day(each.year, each.month, int(found["day"])))]
        return (min(days, key=self._distance) if days else None), None


def _find_index(expressions: tuple[str, ...], text: str) -> int:
    return next(number for number, each in enumerate(expressions) if re.fullmatch(each, text))


def _make_day(year: int, month: int, day: int) -> date | None:
    """Return a day, or None where there is none, as 31 June."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _last_of_month(day: date) -> date:
    return add_months(day.replace(day=1), 1) - timedelta(days=1)
