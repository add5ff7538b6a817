"""What a provider's decline code means for the next attempt: the card network's advice wins over any list."""

from collections.abc import Iterable

from .outcomes import FINAL, SOFT_DECLINE

#: Final declines, which a retry cannot change: the payment method is closed, stolen or unsuitable, or the customer
#: revoked the permission or must authenticate. All others are soft declines: insufficient funds, a limit, a bank that
#: was not available or gives no reason. Unknown codes count as soft: the policy's few retries limit the cost of a wrong
#: guess, while failing at once would burden customers whose bank had a temporary problem.
FINAL_CODES = frozenset(
    {
        # the card or account is lost, closed, wrong or expired
        "account_closed", "bank_account_restricted", "bank_account_unusable", "debit_not_authorized", "expired_card",
        "incorrect_number", "invalid_account", "invalid_expiry_month", "invalid_expiry_year", "invalid_number",
        "invalid_pin", "live_mode_test_card", "lost_card", "new_account_information_available", "no_account",
        "pickup_card", "resource_missing", "restricted_card", "stolen_card",
        # it cannot be used for this
        "card_not_supported", "currency_not_supported", "not_permitted", "payment_method_not_available",
        "service_not_allowed", "testmode_decline", "transaction_not_allowed",
        # it is refused deliberately; card networks penalize merchants that retry
        "do_not_try_again", "fraudulent", "merchant_blacklist", "previously_declined_do_not_retry",
        "security_violation",
        # the customer revoked the permission
        "payment_intent_mandate_invalid", "payment_method_customer_decline", "revocation_of_all_authorizations",
        "revocation_of_authorization", "stop_payment_order",
        # the customer must authenticate, and is not present when we charge
        "authentication_not_handled", "authentication_required", "offline_pin_required",
        "mobile_device_authentication_required", "online_or_offline_pin_required",
        "payment_intent_authentication_failure",
        # the customer must correct the data, or use another method
        "confirm_card_data", "incorrect_cvc", "incorrect_zip", "invalid_cvc", "pin_try_exceeded",
        # returns of ACH debits: closed, not found, wrong number, revoked, stopped, not authorized, frozen, blocked
        "R02", "R03", "R04", "R05", "R07", "R08", "R10", "R16", "R20", "R29",
        # returns of SEPA debits: wrong account, closed, blocked, not allowed, no mandate, refused, debtor deceased
        "AC01", "AC04", "AC06", "AG01", "MD01", "MD07", "SL01",
    }
)  # fmt: skip

#: Refusals that do not tell whether the customer was charged, by this request or another one for the same amount.
UNCLEAR_CODES = frozenset({"duplicate_transaction", "idempotency_error", "payment_intent_unexpected_state"})

#: The customer or the bank says that there is no permission to debit (any more): nothing more may be charged.
REVOKED_CODES = frozenset(
    {
        "debit_not_authorized", "payment_intent_mandate_invalid", "revocation_of_all_authorizations",
        "revocation_of_authorization", "R05", "R07", "R08", "R10", "R29", "MD01", "SL01",
    }
)  # fmt: skip

#: The method itself is refused for good: no other invoice is charged to it either, until the customer agrees again.
DEAD_CODES = frozenset(
    {
        "account_closed", "bank_account_restricted", "bank_account_unusable", "do_not_try_again", "invalid_account",
        "lost_card", "merchant_blacklist", "no_account", "pickup_card", "previously_declined_do_not_retry",
        "resource_missing", "stolen_card", "R02", "R03", "R04", "R16", "R20", "AC01", "AC04", "AC06", "AG01", "MD07",
    }
)  # fmt: skip

#: The customer must confirm the payment, and can do so by paying on the page.
CONFIRM_CODES = frozenset(
    {
        "authentication_not_handled", "authentication_required", "mobile_device_authentication_required",
        "offline_pin_required", "online_or_offline_pin_required", "payment_intent_authentication_failure",
    }
)  # fmt: skip

