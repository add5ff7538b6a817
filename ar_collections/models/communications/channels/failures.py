"""Errors of rendering, as people and the run need them: which template, and why, without its whole text."""

import contextlib

import psycopg2

from odoo.exceptions import UserError


@contextlib.contextmanager
def told_shortly(template):
    """Replace an error of the block, which contains the whole template, by its cause; the mail template is named in it.

    :param template: the `mail.template`, also where its messages fail in the layout
    :raise UserError: with the cause, where Odoo wrapped it; other errors as they are
    """
    try:
        yield
    except Exception as error:
        cause = _get_cause(error)
        if isinstance(cause, psycopg2.Error):
            raise cause from None  # a conflict with another transaction is no fault of the template
        told = error if cause is error else UserError(_tell(template, cause))
        with contextlib.suppress(AttributeError):  # few errors take no attributes
            told.ar_template = template
        raise told from (cause if told is not cause else None)


def _get_cause(error):
    """Return the error that was there first, or one that is meant for people."""
    cause = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
        if isinstance(cause, UserError):
            break
    return cause


def _tell(template, cause):
    reason = str(cause) if isinstance(cause, UserError) else f"{type(cause).__name__}: {cause}"
    return template.env._(
        "The email template “%(template)s” or the layout of messages fails: %(reason)s",
        template=template.sudo().name or "",  # whatever the user may read
        reason=reason,
    )
