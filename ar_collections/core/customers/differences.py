"""What is left of an item and not worth a reminder: remainders of rounding and small differences."""

from dataclasses import dataclass
from decimal import Decimal

from ..money import ZERO, percentage

#: Less than half a unit of company currency is the remainder of a rounding.
HALF_A_UNIT = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How much may be left of an item that was paid: at most this amount and at most this share; both must hold.

    :param amount: in company currency; zero: there is no tolerance
    :param share: of the item, in percent
    """

    amount: Decimal = ZERO
    share: Decimal = ZERO

    def covers(self, left: Decimal, original: Decimal) -> bool:
        """Return whether what is left of an item is within the tolerance; both in company currency.

        >>> tolerance = Tolerance(Decimal(5), Decimal(3))
        >>> [tolerance.covers(Decimal(left), Decimal(100)) for left in ("2.00", "3.00", "3.01")]
        [True, True, False]
        >>> tolerance.covers(Decimal(6), Decimal(1000)), Tolerance().covers(Decimal("0.01"), Decimal(100))
        (False, False)
        """
        return left <= self.amount and percentage(left, original) <= self.share


def is_remainder(left_currency: Decimal, left: Decimal, original: Decimal | None, smallest: Decimal) -> bool:
    """Return whether what is left of an item is the remainder of a rounding, which nobody can or should pay.

    That is at most one smallest unit of the item's currency; after a payment, also less than half a unit of company
    currency. A small item of which nothing was paid is no remainder: the policy's minimum is for it.

    :param left_currency: what is left, in the item's currency
    :param left: the same in company currency
    :param original: the item's amount in company currency if a part of it was paid, else ``None``
    :param smallest: the smallest unit of the item's currency

    One yen, one cent, and an amount worth 0.40 after a payment and without one:

    >>> is_remainder(Decimal(1), Decimal("0.01"), None, Decimal(1))
    True
    >>> cent = Decimal("0.01")
    >>> is_remainder(cent, cent, Decimal(100), cent)
    True
    >>> [is_remainder(Decimal("0.40"), Decimal("0.40"), paid_part_of, cent) for paid_part_of in (Decimal(100), None)]
    [True, False]
    """
    return left_currency <= smallest or (original is not None and left < HALF_A_UNIT)
