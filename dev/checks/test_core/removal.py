"""Uninstalling our add-ons leaves a database as it was before they were installed, and they can be installed again.

`python -m dev.checks.test_core.removal DATABASE` checks it, in a process of its own.
"""

import contextlib
import datetime
import sys

import psycopg2
from freezegun import freeze_time

from dev.faults.company import fill
from dev.faults.parameters import Parameters
from dev.replay.simulation import HOUR
from dev.setup.console import run_tool, step
from dev.setup.odoo_command import forget_environment, install, odoo_environment, uninstall
from dev.setup.paths import addons

DAY = datetime.date(2026, 6, 10)

#: What a database consists of: {kind: query of its names}.
SCHEMA = {
    "column": "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'",
    "constraint": "SELECT conrelid::regclass || '.' || conname FROM pg_constraint",
    "index": "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'",
    "sequence": "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'",
    "function": "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "external id": "SELECT module || '.' || name FROM ir_model_data",
    "group": "SELECT group_.name->>'en_US' || group_.id FROM res_groups group_",
    "scheduled action": "SELECT cron_name || id FROM ir_cron",
}

#: Tables of Odoo whose rows describe the application.
DESCRIPTIVE_TABLES = [
    *("ir_model", "ir_model_fields", "ir_model_access", "ir_rule", "ir_actions", "ir_ui_menu", "ir_ui_view"),
    *("ir_asset", "ir_default", "ir_filters", "ir_sequence", "ir_config_parameter", "res_groups_privilege"),
    *("mail_template", "mail_activity_type", "mail_message_subtype", "mail_alias"),
]

#: Tables whose rows belong to a record of any model: {table: column of the model's name}.
ATTACHED_TABLES = {
    "mail_message": "model",
    "mail_followers": "res_model",
    "mail_activity": "res_model",
    "ir_attachment": "res_model",
}


def check(name):
    """Install our add-ons into a new database, use, uninstall and install them again; return the exit status.

    :param str name: of the database, in which they are not installed
    """
    modules = [addon.name for addon in addons()]
    before = _describe(name)
    install(name, modules)
    _use(name)
    with step(f"Uninstalling {', '.join(modules)} after a day of use"):
        problems = _warnings(uninstall(name, modules))
    problems += _changes(before, _describe(name))
    with step("Installing again"):
        problems += _warnings(install(name, modules))
    print("\n".join(problems) or "Uninstalling leaves nothing behind.")
    return 1 if problems else 0


def _use(name):
    """Live through a night with reminders, promises and payment plans; invoice what is charged for late payment."""
    with odoo_environment(name) as env:
        fill(env, Parameters(seed=1, days=1, kills=0, customers=20), DAY, DAY)
        with freeze_time(f"{DAY} {HOUR}"):
            env.ref("ar_collections.ir_cron_nightly").method_direct_trigger()
        assert env["ar.communication"].search_count([]), "The night sent nothing."
        _invoice_charges(env)
    forget_environment(name)


def _invoice_charges(env):
    """Post an invoice of our products, which it keeps when the add-ons are gone."""
    from odoo import Command  # only here: Odoo is on the path once an environment was opened

    names = ("product_late_interest", "product_late_lump_sum", "product_legal_cost")
    lines = [
        Command.create({"product_id": env.ref(f"ar_collections.{name}").id, "price_unit": 40.0, "tax_ids": []})
        for name in names
    ]
    account = env["ar.customer"].search([], limit=1)
    values = {"move_type": "out_invoice", "partner_id": account.partner_id.id, "invoice_line_ids": lines}
    env["account.move"].with_company(account.company_id).create(values).action_post()
    env.cr.commit()


def _describe(name):
    """Return what a database consists of, as a set of texts."""
    with contextlib.closing(psycopg2.connect(dbname=name)) as connection, connection.cursor() as cursor:
        found = set()
        for kind, query in SCHEMA.items():
            cursor.execute(query)
            found |= {f"{kind} {text}" for (text,) in cursor.fetchall()}
        for table in DESCRIPTIVE_TABLES:
            cursor.execute(f"SELECT id FROM {table}")
            found |= {f"row {row_id} of {table}" for (row_id,) in cursor.fetchall()}
        for table, column in ATTACHED_TABLES.items():
            cursor.execute(f"SELECT id, {column} FROM {table} WHERE {column} NOT IN (SELECT model FROM ir_model)")
            found |= {f"row {row_id} of {table}, of a {model} that is gone" for row_id, model in cursor.fetchall()}
        return found


def _changes(before, after):
    """Return what is new and what is missing.

    >>> _changes({"index a", "index b"}, {"index b", "index c"})
    ['Left behind: index c', 'Missing: index a']
    """
    return [f"Left behind: {text}" for text in sorted(after - before)] + [
        f"Missing: {text}" for text in sorted(before - after)
    ]


def _warnings(log):
    """Return the warnings and errors of a log of Odoo."""
    lines = log.read_text(errors="replace").splitlines()
    return [line for line in lines if " WARNING " in line or " ERROR " in line or " CRITICAL " in line]


if __name__ == "__main__":
    run_tool(lambda: check(sys.argv[1]))
