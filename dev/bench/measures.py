"""What the benchmark measures on a database full of open invoices."""

import gc
import time
from datetime import timedelta

from odoo import sql_db

from dev.bench.floor import make_mails, read_headers
from dev.bench.memory import peak_mb, reset_peak
from dev.bench.screens import show_aging, show_dashboard, show_worklist
from dev.setup.console import Problem

#: Reading is measured this often; the best counts, because disturbances only make a measurement longer.
REPEATS = 5
SCREENS = {"worklist_s": show_worklist, "dashboard_s": show_dashboard, "aging_asof_s": show_aging}


def measure(env, today):
    """Measure one nightly run; return seconds, queries and memory by name.

    In this order: a plain query, the preview, the run; then the screens that users open in the morning, and the minimum
    for the e-mails that the run created.
    """
    accounts = env["ar.facts"]._get_receivable_account_ids(env.company)
    reads = [(_seconds(_fetch_open_items, env, accounts), _seconds(_preview, env, today)) for _ in range(REPEATS)]
    fetch, preview = map(min, zip(*reads, strict=True))
    run = _measure_run(env, today)
    _store_figures(env)
    screens = {name: _best(show, env, today) for name, show in SCREENS.items()}
    made = env["ar.communication"].search([("address_ids.mail_mail_id", "!=", False)], order="id")
    if len(made) != env["ar.customer"].search_count([]):
        raise Problem(f"Every customer is due for a reminder, but {len(made)} were made: {run}")
    floor = _seconds(make_mails, env, read_headers(made))
    return {
        "sql_fetch_s": round(fetch, 4),
        "preview_s": round(preview, 4),
        "floor_s": round(floor, 3),
        **run,
        "mails": len(made),
        **screens,
        "preview_over_fetch": round(preview / fetch, 2),
        "run_over_floor": round(run["run_s"] / floor, 2),
    }


def _store_figures(env):
    """Store the snapshot and payment behavior that the screens read today, which may be no working day."""
    today = env.company._ar_today()
    env["ar.payment.behavior"]._take_missing(env.company, today)
    env["ar.metric.snapshot"]._take(env.company, today - timedelta(days=1))
    env.cr.commit()


def _measure_run(env, today):
    """Run the day as the scheduled action does, committing batch after batch."""
    _empty_cache(env)
    reset_peak()
    queries = sql_db.sql_counter
    start = time.perf_counter()
    summary = env["ar.customer"]._run_day(today, companies=env.company, auto_commit=True)
    seconds = time.perf_counter() - start
    queries = sql_db.sql_counter - queries
    return {
        "run_s": round(seconds, 3),
        "queries": queries,
        "queries_per_customer": round(queries / summary["customers"], 3),
        "peak_rss_mb": round(peak_mb(), 1),
        "failed": summary["failed"],
    }


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


def _best(call, env, *arguments):
    """Return the best of several times."""
    return round(min(_seconds(call, env, *arguments) for _ in range(REPEATS)), 3)


def _seconds(call, env, *arguments):
    """Return how long a call takes with Odoo's cache empty."""
    _empty_cache(env)
    start = time.perf_counter()
    call(env, *arguments)
    return time.perf_counter() - start


def _empty_cache(env):
    env.cr.commit()
    gc.collect()
