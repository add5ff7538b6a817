"""A pytest plugin: tests that run side by side have a filestore each.

pytest-odoo lets the copies of a database share one filestore. Odoo's tests remove from it what their own database does
not know, after each class: the files of the tests beside them.
"""

import contextlib

import pytest_odoo

from dev import database


@contextlib.contextmanager
def _own_filestore(original_db_name, db_name):
    """Give the copy of a database its own files, in place of `pytest_odoo._shared_filestore`."""
    if db_name != original_db_name:
        database.copy_files(original_db_name, db_name)
    yield


pytest_odoo._shared_filestore = _own_filestore
