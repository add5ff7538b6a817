"""Work on many records in batches: one behavior for locks, errors, commits and the time that is left."""

import dataclasses
import datetime
import logging
from collections import Counter

from psycopg2.errors import LockNotAvailable, UniqueViolation
from psycopg2.extensions import TransactionRollbackError

from odoo.exceptions import LockError
from odoo.tools import split_every

_logger = logging.getLogger(__name__)

#: Records per transaction: large enough for set-based reads, small enough to repeat little after a crash and to keep
#: nobody waiting who needs one of the locked records.
BATCH = 500

#: Batches are so many times smaller after each interruption by a limit of time or memory: 500, 62, 7.
SMALLER = 8

#: After so many failures of the same kind in a row the cause is not the record; the rest waits for the next turn.
SAME_FAILURES = 20

#: What another transaction held is tried again after this time: a person may have worked on it.
RETRY_LOCKED = datetime.timedelta(minutes=10)

#: Errors that only tell that another transaction works on the same rows; other database errors are failures.
CONFLICTS = (TransactionRollbackError, LockNotAvailable, LockError)

DONE, LOCKED, FAILED = "done", "locked", "failed"


@dataclasses.dataclass
class BatchResult:
    """What a pass over records led to.

    ``counts`` adds up what the work returned, and the numbers of ``locked`` and ``failed`` records under the keys
    ``("locked", "")`` and ``("failed", "")``. ``finished`` is false where the time ran out.
    """

    counts: Counter = dataclasses.field(default_factory=Counter)
    finished: bool = True


