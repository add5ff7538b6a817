import contextlib
import logging

from odoo import SUPERUSER_ID, api, fields, models

_logger = logging.getLogger(__name__)

#: Key of the accounts that were changed, in the data of the transaction.
CHANGED = "ar_customer_changed"


class ArCustomerChanged(models.Model):
    """What people do on an account: it is decided anew at the end of their transaction, and marked as worked on.

    Otherwise worklist, priority, next step and key figures would be those of the last nightly run.
    """

    _inherit = "ar.customer"

    worked_on = fields.Datetime(
        "Worked on", readonly=True, copy=False, help="When somebody last did something on this account."
    )
    worked_by_id = fields.Many2one(
        "res.users", "Worked on by", readonly=True, copy=False, ondelete="set null",
        help="Who last did something on this account.",
    )  # fmt: skip
    worked_today = fields.Boolean(
        "Done Today", compute="_compute_worked_today", help="Whether you did something on this account today."
    )

    @api.depends("worked_on", "worked_by_id")
    @api.depends_context("uid", "tz")
    def _compute_worked_today(self):
        today = fields.Date.context_today(self)
        for customer in self:
            day = customer.worked_on and fields.Datetime.context_timestamp(self, customer.worked_on).date()
            customer.worked_today = bool(day) and day == today and customer.worked_by_id.id == self.env.uid

    def _mark_changed(self, decide=True):
        """Decide about these accounts anew at the end of the transaction, all of them together.

        Where a collector did it, they are marked as worked on.

        :param bool decide: False: nothing changed that a decision depends on
        """
        if not self:
            return
        pending = self.env.cr.precommit.data.setdefault(CHANGED, {})
        if not pending:
            # The results of decisions are stored by the system, whoever the user is.
            self.env.cr.precommit.add(self.browse().sudo()._decide_changed)
        worker = self.env.uid != SUPERUSER_ID and self._has_role("collector") and self.env.uid
        for customer_id in self.ids:
            old_worker, old_decide = pending.get(customer_id, (False, False))
            pending[customer_id] = worker or old_worker, decide or old_decide

    @api.model
    def _decide_changed(self):
        """Decide about the accounts that were changed in this transaction, see `_mark_changed`.

        What was done on them counts more: after a failure they keep their results until the next nightly run.
        Accounts that another transaction has locked are left to it as well.
        """
        pending = self.env.cr.precommit.data.pop(CHANGED, {})
        self.env.flush_all()  # its errors are of what was done, and raised
        with self.browse(sorted(pending))._ignore_undecided():
            free = self.browse(sorted(pending))._lock_free()
            free.filtered(lambda customer: pending[customer.id][1])._decide_anew()
            for worker, customers in free.grouped(lambda customer: pending[customer.id][0]).items():
                customers._set_worked(worker)

    @contextlib.contextmanager
    def _ignore_undecided(self):
        """Run a block that decides about these accounts anew; a failure undoes the block alone, and is logged.

        The caller has flushed what was done before.
        """
        try:
            with self.env.cr.savepoint(flush=False):
                yield
                self.env.flush_all()
        except Exception:  # a decision must not undo what a person, or a customer, did
            self.env.clear()  # also what the block has not written yet
            _logger.info("Accounts %s were not decided anew; the next run does.", self.ids, exc_info=True)

    def _set_worked(self, user_id):
        """Store who did something on these accounts now.

        :param user_id: id of the user; False: nobody of the company
        """
        if user_id:
            self.with_context(tracking_disable=True).write(
                {"worked_on": fields.Datetime.now(), "worked_by_id": user_id}
            )

    def _decide_anew(self):
        """Decide about these accounts at once, without acting, and store the results.

        Extension point: reminders do it.
        """

    def write(self, vals):
        """Override of the access check to note that a person changed the account."""
        result = super().write(vals)
        if vals and not self.env.su:
            self._mark_changed(decide=False)
        return result
