"""The nights: undisturbed ones, whose durations are measured, and disturbed ones with kills at random moments."""

import math
import sys
import time

from dev.faults.jobs import QUEUE
from dev.faults.workers import Kill
from dev.setup.console import Problem

#: The share of rounds with two workers at once.
TWO_WORKERS = 0.25
#: Rounds without kills after which the mail server stops to fail; rounds after that until the queue counts as stuck.
FAULTY_ROUNDS, CALM_ROUNDS = 4, 4
#: Worker failures in a row (as after a conflict between transactions) that are too many.
MOST_FAILURES = 20
#: Seconds between two rounds: a server that refuses connections may listen again.
PAUSE = 0.1
#: What is assumed where nothing was measured, in seconds.
NIGHT_SECONDS, MESSAGE_SECONDS = 0.5, 0.05


class UndisturbedNights:
    """Lives through nights without kills and faults.

    :param Simulation simulation: of the control
    """

    def __init__(self, simulation):
        self.simulation, self.night_seconds, self.queue_seconds, self.messages = simulation, [], 0, 0

    def live(self, _day):
        """Run the night's work once, and again while it leaves e-mails in the queue."""
        for _attempt in range(CALM_ROUNDS):
            before = len(self.simulation.server.ledger.read())
            (outcome,) = self.simulation.run_workers([None])
            if outcome.status:
                raise Problem(f"The work failed without any kill, see {self.simulation.log}.")
            self.night_seconds.append(outcome.seconds[""])
            self.queue_seconds += outcome.seconds[QUEUE]
            self.messages += len(self.simulation.server.ledger.read()) - before
            if not self.simulation.count_queued():
                return

    @property
    def longest_night(self):
        """Return how long the longest night took, the mail queue not counted."""
        return max(self.night_seconds, default=NIGHT_SECONDS)

    @property
    def message_seconds(self):
        """Return how long a message in the queue took on average."""
        return self.queue_seconds / self.messages if self.messages else MESSAGE_SECONDS


class DisturbedNights:
    """Lives through nights in which the mail server fails and workers are killed and started again.

    :param Simulation simulation: of the disturbed database
    :param Random random: what is random here
    :param int nights: how many there are
    :param int kills: how many there shall be at least, over all nights
    :param UndisturbedNights measured: those of the control
    """

    def __init__(self, simulation, random, nights, kills, measured):
        self.simulation, self.random = simulation, random
        self.nights_left, self.kills_wanted, self.measured = nights, kills, measured
        self.kills = self.workers = self.two_at_once = self.failures = 0

    def live(self, day):
        """Start workers until the night's work is done; kill them until the night's share of kills is reached."""
        self.quota = math.ceil(max(self.kills_wanted - self.kills, 0) / self.nights_left)
        self.kills_tonight, self.is_decided, rounds = 0, False, 0
        self.nights_left -= 1
        self.simulation.server.fail(True)
        while rounds < FAULTY_ROUNDS + CALM_ROUNDS:
            if rounds == FAULTY_ROUNDS:
                self.simulation.server.fail(False)
            rounds += not self._run_round()
            if rounds and self._is_done():
                break
            time.sleep(PAUSE)
        self.simulation.server.fail(False)
        print(f"{day}: {self.kills} kills, {self.workers} workers", file=sys.stderr, flush=True)

    def _is_done(self):
        enough = self.kills_tonight >= self.quota or self.nights_left
        return enough and not self.last_failed and not self.simulation.count_queued()

    def _run_round(self):
        """Run one worker, or two at once; return whether any was killed."""
        number = 2 if self.random.random() < TWO_WORKERS else 1
        outcomes = self.simulation.run_workers([self._plan_kill() for _number in range(number)])
        killed = sum(outcome.killed for outcome in outcomes)
        self.kills += killed
        self.kills_tonight += killed
        self.workers += number
        self.two_at_once += number == 2
        self.is_decided |= any(QUEUE in outcome.seconds for outcome in outcomes)
        self._count_failures(outcomes)
        return bool(killed)

    def _count_failures(self, outcomes):
        """Notice workers that ended with an error.

        :raise Problem: if too many did in a row
        """
        self.last_failed = any(outcome.status > 0 for outcome in outcomes)
        self.failures = self.failures + 1 if self.last_failed else 0
        if self.failures > MOST_FAILURES:
            raise Problem(f"The work failed {self.failures} times in a row, see {self.simulation.log}.")

    def _plan_kill(self):
        """Return when to kill the next worker, or None where the night has had its share of kills."""
        left = self.quota - self.kills_tonight
        if left <= 0:
            return None
        if not self.is_decided or self.random.random() < 0.1:
            return Kill(self.random.uniform(0, 1.2 * self.measured.longest_night))
        # On average, each worker gets that far that the queue is empty after the last kill.
        messages = max(self.simulation.count_queued() / left, 0.5)
        return Kill(self.random.uniform(0, 2 * messages * self.measured.message_seconds), QUEUE)
