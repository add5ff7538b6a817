"""How many automatic charges are made at most, and of how much, so that a mistake stays small."""

from dataclasses import dataclass
from decimal import Decimal

from ..money import ZERO


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits of a company; amounts in its currency, 0 is no limit."""

    run_number: int = 0
    run_amount: Decimal = ZERO
    day_number: int = 0
    day_amount: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Spent:
    """What was charged in this run and on this day so far."""

    run_number: int = 0
    run_amount: Decimal = ZERO
    day_number: int = 0
    day_amount: Decimal = ZERO

    def plus(self, amount: Decimal) -> "Spent":
        """Return it with one more charge."""
        return Spent(self.run_number + 1, self.run_amount + amount, self.day_number + 1, self.day_amount + amount)


def admits(bounds: Bounds, spent: Spent, amount: Decimal) -> bool:
    """Return whether one more charge of this amount stays within all limits.

    >>> bounds = Bounds(run_number=2, day_amount=Decimal(100))
    >>> admits(bounds, Spent(1, Decimal(40), 1, Decimal(40)), Decimal(60))
    True
    >>> admits(bounds, Spent(2, Decimal(40), 2, Decimal(40)), Decimal(1))
    False
    >>> admits(bounds, Spent(1, Decimal(40), 1, Decimal(40)), Decimal(61))
    False
    """
    after = spent.plus(amount)
    pairs = (
        (after.run_number, bounds.run_number),
        (after.run_amount, bounds.run_amount),
        (after.day_number, bounds.day_number),
        (after.day_amount, bounds.day_amount),
    )
    return all(not most or value <= most for value, most in pairs)
