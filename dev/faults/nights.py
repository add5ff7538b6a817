"""The nights: undisturbed ones, whose durations are measured, and disturbed ones with kills at random moments."""

import math
import sys
import time

from dev.faults.jobs import MESSAGE, QUEUE
from dev.faults.mail_modes import Service
from dev.faults.workers import Kill
from dev.setup.console import Problem

#: The share of rounds with two workers at once.
TWO_WORKERS = 0.25
#: Rounds without kills after which the mail server works well; rounds after that in which the queue must become empty.
FAULTY_ROUNDS, GOOD_ROUNDS = 4, 6
#: Worker failures in a row (as after a conflict between transactions) that are too many.
MOST_FAILURES = 20
#: For the share of kills, the night without a mail server counts as one with that many messages.
OUTAGE_WEIGHT = 10
#: The share of kills before the mail queue where the night's decisions are made already.
NIGHT_KILLS = 0.1
#: Of the other kills, the share at a random moment around the delivery of a message, where crashes matter most.
DELIVERY_KILLS = 0.5
#: Seconds between two rounds: a server that refuses connections may listen again.
PAUSE = 0.1
#: What is assumed where nothing was measured, in seconds.
NIGHT_SECONDS, MESSAGE_SECONDS = 0.5, 0.05


def choose_outage(random, days):
    """Return one of the days on which the mail server is down all night: a working day, neither the first nor the last.

    The control has it as well, because a contact on another day changes what follows. None if there are few days.
    """
    possible = [day for day in days[1:-1] if day.weekday() < 5]
    return random.choice(possible) if len(possible) > 2 else None


class UndisturbedNights:
    """Lives through nights without kills and faults, and measures them.

    :param Simulation simulation: of the control
    :param outage: the day on which the mail server is down all night; None: never
    """

    def __init__(self, simulation, outage=None):
        self.simulation, self.outage, self.night_seconds, self.queue_seconds = simulation, outage, [], 0
        #: {day: number of messages}
        self.messages = {}

    def live(self, day):
        """Run the night's work once, and again while it leaves e-mails in the queue."""
        self.simulation.server.work(Service.DOWN if day == self.outage else Service.GOOD)
        before = len(self.simulation.server.ledger.read())
        for _attempt in range(GOOD_ROUNDS):
            (outcome,) = self.simulation.run_workers([None])
            if outcome.status:
                raise Problem(f"The work failed without any kill, see {self.simulation.log}.")
            self.night_seconds.append(outcome.seconds[""])
            self.queue_seconds += outcome.seconds[QUEUE] + outcome.seconds.get(MESSAGE, 0)
            if day == self.outage or not self.simulation.count_queued():
                break
            self.simulation.wait()
        self.messages[day] = len(self.simulation.server.ledger.read()) - before

    @property
    def longest_night(self):
        """Return how long the longest night took, the mail queue not counted."""
        return max(self.night_seconds, default=NIGHT_SECONDS)

    @property
    def message_seconds(self):
        """Return how long a message in the queue took on average."""
        total = sum(self.messages.values())
        return self.queue_seconds / total if total else MESSAGE_SECONDS


class DisturbedNights:
    """Lives through nights in which the mail server fails and workers are killed and started again.

    :param Simulation simulation: of the disturbed database
    :param Random random: what is random here
    :param int kills: how many there shall be at least, over all nights
    :param UndisturbedNights measured: the same nights of the control, with the same outage
    """

    def __init__(self, simulation, random, kills, measured):
        self.simulation, self.random, self.kills_wanted, self.measured = simulation, random, kills, measured
        self.kills = self.workers = self.two_at_once = self.failures = 0
        self.repeated_seconds = NIGHT_SECONDS
        self.outage = measured.outage

    def live(self, day):
        """Start workers until the night's work is done; kill them until the night's share of kills is reached."""
        self.quota, self.is_decided, self.has_failed = self._count_kills_until(day), False, False
        self.simulation.server.work(Service.DOWN if day == self.outage else Service.FAULTY)
        self.rounds = 0
        while self.rounds < FAULTY_ROUNDS + GOOD_ROUNDS or self._is_short(day):
            if self.rounds == FAULTY_ROUNDS and day != self.outage:
                self.simulation.server.work(Service.GOOD)
            self._run_round()
            if self._is_done(day):
                break
            self.simulation.wait()
            time.sleep(PAUSE)
        self.simulation.server.work(Service.GOOD)
        print(f"{day}: {self.kills} kills, {self.workers} workers", file=sys.stderr, flush=True)

    def _count_kills_until(self, day):
        """Return how many kills there shall be up to a night, in proportion to the messages of each night."""
        messages = self.measured.messages
        weights = {past: OUTAGE_WEIGHT if past == self.outage else messages[past] + 1 for past in messages}
        until = sum(weight for past, weight in weights.items() if past <= day)
        return math.ceil(self.kills_wanted * until / sum(weights.values()))

    def _is_short(self, day):
        """Return whether it is the last night and there were not enough kills: it goes on until there were."""
        return day == max(self.measured.messages) and self.kills < self.quota

    def _is_done(self, day):
        """Return whether the night's work is done.

        A worker leaves out what another one, killed a moment ago, still seems to work at: so the last of two rounds
        without kills has to end well, and with nobody else at work.
        """
        is_settled = self.rounds >= 2 and self.was_alone and not self.has_failed
        return is_settled and not self.simulation.count_queued() and not self._is_short(day)

    def _run_round(self):
        """Run one worker, or two at once."""
        number = 2 if self.random.random() < TWO_WORKERS else 1
        outcomes = self.simulation.run_workers([self._plan_kill() for _number in range(number)])
        killed = sum(outcome.killed for outcome in outcomes)
        self.kills += killed
        self.workers += number
        self.two_at_once += number == 2
        self.was_alone = number == 1
        self.rounds = 0 if killed else self.rounds + 1  # since the last kill
        self._note_decided(outcomes)
        self._count_failures(outcomes)

    def _note_decided(self, outcomes):
        """Notice that the night's decisions are made, and how long it takes to find nothing left to decide."""
        for outcome in outcomes:
            if QUEUE in outcome.seconds or (not outcome.killed and not outcome.status):
                if self.is_decided:
                    self.repeated_seconds = outcome.seconds[""]
                self.is_decided = True

    def _count_failures(self, outcomes):
        """Notice workers that ended with an error.

        :raise Problem: if too many did in a row
        """
        self.has_failed = any(outcome.status > 0 for outcome in outcomes)
        self.failures = self.failures + 1 if self.has_failed else 0
        if self.failures > MOST_FAILURES:
            raise Problem(f"The work failed {self.failures} times in a row, see {self.simulation.log}.")

    def _plan_kill(self):
        """Return when to kill the next worker, or None where there were enough kills up to this night."""
        left = self.quota - self.kills
        if left <= 0:
            return None
        if not self.is_decided:
            return Kill(self.random.uniform(0, 1.2 * self.measured.longest_night))
        due = self.simulation.count_due()
        if not due or self.random.random() < NIGHT_KILLS:
            return Kill(self.random.uniform(0, self.repeated_seconds))
        # On average, each worker gets that far that the queue is empty after the last kill.
        messages = max(due / left, 0.5)
        seconds = self.measured.message_seconds
        if self.random.random() < DELIVERY_KILLS:
            entry = math.ceil(self.random.uniform(0, 2 * messages))
            return Kill(self.random.uniform(0, seconds), MESSAGE, entry)
        return Kill(self.random.uniform(0, 2 * messages * seconds), QUEUE)
