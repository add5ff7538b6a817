"""Databases by name: exists, copy, rename, drop. Call these inside `database_server()`.

A database and its filestore (`.dev/data/filestore/<name>`) go together.
"""

import contextlib
import os
import re
import shutil

import psycopg2
import psycopg2.errors
from psycopg2 import sql

from dev.setup.console import Problem
from dev.setup.paths import DATA


def exists(name):
    """Return whether the database exists with its files: one without them is of a checkout that was deleted."""
    return bool(_query("SELECT 1 FROM pg_database WHERE datname = %s", [name])) and filestore(name).is_dir()


def copy(source, target):
    """Create the database `target` as a copy of `source`; nobody may be connected to `source`."""
    # Copying files costs half the time of writing every page to the log, which PostgreSQL does from version 15 on.
    ((version,),) = _query("SELECT current_setting('server_version_num')::int", [])
    strategy = " STRATEGY FILE_COPY" if version >= 150000 else ""
    _execute(f"CREATE DATABASE {{}} TEMPLATE {{}}{strategy}", target, source)
    copy_files(source, target)


def copy_files(source, target):
    """Give a database the files of another.

    The files of a filestore are named by their content and never change, so the copy links them.
    """
    if filestore(source).is_dir():
        shutil.copytree(filestore(source), filestore(target), copy_function=os.link, dirs_exist_ok=True)


def rename(source, target):
    """Rename a database nobody is connected to."""
    shutil.rmtree(filestore(target), ignore_errors=True)
    if filestore(source).is_dir():
        filestore(source).rename(filestore(target))
    _execute("ALTER DATABASE {} RENAME TO {}", source, target)


def drop(name):
    """Drop the database with its filestore, if it exists, and disconnect its users."""
    _execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    shutil.rmtree(filestore(name), ignore_errors=True)


def find(start):
    """Return the names of the databases that begin with a text."""
    return [name for (name,) in _query("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [start])]


def keep(name):
    """Mark a database as one that somebody wants to look at, see `drop_abandoned`."""
    _execute("COMMENT ON DATABASE {} IS 'kept'", name)


def drop_abandoned():
    """Drop the databases of runs that were killed, with the copies they made; those that were kept stay."""
    rows = _query("SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database", [])
    for name, comment in rows:
        if not comment and is_abandoned(name):
            drop(name)


def is_abandoned(name):
    """Return whether the name is that of a run's database, with its time and its process, which is gone.

    >>> is_abandoned("ar_test_1795919722_99999999_0-gw1"), is_abandoned(f"ar_replay_1795919722_{os.getpid()}")
    (True, False)
    >>> is_abandoned("ar_template_13c9576a144d"), is_abandoned("ar_demo")
    (False, False)
    """
    found = re.fullmatch(r"ar_[a-z_]+_\d{10}_(\d+)([_-]\w+)*", name)
    if not found:
        return False
    try:
        os.kill(int(found[1]), 0)  # sends nothing
    except ProcessLookupError:
        return True
    except (OverflowError, PermissionError):
        return False
    return False


def stop_autovacuum(name):
    """Let PostgreSQL collect no statistics in a database whose rows are mostly rolled back, as those of tests.

    Tables would be taken for empty right when a test has filled them, and a query of milliseconds may take minutes.
    """
    statement = """
        DO $$ DECLARE name text; BEGIN
            FOR name IN SELECT oid::regclass::text FROM pg_class
                         WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
                EXECUTE 'ALTER TABLE ' || name || ' SET (autovacuum_enabled = false)';
            END LOOP;
        END $$
    """
    with _cursor(name) as cursor:
        cursor.execute(statement)


def filestore(name):
    """Return the folder of the database's attachments."""
    return DATA / "filestore" / name


def _execute(statement, *names):
    """Run a statement on databases, whose names go into its `{}`."""
    with _cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _query(statement, parameters):
    with _cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


@contextlib.contextmanager
def _cursor(name="postgres"):
    """Open a cursor without a transaction, because databases are created outside of any.

    :param str name: of the database; default: the one for maintenance
    """
    try:
        opened = psycopg2.connect(dbname=name)
    except psycopg2.OperationalError as error:
        raise Problem(f"{error}PostgreSQL cannot be reached: check PGHOST, PGPORT, PGUSER and PGPASSWORD.") from error
    with contextlib.closing(opened) as connection:
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                yield cursor
        except psycopg2.errors.DiskFull as error:
            raise Problem(f"{error}`make clean` removes the databases of earlier runs.") from error
