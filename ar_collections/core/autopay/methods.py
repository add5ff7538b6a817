"""What differs between payment methods: cards are answered at once, bank debits after days, and may come back."""

from dataclasses import dataclass
from datetime import date, timedelta

from ..workdays import WorkCalendar

_WEEK = WorkCalendar()


@dataclass(frozen=True, slots=True)
class BankDebit:
    """A kind of bank debit.

    :param days_back: days after the payment within which the debtor's bank takes the money back without a reason
    :param notice_days: the notice that its rules ask for, unless the debtor agreed to a shorter one; ``None``: none
    :param company_days_back: as ``days_back`` of debtors that are companies, in banking days; ``None``: the same
    """

    days_back: int
    notice_days: int | None = None
    company_days_back: int | None = None


#: Bank debits by the code of Odoo's payment method. SEPA: 8 weeks, notice of 14 days unless agreed otherwise; ACH: 60
#: days for consumers, 2 banking days for companies; Bacs: notice of 10 working days, taken back without a limit of
#: time, watched for 8 weeks; BECS: 7 years in the rules, nearly all within two months.
BANK_DEBITS = {
    "sepa_direct_debit": BankDebit(56, 14),
    "ach_direct_debit": BankDebit(60, company_days_back=2),
    "bacs_direct_debit": BankDebit(56, 14),
    "becs_direct_debit": BankDebit(60),
}


def is_bank_debit(method: str) -> bool:
    """Return whether the code is one of a bank debit.

    >>> is_bank_debit("sepa_direct_debit"), is_bank_debit("card")
    (True, False)
    """
    return method in BANK_DEBITS


def notice_days(method: str, days: int, bank_days: int) -> int:
    """Return the days of notice before a charge.

    :param str method: code of the payment method
    :param int days: notice of the policy
    :param int bank_days: notice of the policy for bank debits with a notice in their rules; the text of the consent
        states it, so that it may be shorter than the rules

    >>> notice_days("card", 3, 14), notice_days("sepa_direct_debit", 3, 14), notice_days("ach_direct_debit", 3, 14)
    (3, 14, 3)
    """
    debit = BANK_DEBITS.get(method)
    return max(days, bank_days) if debit and debit.notice_days else days


def lead_days(method: str, notice: int) -> int:
    """Return the least number of days between the announcement and the charge.

    A bank debit always has its full notice; a card is charged on the next day where the due date is near.

    >>> lead_days("card", 3), lead_days("sepa_direct_debit", 14)
    (1, 14)
    """
    return max(notice, 1) if is_bank_debit(method) else 1


def returnable_until(method: str, paid_on: date, is_company: bool = False) -> date | None:
    """Return the last day on which a payment may be taken back without a reason; ``None`` for cards.

    >>> str(returnable_until("sepa_direct_debit", date(2026, 6, 1))), returnable_until("card", date(2026, 6, 1))
    ('2026-07-27', None)
    >>> friday = date(2026, 6, 5)
    >>> [str(returnable_until("ach_direct_debit", friday, is_company)) for is_company in (False, True)]
    ['2026-08-04', '2026-06-09']
    """
    debit = BANK_DEBITS.get(method)
    if debit is None:
        return None
    if not is_company or debit.company_days_back is None:
        return paid_on + timedelta(days=debit.days_back)
    return _WEEK.add_workdays(paid_on, debit.company_days_back)
