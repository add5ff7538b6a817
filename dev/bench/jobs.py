"""`make bench-jobs`: how long a night takes, sending included, with no, one and two workers that take jobs.

Wall time in seconds: the work is shared between processes. Each worker is a process that takes jobs one after another,
by the controller of the job queue, as its runner lets one. Reads `SIZES` (numbers of open invoices, default 20000) and
`WORKERS` (numbers of workers, default "0 1 2"). Prints JSON.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dev.bench.sizes import read_sizes
from dev.setup import database
from dev.setup.console import Problem, run_tool, step
from dev.setup.odoo_command import forget_environment, odoo_environment, use_mail_server
from dev.setup.paths import ROOT, odoo_environ
from dev.setup.postgres import database_server
from dev.setup.scratch import TEMPLATE_MODULES, scratch_database

DEFAULT_SIZES, DEFAULT_WORKERS = "20000", "0 1 2"
MODULES = ("ar_collections", "ar_collections_queue_job")
#: Seconds between two looks of a worker that has nothing to do.
PAUSE = 0.2


def main():
    """Measure every size with every number of workers; return the exit status."""
    if len(sys.argv) > 1:
        return work(sys.argv[1])
    results = []
    template = [*TEMPLATE_MODULES, "queue_job"]
    with (
        contextlib.redirect_stdout(sys.stderr),
        database_server(),
        scratch_database("bench_jobs", MODULES, template) as base,
    ):
        for size in read_sizes(os.environ.get("SIZES") or DEFAULT_SIZES):
            results.append({"invoices": size, "workers": _bench(base, size)})
    print(json.dumps(results, indent=2))
    return 0


def _bench(base, size):
    """Return {number of workers: seconds by name} for copies of one filled database."""
    filled = f"{base}_{size}"
    database.copy(base, filled)
    try:
        with step(f"Creating {size} open invoices"), odoo_environment(filled) as env:
            from dev.bench.data import fill, prepare_company  # Odoo can be imported only now

            prepare_company(env)
            fill(env, size, env.company._ar_today())
        forget_environment(filled)
        numbers = [int(number) for number in (os.environ.get("WORKERS") or DEFAULT_WORKERS).split()]
        return {number: _bench_workers(filled, number) for number in numbers}
    finally:
        database.drop(filled)


def _bench_workers(filled, number):
    """Measure with a number of workers."""
    name = f"{filled}_{number}"
    database.copy(filled, name)
    try:
        with step(f"Measuring with {number} workers"), _workers(name, number):
            result = _measure(name)
    finally:
        forget_environment(name)
        database.drop(name)
    print(json.dumps(result))
    return result


@contextlib.contextmanager
def _workers(name, number):
    """Let that many processes take jobs during the block, which begins when they are ready."""
    command = [sys.executable, "-m", "dev.bench.jobs", name]
    workers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=odoo_environ(), cwd=ROOT)
        for _worker in range(number)
    ]
    try:
        for worker in workers:
            if worker.stdout.readline() != "ready\n":
                raise Problem("A worker did not start.")
        yield
    finally:
        for worker in workers:
            worker.terminate()
            worker.wait()


def _measure(name):
    """Return the seconds of the run and of sending, and who did what."""
    from dev.setup.mail_sink_process import sink_process

    with tempfile.TemporaryDirectory() as folder, sink_process(Path(folder)) as port, odoo_environment(name) as env:
        use_mail_server(env, port)
        env.cr.commit()
        began = time.monotonic()
        env["ar.customer"]._run_day(env.company._ar_today(), companies=env.company, auto_commit=True)
        run = time.monotonic() - began
        sent = _send(env)
        arrived = len(list(Path(folder).glob("*.eml")))
        states = env["ar.communication.recipient"]._read_group([], ["state"], ["__count"])
        jobs = env["queue.job"]._read_group([], ["method_name", "state"], ["__count"])
    return {
        "run_s": round(run, 1),
        "run_and_send_s": round(sent - began, 1),
        "mails": arrived,
        "recipients": dict(states),
        "jobs": {f"{method} {state}": count for method, state, count in jobs},
    }


def _send(env):
    """Work the mail queue until nothing waits; return the time at which that was so."""
    while True:
        env["mail.mail"].process_email_queue()
        env.cr.commit()
        busy = env["queue.job"].search_count([("state", "in", ("enqueued", "started"))], limit=1)
        if not env["mail.mail"]._search_waiting() and not busy:
            return time.monotonic()


def work(name):
    """Take jobs of a database one after another, until the process is ended."""
    with odoo_environment(name) as env:
        from odoo.addons.queue_job.controllers.main import RunJobController

        print("ready", flush=True)
        while True:
            if not _take(env, RunJobController):
                time.sleep(PAUSE)


def _take(env, controller):
    """Perform the oldest job that waits; return whether there was one."""
    env.cr.rollback()
    env.cr.execute(
        "UPDATE queue_job SET state = 'enqueued' WHERE id = ("
        " SELECT id FROM queue_job WHERE state = 'pending' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED"
        ") RETURNING uuid"
    )
    found = env.cr.fetchone()
    env.cr.commit()
    env.invalidate_all()
    if found and (job := controller._acquire_job(env, found[0])):
        controller._runjob(env, job)
    return bool(found)


if __name__ == "__main__":
    run_tool(main)
