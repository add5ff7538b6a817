"""Amounts and dates as people read them. Odoo's own functions do the work; this is the one place that calls them."""

from odoo.tools import misc


def format_amount(env, amount, currency, lang_code=None):
    """Return an amount with its currency.

    :param amount: float or Decimal
    :param currency: `res.currency` record
    :param str lang_code: default: the language of the environment
    """
    return misc.format_amount(env, float(amount), currency, lang_code=lang_code)


def format_date(env, day, lang_code=None, date_format=None):
    """Return a date, or an empty text where there is none.

    :param date day: a date, or False
    :param str lang_code: default: the language of the environment
    :param str date_format: ``medium`` (Jun 10, 2026) or ``long`` (June 10, 2026); default: digits
    """
    return misc.format_date(env, day, lang_code=lang_code, date_format=date_format or False) if day else ""
