"""What the benchmark measures on a database full of open invoices."""

from datetime import timedelta

from dev.bench.cpu import cost_of, median_cpu
from dev.bench.credit import measure_credit
from dev.bench.floor import measure_floor
from dev.bench.memory import peak_mb, reset_peak
from dev.bench.nights import measure_silent
from dev.bench.screens import (
    show_aging,
    show_board,
    show_dashboard,
    show_debtors,
    show_forecast,
    show_weeks,
    show_worklist,
)
from dev.bench.sending import measure_sending
from dev.setup.console import Problem

#: Reading is measured this often; the best counts, because disturbances only make a measurement longer.
REPEATS = 5
SCREENS = {"worklist": show_worklist, "dashboard": show_dashboard, "aging_asof": show_aging}
MORE_SCREENS = {
    "forecast": show_forecast,
    "forecast_weeks": show_weeks,
    "debtors": show_debtors,
    "board": show_board,
}


def measure(env, today):
    """Measure one nightly run; return seconds, queries and memory by name.

    In this order: a plain query, the preview, the run; then the screens that users open in the morning, the minimum for
    the e-mails that the run created, sending some of them, the night after all were sent, and credit control.
    """
    reading = _measure_reading(env, today)
    run = _measure_run(env, today)
    _store_figures(env)
    screens = _measure_screens(env, today)
    made = env["ar.communication"].search([("address_ids.mail_mail_id", "!=", False)], order="id")
    if len(made) != env["ar.customer"].search_count([]):
        raise Problem(f"Every customer is due for a reminder, but {len(made)} were made: {run}")
    floor_s, floor_cpu_s = measure_floor(env, made)
    return {
        **reading,
        "floor_s": round(floor_s, 3),
        "floor_cpu_s": round(floor_cpu_s, 3),
        **run,
        "mails": len(made),
        **screens,
        "preview_over_fetch": round(reading["preview_s"] / reading["sql_fetch_s"], 2),
        "run_over_floor": round(run["run_s"] / floor_s, 2),
        "run_cpu_over_floor": round(run["run_cpu_s"] / floor_cpu_s, 2),
        **measure_sending(env, made),
        **measure_silent(env, today),
        **measure_credit(env, today),
    }


def _measure_reading(env, today):
    """Measure what a decision needs at least, as a plain query, and the preview."""
    accounts = env["ar.facts"]._get_receivable_account_ids(env.company)
    fetch = min(cost_of(env, _fetch_open_items, accounts).seconds for _ in range(REPEATS))
    previews = [cost_of(env, _preview, today) for _ in range(REPEATS)]
    return {
        "sql_fetch_s": round(fetch, 4),
        "preview_s": round(min(cost.seconds for cost in previews), 4),
        "preview_cpu_s": round(min(cost.cpu for cost in previews), 3),
    }


def _measure_screens(env, today):
    """Measure the screens: seconds on the clock of those of :data:`SCREENS`, CPU seconds of all."""
    seconds = {f"{name}_s": _best(env, show, today) for name, show in SCREENS.items()}
    cpu = {f"{name}_cpu_s": round(median_cpu(env, show, today), 3) for name, show in (SCREENS | MORE_SCREENS).items()}
    return seconds | cpu


def _store_figures(env):
    """Store the snapshot and payment behavior that the screens read today, which may be no working day."""
    today = env.company._ar_today()
    env["ar.payment.behavior"]._take_missing(env.company, today)
    env["ar.metric.snapshot"]._take(env.company, today - timedelta(days=1))
    env.cr.commit()


def _measure_run(env, today):
    """Run the day as the scheduled action does, committing batch after batch."""
    reset_peak()
    cost = cost_of(env, _run, today)
    return {
        "run_s": round(cost.seconds, 3),
        "run_cpu_s": round(cost.cpu, 3),
        "queries": cost.queries,
        "queries_per_customer": round(cost.queries / cost.result["customers"], 3),
        "peak_rss_mb": round(peak_mb(), 1),
        "failed": cost.result["failed"],
    }


def _run(env, today):
    return env["ar.customer"]._run_day(today, companies=env.company, auto_commit=True)


def _fetch_open_items(env, accounts):
    """Fetch with one plain query what a decision needs of the company's open items; the rows are not used."""
    env.cr.execute(
        """
        SELECT line.id, line.partner_id, line.move_id, line.date_maturity, line.currency_id,
               line.amount_residual_currency::text, line.amount_residual::text, line.no_followup, move.payment_state
          FROM account_move_line line
          JOIN account_move move ON move.id = line.move_id
         WHERE line.account_id = ANY(%s) AND line.company_id = %s
           AND line.parent_state = 'posted' AND line.reconciled IS NOT TRUE
        """,
        [accounts, env.company.id],
    )
    return env.cr.fetchall()


def _preview(env, today):
    """Read and decide, write nothing."""
    env["ar.customer"]._run_day(today, dry_run=True, companies=env.company)


def _best(env, call, *arguments):
    """Return the best of several times, in seconds on the clock."""
    return round(min(cost_of(env, call, *arguments).seconds for _ in range(REPEATS)), 3)