class BatchRun:
    """One pass over records or other values of a company.

    A batch is locked, checked again and worked on in a savepoint; where that fails, each of its records is worked on
    alone. A failure is stored as a problem (`ar.problem`) of its record, and ends by itself with the next success. It
    stops nothing, unless the same failure occurs `SAME_FAILURES` times in a row. Records that have failed before are
    taken last, so that they cannot keep the others from their turn. What another transaction holds is left for the next
    pass. After interruptions batches are smaller: what was too much in one piece is done in several.
    """

    def __init__(self, env, company, step, auto_commit=False, is_part=False, interruptions=0):
        """``last_error`` is the exception of the record that failed last.

        :param company: the `res.company` on whose behalf the work is done
        :param str step: code of the problems, see ``const.PROBLEMS``
        :param bool auto_commit: commit batch after batch, as a scheduled action does
        :param bool is_part: the step has other passes, too: it solves the company's problem itself
        :param int interruptions: how often in a row the process that worked on this was ended before, 0 to 2
        """
        self.env = env
        self._divisor = SMALLER**interruptions
        self.company = company
        self.step = step
        self.auto_commit = auto_commit
        self.is_part = is_part
        self.result = BatchResult()
        self._left = 0
        self._whole = False
        self._last_failure = None
        self.last_error = None
        #: Ids of the records of the last pass that another transaction held: nothing was done about them.
        self.locked = set()
        self._same_failures = 0
        self._has_succeeded = False
        self._company_failed = False
        #: Ids of records that another transaction was quicker with, by a unique index; None: these are failures.
        self._conflicts = None

    def over_records(self, records, work, size=None, due=None, on_error=None, whole=False):
        """Work on the records.

        :param records: recordset, in the order of the work
        :param work: function of a recordset; a Counter that it returns is added to the counts
        :param int size: records per transaction; default: `BATCH`
        :param due: function that returns, of locked records, those that are still to be worked on; default: all
        :param on_error: function of a record that failed, called after its work was rolled back
        :param bool whole: go through all of them, whatever time is left: for records that nothing marks as done, so
            that each turn looks at the same, and steps that follow would never be reached
        :rtype: BatchResult
        """
        records = self.put_failed_last(records)
        self._whole, self._conflicts, self.locked = whole, [], set()
        self.begin(len(records))
        for ids in split_every(max((size or BATCH) // self._divisor, 1), records.ids):
            self._work_on_batch(records.browse(ids), work, due, on_error)
            if not self.go_on(len(ids)):
                break
        again, self._conflicts = records.browse(self._conflicts), None
        if self.auto_commit and again:
            # In a new transaction, which sees what the other one has stored: now it is no conflict, but a failure.
            self._work_on_batch(again, work, due, on_error)
            self.commit()
        return self.end()

    def over_values(self, values, work):
        """Work on each of the values alone; a failure is a problem of the company.

        :param values: list, for instance of dates
        :param work: function of one value, as for `over_records`
        :rtype: BatchResult
        """
        self.begin(len(values))
        for value in values:
            self.attempt(self.company, lambda value=value: work(value), clear=False)
            if not self.go_on(1):
                break
        return self.end()

    # === ONE BATCH === #

    def _work_on_batch(self, batch, work, due, on_error):
        """Work on a batch together; one by one where that fails."""
        records = self._lock(batch, due)
        if not records:
            return
        try:
            with self.env.cr.savepoint():
                counts = work(records)
        except Exception:  # no failure of one record may stop the others
            _logger.info("A batch of %s failed; its records are taken one by one.", records, exc_info=True)
            self.env.invalidate_all(flush=False)
        else:
            self._succeed(records, counts)
            self.locked.difference_update(records.ids)
            return
        for record in records:
            state, _value = self.attempt(record, lambda record=record: work(record))
            self.locked.discard(record.id)
            if state == LOCKED:
                self.locked.add(record.id)
            if state == FAILED and on_error:
                on_error(record)
            if self._same_failures >= SAME_FAILURES:
                return

    def _lock(self, batch, due):
        """Return those of the batch that could be locked and are still due; count those that another one holds."""
        try:
            with self.env.cr.savepoint(flush=False):
                locked = batch.try_lock_for_update()
                records = due(locked) if due else locked
        except CONFLICTS:  # changed after the transaction began, so that none of them can be locked
            self.env.invalidate_all(flush=False)
            locked = records = batch.browse()
        held = batch - locked
        self.locked.update(held.ids)
        self.result.counts["locked", ""] += len(held)
        return records

    def attempt(self, record, work, clear=True):
        """Do the work in a savepoint; a failure is stored as a problem of the record and not raised.

        :param work: function without arguments
        :param bool clear: whether the problem of the record is solved where the work succeeds
        :return: (`DONE`, `LOCKED` or `FAILED`, what the work returned or None)
        """
        try:
            with self.env.cr.savepoint():
                value = work()
        except Exception as error:
            self.env.invalidate_all(flush=False)
            if self._is_conflict(record, error):
                self.result.counts["locked", ""] += 1  # the next pass repeats it
                return LOCKED, None
            self._fail(record, error)
            return FAILED, None
        self._succeed(record if clear else record.browse(), value)
        return DONE, value

    def _is_conflict(self, record, error):
        """Return whether the error only tells that another transaction works on the same record."""
        if isinstance(error, UniqueViolation) and self._conflicts is not None:
            self._conflicts.append(record.id)
            return True
        return isinstance(error, CONFLICTS)

    def _succeed(self, records, counts):
        """Add up the counts; problems that the records had are solved."""
        self._same_failures = 0
        self._has_succeeded = True
        if isinstance(counts, Counter):
            self.result.counts.update(counts)
        if records:
            self.env["ar.problem"]._clear(records, self.step)

    def _fail(self, record, error):
        """Store the failure on its record and count how often the same one occurred in a row."""
        failure = _get_place(error)
        self._same_failures = self._same_failures + 1 if failure == self._last_failure else 1
        self._last_failure, self.last_error = failure, error
        self.result.counts["failed", ""] += 1
        self._report(record, error)

    def _report(self, record, error):
        self._company_failed |= record == self.company
        self.env["ar.problem"]._report(record, self.step, error, company=self.company)

    # === PROGRESS === #

    def begin(self, number):
        """Begin a pass: tell the scheduled action how much there is to do."""
        self._left = number
        self._same_failures = 0
        self._has_succeeded = False
        if self.auto_commit and number:
            self.env["ir.cron"]._commit_progress(remaining=number)

    def commit(self):
        """Commit, where the run commits, before something that cannot be rolled back."""
        if self.auto_commit:
            self.env["ir.cron"]._commit_progress()

    def go_on(self, number):
        """Commit what was done, and return whether to go on."""
        self._left -= number
        has_time = not self.auto_commit or self.env["ir.cron"]._commit_progress(number)
        if self._same_failures >= SAME_FAILURES:
            self._report_stop()
            self.commit()
            return False
        if not has_time and not self._whole:
            # Where nothing succeeded, it is not continued at once: that would begin with the same failures.
            self.result.finished = self._left <= 0 or not self._has_succeeded
        return bool(has_time or self._whole)

    def _report_stop(self):
        """Store on the company that the pass was stopped, with the last message."""
        text = self.env._(
            "Stopped after %(number)s failures of the same kind in a row; the others wait for the next run. Last "
            "message: %(error)s",
            number=self._same_failures,
            error=self.last_error,
        )
        self.report(text)

    def report(self, text):
        """Store as a problem of the company what the pass left out; see `end` for its end."""
        self._report(self.company, text)

    def end(self):
        """Solve the company's problem with this step where it went through without one; return the result.

        For what another transaction held, the scheduled action is called again before its next turn.
        """
        if self.result.finished and not self._company_failed and not self.is_part:
            self.env["ar.problem"]._clear(self.company, self.step)
        if self.auto_commit and self.result.counts["locked", ""]:
            self.env["ar.nightly"]._try_again_soon(RETRY_LOCKED)
        return self.result

    def put_failed_last(self, records):
        """Return the records, those with an open problem of this step behind the others."""
        if not records:
            return records
        # sudo: the order must not depend on what the user may read.
        opened = self.env["ar.problem"].sudo()._search_open(records.browse(), self.step, self.company)
        failed = records & records.browse(opened.mapped("res_id"))
        return (records - failed) + failed if failed else records


def _get_place(error):
    """Return type and place of an error; the same cause in another record has the same."""
    traceback = error.__traceback__
    while traceback and traceback.tb_next:
        traceback = traceback.tb_next
    code = traceback.tb_frame.f_code if traceback else None
    return type(error), code and (code.co_filename, traceback.tb_lineno)
