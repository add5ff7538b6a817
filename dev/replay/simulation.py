"""Simulate a history day by day: bookings, disputes, the day's run, the mail queue, the collector's calls."""

import sys

from freezegun import freeze_time

from dev.replay.history_period import days

#: The company's day and the day in UTC are the same at this hour, wherever the company is.
HOUR = "12:00:00"


def simulate(env, company, books, disputes, first, last, autopay=None):
    """Simulate the days; the result is in the database afterwards.

    The time is frozen once and then moved: `freezegun` visits every module when it starts, which is slow.

    :param env: an environment of the company
    :param Books books: posts invoices and payments on their day
    :param Disputes disputes: raises and answers disputes on their day
    :param Autopay autopay: charges those who agreed; None: nobody is charged
    :return: how many customers the day's run could not decide about, over all days
    :rtype: int
    """
    failed = 0
    with freeze_time(f"{first} {HOUR}") as clock:
        books.open_until(first)
        for day in days(first, last):
            clock.move_to(f"{day} {HOUR}")
            _show_month(day, first)
            books.post_day(day)
            disputes.process_day(day)
            env["ar.dispute"]._escalate_overdue(company, day)
            env.cr.commit()
            if autopay:
                autopay.process_day()
            failed += env["ar.customer"]._run_day(day, companies=company, auto_commit=True)["failed"]
            env["mail.mail"].process_email_queue()
            make_calls(env)
            env.cr.commit()
    return failed


def make_calls(env):
    """Mark the planned calls as made by their collector, on the same day."""
    calls = env["ar.communication"].search([("channel", "=", "call"), ("state", "=", "planned")])
    for activity in calls.activity_id:
        activity.with_user(activity.user_id).action_feedback(feedback="Asked what holds the payment up.")


def _show_month(day, first):
    if day == first or day.day == 1:
        print(f"Simulating {day:%Y-%m}", file=sys.stderr, flush=True)
