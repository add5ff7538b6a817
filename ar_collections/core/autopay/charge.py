"""Automatic payments of installments: when one is announced, charged, retried, and recorded as failed.

The customer consented once and is notified before each charge. So nothing is charged earlier than announced, and
nothing is charged while the result of an earlier attempt is unknown.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

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

# --- How an attempt ended ---
UNKNOWN = "unknown"

PENDING = "pending"

DONE = "done"

SOFT_DECLINE = "declined_soft"

FINAL = "declined_final"

#: The customer may have been charged: no other attempt is made.
IN_FLIGHT = (UNKNOWN, PENDING)

DECLINED = (SOFT_DECLINE, FINAL)

#: Days after its charge day on which an installment is still excluded: charging waits for the company's hour and for
#: the announcement.
SLACK_DAYS = 2

#: Days after its charge day for which a charge that did not take place is announced again.
RENEW_DAYS = 30

RETRIES_MAX, RETRY_DAYS_MAX = 5, 60

#: Final declines, which a retry cannot change: the payment method is closed, stolen or unsuitable, or the customer
#: revoked the permission or must authenticate. All others are soft declines: insufficient funds, a limit, a bank that
#: was not available or gives no reason. Unknown codes count as soft: the policy's few retries limit the cost of a wrong
#: guess, while failing at once would burden customers whose bank had a temporary problem.
FINAL_CODES = frozenset(
    {
        # the card or account is lost, closed, wrong or expired
        "account_closed", "bank_account_restricted", "bank_account_unusable", "debit_not_authorized", "expired_card",
        "incorrect_number", "invalid_account", "invalid_expiry_month", "invalid_expiry_year", "invalid_number",
        "lost_card", "new_account_information_available", "no_account", "pickup_card", "resource_missing",
        "restricted_card", "stolen_card",
        # it cannot be used for this
        "card_not_supported", "currency_not_supported", "not_permitted", "payment_method_not_available",
        "service_not_allowed", "testmode_decline", "transaction_not_allowed",
        # it is refused deliberately; card networks penalize merchants that retry
        "do_not_try_again", "fraudulent", "merchant_blacklist", "security_violation",
        # the customer revoked the permission
        "payment_method_customer_decline", "revocation_of_all_authorizations", "revocation_of_authorization",
        "stop_payment_order",
        # the customer must authenticate, and is not present when we charge
        "authentication_not_handled", "authentication_required", "offline_pin_required",
        "mobile_device_authentication_required", "online_or_offline_pin_required",
        "payment_intent_authentication_failure",
        # the customer must correct the data, or use another method
        "confirm_card_data", "pin_try_exceeded",
    }
)  # fmt: skip

#: Refusals that do not tell whether the customer was charged, by this request or another one for the same amount.
UNCLEAR_CODES = frozenset({"duplicate_transaction", "idempotency_error", "payment_intent_unexpected_state"})

#: What card networks advise about a declined charge, whatever its code: Stripe's advice and the networks' own numbers.
FINAL_ADVICE = {
    "do_not_try_again": "do_not_try_again", "confirm_card_data": "confirm_card_data",
    "01": "new_account_information_available", "03": "do_not_try_again", "21": "stop_payment_order",
}  # fmt: skip


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
    """

    day: date
    outcome: str
    repeatable: bool = False


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
    """

    due: date
    left: Decimal
    agreed: bool = True
    announced: date | None = None
    announcing: bool = False
    attempts: tuple[Attempt, ...] = ()
    failed: bool = False

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

    >>> def declined(*days, outcome=SOFT_DECLINE):
    ...     attempts = tuple(Attempt(date(2026, 6, day), outcome) for day in days)
    ...     return AutopayCase(due, left, announced=date(2026, 6, 7), attempts=attempts)
    >>> [next_move(declined(10), rules, date(2026, 6, day)) for day in (12, 13)]
    ['nothing', 'charge']
    >>> next_move(declined(10, 13), rules, date(2026, 6, 17)), next_move(declined(10, 13, 17), rules, date(2026, 6, 17))
    ('charge', 'fail')
    >>> next_move(declined(10, outcome=FINAL), rules, date(2026, 6, 10))
    'fail'
    """
    if in_flight := case.in_flight:
        return _move_in_flight(in_flight, today)
    if case.is_over or case.left <= 0:
        return NOTHING
    if _is_exhausted(case, rules):
        return FAIL
    if _is_late(case, rules, today):
        return _move_late(case, today)
    if case.announced is None:
        early = today < case.due - timedelta(days=rules.notice_days)
        return NOTHING if early or case.announcing else ANNOUNCE
    return CHARGE if today >= autopay_day(case, rules) else NOTHING


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
    if not declined:
        return day
    retry = declined[0].day + timedelta(days=rules.retry_days[len(declined) - 1])
    return max(day, retry, declined[-1].day + timedelta(days=1))


