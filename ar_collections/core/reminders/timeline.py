"""A reminder schedule as a line of days, with the due date among its steps."""

from collections.abc import Sequence

#: The place of the due date on the line, where no step is on that day.
DUE = None


def timeline(days: Sequence[int]) -> list[tuple[int | None, int]]:
    """Return (number of the step, days until the next place) for each place on the line, in the order of the days.

    The due date is a place of its own unless a step falls on it; after the last place there are no days.

    :param days: of the steps, relative to the due date, in any order

    >>> timeline([10, -5, 3])
    [(1, 5), (None, 3), (2, 7), (0, 0)]
    >>> timeline([0, 7])
    [(0, 7), (1, 0)]
    >>> timeline([-3])
    [(0, 3), (None, 0)]
    >>> timeline([])
    []
    """
    places = sorted((day, number) for number, day in enumerate(days))
    if not places:
        return []
    if all(day for day, _number in places):
        later = next((place for place, (day, _number) in enumerate(places) if day > 0), len(places))
        places.insert(later, (0, DUE))
    following = [*(day for day, _number in places[1:]), places[-1][0]]
    return [(number, after - day) for (day, number), after in zip(places, following, strict=True)]
