import datetime
import time

from odoo import api, fields, models

#: The channel of the jobs; how many run at once is set in the configuration of Odoo, e.g. ``root:4``.
CHANNEL = "root.collections"

#: States of a job that a worker has taken, or is about to take.
TAKEN = ("enqueued", "started")

#: Seconds between two looks at the jobs of other workers, and how long these are waited for at most.
PAUSE, PATIENCE = 1, 600

#: Where no job of any kind was taken for so long while one waits, there is no job runner.
WAITED = datetime.timedelta(minutes=10)


class ArJobShare(models.AbstractModel):
    """Jobs beside a scheduled action: both do the same work, each a part of it.

    The scheduled action waits for no job, except for those that are at work when it is through. So nothing depends on
    the job runner, and a job that comes late finds its part done. The jobs of one piece of work have identity keys with
    the same beginning.
    """

    _name = "ar.job.share"
    _description = "Shared Work"

    @api.model
    def _begin(self, key, parts, delay):
        """Create a job for each part, but for those that wait already.

        :param str key: the beginning of the identity keys
        :param parts: list of recordsets, in the order of the work
        :param delay: function of a part with delay, which calls the method of the job
        """
        for part in parts:
            options = {"identity_key": f"{key}-{part.ids[0]}-{part.ids[-1]}-{len(part)}", "channel": CHANNEL}
            delay(part.with_delay(**options))

    @api.model
    def _wait(self, key):
        """Wait until no worker is at one of the jobs, or time has run out."""
        until = time.monotonic() + min(PATIENCE, self._get_seconds_left())
        while self._search_jobs(key, TAKEN) and time.monotonic() < until:
            time.sleep(PAUSE)
            self._commit()  # another transaction sees what the workers have stored meanwhile

    @api.model
    def _end(self, key):
        """Cancel the jobs that nobody has taken: their work is done.

        :return: whether a worker has taken any
        """
        # What a worker takes at this moment is left to it: it finds nothing to do.
        self._search_jobs(key, ("pending",)).try_lock_for_update().button_cancelled()
        return bool(self._search_jobs(key, (*TAKEN, "done", "failed")))

    @api.model
    def _is_served(self, key):
        """Return whether a job runner takes jobs, as far as one can tell: none of these waits for long, unless it is
        busy with others.
        """
        before = fields.Datetime.now() - WAITED
        late = self._search_jobs(key, ("pending",)).filtered(lambda job: job.date_created < before)
        return not late or self._has_runner()

    @api.model
    def _has_runner(self):
        """Return whether a job of any kind was taken a short time ago."""
        before = fields.Datetime.now() - WAITED
        # sudo: as in `_search_jobs`.
        taken = ["|", ("date_enqueued", ">=", before), ("date_started", ">=", before)]
        return bool(self.env["queue.job"].sudo().search_count(taken, limit=1))

    @api.model
    def _search_jobs(self, key, states):
        # sudo: jobs are technical records, whoever starts the run.
        return self.env["queue.job"].sudo().search([("identity_key", "=like", f"{key}-%"), ("state", "in", states)])

    @api.model
    def _get_seconds_left(self):
        """Return the seconds until the scheduled action has to end."""
        return self.env.context.get("cron_end_time", float("inf")) - time.monotonic()

    @api.model
    def _commit(self):
        """Commit, and begin another transaction, as a scheduled action does."""
        self.env["ir.cron"]._commit_progress()
