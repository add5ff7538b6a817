"""The examples in the tools' docstrings are true."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize("name", ["dev.console", "dev.odoo_log"])
def test_examples(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
