"""Stripe's words as staff read them, and texts about differences between the books and Stripe."""

from odoo.tools.translate import LazyTranslate

from .core import reconciliation as rules

_lt = LazyTranslate(__name__)

#: What to do about each kind of difference.
DIFFERENCE_ADVICE = {
    rules.CHARGE_MISSING: _lt(
        "Stripe has charged, and nothing is booked. Look for the payment's event under Stripe Events and retry it; "
        "where there is none, register the payment by hand, and press Mark as Handled. If the charge is not yours to "
        "book, refund it at Stripe: then it is gone by itself."
    ),
    rules.PAYMENT_MISSING: _lt(
        "A payment is booked that Stripe does not have: it was marked as paid by hand, or made with another account. "
        "Check whether the money came. If it did not, cancel the payment; if it did, press Mark as Handled."
    ),
    rules.AMOUNT: _lt(
        "The amounts differ. Stripe's amount is what the customer paid or got back: reset the payment to draft, "
        "correct the amount, and confirm it. If you correct it in another way, press Mark as Handled."
    ),
    rules.CURRENCY: _lt(
        "The currencies differ. Reset the payment to draft, enter the currency and the amount of the charge, and "
        "confirm it. If you correct it in another way, press Mark as Handled."
    ),
    rules.CUSTOMER: _lt(
        "Another customer at Stripe was charged than the one of the saved method. Compare the names at Stripe. Where "
        "the wrong one was charged, refund it in full, and remove the saved method; where it was the right one, press "
        "Mark as Handled."
    ),
    rules.TWICE: _lt(
        "Stripe has charged a second time for the same payment. Refund the charge at Stripe, unless the customer wants "
        "to keep it as a credit: then register a payment for it, and press Mark as Handled."
    ),
    rules.REFUND_MISSING: _lt(
        "Stripe has given money back, and no refund is booked. Look for the refund's event under Stripe Events and "
        "retry it; where there is none, register the refund by hand, and press Mark as Handled."
    ),
    rules.REFUND_FAILED: _lt(
        "A refund is booked that failed at Stripe: the customer got no money. Cancel the refund in the books, and pay "
        "the customer in another way. If you correct it in another way, press Mark as Handled."
    ),
    rules.DISPUTE_MISSING: _lt(
        "The customer contests a payment with the bank, and no chargeback is listed here. Retry its event under Stripe "
        "Events; answer it at Stripe in time. Where its payment is not from here, press Mark as Handled."
    ),
}

#: Statuses of a chargeback, by Stripe's word; others are shown as they are.
DISPUTE_STATUSES = {
    "warning_needs_response": _lt("Inquiry: response needed"),
    "warning_under_review": _lt("Inquiry: under review"),
    "warning_closed": _lt("Inquiry closed"),
    "needs_response": _lt("Response needed"),
    "under_review": _lt("Under review"),
    "appeal_needs_response": _lt("Appeal: response needed"),
    "prevented": _lt("Prevented"),
    "won": _lt("Won"),
    "lost": _lt("Lost"),
}

#: Reasons of a chargeback, by Stripe's word; others are shown as they are.
DISPUTE_REASONS = {
    "bank_cannot_process": _lt("Bank cannot process"),
    "check_returned": _lt("Check returned"),
    "credit_not_processed": _lt("Credit not processed"),
    "customer_initiated": _lt("Initiated by the customer"),
    "debit_not_authorized": _lt("Debit not authorized"),
    "duplicate": _lt("Duplicate charge"),
    "fraudulent": _lt("Fraudulent"),
    "general": _lt("General"),
    "incorrect_account_details": _lt("Incorrect account details"),
    "insufficient_funds": _lt("Insufficient funds"),
    "noncompliant": _lt("Against the rules of the card network"),
    "product_not_received": _lt("Product not received"),
    "product_unacceptable": _lt("Product unacceptable"),
    "subscription_canceled": _lt("Subscription canceled"),
    "unrecognized": _lt("Payment not recognized"),
}
