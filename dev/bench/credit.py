"""Credit control: what the nightly steps for exposures, statuses, scores and data of customers cost."""

import datetime

from dev.bench.cpu import cost_of

#: The steps of the nightly run that are measured: {code: name of the key}.
STEPS = {"credit": "credit_refresh", "scores": "scores", "review": "data_review"}

#: Limits of the customers; a part of them is over it.
LIMITS = (500, 2_000, 10_000, 50_000)


def measure_credit(env, today):
    """Give each customer a limit; return CPU seconds and queries of each step by name.

    Each is measured on the first night, when everything is new, and as ``…_again`` on one without changes.

    :param date today: the day of the run that queued the messages
    """
    _set_limits(env)
    steps = {step[0]: step for step in env["ar.nightly"]._get_steps()}
    measured = {}
    for code, key in STEPS.items():
        for night, suffix in ((2, ""), (3, "_again")):
            cost = cost_of(env, _run_step, steps[code], today + datetime.timedelta(days=night))
            measured[f"{key}{suffix}_s"] = round(cost.cpu, 3)
            measured[f"{key}{suffix}_queries"] = cost.queries
    return measured


def _run_step(env, step, day):
    """Run a step of the nightly run as the scheduled action does."""
    env["ar.nightly"]._run_step(step, env.company, day, auto_commit=True)


def _set_limits(env):
    """Store different limits past the ORM, which would compute each exposure at once."""
    env.cr.execute(
        "UPDATE ar_customer SET credit_limit_kind = 'amount',"
        " credit_limit = (%(limits)s::numeric[])[1 + id %% array_length(%(limits)s::numeric[], 1)]",
        {"limits": list(LIMITS)},
    )
    env.invalidate_all()
    env.registry.clear_cache()
    env.cr.execute("ANALYZE ar_customer")
    env.cr.commit()
