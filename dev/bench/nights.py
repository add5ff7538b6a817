"""The night on which nobody gets a message, and the next turn of the scheduled action on the same day."""

import datetime

from odoo import fields

from dev.bench.cpu import cost_of
from dev.setup.console import Problem

#: Days between two messages: nobody shall be due for the next one.
GAP = 7


def measure_silent(env, today):
    """Measure the night after everything was sent, and a second turn; return CPU seconds by name.

    :param date today: the day of the run that queued the messages
    """
    _mark_sent(env, today)
    env["ar.credit.policy"].search([]).minimum_gap_days = GAP
    env.cr.commit()
    day = today + datetime.timedelta(days=1)
    log = env["ar.communication"].search_count([])
    steps = {step[0]: step for step in env["ar.nightly"]._get_steps()}
    reminders = [steps.pop("reminders")]
    night = cost_of(env, _run_steps, reminders, day)
    if env["ar.communication"].search_count([]) != log:
        raise Problem("The silent night made messages.")
    # The other steps store figures with the date of the clock: they are done on that day.
    _run_steps(env, steps.values(), today)
    turn = [cost_of(env, _run_steps, *part) for part in ((reminders, day), (list(steps.values()), today))]
    return {
        "silent_night_cpu_s": round(night.cpu, 3),
        "silent_night_queries": night.queries,
        "second_turn_cpu_s": round(sum(cost.cpu for cost in turn), 3),
        "second_turn_queries": sum(cost.queries for cost in turn),
    }


def _run_steps(env, steps, day):
    """Run steps of the nightly run as the scheduled action does."""
    for step in steps:
        env["ar.nightly"]._run_step(step, env.company, day, auto_commit=True)


def _mark_sent(env, today):
    """Store that all queued messages were sent on a day."""
    parameters = {"day": today, "now": fields.Datetime.now()}
    queued = "SELECT id FROM ar_communication WHERE state = 'planned'"
    env.cr.execute(
        f"UPDATE ar_communication_recipient SET state = 'sent', date = %(now)s, mail_mail_id = NULL"
        f" WHERE communication_id IN ({queued})",
        parameters,
    )
    env.cr.execute(
        f"UPDATE ar_customer SET last_contact_date = %(day)s"
        f" WHERE id IN (SELECT customer_id FROM ar_communication WHERE id IN ({queued}))",
        parameters,
    )
    env.cr.execute("DELETE FROM mail_mail WHERE state = 'outgoing'")
    env.cr.execute(
        "UPDATE ar_communication SET state = 'sent', date_sent = %(day)s WHERE state = 'planned'", parameters
    )
    env.invalidate_all()
    env.cr.execute("ANALYZE")
    env.cr.commit()
