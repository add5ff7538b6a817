"""Exposure: what is lost at most if the customer never pays again. Amounts are in company currency, rounded.

It is kept per commercial partner for the root company and its branches together.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..money import ZERO

# --- The parts of an exposure ---
RECEIVABLES = "receivables"

CREDITS = "credits"

DRAFTS = "drafts"

ORDERS = "orders"

UNSETTLED = "unsettled"

# --- What secures it ---
GUARANTEE, PREPAID, INSURED = "guarantee", "prepaid", "insured"

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Security:
    """What pays if the customer does not.

    :param amount: of the guarantee, or the limit that the insurer decided
    :param until: the last day; ``None``: no end
    :param percent: how much of a loss within the amount is paid
    :param covers_new: it covers further deliveries, too; otherwise only what is owed already
    """

    kind: str
    amount: Decimal
    until: date | None = None
    percent: Decimal = HUNDRED
    covers_new: bool = True

    def cover(self, owed: Decimal, today: date) -> Decimal:
        """Return what is paid of a debt on a day.

        >>> insured = Security(INSURED, Decimal(10000), until=date(2026, 6, 30), percent=Decimal(90))
        >>> [str(insured.cover(Decimal(owed), date(2026, 6, 30))) for owed in (5000, 12000, -50)]
        ['4500', '9000', '0']
        >>> str(insured.cover(Decimal(5000), date(2026, 7, 1)))
        '0'
        """
        if self.until is not None and today > self.until:
            return ZERO
        return min(max(owed, ZERO), self.amount) * self.percent / HUNDRED

    def deducted(self, owed: Decimal, today: date) -> Decimal:
        """Return what is deducted from the exposure: what is owed and covered, and the room for further deliveries."""
        return self.cover(self.amount if self.covers_new else owed, today)


@dataclass(frozen=True, slots=True)
class UnknownAmount:
    """An amount that is part of the exposure, but cannot be converted, because its currency has no rate."""

    part: str
    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ExposureParts:
    """What an exposure consists of; all amounts positive.

    :param receivables: posted open receivables
    :param credits: open credit notes and unapplied payments
    :param drafts: draft invoices
    :param orders: confirmed orders that are not invoiced, not even on a draft, delivered or not; see
        :func:`order_line_amount`
    :param unsettled: direct debits and checks that are booked as paid, but may still come back
    :param unknown: further amounts without a rate; they are reported, and do not count
    :param drafted_orders: what draft invoices have of orders; where drafts do not count, it is still an order
    """

    receivables: Decimal = ZERO
    credits: Decimal = ZERO
    drafts: Decimal = ZERO
    orders: Decimal = ZERO
    unsettled: Decimal = ZERO
    securities: tuple[Security, ...] = ()
    unknown: tuple[UnknownAmount, ...] = ()
    drafted_orders: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class ExposureRules:
    """A policy's switches: which parts count.

    :param deducted: the kinds of securities that are deducted
    """

    has_drafts: bool = True
    has_orders: bool = True
    has_unsettled: bool = True
    deducted: frozenset[str] = frozenset({GUARANTEE, PREPAID, INSURED})


@dataclass(frozen=True, slots=True)
class Exposure:
    """An exposure with its parts, so that everybody can see what it consists of.

    :param lines: (part or kind of security, signed amount), without zeros; their sum is the total
    :param at_risk: what would be lost today: securities pay at most what is owed, and their percentage of it
    :param unknown: amounts that could not be counted
    """

    lines: tuple[tuple[str, Decimal], ...] = ()
    at_risk: Decimal = ZERO
    unknown: tuple[UnknownAmount, ...] = ()

    @property
    def total(self) -> Decimal:
        """What is compared with the limit; negative where more is paid in advance or secured than is owed."""
        return sum((amount for _code, amount in self.lines), ZERO)


def calculate(parts: ExposureParts, rules: ExposureRules, today: date) -> Exposure:
    """Return the exposure: receivables - credits + drafts + orders + unsettled - secured.

    Securities are deducted as far as they reach, also beyond what is owed, where they cover further deliveries: that is
    the room for the next order. An amount without a rate is left out: what is known may exceed the limit alone, what is
    not known holds nobody.

    >>> parts = ExposureParts(Decimal(12000), Decimal(1500), Decimal(2500), Decimal(3000),
    ...                       securities=(Security(GUARANTEE, Decimal(2000), until=date(2026, 6, 30)),))
    >>> exposure = calculate(parts, ExposureRules(), date(2026, 6, 30))
    >>> [(code, str(amount)) for code, amount in exposure.lines]
    [('receivables', '12000'), ('credits', '-1500'), ('drafts', '2500'), ('orders', '3000'), ('guarantee', '-2000')]
    >>> str(exposure.total), str(exposure.at_risk), str(calculate(parts, ExposureRules(), date(2026, 7, 1)).total)
    ('14000', '14000', '16000')
    >>> str(calculate(parts, ExposureRules(has_drafts=False, has_orders=False), date(2026, 6, 30)).total)
    '8500'

    Of an order of 3,000, 1,000 is on a draft invoice; it counts once, whether drafts count or not:

    >>> ordered = ExposureParts(drafts=Decimal(1000), orders=Decimal(2000), drafted_orders=Decimal(1000))
    >>> [str(calculate(ordered, ExposureRules(has_drafts=counts), date(2026, 6, 30)).total) for counts in (True, False)]
    ['3000', '3000']
    """
    orders = parts.orders if rules.has_drafts else parts.orders + parts.drafted_orders
    owed = [
        (RECEIVABLES, parts.receivables),
        (CREDITS, -parts.credits),
        (DRAFTS, parts.drafts if rules.has_drafts else ZERO),
        (ORDERS, orders if rules.has_orders else ZERO),
        (UNSETTLED, parts.unsettled if rules.has_unsettled else ZERO),
    ]
    securities = [security for security in parts.securities if security.kind in rules.deducted]
    at_risk = max(sum((amount for _code, amount in owed), ZERO), ZERO)
    secured = []
    for security in securities:
        secured.append((security.kind, -security.deducted(at_risk, today)))
        at_risk -= security.cover(at_risk, today)
    switched_off = {DRAFTS: not rules.has_drafts, ORDERS: not rules.has_orders, UNSETTLED: not rules.has_unsettled}
    unknown = tuple(amount for amount in parts.unknown if not switched_off.get(amount.part))
    return Exposure(tuple(line for line in (*owed, *secured) if line[1]), at_risk, unknown)


def group_exposure(exposures: Iterable[Decimal]) -> Decimal:
    """Return the exposure of several members of a group: what one has paid in advance does not cover the others.

    >>> group_exposure([Decimal(700), Decimal(-500), Decimal(300)])
    Decimal('1000')
    """
    return sum((max(exposure, ZERO) for exposure in exposures), ZERO)


def order_line_amount(ordered: Decimal, delivered: Decimal, invoiced: Decimal, price: Decimal) -> Decimal:
    """Return what is still to be invoiced of an order line, whether it is delivered or not.

    Odoo's own amount to invoice counts deliveries alone for products that are invoiced on delivery, so that a
    confirmed order of a million that is not delivered yet would be no exposure.

    :param price: of one unit, taxes and discount included
    :param invoiced: on invoices that are counted elsewhere: posted ones, and drafts where drafts count

    >>> million = Decimal(1_000_000)
    >>> str(order_line_amount(Decimal(1), ZERO, ZERO, million)), str(order_line_amount(ZERO, ZERO, Decimal(1), million))
    ('1000000', '0')
    >>> str(order_line_amount(Decimal(10), Decimal(12), Decimal(4), Decimal(50)))      # 2 more delivered than ordered
    '400'
    """
    return max(max(ordered, delivered) - invoiced, ZERO) * price


def order_amount(lines: Iterable[Decimal], down_payments: Decimal = ZERO) -> Decimal:
    """Return what is still to be invoiced of an order, less the down payments that are invoiced already.

    :param lines: see :func:`order_line_amount`

    >>> str(order_amount([Decimal(800), Decimal(200)], down_payments=Decimal(300)))
    '700'
    """
    return max(sum(lines, ZERO) - down_payments, ZERO)
