"""`python -m dev.bench.statements`: time and memory of statements to all customers, by the number of customers.

Measured is the nightly step that prepares them, without PDF, and the delivery of `WITH_PDF` statements with PDF.
Reads `SIZES` (numbers of open invoices, five for each customer, default 1000 and 5000). Prints JSON.
"""

import contextlib
import json
import os
import sys
import tempfile
from pathlib import Path

from dev.bench.memory import peak_mb, reset_peak
from dev.bench.sizes import read_sizes
from dev.setup import database
from dev.setup.console import run_tool, step
from dev.setup.mail_sink_process import sink_process
from dev.setup.odoo_command import forget_environment, odoo_environment, use_mail_server
from dev.setup.postgres import database_server
from dev.setup.scratch import scratch_database

DEFAULT_SIZES = "1000 5000"

#: So many statements are delivered with PDF; 0: none.
WITH_PDF = int(os.environ.get("WITH_PDF") or 0)


def main():
    """Measure every size; return the exit status."""
    sizes = read_sizes(os.environ.get("SIZES") or DEFAULT_SIZES)
    with contextlib.redirect_stdout(sys.stderr), database_server(), scratch_database("statements") as base:
        measured = [_bench(base, size) for size in sizes]
    print(json.dumps(measured, indent=2))
    return 0


def _bench(base, size):
    """Measure one size in a copy of the database without customers."""
    name = f"{base}_{size}"
    try:
        database.copy(base, name)
        with odoo_environment(name) as env:
            return _measure(env, size)
    finally:
        forget_environment(name)  # every size starts alike
        database.drop(name)


def _measure(env, size):
    from dev.bench.cpu import cost_of  # Odoo can be imported only now
    from dev.bench.data import fill, prepare_company

    prepare_company(env)
    company, today = env.company, env.company._ar_today()
    with step(f"Creating {size} open invoices"):
        customers = fill(env, size, today)
        env["ar.customer"]._ensure_for_company(company)
    policies = company.ar_policy_ids
    policies.write({"statement_frequency": "monthly", "statement_month_day": today.day})
    policies.statement_done_for = False
    env.cr.commit()
    env.invalidate_all()
    before = peak_mb() if reset_peak() else 0
    with step(f"Preparing statements of {customers} customers"):
        cost = cost_of(env, lambda env: env["ar.customer.statement"]._prepare_company(company, today, auto_commit=True))
    result = {
        "customers": customers,
        "statements": env["ar.customer.statement"].search_count([("state", "=", "prepared")]),
        "cpu_s": round(cost.cpu, 1),
        "queries": cost.queries,
        "memory_before_mb": round(before),
        "peak_mb": round(peak_mb()),
    }
    if WITH_PDF:
        result |= _deliver(env, policies)
    print(json.dumps(result))
    return result


def _deliver(env, policies):
    """Deliver statements with PDF; return CPU milliseconds a mail and the peak of memory."""
    from dev.bench.sending import send  # as above

    policies.statement_pdf = True
    mails = env["mail.mail"].search([("state", "=", "outgoing")], limit=WITH_PDF)
    env.cr.commit()
    env.invalidate_all()
    reset_peak()
    with tempfile.TemporaryDirectory() as folder, sink_process(Path(folder)) as port:
        use_mail_server(env, port)
        cost = send(env, mails)
        arrived = len(list(Path(folder).glob("*.eml")))
    return {
        "delivered": arrived,
        "deliver_cpu_ms": round(1000 * cost.cpu / max(arrived, 1)),
        "deliver_queries": round(cost.queries / max(arrived, 1), 1),
        "deliver_peak_mb": round(peak_mb()),
    }


if __name__ == "__main__":
    run_tool(main)
