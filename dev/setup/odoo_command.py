"""Run Odoo: configuration, installing modules, the template database, an environment in this process, a server.

All of it happens inside `database_server()`. What Odoo logs goes to `.dev/log/`.
"""

import contextlib
import gc
import hashlib
import os
import subprocess
import sys
import threading
import time
import urllib.request

from dev.setup import database
from dev.setup.console import Problem, run_logged, step, tail
from dev.setup.locks import locked
from dev.setup.paths import DATA, DEV, LOG, ODOO_CONF, VENV, addons, addons_path, odoo_environ, odoo_home
from dev.setup.ports import LOOPBACK, check_port, free_port


def write_configuration():
    """Write `.dev/odoo.conf` and return its path. The `PG*` variables say how to reach the database."""
    lines = {
        "addons_path": ",".join(map(str, addons_path())),
        "data_dir": DATA,
        "http_interface": LOOPBACK,
        "list_db": False,
        "max_cron_threads": 0,
    }
    draft = DEV / f"odoo.conf.{os.getpid()}.{threading.get_ident()}"
    draft.write_text("[options]\n" + "".join(f"{name} = {value}\n" for name, value in lines.items()))
    draft.replace(ODOO_CONF)
    return ODOO_CONF


def install(name, modules, demo=False, upgrade=False):
    """Install modules into a database, which is created if it is missing.

    Of our add-ons those alone that are named: the main one is tested without the others, whatever they depend on.

    :param str name: of the database
    :param list[str] modules: technical names
    :param bool demo: whether a new database gets demonstration data
    :param bool upgrade: whether to upgrade the modules, already installed, instead
    :return: the log
    :rtype: Path
    :raise Problem: with the end of the log, if Odoo fails
    """
    verb = "upgrade" if upgrade else "install"
    log = LOG / f"{verb}-{name}.log"
    command = [
        *_odoo(name),
        f"--{'update' if upgrade else 'init'}={','.join(modules)}",
        "--with-demo" if demo else "--without-demo=True",
        "--stop-after-init",
        "--no-http",
        *(["--skip-auto-install"] if any(addon.name in modules for addon in addons()) else []),
    ]
    run_logged(command, log, f"The modules were: {', '.join(modules)}.", env=odoo_environ())
    return log


def uninstall(name, modules):
    """Uninstall modules from a database.

    :return: the log
    :rtype: Path
    :raise Problem: with the end of the log, if Odoo fails
    """
    log = LOG / f"uninstall-{name}.log"
    options = [f"--config={write_configuration()}", f"--database={name}"]
    command = [sys.executable, "-m", "odoo", "module", "uninstall", *options, *modules]
    run_logged(command, log, f"The modules were: {', '.join(modules)}.", env=odoo_environ())
    return log


def create_from_template(name, modules, demo=False, base=()):
    """Create a database with these modules as a copy of a template made once.

    The template is made anew for another Odoo or other modules, and each checkout has its own.

    :param str name: of the database
    :param list[str] modules: technical names
    :param bool demo: whether it has demonstration data; modules installed later then bring theirs
    :param list[str] base: those of the modules that have a template, with which this one begins
    """
    template = f"ar_{'demo_' if demo else ''}template_{_short(_odoo_version())}_{_short(*modules)}"
    with locked(DEV / f"{template}.lock"):
        if not database.exists(template):
            draft = f"{template}_draft"
            for left in (draft, template):
                database.drop(left)
            if base:
                create_from_template(draft, base, demo=demo)
            with step(f"Making the template database ({', '.join(modules)})"):
                install(draft, modules, demo=demo)
            database.rename(draft, template)
        database.copy(template, name)


@contextlib.contextmanager
def odoo_environment(name):
    """Open an Odoo environment on a database in this process, as superuser; commit at the end of the block.

    >>> with odoo_environment("ar_demo") as env:  # doctest: +SKIP
    ...     env["res.partner"].search_count([])

    One database per process: Odoo's configuration is global.
    """
    sys.path[:0] = [path for path in [str(odoo_home())] if path not in sys.path]
    import odoo.tools  # only here: set-up and lint do without Odoo
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry

    odoo.tools.config.parse_config([f"--config={write_configuration()}", f"--database={name}", "--log-level=warn"])
    with Registry(name).cursor() as cursor:
        yield api.Environment(cursor, SUPERUSER_ID, {})


def forget_environment(name):
    """Close this process's connections to a database and free Odoo's caches of it."""
    from odoo import sql_db
    from odoo.modules.registry import Registry

    Registry.delete(name)
    sql_db.close_db(name)
    gc.collect()


@contextlib.contextmanager
def odoo_server(name, port=None, crons=False):
    """Run an Odoo server on a database during the block; return its address once it answers.

    :param str name: of the database
    :param int port: on the loopback interface; a free one by default
    :param bool crons: whether scheduled actions run
    :return: the address, as in `http://127.0.0.1:8069`
    :rtype: str
    """
    port = port or free_port()
    check_port(port)
    log = LOG / f"server-{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [*_odoo(name), f"--http-port={port}", f"--max-cron-threads={int(crons)}", f"--db-filter=^{name}$"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=odoo_environ(), stdout=output, stderr=subprocess.STDOUT)
    try:
        address = f"http://{LOOPBACK}:{port}"
        _wait_until_it_answers(process, f"{address}/web/health", log)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def use_mail_server(env, port):
    """Make the database send its mail to a port of this machine (see `dev.setup.mail_sink`) and nowhere else."""
    servers = env["ir.mail_server"].with_context(active_test=False)
    servers.search([]).active = False
    servers.create({"name": "Mail sink", "smtp_host": LOOPBACK, "smtp_port": port, "smtp_encryption": "none"})


def _wait_until_it_answers(process, address, log):
    """Wait until a server answers.

    :raise Problem: if it ends, or takes more than two minutes
    """
    deadline = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=10):
            return
        time.sleep(0.2)
    raise Problem(f"{tail(log)}\nOdoo does not answer at {address}, see {log}.")


def _odoo(name):
    return [sys.executable, "-m", "odoo", f"--config={write_configuration()}", f"--database={name}"]


def _odoo_version():
    """Return what a template is made of besides its modules: Odoo, packages of Python, and the checkout they are for.

    Odoo is its folder, the time of its release file, and the commit where it is a checkout of git.
    """
    home, stamp = odoo_home(), VENV / "requirements.sha256"
    release = home / "odoo" / "release.py"
    commit = [git.read_text() for git in (home / ".git" / "HEAD", home / ".git" / "logs" / "HEAD") if git.is_file()]
    packages = stamp.read_text() if stamp.is_file() else ""
    return " ".join((str(DATA), str(release), str(release.stat().st_mtime), packages, *commit))


def _short(*texts):
    """Return a part of a name that another text changes."""
    return hashlib.sha256(" ".join(texts).encode()).hexdigest()[:8]
