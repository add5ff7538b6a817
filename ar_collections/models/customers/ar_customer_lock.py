from psycopg2.errors import LockNotAvailable

from odoo import models
from odoo.exceptions import LockError
from odoo.tools import SQL

#: Seconds that a person waits for an account that the nightly run, or another person, is working on.
LOCK_SECONDS = 8


class ArCustomerLock(models.Model):
    """The lock of an account, taken before anything is decided about it. Lock order: docs/architecture.md."""

    _inherit = "ar.customer"

    def _lock_account(self):
        """Lock the account until the end of the transaction, before a payment, dispute, promise or plan is recorded.

        A person waits `LOCK_SECONDS` for it: the nightly run holds it for the time of a batch. The row is updated, too:
        a transaction that began before this one ended, and got the lock after it, would otherwise read the items as
        they were before. The update makes the database refuse it, so that Odoo retries it.

        What follows changes the account: it is decided anew at the end, see `_mark_changed`.

        :raise LockError: when another transaction holds the account for longer
        """
        self._lock_rows()
        self._mark_changed()

    def _lock_rows(self):
        """Lock the accounts as `_lock_account` does, where nothing about them changes.

        :raise LockError: when another transaction holds one of them for longer
        """
        self.env.flush_all()
        try:
            with self.env.cr.savepoint(flush=False):
                ((before,),) = self.env.execute_query(SQL("SELECT current_setting('lock_timeout')"))
                self.env.cr.execute(SQL("SELECT set_config('lock_timeout', %s, TRUE)", f"{LOCK_SECONDS}s"))
                self._touch()
                self.env.cr.execute(SQL("SELECT set_config('lock_timeout', %s, TRUE)", before))
        except LockNotAvailable as error:
            raise LockError(self.env._("The account is in use. Please try again in a moment.")) from error

    def _try_lock_account(self):
        """Lock the account as `_lock_account` does, without waiting; return whether it was free."""
        self.ensure_one()
        free = self.try_lock_for_update()
        free._touch()
        return bool(free)

    def _try_lock_accounts(self):
        """Lock those of these accounts that are free as `_lock_account` does, without waiting; return them.

        :raise SerializationFailure: as `_lock_free`
        """
        free = self._lock_free()
        free._touch()
        return free

    def _lock_free(self):
        """Lock those of these accounts that exist and no other transaction holds, without waiting; return them.

        :raise SerializationFailure: where another transaction has changed one of them meanwhile; it is not logged
        """
        query = SQL("SELECT id FROM ar_customer WHERE id = ANY(%s) ORDER BY id FOR UPDATE SKIP LOCKED", self.ids)
        self.env.cr.execute(query, log_exceptions=False)
        return self.browse(number for (number,) in self.env.cr.fetchall())

    def _touch(self):
        """Update the rows without changing them; in the order of their ids, so that two of these cannot deadlock."""
        query = SQL(
            """
            WITH mine AS (SELECT id FROM ar_customer WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE)
            UPDATE ar_customer account SET id = mine.id FROM mine WHERE account.id = mine.id
            """,
            self.ids,
        )
        # A lock that is not granted in time is no error of the statement.
        self.env.cr.execute(query, log_exceptions=False)
