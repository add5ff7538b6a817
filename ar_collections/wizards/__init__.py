# The order of the imports is the order in which overrides of one model are stacked: the later, the earlier called.
from . import (  # isort: skip
    customers,
    communications,
    reminders,
    portal,
    disputes,
    plans,
    promises,
    autopay,
    credit,
    late_charges,
    recovery,
    worklist,
    team,
    metrics,
    forecast,
)
