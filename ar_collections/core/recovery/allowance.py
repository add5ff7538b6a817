"""Allowance for expected losses: a provision matrix (IFRS 9), by typed rates or by the company's own roll rates.

Rates are fractions and unrounded; only the amounts of the result are rounded, to the smallest unit of the currency.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..money import ZERO, round_half_up
from ..refusal import Refused

# --- Why rates or a factor are refused ---
BAD_RATE, NO_HISTORY, FACTOR_REASON, BAD_FACTOR, BAD_AMOUNT = (
    "bad_rate", "no_history", "factor_reason", "bad_factor", "bad_amount",
)  # fmt: skip

ONE = Decimal(1)


class AllowanceRefused(Refused):
    """An allowance that cannot be computed.

    :param code: one of this module's codes
    """


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is open of one age, in company currency.

    :param balance: open amount
    :param insured: the part of it that an insurer pays, which is not expected to be lost
    :param rate: the expected loss as a fraction, before the forward-looking factor
    """

    balance: Decimal
    rate: Decimal
    insured: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Provision:
    """The expected loss of one bucket.

    :param exposed: balance without the insured part
    :param rate: with the forward-looking factor, at most 1
    :param amount: rounded
    """

    balance: Decimal
    insured: Decimal
    exposed: Decimal
    rate: Decimal
    amount: Decimal


def roll_loss_rates(sales: Decimal, unpaid: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Return the loss rate of each bucket from what rolled from one to the next in the past.

    What is still unpaid after the last bucket is the loss. The loss rate of a bucket is the loss divided by what
    came into the bucket: sales into the first, what was unpaid after one into the next.

    :param sales: what was sold in the period
    :param unpaid: what of it was still unpaid after each bucket, the youngest first; the last is the loss
    :return: a rate for each bucket, and for what is older than the last: lost in full

    >>> rates = roll_loss_rates(Decimal(100_000), [Decimal(n) for n in (50_000, 23_000, 8_000, 2_000)])
    >>> [str(round(rate * 100, 2)) for rate in rates]
    ['2.00', '4.00', '8.70', '25.00', '100.00']
    >>> roll_loss_rates(Decimal(0), [Decimal(0)])
    Traceback (most recent call last):
        ...
    odoo.addons.ar_collections.core.recovery.allowance.AllowanceRefused: no_history
    """
    if sales <= 0 or not unpaid:
        raise AllowanceRefused(NO_HISTORY)
    loss = max(unpaid[-1], ZERO)
    entered = (sales, *unpaid)
    return tuple(min(loss / amount, ONE) if amount > 0 else (ONE if loss else ZERO) for amount in entered[:-1]) + (ONE,)


def provide(
    buckets: Sequence[Bucket], factor: Decimal = ONE, reason: str = "", unit: Decimal = Decimal("0.01")
) -> tuple[Provision, ...]:
    """Return the expected loss of each bucket.

    :param factor: forward-looking: what is expected to be better (below 1) or worse (above 1) than in the past
    :param reason: why the factor is not 1
    :param unit: the smallest unit of the currency
    :raise AllowanceRefused: for a rate, amount or factor that cannot be, or a factor without reason

    The published example, in thousands:

    >>> matrix = [("15000", "0.003"), ("7500", "0.016"), ("4000", "0.036"), ("2500", "0.066"), ("1000", "0.106")]
    >>> found = provide([Bucket(Decimal(balance), Decimal(rate)) for balance, rate in matrix])
    >>> [str(one.amount) for one in found], str(total(found))
    (['45.00', '120.00', '144.00', '165.00', '106.00'], '580.00')

    The insured part is out, and a rate is never above 1:

    >>> (one,) = provide([Bucket(Decimal(1000), Decimal("0.4"), Decimal(900))], Decimal(3), "Recession")
    >>> str(one.exposed), str(one.rate), str(one.amount)
    ('100', '1', '100.00')
    """
    if not factor.is_finite() or factor < 0:
        raise AllowanceRefused(BAD_FACTOR)
    if factor != ONE and not reason.strip():
        raise AllowanceRefused(FACTOR_REASON)
    return tuple(_provide(bucket, factor, unit) for bucket in buckets)


def _provide(bucket: Bucket, factor: Decimal, unit: Decimal) -> Provision:
    if not bucket.rate.is_finite() or not ZERO <= bucket.rate <= ONE:
        raise AllowanceRefused(BAD_RATE)
    if bucket.insured < 0:
        raise AllowanceRefused(BAD_AMOUNT)
    exposed = max(bucket.balance - bucket.insured, ZERO)
    rate = min(bucket.rate * factor, ONE)
    return Provision(bucket.balance, bucket.insured, exposed, rate, round_half_up(exposed * rate, unit))


def total(provisions: Sequence[Provision]) -> Decimal:
    """Return the allowance: the sum of the rounded amounts, so that the table adds up.

    >>> total(provide([Bucket(Decimal(balance), rate) for balance, rate in zip(
    ...     (300_000, 140_000, 60_000, 23_000, 5_000),
    ...     roll_loss_rates(Decimal(100_000), [Decimal(n) for n in (50_000, 23_000, 8_000, 2_000)]), strict=True)]))
    Decimal('27567.39')
    """
    return sum((provision.amount for provision in provisions), ZERO)


def set_off(buckets: Sequence[Decimal], credits: Decimal) -> tuple[Decimal, ...]:
    """Return what one customer owes by age once its own credits cover its oldest debts.

    :param buckets: debts, the youngest first
    :param credits: unmatched payments and credit notes, as a positive amount

    >>> [str(amount) for amount in set_off([Decimal(100), Decimal(50), Decimal(30)], Decimal(60))]
    ['100', '20', '0']
    """
    left = list(buckets)
    for number in reversed(range(len(left))):
        covered = min(max(credits, ZERO), left[number])
        left[number] -= covered
        credits -= covered
    return tuple(left)


def insured_parts(buckets: Sequence[Decimal], amount: Decimal, percent: Decimal) -> tuple[Decimal, ...]:
    """Return the part of each bucket that the insurer of one customer pays.

    :param buckets: what the customer owes by age
    :param amount: up to which the customer is insured
    :param percent: of it that the insurer pays

    >>> [str(part) for part in insured_parts([Decimal(600), Decimal(400)], Decimal(500), Decimal(90))]
    ['270', '180']
    """
    debts = sum(buckets, ZERO)
    covered = min(debts, amount) * percent / 100
    return tuple(covered * bucket / debts if debts > 0 else ZERO for bucket in buckets)
