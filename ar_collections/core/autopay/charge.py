"""Automatic payments of installments: when one is announced, charged, retried, and recorded as failed.

The customer consented once and is notified before each charge. So nothing is charged earlier than announced, and
nothing is charged while the result of an earlier attempt is unknown.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from .outcomes import DECLINED, DONE, FINAL, IN_FLIGHT, PENDING, UNKNOWN
from .retries import retry_day
from .waiting import Span, day_after

# --- What to do with an installment ---
NOTHING = "nothing"

ANNOUNCE = "announce"

CHARGE = "charge"

#: Send the same transaction again: the provider did not answer, and recognizes the transaction by its idempotency key.
REPEAT = "repeat"

#: The provider did not answer, and sending again is not safe: a person must check with the provider.
ASK = "ask"

#: Notify the customer and the collector, once; from then on the customer pays the installment manually.
FAIL = "fail"

#: Days after its charge day on which an installment is still excluded: charging waits for the company's hour and for
#: the announcement.
SLACK_DAYS = 2

#: Days after its charge day for which a charge that did not take place is announced again.
RENEW_DAYS = 30


@dataclass(frozen=True, slots=True)
class AutopayRules:
    """The credit policy's settings for automatic payments.

    :param notice_days: number of days before its due date on which a charge is announced
    :param retry_days: days after the first decline on which it is retried, ascending
    :param bank_notice_days: as ``notice_days``, for bank debits whose rules ask for a notice
    :param lead_days: the least number of days between the announcement and the charge
    :param late_days: days after its day from which a charge is announced again before it is made; ``None``: never
    """

    notice_days: int = 3
    retry_days: tuple[int, ...] = ()
    bank_notice_days: int = 14
    lead_days: int = 1
    late_days: int | None = None

    def with_notice(self, notice_days: int, lead_days: int) -> "AutopayRules":
        """Return the rules of an account, with the notice that its consent states.

        Nothing is charged on the old notice once reminders have gone on: the customer may have paid by hand.
        """
        return replace(self, notice_days=notice_days, lead_days=lead_days, late_days=SLACK_DAYS)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One transaction that was made for an installment.

    :param day: of the attempt, or of its decline
    :param outcome: ``UNKNOWN``, ``PENDING``, ``DONE``, ``SOFT_DECLINE`` or ``FINAL``
    :param repeatable: the same transaction can be sent again without charging twice
    :param code: why it was declined, by the provider
    :param wait_days: days for which the card network advises to wait before another attempt
    """

    day: date
    outcome: str
    repeatable: bool = False
    code: str | None = None
    wait_days: int = 0


@dataclass(frozen=True, slots=True)
class AutopayCase:
    """What is known of an installment for its automatic payment.

    :param due: the installment's due date
    :param left: what is left to pay, less pending online payments
    :param agreed: the plan is active, and the customer's consent is valid
    :param announced: the day on which the customer was notified of the charge
    :param announcing: an announcement waits to be sent, or was stopped by a person
    :param attempts: of this consent, and any other that is in flight, oldest first
    :param failed: it failed for good, and the customer was notified
    :param others: when other charges of the customer in the currency were in flight, by which this one waited
    :param blocked: nothing is charged at this moment: another charge is in flight, or a retry rests at night
    :param is_bank: it is charged by a bank debit, which is not tried again on weekends
    """

    due: date
    left: Decimal
    agreed: bool = True
    announced: date | None = None
    announcing: bool = False
    attempts: tuple[Attempt, ...] = ()
    failed: bool = False
    others: tuple[Span, ...] = ()
    blocked: bool = False
    is_bank: bool = False

    @property
    def in_flight(self) -> Attempt | None:
        """The attempt by which the customer may have been charged, or ``None``."""
        return next((attempt for attempt in self.attempts if attempt.outcome in IN_FLIGHT), None)

    @property
    def declined(self) -> list[Attempt]:
        """The declined attempts, oldest first."""
        return [attempt for attempt in self.attempts if attempt.outcome in DECLINED]

    @property
    def is_over(self) -> bool:
        """Whether it is not charged any more. What is left after a charge is due, but not charged."""
        return self.failed or not self.agreed or any(attempt.outcome == DONE for attempt in self.attempts)


def next_move(case: AutopayCase, rules: AutopayRules, today: date) -> str:
    """Return what to do with the installment today: one of this module's codes.

    >>> rules = AutopayRules(notice_days=3, retry_days=(3, 7))
    >>> due, left = date(2026, 6, 10), Decimal(100)
    >>> [next_move(AutopayCase(due, left), rules, date(2026, 6, day)) for day in (6, 7)]
    ['nothing', 'announce']
    >>> announced = AutopayCase(due, left, announced=date(2026, 6, 7))
    >>> [next_move(announced, rules, date(2026, 6, day)) for day in (9, 10)]
    ['nothing', 'charge']

    Announced on the very day, it waits for the next one:

    >>> [next_move(AutopayCase(due, left, announced=due), rules, date(2026, 6, day)) for day in (10, 11)]
    ['nothing', 'charge']

    Declined on the 10th, it is retried on the 13th and the 17th; a stolen card is not:

    >>> from .outcomes import SOFT_DECLINE
    >>> def declined(*days, outcome=SOFT_DECLINE):
    ...     attempts = tuple(Attempt(date(2026, 6, day), outcome) for day in days)
    ...     return AutopayCase(due, left, announced=date(2026, 6, 7), attempts=attempts)
    >>> [next_move(declined(10), rules, date(2026, 6, day)) for day in (12, 13)]
    ['nothing', 'charge']
    >>> next_move(declined(10, 13), rules, date(2026, 6, 17)), next_move(declined(10, 13, 17), rules, date(2026, 6, 17))
    ('charge', 'fail')
    >>> next_move(declined(10, outcome=FINAL), rules, date(2026, 6, 10))
    'fail'

    What is too late for a retry has failed, also at night, when retries rest:

    >>> resting, late = replace(declined(10), blocked=True), replace(rules, late_days=2)
    >>> [next_move(resting, late, date(2026, 6, day)) for day in (13, 15)]
    ['nothing', 'fail']

    While another charge of the customer is in flight it is announced all the same, and charged afterwards:

    >>> waiting = replace(announced, others=(Span(date(2026, 6, 8), date(2026, 6, 15)),))
    >>> [next_move(waiting, rules, date(2026, 6, day)) for day in (14, 15)]
    ['nothing', 'charge']
    """
    if in_flight := case.in_flight:
        return _move_in_flight(in_flight, today)
    if case.is_over or case.left <= 0:
        return NOTHING
    if _is_exhausted(case, rules):
        return FAIL
    if _is_late(case, rules, today) and (case.declined or not case.blocked):
        return _move_late(case, today)
    if case.announced is None:
        early = today < case.due - timedelta(days=rules.notice_days)
        return NOTHING if early or case.announcing else ANNOUNCE
    return CHARGE if today >= autopay_day(case, rules) and not case.blocked else NOTHING


