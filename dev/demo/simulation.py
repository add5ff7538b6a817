"""The demo company's last weeks, day by day: what staff and customers do, the scheduled actions, the mail queue."""

import datetime
from unittest.mock import patch

from freezegun import freeze_time

from dev.demo import recovery_events  # noqa: F401 registers its events
from dev.demo.events import run_events
from dev.demo.regular_customers import open_books

#: The day on which collections were activated, and how far back they reach then, in days before today.
ACTIVATED_DAYS_AGO = 36
CUTOFF_DAYS_AGO = 90
#: Key figures of past days are the same whenever they are computed: the last run computes all of them.
SNAPSHOTS = "snapshots"
SATURDAY = 5
CALL_NOTE = "Spoke to the bookkeeper: the invoice waits for the manager's signature."


def simulate_until_today(env, company):
    """Activate collections and simulate the days up to yesterday.

    The time is frozen at the morning of each day, so that records and messages carry the date of that day.

    :param company: the `res.company` with the demo customers
    """
    from odoo.sql_db import Cursor

    today = company._ar_today()
    books = open_books(env(context={**env.context, "allowed_company_ids": company.ids}), today)
    with (
        freeze_time(_morning(today), tick=True) as clock,
        patch.object(Cursor, "now", _now),  # Odoo takes some times from the database
    ):
        for ago in range(ACTIVATED_DAYS_AGO, 0, -1):
            day = today - datetime.timedelta(days=ago)
            clock.move_to(_morning(day))
            books.post_day(day)
            if ago == ACTIVATED_DAYS_AGO:
                _activate(env, company, today - datetime.timedelta(days=CUTOFF_DAYS_AGO))
            _finish_open_work(env, company, day)
            run_events(env, company, ago)
            run_jobs(env, but=(SNAPSHOTS, *_left_out(day)))


def run_today(env, company):
    """Run the scheduled actions of today, until the key figures of all past days are there."""
    today = company._ar_today()
    run_jobs(env, but=_left_out(today))
    snapshots = env["ar.metric.snapshot"].with_company(company)
    while not snapshots._take_missing(company, today, auto_commit=True):
        pass


def _left_out(day):
    """Return the steps of a day that are left out: on a weekend the decisions of Friday stay, which say more.

    >>> _left_out(datetime.date(2026, 11, 28)), _left_out(datetime.date(2026, 11, 30))
    (('reminders',), ())
    """
    return ("reminders",) if day.weekday() >= SATURDAY else ()


def run_jobs(env, but=()):
    """Run the scheduled actions of the add-on in their order, then the mail queue.

    :param tuple[str] but: codes of steps of the nightly run that are left out
    """
    nightly = env.registry["ar.nightly"]
    steps = [step for step in env["ar.nightly"]._get_steps() if step[0] not in but]
    data = env["ir.model.data"].search([("module", "=", "ar_collections"), ("model", "=", "ir.cron")])
    crons = env["ir.cron"].browse(data.mapped("res_id")).sorted(lambda cron: (cron.priority, cron.id))
    _send_mails(env)  # what was put off until this morning: the queue runs all day, the check of emails looks at it
    with patch.object(nightly, "_get_steps", lambda _model: steps):
        for cron in crons:
            env.cr.commit()  # each runs in its own transaction
            cron.method_direct_trigger()
    _send_mails(env)
    env.invalidate_all()


def _send_mails(env):
    """Process the mail queue twice: the second time sends what the check before sending replaced in the first."""
    env.cr.commit()
    for _attempt in range(2):
        env["mail.mail"].process_email_queue()
        env.cr.commit()


def _activate(env, company, cutoff):
    """Press the button of the activation wizard, as the administrator does, and close the panel of the set-up."""
    wizard = env["ar.activation"].with_user(env.ref("base.user_admin")).with_company(company)
    wizard.create({"cutoff_date": cutoff, "daily_ramp": 0}).action_activate()
    wizard.env["onboarding.onboarding"].action_close_panel_ar_collections()


def _finish_open_work(env, company, day):
    """Do what is left from the day before: approve what waits for review, make the planned calls."""
    older = [("company_id", "=", company.id), ("date", "<", day)]
    log = env["ar.communication"].with_company(company)
    waiting = log.search([*older, ("state", "=", "review")])
    waiting.with_user(env.ref("base.user_admin")).action_approve()
    calls = log.search([*older, ("state", "=", "planned"), ("channel", "=", "call")])
    for call in calls:
        call.activity_id.with_user(call.user_id).action_feedback(CALL_NOTE)


def _now(_cursor):
    """Return the current time in UTC without time zone, as Odoo's cursors return it."""
    return datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)


def _morning(day):
    return datetime.datetime.combine(day, datetime.time(7))
