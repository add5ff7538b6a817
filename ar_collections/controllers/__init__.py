from . import (
    agreements,
    autopay,
    credit,
    disputes,
    links,
    payment,
    plans,
    portal,
    promises,
    statement,
    terms,
    thread,
)
