"""What a worker does on a simulated day: the scheduled actions of the night, then the mail queue."""

import contextlib
import traceback

#: The phase that a worker enters with the mail queue.
QUEUE = "queue"
#: Seconds after which a worker gives up on a mail server that says nothing; Odoo waits for a minute.
MAIL_TIMEOUT = 1

MAIL_QUEUE = "mail.ir_cron_mail_scheduler_action"


def night_actions(env):
    """Return the scheduled actions that make up the night, in their order."""
    nightly = env.ref("ar_collections.ir_cron_nightly", raise_if_not_found=False)
    if nightly:
        return nightly
    names = ("ir_cron_judge_promises", "ir_cron_advance_plans", "ir_cron_run_day")
    return env["ir.cron"].concat(*(env.ref(f"ar_collections.{name}") for name in names))


def work(name, tell):
    """Work through the night and the mail queue of a database, in a process forked for it.

    :param str name: of the database
    :param tell: function that is called with the phase
    :raise RuntimeError: if a scheduled action failed; the others have run nevertheless
    """
    from odoo.addons.base.models import ir_mail_server

    ir_mail_server.SMTP_TIMEOUT = MAIL_TIMEOUT
    _leave_connections(name)
    with _environment(name) as env:
        night, queue = night_actions(env).ids, env.ref(MAIL_QUEUE).ids
    failures = [action for action in night if not _run(name, action)]
    tell(QUEUE)
    failures += [action for action in queue if not _run(name, action)]
    if failures:
        raise RuntimeError(f"Scheduled actions failed: {failures}")


def _leave_connections(name):
    """Leave the connections of the parent alone, which stay open: open others."""
    from odoo import sql_db
    from odoo.modules.registry import Registry

    sql_db._Pool = sql_db._Pool_readonly = None
    registry = Registry(name)
    registry._db, registry._db_readonly = sql_db.db_connect(name), None


def _run(name, action):
    """Run a scheduled action in a transaction of its own; return whether it went well.

    Without Odoo's own record of its progress: it would put off an action that was killed three times in a row.
    """
    try:
        with _environment(name) as env:
            env["ir.cron"].browse(action).ir_actions_server_id.run()
    except Exception:  # as in production: the next action runs anyway
        traceback.print_exc()
        return False
    return True


@contextlib.contextmanager
def _environment(name):
    """Open an environment as superuser; commit at the end of the block."""
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry

    with Registry(name).cursor() as cursor:
        yield api.Environment(cursor, SUPERUSER_ID, {})
