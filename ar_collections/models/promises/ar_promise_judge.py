from odoo import api, models
from odoo.fields import Domain

from ...core.promises import judgement as rules


class ArPromiseJudge(models.Model):
    """Judging promises: kept, partly kept or broken, read from the ledger in every nightly run.

    A judgement changes when payments change.
    """

    _inherit = "ar.promise"

    @api.model
    def _judge_company(self, company, today, auto_commit=False):
        """Step of the nightly run: judge the promises that are due or whose payments changed, then send the notes.

        Re-entrant: a promise is not judged again until its payments change.

        :param date today: the company's date
        :param bool auto_commit: commit batch after batch, as a scheduled action does
        :return: False where the time ran out
        """
        promises = self.with_company(company)
        to_judge = self._domain_to_judge(today)
        due = promises.search(Domain("company_id", "=", company.id) & to_judge, order="date, id")
        run = self.env["ar.nightly"]._batch_run(company, "promises", auto_commit)
        run.over_records(
            due,
            lambda batch: batch._judge(today),
            due=lambda batch: batch.search(Domain("id", "in", batch.ids) & to_judge),
        )
        return run.result.finished and promises._send_notes(company, today, run)

    @api.model
    def _domain_to_judge(self, today):
        """Return the domain of promises to judge: the deadline has passed, or payments changed since the last time.

        While one of its invoices is reset to draft, an open promise waits.
        """
        over = Domain("state", "=", rules.OPEN) & Domain("date_deadline", "<", today)
        touched = Domain("to_judge", "=", True) & Domain("state", "!=", rules.WITHDRAWN)
        waits = Domain("state", "=", rules.OPEN) & Domain("line_ids.move_id.state", "=", "draft")
        return (over | touched) & ~waits

    def _judge(self, today):
        """Judge each promise by the ledger, store the result and act on changes.

        :param date today: the company's date
        """
        books = self.env["ar.facts"]._read_promise_books(self)
        before = {promise: promise.state for promise in self}
        judged = self._get_judgements(books, today)
        blocked = self._blocked_by_others({p for p, code in judged.items() if code == rules.OPEN != before[p]})
        for promise, code in judged.items():
            if promise not in blocked:
                promise._store_judgement(code, books.get(promise.id, ()), today)
        broken = [p for p in self - blocked if judged[p] in rules.NOT_KEPT and before[p] not in rules.NOT_KEPT]
        restored = [p for p in self - blocked if judged[p] not in rules.NOT_KEPT and before[p] in rules.NOT_KEPT]
        # A promise that was paid in full, only late, needs no action.
        self.browse().union(*(p for p in broken if any(book.left > 0 for book in books[p.id])))._act_on_not_kept()
        self.browse().union(*restored)._close_promise_tasks()

    def _get_judgements(self, books, today):
        """Return {promise: its state according to the ledger}.

        A promise is not judged as not kept while payments that are not booked yet cover all that is due of it.

        :param dict books: see `ar.facts._read_promise_books`
        """
        judged = {promise: promise._get_judgement(books.get(promise.id, ()), today) for promise in self}
        failing = [p for p, code in judged.items() if code in rules.NOT_KEPT and p.state not in rules.NOT_KEPT]
        judged.update(dict.fromkeys(self.browse().union(*failing)._filter_expected(today), rules.OPEN))
        return judged

    def _filter_expected(self, today):
        """Return the promises with an amount due that payments cover which are registered or pending, but not booked.

        :param date today: the company's date
        """
        due = self._read_amounts_due() if self else {}
        line_ids = {line_id for amounts in due.values() for line_id, _amount in amounts}
        expected = self.env["ar.facts"]._read_expected(line_ids, today) if line_ids else {}
        return self.filtered(
            lambda promise: due[promise.id] and all(amount <= expected[line_id] for line_id, amount in due[promise.id])
        )

    def _get_judgement(self, books, today):
        """Return the state of the promise according to the ledger; an open one without posted items is withdrawn.

        :param list books: see `ar.facts._read_promise_books`
        """
        self.ensure_one()
        if not books:
            return rules.WITHDRAWN if self.state == rules.OPEN else self.state
        return rules.judge([book.part for book in books], self.date, self.tolerance_days, today)

    def _blocked_by_others(self, reopened):
        """Return those that cannot be open again: one of their items is in another open promise or plan by now.

        An item is in one open promise at a time. The blocked ones are judged again when their deadline has passed. So
        are those whose account another transaction holds: it may be making such a promise or plan.

        :param reopened: set of promises whose judgement is open
        """
        blocked = self.browse()
        if not reopened:
            return blocked
        promises = self.browse().union(*reopened)
        items, free = promises.line_ids.move_line_id, promises.customer_id._try_lock_accounts()
        live = [("is_live", "=", True), ("move_line_id", "in", items.ids)]
        taken = self.env["ar.promise.line"].search(live).move_line_id
        taken |= self.env["ar.payment.plan.line"].search(live).move_line_id
        for promise in reopened:
            if promise.customer_id not in free or promise.line_ids.move_line_id & taken:
                blocked |= promise
            taken |= promise.line_ids.move_line_id
        return blocked

    def _store_judgement(self, code, books, today):
        """Store one judgement; a change of state is logged on the customer's thread.

        :param str code: the new state
        :param list books: see `ar.facts._read_promise_books`
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
        """Return the current state of the promise as a sentence for the log."""
        values = {"amount": self._format_amount(self.amount_total), "kept": self._format_amount(self.amount_kept)}
        values["date"] = self._format_date(self.date_deadline)
        return {
            rules.OPEN: self.env._("Open again: a payment was reversed."),
            rules.KEPT: self.env._("Kept: %(kept)s was paid in time.", **values),
            rules.PARTLY: self.env._("Partly kept: %(kept)s of %(amount)s was paid by %(date)s.", **values),
            rules.BROKEN: self.env._("Not kept: nothing of %(amount)s was paid by %(date)s.", **values),
            rules.WITHDRAWN: self.env._("Withdrawn: none of its invoices is still posted."),
        }[self.state]

    # === ACTIONS === #

    def _act_on_not_kept(self):
        """Notify the customers once that the promise was not kept, and give the collectors a task."""
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
        """Close the tasks of customers without any promise that was not kept."""
        still = self.search([("customer_id", "in", self.customer_id.ids), ("state", "in", rules.NOT_KEPT)])
        for customer in self.customer_id - still.customer_id:
            customer._close_tasks("ar_collections.mail_activity_type_promise")