def expected_day(case: AutopayCase, rules: AutopayRules, today: date) -> date | None:
    """Return the day on which it is expected to be charged, seen from today; ``None`` for never.

    One that is not announced yet counts as announced today.

    >>> str(expected_day(AutopayCase(date(2026, 6, 1), Decimal(100)), AutopayRules(), date(2026, 6, 10)))
    '2026-06-11'
    """
    announced = case if case.announced else replace(case, announced=today)
    return autopay_day(announced, rules)


def refresh_case(case: AutopayCase, left: Decimal, repeatable: bool) -> AutopayCase:
    """Return the case with the present amount left to pay, and whether an unanswered attempt can be repeated."""
    attempts = tuple(
        replace(attempt, repeatable=repeatable) if attempt.outcome == UNKNOWN else attempt for attempt in case.attempts
    )
    return replace(case, left=left, attempts=attempts)


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
    >>> declined = Attempt(date(2026, 6, 10), SOFT_DECLINE)
    >>> str(reminders_paused_until(AutopayCase(due, Decimal(100), announced=due, attempts=(declined,)), rules, 5))
    '2026-06-15'
    >>> reminders_paused_until(AutopayCase(due, Decimal(100), announced=due, attempts=(declined, declined)), rules, 5)
    """
    if in_flight := case.in_flight:
        return in_flight.day + timedelta(days=pending_days + 1)
    if case.is_over or _is_exhausted(case, rules):
        return None
    return (autopay_day(case, rules) or case.due) + timedelta(days=SLACK_DAYS)


def outcome_of_decline(code: str | None) -> str:
    """Return the outcome for a provider's decline code: ``SOFT_DECLINE`` where a retry may succeed, or ``FINAL``.

    >>> outcome_of_decline("insufficient_funds"), outcome_of_decline("stolen_card"), outcome_of_decline(None)
    ('declined_soft', 'declined_final', 'declined_soft')
    """
    return FINAL if code in FINAL_CODES else SOFT_DECLINE


def code_with_advice(code: str | None, *advice: str | None) -> str | None:
    """Return the decline code, or the one that stands for the advice where it makes the decline final.

    >>> code_with_advice("insufficient_funds", "do_not_try_again", None)
    'do_not_try_again'
    >>> code_with_advice("stolen_card", "do_not_try_again"), code_with_advice("do_not_honor", "try_again_later", "02")
    ('stolen_card', 'do_not_honor')
    """
    if code in FINAL_CODES or code in UNCLEAR_CODES:
        return code
    return next((FINAL_ADVICE[each] for each in advice if each in FINAL_ADVICE), code)


def is_unclear(code: str | None) -> bool:
    """Return whether a refusal leaves open whether the customer was charged: a person must look before another charge.

    >>> is_unclear("duplicate_transaction"), is_unclear("insufficient_funds")
    (True, False)
    """
    return code in UNCLEAR_CODES


def parse_retry_days(text: str | None) -> tuple[int, ...]:
    """Return the retry days of a policy's text: ascending whole numbers, separated by commas, semicolons or blanks.

    :raise ValueError: for anything else, for more than `RETRIES_MAX` days or one later than `RETRY_DAYS_MAX`

    >>> parse_retry_days("3, 7"), parse_retry_days("")
    ((3, 7), ())
    >>> parse_retry_days("7, 3")
    Traceback (most recent call last):
    ValueError: 7, 3
    """
    words = re.split(r"[,;\s]+", (text or "").strip(" ,;\t\n"))
    days = tuple(int(word) if re.fullmatch(r"[0-9]{1,3}", word) else 0 for word in words if word)
    rises = all(earlier < later for earlier, later in zip((0, *days), days, strict=False))
    if not rises or len(days) > RETRIES_MAX or any(day > RETRY_DAYS_MAX for day in days):
        raise ValueError(text)
    return days