#: There was not enough money: a retry has better chances after wages are paid.
MONEY_CODES = frozenset({"AM04", "R01", "R09", "insufficient_funds", "withdrawal_count_limit_exceeded"})

#: What card networks advise about a declined charge, whatever its code: Stripe's advice and Mastercard's numbers.
FINAL_ADVICE = {
    "do_not_try_again": "do_not_try_again", "confirm_card_data": "confirm_card_data",
    "01": "new_account_information_available", "03": "do_not_try_again", "21": "revocation_of_authorization",
}  # fmt: skip

#: Days after which Mastercard advises to try again: after 1 hour, 24 hours, 2, 4, 6, 8 and 10 days.
WAIT_ADVICE = {"24": 1, "25": 1, "26": 2, "27": 4, "28": 6, "29": 8, "30": 10}

#: The networks' own decline codes for which Visa allows no other attempt.
FINAL_NETWORK = {
    **dict.fromkeys(("04", "07", "12", "14", "15", "41", "43", "46", "57"), "do_not_try_again"),
    "R0": "stop_payment_order", "R1": "revocation_of_authorization", "R3": "revocation_of_all_authorizations",
}  # fmt: skip


def outcome_of_decline(code: str | None) -> str:
    """Return the outcome for a provider's decline code: ``SOFT_DECLINE`` where a retry may succeed, or ``FINAL``.

    >>> outcome_of_decline("insufficient_funds"), outcome_of_decline("stolen_card"), outcome_of_decline(None)
    ('declined_soft', 'declined_final', 'declined_soft')
    """
    return FINAL if code in FINAL_CODES else SOFT_DECLINE


def code_with_advice(code: str | None, *advice: str | None, network_code: str | None = None) -> str | None:
    """Return the decline code, or the one that stands for the advice where that makes the decline final.

    :param advice: Stripe's and the network's
    :param network_code: the network's own decline code

    >>> code_with_advice("insufficient_funds", "do_not_try_again", None)
    'do_not_try_again'
    >>> code_with_advice("stolen_card", "do_not_try_again"), code_with_advice("do_not_honor", "try_again_later", "02")
    ('stolen_card', 'do_not_honor')
    >>> code_with_advice("generic_decline", network_code="R1")
    'revocation_of_authorization'
    """
    if code in FINAL_CODES or code in UNCLEAR_CODES:
        return code
    advised = next((FINAL_ADVICE[each] for each in advice if each in FINAL_ADVICE), None)
    return advised or FINAL_NETWORK.get(network_code) or code


def wait_of_advice(advice: Iterable[str | None]) -> int:
    """Return the number of days for which the network advises to wait; 0 where it says nothing about that.

    >>> wait_of_advice([None, "30"]), wait_of_advice(["try_again_later", "02"])
    (10, 0)
    """
    return max((WAIT_ADVICE.get(each, 0) for each in advice), default=0)


def is_unclear(code: str | None) -> bool:
    """Return whether a refusal leaves open whether the customer was charged: a person must look before another charge.

    >>> is_unclear("duplicate_transaction"), is_unclear("insufficient_funds")
    (True, False)
    """
    return code in UNCLEAR_CODES


def is_revoked(code: str | None) -> bool:
    """Return whether the permission to charge is gone.

    >>> is_revoked("R07"), is_revoked("stolen_card")
    (True, False)
    """
    return code in REVOKED_CODES


def needs_confirmation(code: str | None) -> bool:
    """Return whether the customer can pay with the same method by confirming it.

    >>> needs_confirmation("authentication_required"), needs_confirmation("stolen_card")
    (True, False)
    """
    return code in CONFIRM_CODES


def is_lack_of_money(code: str | None) -> bool:
    """Return whether the account had not enough money.

    >>> is_lack_of_money("R01"), is_lack_of_money("stolen_card")
    (True, False)
    """
    return code in MONEY_CODES
