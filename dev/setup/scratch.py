"""Databases for one use: our add-on in a copy of the test template, dropped at the end."""

import contextlib
import os
import time

from dev.setup import database
from dev.setup.console import step
from dev.setup.odoo_command import create_from_template, install

#: Modules of the template database, of which each scratch database is a copy.
TEMPLATE_MODULES = ["account_payment", "payment_demo", "payment_custom", "payment_stripe", "contacts"]

#: The same for databases with all of our add-ons, with what the others depend on.
ALL_TEMPLATE_MODULES = [*TEMPLATE_MODULES, "sale_stock", "sale_loyalty", "sale_management", "pos_sale", "queue_job"]


@contextlib.contextmanager
def scratch_database(purpose, modules=("ar_collections",), template=TEMPLATE_MODULES):
    """Provide a database with our add-on and without customers during the block; return its name.

    Call it inside `database_server()`. A non-empty `KEEP` keeps the database.

    :param str purpose: part of the name, as in `replay`
    :param modules: our add-ons that are installed
    :param template: modules of Odoo that it has
    """
    name = f"ar_{purpose}_{int(time.time())}_{os.getpid()}"
    try:
        create_from_template(name, list(template))
        with step(f"Installing {', '.join(modules)}"):
            install(name, list(modules)).unlink()
        yield name
    finally:
        if os.environ.get("KEEP"):
            database.keep(name)
            print(f"Kept the database {name}.")
        else:
            database.drop(name)
