"""The demo company's last weeks: every day what colleagues and customers do, the scheduled actions, the mail queue."""

import datetime
from unittest.mock import patch

from freezegun import freeze_time

from dev.demo_diary import live_through
from dev.demo_past import open_books

#: The day on which collections were activated, and how far back they reach then, in days before today.
ACTIVATED_DAYS_AGO = 36
CUTOFF_DAYS_AGO = 90
#: Key figures of past days are the same whenever they are taken: tonight takes them all.
SNAPSHOTS = "ar_collections.ir_cron_take_snapshot"
CALL_NOTE = "Spoke to the bookkeeper: the invoice waits for the manager's signature."


def live_until_today(env, company):
    """Activate collections and live through the days up to yesterday.

    The clock stands in the morning of each day, so that history reads as if it had happened then.

    :param company: the `res.company` with the demo customers
    """
    from odoo.sql_db import Cursor

    today = company._ar_today()
    books = open_books(env(context={**env.context, "allowed_company_ids": company.ids}), today)
    with (
        freeze_time(_morning(today), tick=True) as clock,
        patch.object(Cursor, "now", _now),  # the database has a clock of its own
    ):
        for ago in range(ACTIVATED_DAYS_AGO, 0, -1):
            day = today - datetime.timedelta(days=ago)
            clock.move_to(_morning(day))
            books.live(day)
            if ago == ACTIVATED_DAYS_AGO:
                _activate(env, company, today - datetime.timedelta(days=CUTOFF_DAYS_AGO))
            _work(env, company, day)
            live_through(env, company, ago)
            run_jobs(env, but=SNAPSHOTS)


def run_jobs(env, but=None):
    """Run the scheduled actions that collections live on, in their order, then the mail queue.

    :param str but: XML id of one that is left out
    """
    data = env["ir.model.data"].search([("module", "=", "ar_collections"), ("model", "=", "ir.cron")])
    crons = env["ir.cron"].browse(data.mapped("res_id")).sorted(lambda cron: (cron.priority, cron.id))
    for cron in crons - (env.ref(but) if but else crons.browse()):
        env.cr.commit()  # each works in a transaction of its own
        cron.method_direct_trigger()
    _send_mails(env)
    env.invalidate_all()


def _send_mails(env):
    """Work the mail queue; its second turn sends what the gate wrote anew in the first."""
    env.cr.commit()
    for _turn in range(2):
        env["mail.mail"].process_email_queue()
        env.cr.commit()


def _activate(env, company, cutoff):
    """Press the button of the activation wizard, as the administrator does."""
    wizard = env["ar.activation"].with_user(env.ref("base.user_admin")).with_company(company)
    wizard.create({"cutoff_date": cutoff, "daily_ramp": 0}).action_activate()


def _work(env, company, day):
    """Do what colleagues left on their desks the day before: approve what waits for review, make the calls."""
    desk = [("company_id", "=", company.id), ("date", "<", day)]
    log = env["ar.communication"].with_company(company)
    waiting = log.search([*desk, ("state", "=", "review")])
    waiting.with_user(env.ref("base.user_admin")).action_approve()
    calls = log.search([*desk, ("state", "=", "planned"), ("channel", "=", "call")])
    for call in calls:
        call.activity_id.with_user(call.user_id).action_feedback(CALL_NOTE)


def _now(_cursor):
    """Return the time as databases give it: in UTC, without saying so."""
    return datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)


def _morning(day):
    return datetime.datetime.combine(day, datetime.time(7))
