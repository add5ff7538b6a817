"""Whether an amount that somebody entered for an open item is one that an agreement can be about."""

from decimal import Decimal

BAD_AMOUNT = "bad_amount"

TOO_MUCH = "too_much"


def amount_error(amount: Decimal, most: Decimal, unit: Decimal) -> str | None:
    """Return the code of what is wrong with an amount, or ``None``; all of them in the item's currency.

    :param most: the most that is possible; all of it is accepted, whatever decimals it has
    :param unit: the smallest unit of the currency

    >>> def error(amount):
    ...     return amount_error(Decimal(amount), Decimal(100), Decimal("0.01"))
    >>> error("99.99"), error("100.01"), error("0"), error("NaN"), error("9.999")
    (None, 'too_much', 'bad_amount', 'bad_amount', 'bad_amount')
    """
    if not amount.is_finite() or amount <= 0:
        return BAD_AMOUNT
    if amount > most:
        return TOO_MUCH
    return BAD_AMOUNT if amount != most and amount % unit else None
