"""Scales that turn a value (days, percent, a number) into points from 0 to 100."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Scale:
    """Points by value: in straight lines between the given points, or in steps.

    Values outside the scale get the points of its nearest end.

    :param points: (value, points), smallest value first
    :param is_stepped: a value gets the points of the first entry that it does not exceed

    >>> line = Scale(((Decimal(0), Decimal(80)), (Decimal(15), Decimal(70))))
    >>> [str(line.at(Decimal(value))) for value in (-4, 3, 99)]
    ['80', '78', '70']
    >>> late = Scale(tuple((Decimal(upto), Decimal(points)) for upto, points in ((10, 100), (60, 50), (100, 0))), True)
    >>> [str(late.at(Decimal(share))) for share in ("0", "10", "10.1", "60", "61")]
    ['100', '100', '50', '50', '0']
    """

    points: tuple[tuple[Decimal, Decimal], ...]
    is_stepped: bool = False

    def at(self, value: Decimal) -> Decimal:
        """Return the points of a value, not rounded."""
        first, last = self.points[0], self.points[-1]
        if value <= first[0] or value >= last[0]:
            return first[1] if value <= first[0] else last[1]
        upper = next(index for index, (limit, _points) in enumerate(self.points) if value <= limit)
        (left, low), (right, high) = self.points[upper - 1 : upper + 1]
        return high if self.is_stepped else low + (high - low) * (value - left) / (right - left)


#: The scale of Dun & Bradstreet's PAYDEX: days beyond terms (below zero: before the due date) and points.
#: Source: https://www.dandb.com, chart of the PAYDEX score.
PAYDEX = Scale(
    tuple(
        (Decimal(days), Decimal(points))
        for days, points in (
            (-30, 100),
            (-20, 90),
            (0, 80),
            (15, 70),
            (22, 60),
            (30, 50),
            (60, 40),
            (90, 30),
            (120, 20),
        )  # fmt: skip
    )
)
