"""A pytest plugin: a skipped test fails the run, because a test that does not run checks nothing."""

import pytest


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    """Turn success into failure if a test was skipped."""
    reporter = session.config.pluginmanager.get_plugin(
        "terminalreporter"
    )  # only in the process that started the others
    if reporter and reporter.stats.get("skipped") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    """Say why the run failed."""
    if terminalreporter.stats.get("skipped"):
        terminalreporter.write_line("Skipped tests count as failures here.", red=True)
