"""Matching: what an unmatched payment was probably made for."""

from ..core.matching import matching

#: What a payment that is not matched was probably made for.
MATCH_CODES = [
    (matching.REFERENCE, "Number in the reference"),
    (matching.EXACT_AMOUNT, "Exact amount"),
    (matching.DISCOUNTED_AMOUNT, "Amount less discount"),
    (matching.ALL_DUE, "Total due"),
    (matching.ALL_OVERDUE, "Total overdue"),
    (matching.ALL_OPEN, "Whole balance"),
    (matching.SOME_ITEMS, "Sum of some items"),
    (matching.AMBIGUOUS, "Ambiguous"),
]
