"""The simulated days of one database: bookings, the night in child processes, the collector's calls."""

import datetime
from functools import partial

from freezegun import freeze_time

from dev.faults.company import is_customer
from dev.faults.comparison import Side
from dev.faults.jobs import work
from dev.faults.log import read_log
from dev.faults.workers import run_workers
from dev.replay.simulation import HOUR, make_calls
from dev.setup.odoo_command import use_mail_server

MINUTE = datetime.timedelta(minutes=1)


class Simulation:
    """One database that lives through days.

    :param env: an environment on it; nothing may be left uncommitted in it while children run
    :param Books books: the company's books in this database
    :param ServerProcess server: its mail server
    :param Path log: where the output of the children goes
    """

    def __init__(self, env, books, server, log):
        self.env, self.books, self.server, self.log = env, books.with_env(env), server, log
        self.work = partial(work, env.cr.dbname)
        self.clock = None
        use_mail_server(env, server.port)
        env.cr.commit()

    def run(self, days, live_night):
        """Live through the days.

        The time is frozen once and then moved: `freezegun` visits every module when it starts, which is slow.

        :param days: list of dates
        :param live_night: function of a date that runs the night's work with :meth:`run_workers`
        """
        with freeze_time(f"{days[0]} {HOUR}") as self.clock:
            for day in days:
                self.clock.move_to(f"{day} {HOUR}")
                self.books.post_day(day)
                self.env.cr.commit()
                live_night(day)
                make_calls(self.env)
                self.env.cr.commit()

    def read(self, last):
        """Return what is known, of the messages prepared up to a day.

        :rtype: Side
        """
        deliveries = [(d.message_id, d.recipient) for d in self.server.ledger.read() if is_customer(d.recipient)]
        return Side(read_log(self.env.cr, last), deliveries)

    def run_workers(self, kills):
        """Run workers at the same time; see `workers.run_workers`."""
        self._age_begun()
        outcomes = run_workers(self.work, kills, self.log)
        # Forget what the children have changed.
        self.env.registry.check_signaling()
        self.env.invalidate_all()
        return outcomes

    def _age_begun(self):
        """Let a minute pass for what workers have begun that were killed: nobody is at work between two rounds."""
        tables = {"ar_communication": "state = 'sending'", "ar_communication_recipient": "state = 'sending'"}
        for table, condition in (tables | {"mail_mail": "ar_began"}).items():
            self.env.cr.execute(f"UPDATE {table} SET write_date = write_date - INTERVAL '1 minute' WHERE {condition}")
        self.env.cr.commit()

    def wait(self):
        """Move the clock a minute on, or to the moment when the next e-mail is due, but not to another day."""
        (moment,) = self._query(
            "SELECT MIN(COALESCE(scheduled_date, %(now)s::timestamp)) FROM mail_mail WHERE state = 'outgoing'"
        )
        later = max(self.clock() + MINUTE, moment or self.clock())
        if later.date() == self.clock().date():
            self.clock.move_to(later)

    def count_due(self):
        """Return how many e-mails the queue would send now."""
        return self._count("COALESCE(scheduled_date, %(now)s::timestamp) <= %(now)s::timestamp")

    def count_queued(self):
        """Return how many e-mails the queue has to send today."""
        return self._count("COALESCE(scheduled_date, %(now)s::timestamp)::date <= %(now)s::date")

    def _count(self, condition):
        (number,) = self._query(f"SELECT COUNT(*) FROM mail_mail WHERE state = 'outgoing' AND {condition}")
        return number

    def _query(self, query):
        """Return the one row of a query about the frozen moment, and hold no transaction open."""
        self.env.cr.execute(query, {"now": str(self.clock())})
        row = self.env.cr.fetchone()
        self.env.cr.commit()
        return row
