"""A pytest plugin: every test process has its own filestore.

pytest-odoo lets the copies of a database share one filestore. After each class Odoo's tests remove from
it the files that their own database does not refer to: those of the other processes.
"""

import contextlib

import pytest_odoo

from dev.setup import database


@contextlib.contextmanager
def _own_filestore(original_db_name, db_name):
    """Give the copy of a database its own files, in place of `pytest_odoo._shared_filestore`."""
    if db_name != original_db_name:
        database.copy_files(original_db_name, db_name)
    yield


pytest_odoo._shared_filestore = _own_filestore
