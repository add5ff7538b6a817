"""The demo company's last weeks: every day the run, the mail queue, and what colleagues do meanwhile."""

import datetime

from freezegun import freeze_time

#: The day on which collections were activated, and how far back they reach then, in days before today.
ACTIVATED_DAYS_AGO = 36
CUTOFF_DAYS_AGO = 90
CALL_NOTE = "Spoke to the bookkeeper: the invoice waits for the manager's signature."


def live_until_today(env, company):
    """Activate collections and live through the days up to yesterday.

    The clock stands in the morning of each day, so that history reads as if it had happened then.

    :param company: the `res.company` with the demo customers
    """
    today = company._ar_today()
    days = [today - datetime.timedelta(days=ago) for ago in range(ACTIVATED_DAYS_AGO, 0, -1)]
    with freeze_time(_morning(days[0]), tick=True) as clock:
        _activate(env, company, today - datetime.timedelta(days=CUTOFF_DAYS_AGO))
        for day in days:
            clock.move_to(_morning(day))
            _work(env, company, day)
            env["ar.promise"]._judge_company(company, day)
            env["ar.customer"]._run_day(day, companies=company)
            _send_mails(env)


def run_tonight(env):
    """Run the scheduled actions that collections live on: promises, the day's run, then the mail queue."""
    for cron in ("ar_collections.ir_cron_judge_promises", "ar_collections.ir_cron_run_day"):
        env.ref(cron).method_direct_trigger()
    env.ref("mail.ir_cron_mail_scheduler_action").method_direct_trigger()
    env.cr.commit()
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


def _morning(day):
    return datetime.datetime.combine(day, datetime.time(7))
