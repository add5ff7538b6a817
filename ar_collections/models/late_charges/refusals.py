"""What refuses to be computed, in words."""

from contextlib import contextmanager

from odoo.exceptions import ValidationError

from ...core.late_charges.refusal import ChargeRefused
from ...formats import format_date
from ...messages import LATE_CHARGE_REFUSALS


def get_refusal_text(env, refused):
    """Return the sentence for a refusal of `core`, with the way out.

    :param ChargeRefused refused: the exception
    """
    text = env._(LATE_CHARGE_REFUSALS[refused.code])
    return text % {"day": format_date(env, refused.day)}


@contextmanager
def explain(env):
    """Raise a refusal of `core` as a message for people.

    :raise ValidationError: with the way out
    """
    try:
        yield
    except ChargeRefused as refused:
        raise ValidationError(get_refusal_text(env, refused)) from refused
