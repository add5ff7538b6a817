"""Payments of a customer that are in no ledger yet, or not matched: part of the facts, see :mod:`.facts`."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class RegisteredPayment:
    """A payment that was registered without a journal entry and waits for the bank statement.

    :param until: the day from which it excludes nothing any more, because the money should have arrived
    """

    payment_id: int
    day: date
    until: date


@dataclass(frozen=True, slots=True)
class UnmatchedPayment:
    """Money of the customer that is not matched with an invoice yet.

    :param booked_on: when it was entered into the books; a bank statement is often imported days later
    :param day: when it arrived
    :param amount: what is left of it, positive, in its currency
    :param is_credit: it is one of the ``credits`` of :class:`.facts.AccountFacts`; otherwise a bank statement line
    :param item_ids: the open items that it was probably made for, see :mod:`.matching.matching`
    :param entered_at: the moment of ``booked_on``, in UTC and full seconds
    :param member_id: as of an item of :mod:`.facts`
    """

    booked_on: date
    day: date
    currency: str
    amount: Decimal
    is_credit: bool = False
    item_ids: frozenset[int] = frozenset()
    entered_at: datetime | None = None
    member_id: int | None = None

    @property
    def debtor_currency(self) -> tuple[int | None, str]:
        """Whose money it is, and its currency, see ``OpenItem.debtor_currency`` of :mod:`.facts`."""
        return self.member_id, self.currency
