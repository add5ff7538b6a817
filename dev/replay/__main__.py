"""`make replay`: the reminders that a history of invoices leads to, day by day, with e-mails to a mail sink.

Reads `DATA` (a CSV file, see `history_file`), `FROM` and `TO` (default: the whole history), `AUTOPAY` (non-empty: half
of the customers pay automatically), `OUT` (a file for the result) and `KEEP` (non-empty: keep the database). Prints
JSON; fails if one of the forbidden counts is not zero.
"""

import contextlib
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from dev.replay import checks, late_charges
from dev.replay.autopay import Autopay, as_paid, is_wanted
from dev.replay.books import Books
from dev.replay.company import activate_currencies, prepare_company
from dev.replay.currencies import currency_codes
from dev.replay.disputes import Disputes
from dev.replay.history_file import read_history
from dev.replay.history_period import in_period, read_period
from dev.replay.months import measure_months
from dev.replay.simulation import simulate
from dev.setup.console import Problem, run_tool
from dev.setup.mail_sink_process import sink_process
from dev.setup.odoo_command import odoo_environment
from dev.setup.postgres import database_server
from dev.setup.scratch import scratch_database


def main():
    """Replay the history; return the exit status."""
    if not os.environ.get("DATA"):
        raise Problem("Say which history: make replay DATA=file.csv")
    history = read_history(Path(os.environ["DATA"]), currency_codes())
    first, last = read_period(history)
    with contextlib.redirect_stdout(sys.stderr):  # only the result goes to standard output
        result = replay(in_period(history, first, last), first, last)
    text = json.dumps(result, indent=2)
    print(text)
    if os.environ.get("OUT"):
        Path(os.environ["OUT"]).write_text(text + "\n")
    return 1 if any(result[name] for name in checks.FORBIDDEN) else 0


def replay(invoices, first, last):
    """Simulate the days with these invoices in a scratch database; return the result."""
    with (
        database_server(),
        tempfile.TemporaryDirectory(prefix="ar-replay-") as folder,
        sink_process(folder) as port,
        scratch_database("replay") as name,
        odoo_environment(name) as env,
    ):
        start = time.perf_counter()
        company = prepare_company(env, port)
        activate_currencies(env, {invoice.currency for invoice in invoices})
        books = Books(env, invoices, last)
        autopay = Autopay(env, company, books, invoices) if is_wanted() else None
        failed = simulate(env, company, books, Disputes(env, invoices, books.moves, first), first, last, autopay)
        charged = autopay.read_charged() if autopay else {}
        counts = checks.count(env.cr, invoices, books.moves, charged)
        monthly = measure_months(env, company, first, last)
        counts |= late_charges.accrue(env, company, as_paid(invoices, charged), first, last)
        received = len(list(Path(folder).glob("*.eml")))
        return {
            **_describe(invoices, first, last),
            "seconds": round(time.perf_counter() - start, 1),
            **counts,
            "mails_received": received,
            "mails_amiss": abs(received - counts["mails_sent"]),
            "decisions_failed": failed,
            "monthly": monthly,
        }


def _describe(invoices, first, last):
    """Return what is replayed."""
    return {
        "invoices": len(invoices),
        "customers": len({invoice.customer for invoice in invoices}),
        "from": str(first),
        "to": str(last),
        "days": (last - first).days + 1,
    }


if __name__ == "__main__":
    run_tool(main)
