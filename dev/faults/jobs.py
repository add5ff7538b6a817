"""What a worker does on a simulated day: the nightly run, then the mail queue."""

import contextlib
import smtplib
import traceback

#: The phases that a worker enters with the mail queue, and with each message that it hands to the mail server.
QUEUE, MESSAGE = "queue", "message"
#: Seconds after which a worker gives up on a mail server that says nothing; Odoo waits for a minute.
MAIL_TIMEOUT = 1

NIGHT, MAIL_QUEUE = "ar_collections.ir_cron_nightly", "mail.ir_cron_mail_scheduler_action"


def work(name, tell):
    """Work through the night and the mail queue of a database, in a process forked for it.

    :param str name: of the database
    :param tell: function that is called with the phase
    :raise RuntimeError: if one of the two failed; the other has run nevertheless
    """
    from odoo.addons.base.models import ir_mail_server

    ir_mail_server.SMTP_TIMEOUT = MAIL_TIMEOUT
    leave_connections(name)
    _tell_messages(tell)
    is_night_done = run_action(name, NIGHT)
    tell(QUEUE)
    is_queue_done = run_action(name, MAIL_QUEUE)
    if not (is_night_done and is_queue_done):
        raise RuntimeError("A scheduled action failed.")


def _tell_messages(tell):
    """Tell of each message when its delivery begins."""
    send = smtplib.SMTP.sendmail

    def tell_and_send(*args, **kwargs):
        tell(MESSAGE)
        return send(*args, **kwargs)

    smtplib.SMTP.sendmail = tell_and_send


def leave_connections(name):
    """Leave the connections of the parent alone, which stay open: open others."""
    from odoo import sql_db
    from odoo.modules.registry import Registry

    sql_db._Pool = sql_db._Pool_readonly = None
    registry = Registry(name)
    registry._db, registry._db_readonly = sql_db.db_connect(name), None


def run_action(name, action):
    """Run a scheduled action, given by its XML id, in a transaction of its own; return whether it went well.

    Without Odoo's own record of its progress: it would put off an action that was killed three times in a row.
    """
    try:
        with environment(name) as env:
            env.ref(action).ir_actions_server_id.run()
    except Exception:  # as in production: the next action runs anyway
        traceback.print_exc()
        return False
    return True


@contextlib.contextmanager
def environment(name):
    """Open an environment as superuser; commit at the end of the block."""
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry

    with Registry(name).cursor() as cursor:
        yield api.Environment(cursor, SUPERUSER_ID, {})
