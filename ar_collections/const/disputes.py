"""The states of disputes."""

from ..core.disputes import dispute

DISPUTE_STATES = [
    (dispute.NEW, "New"),
    (dispute.REVIEW, "Under review"),
    (dispute.ACCEPTED, "Accepted"),
    (dispute.PARTLY, "Partly accepted"),
    (dispute.REJECTED, "Rejected"),
    (dispute.WITHDRAWN, "Withdrawn"),
]
