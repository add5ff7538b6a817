"""Workers are killed when they are due, with everything they started, and never outlive their parent's interest."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from dev.faults import workers
from dev.faults.workers import Kill, run_workers
from dev.setup.console import Problem


@pytest.fixture
def log(tmp_path):
    """Return the file for the output of workers."""
    return tmp_path / "log"


def _sleep(tell):
    tell("sleep")
    time.sleep(60)


def test_workers_end_by_themselves(log):
    def work(tell):
        tell("late")
        print("done")

    first, second = run_workers(work, [None, Kill(60)], log)
    assert (first.killed, first.status, second.killed) == (False, 0, False)
    assert set(first.seconds) == {"", "late"}
    assert log.read_text() == "done\ndone\n"


def test_an_error_is_an_exit_status(log):
    def work(_tell):
        raise ValueError("broken")

    (outcome,) = run_workers(work, [None], log)
    assert (outcome.killed, outcome.status) == (False, 1)
    assert "ValueError: broken" in log.read_text()


def test_workers_are_killed_after_a_while(log):
    start = workers.now()
    outcomes = run_workers(_sleep, [Kill(0.1), Kill(0.2, "sleep")], log)
    assert all(outcome.killed for outcome in outcomes)
    assert 0.2 <= workers.now() - start < 5


def test_a_kill_in_a_phase_waits_for_it(log):
    def work(tell):
        time.sleep(0.3)
        tell("late")
        time.sleep(60)

    (outcome,) = run_workers(work, [Kill(0, "late")], log)
    assert outcome.killed
    assert outcome.seconds[""] >= 0.3


def test_a_kill_can_wait_for_a_later_entry_into_a_phase(log):
    def work(tell):
        for number in range(1, 6):
            print(number)
            tell("message")
            time.sleep(0.2)

    (outcome,) = run_workers(work, [Kill(0, "message", 3)], log)
    assert outcome.killed
    assert log.read_text() == "1\n2\n3\n"


def test_a_kill_ends_what_the_worker_started(log, tmp_path):
    started = tmp_path / "pid"

    def work(tell):
        process = subprocess.Popen(["sleep", "60"])
        started.write_text(str(process.pid))
        tell("started")
        process.wait()

    run_workers(work, [Kill(0, "started")], log)
    assert _is_gone(int(started.read_text()))


def test_a_worker_that_hangs_is_a_problem_and_ends(log, tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "PATIENCE", 0.2)
    pid = tmp_path / "pid"

    def work(_tell):
        pid.write_text(str(os.getpid()))
        time.sleep(60)

    with pytest.raises(Problem, match="hung"):
        run_workers(work, [None], log)
    assert _is_gone(int(pid.read_text()))


def _is_gone(pid):
    """Return whether a process has ended within a moment; init may not have noticed yet."""
    status = Path(f"/proc/{pid}/stat")
    for _attempt in range(100):
        if not status.exists() or status.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False
