# The order of the imports is the order in which overrides of one model are stacked: the later, the earlier called.
from . import (  # isort: skip
    customers,
    matching,
    communications,
    reminders,
    portal,
    agreements,
    disputes,
    plans,
    promises,
    autopay,
    worklist,
    team,
    salespeople,
    metrics,
    forecast,
    dashboard,
)