def _move_in_flight(attempt: Attempt, today: date) -> str:
    """Return what to do while an attempt is in flight.

    A pending one is waited for. Where the provider did not answer, the transaction is sent again if that is safe;
    otherwise a person is asked from the next day on.
    """
    if attempt.outcome == PENDING:
        return NOTHING
    if attempt.repeatable:
        return REPEAT
    return ASK if today > attempt.day else NOTHING


def _is_late(case: AutopayCase, rules: AutopayRules, today: date) -> bool:
    """Return whether so much time has passed since its day that it is not charged without another announcement."""
    day = autopay_day(case, rules)
    return day is not None and rules.late_days is not None and today >= day + timedelta(days=rules.late_days)


def _move_late(case: AutopayCase, today: date) -> str:
    """Return what to do with a late one: it is announced again, unless it was declined or its day is long ago."""
    if case.declined:
        return FAIL
    return ANNOUNCE if today <= case.due + timedelta(days=RENEW_DAYS) else NOTHING


def autopay_day(case: AutopayCase, rules: AutopayRules) -> date | None:
    """Return the first day on which it may be charged; ``None`` where it is not announced, or declined for good.

    Never on the day of the announcement, however near the due date was when the customer consented. Retry days count
    from the first decline; there are never two attempts on one day, also after days on which no charges were run.
    """
    if case.announced is None or _is_exhausted(case, rules):
        return None
    day = max(case.due, case.announced + timedelta(days=rules.lead_days))
    declined = case.declined
    if declined:
        first, last = declined[0], declined[-1]
        wanted = first.day + timedelta(days=rules.retry_days[len(declined) - 1])
        day = max(day, retry_day(wanted, last.day, last.code, last.wait_days, case.is_bank))
    return day_after(day, case.others)


def expected_day(case: AutopayCase, rules: AutopayRules, today: date) -> date | None:
    """Return the day on which it is expected to be charged, seen from today; ``None`` for never.

    One that is not announced yet counts as announced today.

    >>> str(expected_day(AutopayCase(date(2026, 6, 1), Decimal(100)), AutopayRules(), date(2026, 6, 10)))
    '2026-06-11'
    """
    announced = case if case.announced else replace(case, announced=today)
    return autopay_day(announced, rules)


def refresh_case(case: AutopayCase, left: Decimal, repeatable: bool, blocked: bool = False) -> AutopayCase:
    """Return the case with what is known at this moment only.

    :param left: what is left to pay
    :param repeatable: whether an unanswered attempt can be repeated
    :param blocked: whether nothing is charged now, see `AutopayCase`
    """
    attempts = tuple(
        replace(attempt, repeatable=repeatable) if attempt.outcome == UNKNOWN else attempt for attempt in case.attempts
    )
    return replace(case, left=left, attempts=attempts, blocked=blocked)


def _is_exhausted(case: AutopayCase, rules: AutopayRules) -> bool:
    """Return whether it was declined for good, or as often as the policy allows retries."""
    declined = case.declined
    return bool(declined) and (declined[-1].outcome == FINAL or len(declined) > len(rules.retry_days))


def reminders_paused_until(case: AutopayCase, rules: AutopayRules, pending_days: int) -> date | None:
    """Return the day from which reminders of the installment may be sent again; ``None``: it is not excluded.

    A customer who is going to be charged is not reminded to pay. The exclusion ends by itself where the charge does not
    take place.

    :param pending_days: number of days for which a pending payment is waited for

    >>> rules, due = AutopayRules(retry_days=(3,)), date(2026, 6, 10)
    >>> str(reminders_paused_until(AutopayCase(due, Decimal(100)), rules, 5))
    '2026-06-12'
    >>> declined = Attempt(date(2026, 6, 10), "declined_soft")
    >>> str(reminders_paused_until(AutopayCase(due, Decimal(100), announced=due, attempts=(declined,)), rules, 5))
    '2026-06-15'
    >>> reminders_paused_until(AutopayCase(due, Decimal(100), announced=due, attempts=(declined, declined)), rules, 5)
    """
    if in_flight := case.in_flight:
        return in_flight.day + timedelta(days=pending_days + 1)
    if case.is_over or _is_exhausted(case, rules):
        return None
    return (autopay_day(case, rules) or case.due) + timedelta(days=SLACK_DAYS)
