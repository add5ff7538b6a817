"""`make test-core` leaves neither databases nor processes behind, whatever fails."""

import inspect
import sys
import time
from pathlib import Path

import pytest

from dev.checks.test_core import __main__ as test_core
from dev.checks.test_core.pytest_own_addons import get_own_members
from dev.setup.console import Problem

#: A process that starts another one, which says its id and would go on for a minute.
PARENT = (
    "import subprocess, sys, time\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
    "print(child.pid, flush=True)\n"
    "time.sleep(60)\n"
)


@pytest.fixture
def removal(monkeypatch, tmp_path):
    """Let the removal be a process with a child, and databases mere names; return (made, dropped)."""
    made, dropped = [], []
    monkeypatch.setattr(test_core, "LOG", tmp_path)
    monkeypatch.setattr(test_core, "create_from_template", lambda name, _modules, **_options: made.append(name))
    monkeypatch.setattr(test_core.database, "drop", dropped.append)
    monkeypatch.setattr(test_core, "odoo_environ", dict)
    monkeypatch.setattr(test_core, "_get_removal_command", lambda name: [sys.executable, "-c", PARENT])
    return made, dropped


def _is_running(pid):
    """Return whether a process goes on; one that ended may wait for its parent as a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_failure_ends_what_the_removal_started_and_shows_its_log(removal, monkeypatch, tmp_path, capsys):
    def fail(sides):
        log = tmp_path / "third.log"
        while not log.read_text().strip():
            time.sleep(0.05)
        raise Problem("The tests did not end.")

    monkeypatch.setattr(test_core, "_compare", fail)
    with pytest.raises(Problem):
        test_core._check({"a": "first", "b": "second"}, "third")
    child = capsys.readouterr().out.strip()
    assert child.isdigit()
    for _attempt in range(40):
        if not _is_running(child):
            break
        time.sleep(0.05)
    assert not _is_running(child)
    assert "third" in removal[1]


def test_a_database_that_cannot_be_made_leaves_none(removal, monkeypatch):
    def fail(name, _modules, **_options):
        removal[0].append(name)
        raise Problem("The disk is full.")

    monkeypatch.setattr(test_core, "create_from_template", fail)
    with pytest.raises(Problem):
        test_core._check({"a": "first"}, "third")
    assert removal[1] == ["third"]


def test_guidelines_look_at_what_our_addons_define():
    def ours(_self):
        """Stand in for a method of ours."""

    base = type("Base", (), {"theirs": lambda self: None, "both": lambda self: None})
    extension = type(
        "Extension", (), {"__module__": "odoo.addons.ar_collections.models", "both": ours, "own": ours, "x": 1}
    )
    model = type("Model", (extension, base), {})
    members = dict(get_own_members(model, inspect.isroutine))
    assert members == {"both": ours, "own": ours}
