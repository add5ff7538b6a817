"""When a text message may arrive: not in the quiet hours of its reader, nor on a Sunday where the policy says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

#: A quarter of an hour: the moments that are looked at.
STEP = timedelta(minutes=15)

#: How far is looked ahead.
HORIZON = timedelta(days=8)


@dataclass(frozen=True)
class Quiet:
    """The quiet hours of a policy.

    :param begin: hour at which they begin, as 20.5 for half past eight
    :param end: hour at which they end; the same hour: there are none
    :param sundays: whether whole Sundays are quiet
    """

    begin: float = 20.0
    end: float = 8.0
    sundays: bool = True

    def covers(self, moment: datetime) -> bool:
        """Return whether a local moment is quiet.

        >>> [Quiet().covers(datetime(2026, 6, 10, hour)) for hour in (7, 8, 19, 20)]
        [True, False, False, True]
        >>> Quiet(12, 14).covers(datetime(2026, 6, 10, 13)), Quiet().covers(datetime(2026, 6, 14, 12))
        (True, True)
        """
        if self.sundays and moment.isoweekday() == 7:
            return True
        hour = moment.hour + moment.minute / 60 + moment.second / 3600
        if self.begin <= self.end:
            return self.begin <= hour < self.end
        return hour >= self.begin or hour < self.end


def next_moment(now: datetime, zones: Sequence[tzinfo], quiet: Quiet) -> datetime | None:
    """Return the first moment, from ``now`` on, that is quiet in none of the time zones; None: there is none soon.

    :param now: with a time zone
    :param zones: all in which the reader may be

    >>> from datetime import timezone
    >>> utc, hawaii = timezone.utc, timezone(timedelta(hours=-10))
    >>> friday = datetime(2026, 6, 12, 19, 50, tzinfo=utc)
    >>> str(next_moment(friday, [utc], Quiet())), str(next_moment(friday + timedelta(minutes=20), [utc], Quiet()))
    ('2026-06-12 19:50:00+00:00', '2026-06-13 08:00:00+00:00')
    >>> str(next_moment(friday + timedelta(days=1, hours=1), [utc], Quiet()))
    '2026-06-15 08:00:00+00:00'

    A country from UTC to Hawaii: eight in the morning there is six in the evening here.

    >>> str(next_moment(friday - timedelta(hours=9), [utc, hawaii], Quiet()))
    '2026-06-12 18:00:00+00:00'
    >>> next_moment(friday, [utc, hawaii], Quiet(18, 10)) is None
    True
    """
    candidate, last = now, now + HORIZON
    while candidate <= last:
        if not any(quiet.covers(candidate.astimezone(zone)) for zone in zones):
            return candidate
        candidate = candidate.replace(minute=candidate.minute // 15 * 15, second=0, microsecond=0) + STEP
    return None
