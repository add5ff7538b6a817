"""What our add-on does inside a flow of Odoo, such as posting an invoice, never stops that flow."""

import contextlib
import logging

import psycopg2
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from odoo.tools.misc import Callbacks

_logger = logging.getLogger(__name__)


@contextlib.contextmanager
def ignore_failure(env, what, expected=(), writes=True):
    """Run a block of ours inside a flow of Odoo that goes on without it where it fails.

    Only for what the flow is correct without. What the block wrote is undone and the error logged. Conflicts with
    other transactions pass, because Odoo repeats the flow then. Without a savepoint an error of the database passes,
    too: it ended the transaction, and all that the flow could still show is that it was ended, not why.

    :param env: the environment of the flow
    :param str what: names the block in the log, as in "customer accounts of posted invoices"
    :param expected: exceptions that are no failures, such as another user having done the same
    :param bool writes: False: the block reads only, or writes at its end and into the cache alone. It needs no
        savepoint then, which costs two statements and an early flush of what the flow has not written yet. A savepoint
        without the flush would lose what a search of the block writes of the flow, which the cache takes for written
    :raise psycopg2.Error: conflicts with other transactions; with writes=False whatever ends the transaction
    """
    if writes:
        env.flush_all()  # what the flow has not written yet fails as an error of the flow, such as a login used twice
    try:
        if not writes:
            yield
            return
        with _own_hooks(env.cr), env.cr.savepoint():
            yield
    except psycopg2.OperationalError:
        raise
    except expected as error:
        _logger.info("Odoo goes on without %s: %s", what, error)
    except Exception:  # whatever it is, the flow is not to suffer from it
        if not writes and env.cr.connection.get_transaction_status() == TRANSACTION_STATUS_INERROR:
            raise
        _logger.warning("Odoo goes on without %s", what, exc_info=True)


@contextlib.contextmanager
def _own_hooks(cr):
    """Keep what the flow has left for the end of its transaction apart from what the block leaves.

    A savepoint does at once what waits for the end of the transaction, and drops it where it fails. Of the flow, that
    would be too early, or lost: Odoo loads the chart of accounts of a new branch at the end, for instance.
    """
    hooks, cr.precommit = cr.precommit, Callbacks()
    try:
        yield
    finally:
        cr.precommit = hooks
