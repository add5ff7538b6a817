"""The states of promises to pay."""

from ..core.promises import judgement

PROMISE_STATES = [
    (judgement.OPEN, "Open"),
    (judgement.KEPT, "Kept"),
    (judgement.PARTLY, "Partly Kept"),
    (judgement.BROKEN, "Broken"),
    (judgement.WITHDRAWN, "Withdrawn"),
]
