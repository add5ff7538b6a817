"""`make hostile`: requests as everybody who might attack the add-on, and what came of them.

Reads `SEED` (a fixed one by default, so that a run can be repeated) and `KEEP` (non-empty: keep the database). Prints
for each role how many requests were tried, got in (an answer shows what the role must not see), changed something (that
the role must not change) and failed (an error of the server instead of a refusal); fails if there is any of these.
"""

import inspect
import os
import random
import shutil
import threading
from collections import Counter

from dev.hostile.attacks import Attacks
from dev.hostile.client import Client
from dev.hostile.company import PASSWORD, SECRET, fill
from dev.hostile.state import list_tables, read_state
from dev.setup.console import Problem, run_tool, step
from dev.setup.mail_sink_process import sink_process
from dev.setup.odoo_command import odoo_environment, odoo_server
from dev.setup.paths import DEV, LOG
from dev.setup.postgres import database_server
from dev.setup.scratch import scratch_database

#: Requests between two looks at what is stored.
BATCH = 10
#: Fewer than this, and the run itself is broken.
LEAST_TRIED = 500
#: What the paths of our routes begin with.
ROUTES = ("/my/receivables", "/my/invoices/<int:invoice_id>/seen")
#: Roles that may read about the customer, but change nothing.
MAY_READ = ("auditor",)
MAILS = DEV / "hostile-mails"


def main():
    """Run all attacks; return the exit status."""
    seed = _read_seed()
    print(f"SEED={seed}", flush=True)
    shutil.rmtree(MAILS, ignore_errors=True)
    with database_server(), scratch_database("hostile") as name, sink_process(MAILS) as mail_port:
        with odoo_environment(name) as env, odoo_server(name) as address:
            with step("Creating companies and attackers"):
                target = fill(env, mail_port)
            attacks = Attacks(random.Random(seed), target, _read_routes(env), _read_models(env))
            counts = _attack(env, name, address, target, attacks)
        tracebacks = _count_tracebacks(name)
    return _report(counts, tracebacks)


def _read_seed():
    """Return the seed.

    :raise Problem: if `SEED` is no number
    """
    text = os.environ.get("SEED") or "1"
    if not text.isdecimal():
        raise Problem(f"SEED={text} is not possible: give a whole number.")
    return int(text)


def _read_routes(env):
    """Return [(path pattern, method, type)] of the customer page, and of our route on Odoo's page of an invoice."""
    threading.current_thread().dbname = env.cr.dbname  # that is where Odoo's router looks for it
    rules = [rule for rule in env["ir.http"].routing_map().iter_rules() if rule.rule.startswith(ROUTES)]
    return sorted(
        (rule.rule, method, rule.endpoint.routing["type"])
        for rule in rules
        for method in (rule.methods or {"POST"}) - {"HEAD", "OPTIONS"}
    )


def _read_models(env):
    """Return {model: (is a dialog, public methods without arguments, fields)} of the add-on's models."""
    return {
        name: (model._transient, sorted(set(_find_methods(model))), set(model._fields))
        for name, model in env.registry.items()
        if name.startswith("ar.") and not model._abstract
    }


def _find_methods(model):
    """Yield the names of the public methods that the add-on defines on a model and that need no arguments."""
    for part in model.mro():
        for name, value in vars(part).items() if ".ar_collections." in part.__module__ else ():
            if inspect.isfunction(value) and name.startswith("action_"):
                yield name


def _attack(env, database, address, target, attacks):
    """Let everybody attack; return {role: Counter of tried, got in, changed, failed}."""
    registry, counts = env.registry, {}
    tables = list_tables(registry)
    for role in ("stranger", "customer by link", *target.logins):
        client = Client(address)
        if login := target.logins.get(role):
            client.log_in(database, login, PASSWORD)
        with step(f"Attacking as {role}"):
            by_link = role == "customer by link"
            secrets = () if by_link else _get_secrets(role, target)
            watch = Watch(registry, tables, secrets, target.customer_id if by_link else None)
            for answer in _get_requests(role, client, attacks):
                watch.see(answer)
            counts[role] = watch.finish()
        for finding in watch.findings[:20]:
            print(f"  {finding}", flush=True)
    return counts


def _get_requests(role, client, attacks):
    """Yield the answers to all requests of a role."""
    if role == "customer by link":
        yield from attacks.on_page_with_link(client)
        return
    yield from attacks.on_page_without_access(client)
    yield from attacks.on_models(client)


def _get_secrets(role, target):
    """Return what must not stand in an answer to a role; who may read about the customer still gets no token."""
    return (target.token,) if role in MAY_READ else target.secrets


class Watch:
    """Counts the answers to one role, and looks now and then at what is stored."""

    def __init__(self, registry, tables, secrets, account=None):
        self.registry, self.tables, self.secrets, self.account = registry, tables, secrets, account
        self.counts, self.findings, self.batch = Counter(), [], []
        self.state = read_state(registry, tables, account)

    def see(self, answer):
        """Judge one answer."""
        self.counts["tried"] += 1
        self.batch.append(answer.what)
        if answer.failed:
            self._find("failed", answer)
        # What the request itself contained is no secret to the attacker.
        if any(secret in answer.text and secret not in answer.what for secret in self.secrets):
            self._find("got in", answer)
        if len(self.batch) >= BATCH:
            self._look()

    def finish(self):
        """Look once more at what is stored; return the counts."""
        self._look()
        return self.counts

    def _find(self, kind, answer):
        self.counts[kind] += 1
        start = max((answer.text.find(secret) for secret in self.secrets), default=-1)
        shown = answer.text[max(start - 100, 0) :][:300] if start >= 0 else answer.text[-400:]
        self.findings.append(f"{kind}: {answer.what[:300]} -> {answer.status} …{shown!r}")

    def _look(self):
        """Compare what is stored with before; a change is attributed to the requests since then."""
        state = read_state(self.registry, self.tables, self.account)
        changed = [table for table in self.tables if state[table] != self.state[table]]
        if changed:
            self.counts["changed"] += 1
            requests = "\n    ".join(what[:120] for what in self.batch)
            self.findings.append(f"changed {', '.join(changed)} by one of\n    {requests}")
        self.state, self.batch = state, []


def _count_tracebacks(name):
    """Return the number of errors in the server's log; Odoo also logs values that a constraint refuses."""
    lines = (LOG / f"server-{name}.log").read_text(errors="replace").splitlines()
    return sum(" ERROR " in line and " odoo.sql_db: bad query" not in line for line in lines)


def _report(counts, tracebacks):
    """Print the table; return the exit status."""
    kinds = ("tried", "got in", "changed", "failed")
    print(f"\n{'role':<36}" + "".join(f"{kind:>10}" for kind in kinds))
    total = Counter()
    for role, found in counts.items():
        total.update(found)
        print(f"{role:<36}" + "".join(f"{found[kind]:>10}" for kind in kinds))
    print(f"{'all':<36}" + "".join(f"{total[kind]:>10}" for kind in kinds))
    print(f"errors in the server's log: {tracebacks}; the customer under attack: {SECRET}")
    bad = tracebacks or any(total[kind] for kind in kinds[1:])
    return int(bool(bad) or total["tried"] < LEAST_TRIED)


if __name__ == "__main__":
    run_tool(main)
