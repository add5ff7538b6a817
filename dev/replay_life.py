"""Living through a history, day by day: books, disputes, the day's run, the mail queue, the collector's calls."""

import sys

from freezegun import freeze_time

from dev.history_period import days

#: The company's day and the day in UTC are the same at this hour, wherever the company is.
HOUR = "12:00:00"


def live(env, company, books, disputes, first, last):
    """Live through the days; what happened is in the database afterwards.

    The clock is held still once and then moved: `freezegun` walks through every module to start.

    :param env: an environment of the company
    :param Books books: what appears and is paid on which day
    :param Disputes disputes: what is contested and answered on which day
    :return: how many customers the day's run could not decide about, over all days
    :rtype: int
    """
    failed = 0
    with freeze_time(f"{first} {HOUR}") as clock:
        books.open_until(first)
        for day in days(first, last):
            clock.move_to(f"{day} {HOUR}")
            _show_month(day, first)
            books.live(day)
            disputes.live(day)
            env["ar.dispute"]._escalate_overdue(company)
            env.cr.commit()
            failed += env["ar.customer"]._run_day(day, companies=company, auto_commit=True)["failed"]
            env["mail.mail"].process_email_queue()
            _make_calls(env)
            env.cr.commit()
    return failed


def _make_calls(env):
    """Let the collector make the calls that were planned, on the same day."""
    calls = env["ar.communication"].search([("channel", "=", "call"), ("state", "=", "planned")])
    for activity in calls.activity_id:
        activity.with_user(activity.user_id).action_feedback(feedback="Asked what holds the payment up.")


def _show_month(day, first):
    if day == first or day.day == 1:
        print(f"Living through {day:%Y-%m}", file=sys.stderr, flush=True)
