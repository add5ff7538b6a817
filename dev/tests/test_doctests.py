"""The examples in the tools' docstrings are true."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "name", ["dev.bench", "dev.console", "dev.demo_past", "dev.demo_report", "dev.history_period", "dev.odoo_log"]
)
def test_examples(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
