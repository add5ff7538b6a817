"""The examples in the tools' docstrings are true."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "name",
    [
        "dev.bench.sizes",
        "dev.charges.comparison",
        "dev.checks.rounds",
        "dev.checks.test_core.pytest_outcomes",
        "dev.checks.test_core.report",
        "dev.demo.regular_customers",
        "dev.demo.report",
        "dev.demo.simulation",
        "dev.replay.autopay",
        "dev.replay.history_period",
        "dev.replay.months",
        "dev.setup.console",
        "dev.setup.odoo_log",
    ],
)
def test_examples(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
