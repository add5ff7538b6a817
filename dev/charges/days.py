"""The simulated days: workers that are killed and started again, events that come late, twice or not at all."""

import datetime
import math
import sys
from collections import Counter
from functools import partial

from freezegun import freeze_time

from dev.charges.jobs import ACTIONS, CATCH_UP, CHARGE, CHARGED, COMMIT, COMMITTED, POINTS, work
from dev.faults.workers import Kill, run_workers
from dev.replay.simulation import HOUR
from dev.setup.console import Problem

#: Where workers are killed, by how often: mostly between a charge at Stripe and the commit that stores its answer.
PLACES = (CHARGED,) * 4 + (CHARGE, COMMIT, COMMIT, COMMITTED, "answered", "request", "any")
#: Entries of a point at which a worker is killed at most: a worker makes few requests and many commits.
ENTRIES = {CHARGED: 2, CHARGE: 2, "answered": 3, "request": 3, COMMIT: 15, COMMITTED: 15}
#: Seconds after its start at which a worker is killed that is killed at any moment.
MOMENT = 1.5
#: The share of rounds with two workers at once.
TWO_WORKERS = 0.25
#: Minutes between two rounds: a row that a worker held, or an event that failed, is tried again.
ROUND_MINUTES = 6
#: Undisturbed rounds at the end of a day.
GOOD_ROUNDS = 2
#: Days at the end on which bank debits succeed, and nothing is refunded.
LAST_DAYS = 2
#: Rounds of a day at most.
MOST_ROUNDS = 80


class Days:
    """Lives through days in a database.

    :param str name: of the database
    :param Company company: what was made in it
    :param StripeServer stripe: the simulated server
    :param Random rng: what is random here
    :param int kills: how many workers are killed
    :param Path log: for the output of the workers
    """

    def __init__(self, name, company, stripe, rng, kills, log):
        self.name, self.company, self.stripe, self.rng, self.log = name, company, stripe, rng, log
        self.kills_wanted, self.kills, self.workers = kills, Counter(), 0
        self.failures = self.failures_undisturbed = 0

    def run(self, disturbed, calm):
        """Live through days with kills, then through some without, on which what was left gets done.

        :param disturbed: list of dates
        :param calm: list of dates
        """
        with freeze_time(f"{disturbed[0]} {HOUR}") as self.clock, self.stripe.in_use():
            for number, day in enumerate(disturbed, start=1):
                self.clock.move_to(f"{day} {HOUR}")
                self.stripe.live_a_day()
                # Nothing is charged on the first day: it is announced then.
                self._disturb(math.ceil(self.kills_wanted * (number - 1) / (len(disturbed) - 1)))
                self._work_well()
                print(f"{day}: {self.kills.total()} kills, {self.workers} workers", file=sys.stderr, flush=True)
            before = self.failures
            for number, day in enumerate(calm):
                self.clock.move_to(f"{day} {HOUR}")
                self.stripe.live_a_day(at_end=number >= len(calm) - LAST_DAYS)
                self._work_well()
            self.failures_undisturbed = self.failures - before

    def _disturb(self, until):
        """Run workers until so many were killed in all."""
        rounds = 0
        while self.kills.total() < until:
            rounds += 1
            if rounds > MOST_ROUNDS:
                raise Problem(f"Only {self.kills.total()} of {until} kills in {rounds} rounds, see {self.log}.")
            self.stripe.misbehave()
            number = 2 if self.rng.random() < TWO_WORKERS else 1
            # A point that is not reached in many rounds does not come any more on this day.
            plans = [self._plan_kill(anywhere=rounds % 4 == 0) for _number in range(number)]
            self._run_round(plans)

    def _plan_kill(self, anywhere):
        """Return when to kill a worker, as (Kill, point and entry at which the worker waits for it)."""
        place = "any" if anywhere else self.rng.choice(PLACES)
        if place not in POINTS:
            return Kill(self.rng.uniform(0, MOMENT)), None
        entry = self.rng.randint(1, ENTRIES[place])
        return Kill(0, place, entry), (place, entry)

    def _work_well(self):
        """End a day: nothing fails, all that waits is delivered, lost events are fetched."""
        self.stripe.work()
        for number in range(GOOD_ROUNDS):
            actions = ACTIONS if number else (*ACTIONS, CATCH_UP)
            self._run_round([(None, None)], everything=True, actions=actions)

    def _run_round(self, plans, everything=False, actions=ACTIONS):
        """Run a worker for each plan at the same time."""
        events = self.stripe.choose_events(everything)
        seed = self.rng.random()
        # Two workers differ in where they stop only; each is forked with its own.
        works = [
            partial(work, self.name, self.company.provider_id, events, f"{seed} {number}", stop_at, actions=actions)
            for number, (_kill, stop_at) in enumerate(plans)
        ]
        outcomes = run_workers(works, [kill for kill, _stop_at in plans], self.log)
        for (kill, _stop_at), outcome in zip(plans, outcomes, strict=True):
            self.stripe.accept(set(outcome.seconds) - {"", *POINTS})
            if outcome.killed:
                self.kills[kill.phase or "any"] += 1
            self.failures += outcome.status > 0
        self.workers += len(plans)
        self.clock.tick(datetime.timedelta(minutes=ROUND_MINUTES))
