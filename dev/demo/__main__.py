"""`make demo`: the demo company in a fresh database, its last weeks simulated, the next run, then Odoo to look at.

Reads `PORT` (of the server, 8069 by default) and `SERVE` (0: stop after the summary). Every message goes to
`dev.setup.mail_sink`, none leaves this machine.
"""

import contextlib
import os
import shutil
import signal

from dev.demo.report import summary
from dev.demo.simulation import run_today, simulate_until_today
from dev.setup import database
from dev.setup.console import Problem, run_tool, step
from dev.setup.locks import is_last_user
from dev.setup.mail_sink_process import sink_process
from dev.setup.odoo_command import create_from_template, install, odoo_environment, odoo_server, use_mail_server
from dev.setup.paths import DEV, MAILS, ROOT, VENV_PYTHON, addons, checkout_mark
from dev.setup.ports import check_port
from dev.setup.postgres import database_server

#: On a server of its own there is one demo; on one that `PGHOST` names each checkout has its own.
DATABASE = f"ar_demo_{checkout_mark()}" if os.environ.get("PGHOST") else "ar_demo"
MODULES = ["account_payment", "payment_demo", "contacts", "account_qr_code_sepa", "sale_stock"]
LOGINS = [
    ("Administrator", "admin", "admin"),
    ("Collector", "collector", "collector"),
    ("Second collector", "collector2", "collector2"),
    ("Collections manager", "manager", "manager"),
    ("Auditor", "auditor", "auditor"),
    ("Salesperson", "salesperson", "salesperson"),
    ("Customer (portal)", "customer", "customer"),
]


def main():
    """Show the demo; return the exit status."""
    port, serve = _read_port(), os.environ.get("SERVE") != "0"
    if serve:
        check_port(port)
    with _only_demo(), database_server(), _empty_sink() as mail_port:
        _create_database()
        with odoo_environment(DATABASE) as env:
            _prepare(env, port, mail_port)
            _simulate(env)
            print(summary(env), _guide(), sep="\n\n")
            link = _customer_link(env)
        if serve:
            _serve(port, link)
    return 0


def _read_port():
    """Return the port to serve on.

    :raise Problem: if `PORT` is no port
    """
    text = os.environ.get("PORT") or "8069"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Problem(f"PORT={text} is no port: give a number from 1 to 65535, as in PORT=8070.")
    return int(text)


@contextlib.contextmanager
def _only_demo():
    """Refuse to run while another demo of this checkout uses the database.

    :raise Problem: if one runs already
    """
    with (DEV / "demo.lock").open("a") as users:
        if not is_last_user(users):
            raise Problem("Another `make demo` runs in this checkout; stop it first (Ctrl-C where it runs).")
        yield


@contextlib.contextmanager
def _empty_sink():
    """Delete the e-mails of an older demo and receive new ones during the block; return the port."""
    shutil.rmtree(MAILS, ignore_errors=True)
    with sink_process(MAILS) as port:
        yield port


def _create_database():
    """Create the database with the demo company, in place of an older one."""
    database.drop(DATABASE)
    create_from_template(DATABASE, MODULES, demo=True)
    modules = [addon.name for addon in addons()]
    with step(f"Installing {', '.join(modules)} with their demo company"):
        install(DATABASE, modules, demo=True)


def _prepare(env, port, mail_port):
    """Point links and mail to this machine, open the demo company first, accept test payments."""
    env["mail.mail"].search([("state", "=", "outgoing")]).cancel()  # Odoo's own demo data greets its own company
    warehouses = env["stock.warehouse"]
    if not warehouses.search([("company_id", "=", env.ref("ar_collections.demo_company").id)]):
        warehouses.create({"name": "Workshop", "code": "KC", "company_id": env.ref("ar_collections.demo_company").id})
    use_mail_server(env, mail_port)
    parameters = env["ir.config_parameter"]
    parameters.set_param("web.base.url", f"http://localhost:{port}")
    parameters.set_param("web.base.url.freeze", "True")
    company = env.ref("ar_collections.demo_company")
    env.ref("base.user_admin").company_id = company
    providers = env["payment.provider"].search([("code", "=", "demo"), ("company_id", "=", company.id)])
    providers.write({"state": "test", "is_published": True, "allow_tokenization": True})
    env.cr.commit()


def _simulate(env):
    """Activate collections some weeks ago, simulate the days until today, run the scheduled actions once more."""
    company = env.ref("ar_collections.demo_company")
    parameters = env["ir.config_parameter"]
    with odoo_server(DATABASE) as address:  # printing an agreement fetches its styles there
        parameters.set_param("report.url", address)
        with step("Simulating the last weeks"):
            simulate_until_today(env, company)
        with step("Running the scheduled actions"):
            run_today(env, company)
    parameters.set_param("report.url", False)


def _guide():
    """Return a text that says where to read the e-mails."""
    number = len(list(MAILS.glob("*.eml")))
    reader = f"{VENV_PYTHON.relative_to(ROOT)} -m dev.setup.mail_sink"
    return f"{number} e-mails were sent in these weeks: {MAILS.relative_to(ROOT)}/*.eml, or read them with\n  {reader}"


def _customer_link(env):
    """Return the link of the latest reminder: a customer's page, without a login."""
    sent = env["ar.communication"].search([("channel", "=", "email"), ("state", "=", "sent")], order="id desc", limit=1)
    # What is stored holds no key to the page, so that a link of its own is made, as staff does it for the telephone.
    key = sent.customer_id._make_link("copied")
    return f"{sent.customer_id.get_base_url()}{sent._get_pay_url()}&access_token={key}"


def _serve(port, link):
    """Serve Odoo until Ctrl-C."""
    with step("\nStarting Odoo"):
        server = contextlib.ExitStack()
        server.enter_context(odoo_server(DATABASE, port, crons=True))
    with server, contextlib.suppress(KeyboardInterrupt):
        logins = "\n".join(f"  {title:<20}{login} / {password}" for title, login, password in LOGINS)
        print(f"\nOdoo is at http://localhost:{port} until Ctrl-C. Sign in as (login / password)\n{logins}", flush=True)
        print("\nCollections are in Invoicing > Customers. The page of the customer who was reminded last:", flush=True)
        print(f"  {link}", flush=True)
        signal.pause()


if __name__ == "__main__":
    run_tool(main)
