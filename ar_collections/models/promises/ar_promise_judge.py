import logging

import psycopg2

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import split_every

from ...core.promises import judgement as rules

_logger = logging.getLogger(__name__)

#: Promises per transaction.
BATCH = 250


class ArPromiseJudge(models.Model):
    """What becomes of promises: read from the books, night after night; a judgement changes when the books do."""

    _inherit = "ar.promise"

    @api.model
    def _cron_judge_promises(self):
        """Judge the promises of every company whose day has come to its hour, before the day's reminders."""
        for company in self.env["res.company"].search([("ar_policy_ids", "!=", False)]):
            if company._ar_now().hour >= company.ar_run_hour:
                self._judge_company(company, company._ar_today(), auto_commit=True)

    @api.model
    def _judge_company(self, company, today, auto_commit=False):
        """Judge what is due or was paid, then remind of what is promised for the next working day.

        Re-entrant: what was judged is not judged again until the books change.

        :param date today: the company's date
        :param bool auto_commit: commit batch after batch, as a scheduled action does
        """
        promises = self.with_company(company)
        domain = Domain("company_id", "=", company.id) & self._domain_to_judge(today)
        due = promises.search(domain, order="date, id")
        if auto_commit:
            self.env["ir.cron"]._commit_progress(remaining=len(due))
        for ids in split_every(BATCH, due.ids):
            promises.browse(ids)._judge_batch(today)
            if auto_commit and not self.env["ir.cron"]._commit_progress(len(ids)):
                return
        promises._send_notes(company, today)

    @api.model
    def _domain_to_judge(self, today):
        """Return which promises may have another end than they show: the deadline has passed, or payments changed."""
        over = Domain("state", "=", rules.OPEN) & Domain("date_deadline", "<", today)
        touched = Domain("to_judge", "=", True) & Domain("state", "!=", rules.WITHDRAWN)
        return over | touched

    def _judge_batch(self, today):
        """Judge these promises together; one by one when one of them fails. Those another worker holds are left out."""
        locked = self.try_lock_for_update()
        due = locked.search(Domain("id", "in", locked.ids) & self._domain_to_judge(today))
        due._apply_together(lambda promises: promises._judge(today))

    def _apply_together(self, work):
        """Do something with these promises together; one by one when one of them fails.

        :param work: a function of promises
        """
        try:
            with self.env.cr.savepoint():
                work(self)
        except Exception:  # whatever it is, it must not stop the others
            _logger.info("A batch of %s promises failed; taking them one by one.", len(self), exc_info=True)
            self.env.invalidate_all(flush=False)
            for promise in self:
                promise._apply_one(work)

    def _apply_one(self, work):
        """Do something with one promise; a failure is shown on the customer and goes no further."""
        try:
            with self.env.cr.savepoint():
                work(self)
        except (psycopg2.OperationalError, psycopg2.IntegrityError):
            self.env.invalidate_all(flush=False)  # somebody changed it just now, or was quicker: next time
        except Exception as error:
            self.env.invalidate_all(flush=False)
            self.customer_id._store_run_error(error)

    def _judge(self, today):
        """Store what the books say about each promise, and act on what changed.

        :param date today: the company's date
        """
        books = self.env["ar.facts"]._read_promise_books(self)
        before = {promise: promise.state for promise in self}
        judged = {promise: promise._get_judgement(books.get(promise.id, ()), today) for promise in self}
        blocked = self._blocked_by_others({p for p, code in judged.items() if code == rules.OPEN != before[p]})
        for promise, code in judged.items():
            if promise not in blocked:
                promise._store_judgement(code, books.get(promise.id, ()), today)
        fallen = [p for p in self - blocked if judged[p] in rules.NOT_KEPT and before[p] not in rules.NOT_KEPT]
        risen = [p for p in self - blocked if judged[p] not in rules.NOT_KEPT and before[p] in rules.NOT_KEPT]
        # Who paid it all meanwhile, only late, is not asked for it.
        self.browse().union(*(p for p in fallen if any(book.left > 0 for book in books[p.id])))._act_on_not_kept()
        self.browse().union(*risen)._close_promise_tasks()

    def _get_judgement(self, books, today):
        """Return what became of the promise, by its books; without any item left it has become pointless.

        :param list books: see `ar.facts._read_promise_books`
        """
        self.ensure_one()
        if not books:
            return rules.WITHDRAWN if self.state == rules.OPEN else self.state
        return rules.judge([book.part for book in books], self.date, self.tolerance_days, today)

    def _blocked_by_others(self, reopened):
        """Return those that cannot open again yet: one of their items was promised anew or planned meanwhile.

        They are judged again when their deadline has passed; an item is in one open promise at a time.
        """
        blocked = self.browse()
        if not reopened:
            return blocked
        items = self.browse().union(*reopened).line_ids.move_line_id
        live = [("is_live", "=", True), ("move_line_id", "in", items.ids)]
        taken = self.env["ar.promise.line"].search(live).move_line_id
        taken |= self.env["ar.payment.plan.line"].search(live).move_line_id
        for promise in reopened:
            if promise.line_ids.move_line_id & taken:
                blocked |= promise
            taken |= promise.line_ids.move_line_id
        return blocked

    def _store_judgement(self, code, books, today):
        """Store one judgement; a change of state is told on the customer's thread.

        :param str code: the state to be in
        """
        self.ensure_one()
        kept = float(rules.amount_kept([book.part for book in books], self.date, self.tolerance_days))
        values = {"amount_kept": kept, "to_judge": False}
        if code == self.state:
            self.with_context(tracking_disable=True).write(values)
            return
        if code == rules.OPEN:
            values["ended_on"] = False
        elif code not in rules.NOT_KEPT or self.state not in rules.NOT_KEPT:
            values["ended_on"] = today
        self._set_state(code, **values)
        self._log_on_thread(self._get_judgement_text())

    def _get_judgement_text(self):
        """Return in a sentence how the promise stands now."""
        values = {"amount": self._format_amount(self.amount_total), "kept": self._format_amount(self.amount_kept)}
        values["date"] = self._format_day(self.date_deadline)
        return {
            rules.OPEN: self.env._("Open again: a payment was reversed."),
            rules.KEPT: self.env._("Kept: %(amount)s was paid in time.", **values),
            rules.PARTLY: self.env._("Partly kept: %(kept)s of %(amount)s was paid by %(date)s.", **values),
            rules.BROKEN: self.env._("Not kept: nothing of %(amount)s was paid by %(date)s.", **values),
            rules.WITHDRAWN: self.env._("Withdrawn: none of its invoices is still posted."),
        }[self.state]

    # === WHAT FOLLOWS === #

    def _act_on_not_kept(self):
        """Tell the customers once, and give each collector a task."""
        self._filter_unpaid()._notify_once("promise_broken")
        for promise in self:
            promise.customer_id._add_task(
                "ar_collections.mail_activity_type_promise",
                self.env._(
                    "%(number)s was not kept, %(left)s is still unpaid: contact the customer",
                    number=promise.name,
                    left=promise._format_amount(promise.amount_open),
                ),
            )

    def _close_promise_tasks(self):
        """Take the tasks back where it turned out that promises were kept, and no other one was broken."""
        still = self.search([("customer_id", "in", self.customer_id.ids), ("state", "in", rules.NOT_KEPT)])
        for customer in self.customer_id - still.customer_id:
            customer._close_tasks("ar_collections.mail_activity_type_promise")
