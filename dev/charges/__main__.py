"""`make charges`: processes that charge customers by Stripe are killed between the charge and the commit.

A company with automatic payments, Odoo's `payment_stripe`, our `ar_collections_stripe`, and the simulated Stripe server
of the tests. Workers are killed at chosen points and at random moments, the server fails, events come late, twice, in
any order or not at all. Afterwards the server's charges are compared with the books.

Reads `SEED`, `DAYS`, `KILLS`, `OUT` (a file for the result) and `KEEP` (non-empty: keep the database). Prints one line
of JSON; fails if something was charged twice, is booked wrongly, is unknown without a task or problem, or if a worker
failed on a day without kills.
"""

import contextlib
import datetime
import json
import os
import random
import sys
import tempfile
from pathlib import Path

from dev.charges.books import read_books
from dev.charges.company import fill
from dev.charges.comparison import FORBIDDEN, compare
from dev.charges.days import Days
from dev.charges.parameters import read_parameters
from dev.charges.stripe_server import StripeServer
from dev.faults.workers import now
from dev.replay.history_period import days
from dev.setup.console import run_tool, step
from dev.setup.mail_sink_process import sink_process
from dev.setup.odoo_command import odoo_environment
from dev.setup.parameters import show_findings
from dev.setup.paths import LOG
from dev.setup.postgres import database_server
from dev.setup.scratch import scratch_database

#: The first simulated day, a Monday.
FIRST = datetime.date(2026, 3, 2)
#: Days without kills afterwards: charges without an answer are repeated for a day, then Stripe is asked; bank debits
#: and retries take some days. In all as many as the last invoice needs.
DAYS_AFTER, ALL_DAYS = 5, 13
#: How many findings of each kind are printed.
SHOWN = 10


def main():
    """Run it; return the exit status."""
    parameters = read_parameters()
    print(f"SEED={parameters.seed}", file=sys.stderr, flush=True)
    with (
        contextlib.redirect_stdout(sys.stderr),
        database_server(),
        tempfile.TemporaryDirectory(prefix="ar-charges-") as folder,
        sink_process(folder) as port,
        scratch_database("charges", ("ar_collections", "ar_collections_stripe")) as name,
    ):
        result = _run(name, port, parameters)
    text = json.dumps(result)
    print(text)
    if os.environ.get("OUT"):
        Path(os.environ["OUT"]).write_text(text + "\n")
    return 1 if any(result[kind] for kind in FORBIDDEN) else 0


def _run(name, port, parameters):
    """Fill the database, live through the days, compare; return the result."""
    start, rng, log = now(), random.Random(parameters.seed), LOG / f"charges-{name}.log"
    with odoo_environment(name) as env:
        stripe = StripeServer(rng)
        with contextlib.closing(stripe):
            with step("Creating the company"):
                company = fill(env, parameters, FIRST, stripe, port)
            number = max(parameters.days + DAYS_AFTER, ALL_DAYS)
            simulated = list(days(FIRST, FIRST + datetime.timedelta(days=number - 1)))
            lived = Days(name, company, stripe, rng, parameters.kills, log)
            lived.run(simulated[: parameters.days], simulated[parameters.days :])
            booked, balances = read_books(env.cr, company.partner_ids)
        found = compare(stripe.read_charges(), booked, balances)
    show_findings(found, SHOWN)
    if not (any(vars(found).values()) or lived.failures_undisturbed):
        log.unlink(missing_ok=True)
    counts = {kind: len(findings) for kind, findings in vars(found).items()}
    return {"seed": parameters.seed, **_count(lived, stripe, booked), **counts, "seconds": round(now() - start)}


def _count(lived, stripe, booked):
    """Return how much happened."""
    charges = [charge for made in stripe.read_charges().values() for charge in made]
    return {
        "kills": lived.kills.total(),
        "kills_at": dict(sorted(lived.kills.items())),
        "workers": lived.workers,
        "failures": lived.failures,
        "failures_undisturbed": lived.failures_undisturbed,
        "transactions": len(booked),
        "charges": len(charges),
        "charged": sum(cents for cents, _refunded in charges) / 100,
        "refunded": sum(refunded for _cents, refunded in charges) / 100,
        "events": len(stripe.stripe.events),
        "events_lost": len(stripe.lost),
        "for_a_person": sum(row.state == "draft" for row in booked),
    }


if __name__ == "__main__":
    run_tool(main)
