"""Child processes that are killed at a given moment, together with whatever they started.

Children are forked, so that they start at once with everything that is loaded, and with the frozen time.
"""

import contextlib
import ctypes
import os
import select
import signal
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass

from dev.setup.console import Problem

#: `prctl` option: the signal that a process gets when its parent ends.
PR_SET_PDEATHSIG = 1
#: Seconds after which a child that nobody kills is taken for hanging.
PATIENCE = 180


@dataclass(frozen=True)
class Kill:
    """When to kill a child: seconds after its start, or after it entered a phase, counted from 1."""

    seconds: float
    phase: str = ""
    entry: int = 1


@dataclass
class Outcome:
    """How a child ended: killed, or by itself with an exit status; and how long it ran in each phase."""

    killed: bool
    status: int
    seconds: dict


def now():
    """Return the seconds of a clock that is never frozen: `freezegun` replaces `time.monotonic`."""
    return time.clock_gettime(time.CLOCK_MONOTONIC)


def run_workers(work, kills, log):
    """Run a child for each of `kills` at the same time, and wait for all of them.

    :param work: function of one argument, with which the child calls `tell(phase)` on entering a phase; or a list of
        them, one for each child
    :param kills: list of `Kill`, or None where a child is not killed
    :param Path log: file to which the output of the children is added
    :rtype: list[Outcome]
    :raise Problem: if a child hangs
    """
    works = work if isinstance(work, list) else [work] * len(kills)
    with contextlib.ExitStack() as stack:
        workers = [stack.enter_context(_Worker(each, kill, log)) for each, kill in zip(works, kills, strict=True)]
        while running := [worker for worker in workers if worker.outcome is None]:
            _wait(running)
            for worker in running:
                worker.check()
        return [worker.outcome for worker in workers]


def _wait(workers):
    """Wait until one of the workers ends, enters a phase or is due."""
    poll = select.poll()
    for worker in workers:
        for descriptor in worker.descriptors:
            poll.register(descriptor, select.POLLIN)
    due = min(worker.due for worker in workers) - now()
    poll.poll(max(due, 0) * 1000)


class _Worker:
    """One child. Used as a context manager, it has certainly ended afterwards."""

    def __init__(self, work, kill, log):
        self.kill, self.log, self.outcome = kill, log, None
        self.phase, self.seconds, self.entries = "", {}, Counter()
        self.started = self.entered = now()
        self.due = self.started + (kill.seconds if kill and not kill.phase else PATIENCE)
        self.pipe, told = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if not self.pid:
            os.close(self.pipe)
            _run_child(work, told, log)
        os.close(told)
        with contextlib.suppress(OSError):
            os.setpgid(self.pid, self.pid)  # the child does the same: whoever comes first
        self.pidfd = os.pidfd_open(self.pid)

    def __enter__(self):
        return self

    def __exit__(self, *_args):
        if self.outcome is None:
            self._kill()
            os.waitpid(self.pid, 0)
        for descriptor in (self.pidfd, *([self.pipe] if self.pipe is not None else [])):
            os.close(descriptor)

    @property
    def descriptors(self):
        """Return what becomes readable when the child enters a phase or ends."""
        return [self.pidfd, *([self.pipe] if self.pipe is not None else [])]

    def check(self):
        """Read what the child told, kill it if it is due, notice its end."""
        if self.pipe is not None and select.select([self.pipe], [], [], 0)[0]:
            self._read_phases()
        is_due = now() >= self.due
        if is_due:
            self._kill()
        pid, status = os.waitpid(self.pid, 0 if is_due else os.WNOHANG)
        if pid:
            self._end(status, is_due)

    def _read_phases(self):
        told = os.read(self.pipe, 4096).decode()
        if not told:
            os.close(self.pipe)
            self.pipe = None
        for phase in told.split():
            self._leave_phase()
            self.phase = phase
            self.entries[phase] += 1
            if self.kill and (phase, self.entries[phase]) == (self.kill.phase, self.kill.entry):
                self.due = self.entered + self.kill.seconds

    def _leave_phase(self):
        self.seconds[self.phase] = self.seconds.get(self.phase, 0) + now() - self.entered
        self.entered = now()

    def _end(self, status, is_due):
        self._leave_phase()
        killed = os.WIFSIGNALED(status)
        if killed and not (is_due and self.due < self.started + PATIENCE):
            self.outcome = Outcome(True, -1, self.seconds)
            raise Problem(f"A child hung, or was killed by somebody else, see {self.log}.")
        self.outcome = Outcome(killed, -1 if killed else os.WEXITSTATUS(status), self.seconds)

    def _kill(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)


def _run_child(work, told, log):
    """Do the work in a child and exit: with 0, or 1 after an exception, which goes to the log."""
    status = 1
    try:
        os.setpgid(0, 0)  # a group of its own, so that a kill also ends what the child started
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        _write_to(log)
        work(lambda phase: os.write(told, f"{phase} ".encode()))
        status = 0
    except BaseException:  # the child may not return into the code of its parent
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def _write_to(log):
    """Send standard output and standard error to the end of a file."""
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    sys.stdout = sys.stderr = os.fdopen(descriptor, "w", buffering=1)
