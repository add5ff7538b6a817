"""Signatures of Stripe's events, verified by Stripe's own library."""

import time

import stripe

from .const import AHEAD, TOLERANCE


def is_signed(payload, header, secret):
    """Return whether one of the signatures in the header is valid, and made within the last minutes.

    Stripe signs with the old and the new secret while a secret is rolled.

    :param bytes payload: the body as it arrived
    :param str header: ``Stripe-Signature``, or ``None``
    :param str secret: signing secret; without it nothing is valid
    """
    if not secret:
        return False
    try:
        stripe.WebhookSignature.verify_header(payload, header, secret, tolerance=TOLERANCE)
        return _signed_at(header) <= time.time() + AHEAD  # which the library does not check
    except (stripe.SignatureVerificationError, UnicodeError, TypeError, ValueError, OverflowError):
        return False


def _signed_at(header):
    """Return the time of the signature, the one that the library reads: the first."""
    return int(next(part.split("=", 1)[1] for part in header.split(",") if part.startswith("t=")))
