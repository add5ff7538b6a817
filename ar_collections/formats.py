"""Amounts and dates as people read them. Odoo's own functions do the work; this is the one place that calls them."""

from odoo.tools import misc

from .core.portal.typed_amount import read_amount, show_amount

#: The invisible mark of Unicode after which neutral characters belong to text from left to right.
LEFT_TO_RIGHT = "\u200e"


def format_amount(env, amount, currency, lang_code=None):
    """Return an amount with its currency.

    :param amount: float, Decimal, or the text of one
    :param currency: `res.currency` record
    :param str lang_code: default: the language of the environment
    """
    value = float(amount)
    text = misc.format_amount(env, value, currency, lang_code=lang_code)
    return keep_order(env, text, lang_code) if value < 0 else text


def join_value(env, name, value):
    """Return a name and its value as text, in the language of the environment: French puts a space before the colon.

    Example: ``INV/2026/00025: €20.00``, in French ``INV/2026/00025 : 20,00 €``.
    """
    return env._("%(name)s: %(value)s", name=name, value=value)


def get_colon(env):
    """Return what stands between a name and its value, see `join_value`, for templates that format them apart."""
    return join_value(env, "", "")


def keep_order(env, text, lang_code=None):
    """Return a text of digits that keeps its order where it stands in a line from right to left.

    Without the mark in front the sign of an amount, and the plus of a telephone number, would be shown at the other
    end, and the groups of digits of a telephone number in reverse.

    :param str lang_code: of the line; default: the language of the environment
    """
    lang = env["res.lang"]._get_data(code=lang_code or env.lang or "en_US")
    return f"{LEFT_TO_RIGHT}{text}" if text and lang.direction == "rtl" else text


def format_date(env, day, lang_code=None, date_format=None):
    """Return a date, or an empty text where there is none.

    :param date day: a date, or False
    :param str lang_code: default: the language of the environment
    :param str date_format: ``medium`` (Jun 10, 2026) or ``long`` (June 10, 2026); default: digits
    """
    return misc.format_date(env, day, lang_code=lang_code, date_format=date_format or False) if day else ""


def format_moment(env, moment, zone):
    """Return day and time in a time zone, with the zone as the language writes it: June 10, 2026, 6:00:00 PM PDT.

    :param datetime moment: in UTC, as stored
    :param str zone: name of the time zone
    """
    return misc.format_datetime(env, moment, tz=zone, dt_format="long")


class Formats:
    """What many messages of one batch have in common, made once: formatted amounts and dates, signatures.

    It lives as long as the batch, in the context of the records (`get_formats`), so that nothing in it gets old.
    """

    def __init__(self):
        self._made = {}

    def once(self, key, make):
        """Return what the function returned when it was called with this key for the first time.

        :param tuple key: begins with a word for what it is
        :param make: function without arguments
        """
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def amount(self, env, amount, currency, lang_code):
        """Return what :func:`format_amount` does."""
        key = "amount", amount, currency.id, lang_code or env.lang
        return self.once(key, lambda: format_amount(env, amount, currency, lang_code))

    def date(self, env, day, lang_code, date_format=None):
        """Return what :func:`format_date` does."""
        key = "date", day, lang_code or env.lang, date_format
        return self.once(key, lambda: format_date(env, day, lang_code, date_format))


def get_formats(env):
    """Return the :class:`Formats` of the batch that is being written, else new ones."""
    formats = env.context.get("ar_formats")
    return formats if isinstance(formats, Formats) else Formats()


def read_typed_amount(env, text, currency):
    """Return the amount that somebody typed on a page in the environment's language.

    :param str text: as typed; may be empty
    :param currency: `res.currency` record
    :return: Decimal, or None for an empty text
    :raise ValueError: where it is no amount of the currency, or can be read in two ways
    """
    lang = misc.get_lang(env)
    if not (text or "").strip():
        return None
    return read_amount(text, currency.decimal_places, lang.decimal_point, lang.thousands_sep)


def format_typed_amount(env, amount, currency):
    """Return an amount to fill a field that `read_typed_amount` reads."""
    return show_amount(amount, currency.decimal_places, misc.get_lang(env).decimal_point)
