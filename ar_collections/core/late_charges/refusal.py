"""Why a late charge is not computed: codes, which the screens put into words."""

from datetime import date

from ..refusal import Refused

#: Two rates hold on the same day.
OVERLAP = "overlap"

#: Between two rates there are days without any.
GAP = "gap"

#: The last day of a rate is before its first one, or a rate is no number. Reference rates have been negative.
BAD_RATE = "bad_rate"

#: No rate is known for the day: it is before the first one, or there is none at all.
NO_RATE = "no_rate"

#: Two lump sums hold for the same size, or one is negative.
BAD_LUMP_SUM = "bad_lump_sum"


class ChargeRefused(Refused):
    """Nothing is computed, for the reason ``code``; ``day`` is the first one concerned."""

    def __init__(self, code: str, day: date | None = None):
        super().__init__(code)
        self.day = day
