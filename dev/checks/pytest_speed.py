"""A pytest plugin: Odoo's modules and registry stay out of garbage collection, and times of tests are real ones."""

import gc

import freezegun
import pytest

# Test classes replace the clocks of all modules, which `freezegun` finds by itself; pytest's own goes on.
freezegun.configure(extend_ignore_list=["_pytest.timing"])


@pytest.fixture(scope="session", autouse=True)
def heap_without_odoo(load_registry):
    """Have the garbage collector pass over the million objects that live as long as the process."""
    gc.collect()
    gc.freeze()
