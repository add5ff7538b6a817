"""What the rules of `core` refuse, in words."""

from contextlib import contextmanager

from odoo.exceptions import UserError

from ...core.refusal import Refused


def get_refusal_text(env, texts, code, name=None):
    """Return the sentence for a refusal, with the way out.

    :param dict texts: {code: text}, of `messages`
    :param str name: what it is about, such as the number of an invoice or the name of a customer
    """
    text = env._(texts[code])
    return env._("%(name)s: %(reason)s", name=name, reason=text) if name else text


@contextmanager
def explain(env, texts, name=None):
    """Raise what the rules refuse in the block as a message for people.

    :param texts, name: as for `get_refusal_text`
    :raise UserError: with the way out; a refusal of other rules passes as it is
    """
    try:
        yield
    except Refused as refused:
        if refused.code not in texts:
            raise
        raise UserError(get_refusal_text(env, texts, refused.code, name)) from refused
