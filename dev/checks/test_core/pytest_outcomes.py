"""A pytest plugin: stores the outcome of every test of Odoo as JSON, by names that are the same in every database.

Browser tours are skipped, and tests that Odoo does not run by default are left out.
"""

import json
import re
from pathlib import Path

import pytest

#: From the best to the worst: a test with several reports (its set-up, itself, its subtests) counts as the worst.
OUTCOMES = ("passed", "skipped", "failed", "error")


def pytest_addoption(parser):
    """Add the option."""
    parser.addoption("--outcomes", help="the file in which the outcomes are stored")


def pytest_configure(config):
    """Register the recorder for this run."""
    config.pluginmanager.register(Recorder(Path(config.getoption("--outcomes"))))


def pytest_collection_modifyitems(config, items):
    """Deselect the tests that Odoo runs on request only, such as those that call other servers."""
    wanted = [item for item in items if "standard" in getattr(item.cls, "test_tags", {"standard"})]
    if len(wanted) < len(items):
        config.hook.pytest_deselected(items=[item for item in items if item not in wanted])
        items[:] = wanted


@pytest.fixture(scope="session", autouse=True)
def without_browser(load_registry):
    """Skip browser tours: they need minutes and two processors, and depend on the time of both."""
    from odoo.tests.common import HttpCase  # only here: pytest-odoo makes Odoo importable

    def skip(test, *_args, **_options):
        test.skipTest("browser tour")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HttpCase, "browser_js", skip)
        yield


class Recorder:
    """Keeps the outcome of each test."""

    def __init__(self, path):
        """Keep outcomes for a file, which is written at the end."""
        self.path = path
        self.outcomes = {}
        self.details = {}

    def pytest_runtest_logreport(self, report):
        """Keep the worst outcome of the test's reports."""
        self._add(report, "error" if report.failed and report.when != "call" else report.outcome)

    def pytest_collectreport(self, report):
        """Keep files that cannot be loaded."""
        if report.failed:
            self._add(report, "error")

    def _add(self, report, outcome):
        name = _name(report.nodeid)
        before = self.outcomes.get(name, "passed")
        self.outcomes[name] = max(before, outcome, key=OUTCOMES.index)
        if outcome in ("failed", "error"):
            self.details.setdefault(name, report.longreprtext[-3000:])

    def pytest_sessionfinish(self):
        """Store the outcomes."""
        self.path.write_text(json.dumps({"outcomes": self.outcomes, "details": self.details}, indent=1))


def _name(nodeid):
    """Return `module/test_file::Class::test`, wherever Odoo lies.

    >>> _name("../odoo/addons/sale/tests/test_sale_order.py::TestSaleOrder::test_sale_order")
    'sale/test_sale_order::TestSaleOrder::test_sale_order'
    """
    return re.sub(r"^.*?([^/]+)/tests/(?:(.*?))\.py", r"\1/\2", nodeid)
