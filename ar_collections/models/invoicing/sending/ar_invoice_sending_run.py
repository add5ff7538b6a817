import contextlib
import datetime
import logging

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Domain

from ....core.invoicing.sending import states
from ....core.invoicing.sending.turn import FAILURES, PAUSE, Turn
from ...communications.delivery.begun import lock_again
from ...customers.nightly.batch_run import CONFLICTS, RETRY_LOCKED
from .claim import Claim

_logger = logging.getLogger(__name__)

#: What failed before anything can have left is tried again after this time.
RETRY_AFTER = datetime.timedelta(hours=1)


class ArInvoiceSendingRun(models.Model):
    """Sending invoices by Odoo's own way, each once, whatever happens in between.

    An invoice is taken in a transaction of its own: the state `sending` is committed before it is generated, so that a
    crash is visible. Its emails leave by the mail queue, see `ar_invoice_sending_mails`; a person who presses Odoo's
    *Send* meets the same row, see `account_move_send`.
    """

    _inherit = "ar.invoice.sending"

    # === SCHEDULED ACTION === #

    @api.model
    def _cron_send(self):
        """Send what is due in every company, in superuser mode. Called hourly, and when an invoice is due."""
        progress = self.env["ir.cron"]._commit_progress
        rows = self.sudo()._read_group([("state", "in", (*states.OPEN, states.SENDING, states.QUEUED))], ["company_id"])
        for (company,) in rows:
            if not self._try_company(company):
                progress(remaining=1)  # there is more to do: continue soon
                return
        progress(remaining=0)

    @api.model
    def _try_company(self, company):
        """Send what is due in a company; an unexpected error is stored as its problem and stops no other company.

        :return: False where the time ran out
        """
        try:
            return self.with_company(company)._send_company(company, auto_commit=True)
        except CONFLICTS:  # the next turn repeats it
            _logger.info("Another transaction works on invoices of company %s.", company.id, exc_info=True)
            self.env.cr.rollback()
        except Exception as error:  # of one invoice it was handled before
            _logger.info("Sending the invoices of company %s failed.", company.id, exc_info=True)
            self.env.cr.rollback()
            # The code of what comes last in a turn: one that comes so far ends the problem.
            self.env["ar.problem"]._report(company, "invoice_checks", error, company=company)
            self._settle(True)
        return True

    @api.model
    def _send_company(self, company, auto_commit=False):
        """Send what is due in a company.

        :param bool auto_commit: commit after each invoice, as a scheduled action does; False only in tests
        :return: False where the time ran out
        """
        sendings = self.sudo()  # as the run, whatever its user may read
        sendings._settle_crashed(company)
        sendings._settle_lost_mails(company)
        sendings._settle(auto_commit)  # a failure of the first invoice must not undo it
        turn = sendings._begin_turn(company)
        # First what waits, so that it leaves although judging the others takes longer than the time there is.
        return (
            sendings._send_due(company, turn, auto_commit)
            and sendings._judge_open(company, auto_commit, until=fields.Datetime.now())
            and sendings._send_due(company, turn, auto_commit)
        )

    @api.model
    def _begin_turn(self, company):
        """Return the turn of a company; one after a turn that ended early is suspect, see `_end_turn`.

        :rtype: Turn
        """
        stop = self.env["ar.problem"]._search_open(company, "invoices")
        return Turn(is_suspect=bool(stop), is_paused=bool(stop) and stop.last_on > fields.Datetime.now() - PAUSE)

    @api.model
    def _send_due(self, company, turn, auto_commit):
        """Send what waits in a company, each judged right before; return False where the time ran out.

        :param Turn turn: where it is over, the rest waits
        """
        due = self.search(self._get_due_domain(company, turn))
        for number, sending in enumerate(due.browse(row_id) for row_id in due.ids):
            sending._send_alone(turn, auto_commit)
            if turn.is_over:
                sending._end_turn(company, auto_commit)
                return True
            if auto_commit and not self.env["ir.cron"]._commit_progress(1, remaining=len(due) - number - 1):
                return number + 1 == len(due)
        return True

    @api.model
    def _get_due_domain(self, company, turn):
        """Return which invoices of a company a turn may send."""
        if turn.is_over:
            return Domain.FALSE
        domain = Domain("company_id", "=", company.id) & Domain("state", "=", states.WAITING)
        domain &= Domain("reason", "in", (False, states.RETRY)) & Domain("due_at", "<=", fields.Datetime.now())
        if turn.is_paused:
            domain &= Domain("user_done_id", "!=", False) & Domain("attempts", "=", 0)
        return domain

    def _end_turn(self, company, auto_commit):
        """Store that a turn ended early with this failure: the cause is none of the invoices, so the others wait."""
        text = self.env._(
            "Invoices fail one after the other (%(number)s in a row), whichever they are. The others wait; one of them "
            "is tried each hour. Last message: %(error)s",
            number=FAILURES,
            error=self.message,
        )
        self.env["ar.problem"]._report(company, "invoices", text, company=company)
        self._trigger_sending(fields.Datetime.now() + PAUSE)
        self._settle(auto_commit)

    # === ONE INVOICE === #

    def _send_alone(self, turn, commit):
        """Send one invoice, and note in the turn how it went; whatever fails stops no other invoice.

        :param Turn turn: of the company
        :param bool commit: False only in tests, which roll back
        """
        self.ensure_one()
        claim, is_sent = Claim(self.id), False
        try:
            # A crash after the first part leaves the state `sending`.
            claim.is_taken = self._do(self._claim, claim, commit)
            is_sent = claim.is_taken and self._do(self._generate, claim, commit)
        except CONFLICTS as error:
            self._end_failed(claim, error, commit, is_conflict=True)
        except Exception as error:  # stored on the invoice
            _logger.info("Invoice %s was not sent.", self.move_id.id, exc_info=True)
            turn.fail()
            self._end_failed(claim, error, commit)
        if is_sent and turn.take():  # what fails here changes nothing about the invoice
            self.env["ar.problem"]._clear(self.company_id, "invoices")

    def _do(self, part, claim, commit):
        """Do a part of the sending in a transaction of its own; return what it returns.

        :param part: function of the claim
        """
        with contextlib.nullcontext() if commit else self.env.cr.savepoint():
            result = part(claim)
        self._settle(commit)
        return result

    def _claim(self, claim):
        """Take the invoice where it is still to be sent; return whether it was free.

        :param Claim claim: its steps are Odoo's sending methods, where it was free
        """
        if not self._lock_waiting():
            return False
        self._judge()
        if self.state != states.WAITING or self.reason not in (False, states.RETRY):
            return False
        now = fields.Datetime.now()
        self._set_state(states.SENDING, claimed_at=now, attempts=self.attempts + 1)
        self._drop_mails()  # of an earlier attempt, which a person has decided about
        claim.steps = frozenset(self.methods.split(", "))
        return True

    def _lock_waiting(self):
        """Lock the row and its invoice; return whether they were free and it waits."""
        if not self._lock_row(lambda: self.move_id.try_lock_for_update(allow_referencing=True)):
            return False
        self.move_id.invalidate_recordset()
        return self.state == states.WAITING

    def _lock_row(self, lock_more=None):
        """Lock the row, which is read again, and what a function locks; return whether they were free."""
        try:
            with self.env.cr.savepoint(flush=False):
                free = bool(self.try_lock_for_update() and (lock_more() if lock_more else self))
        except CONFLICTS:  # changed after the transaction began
            return False
        self.invalidate_recordset()
        return free

    def _generate(self, claim):
        """Let Odoo generate and send the invoice, in a transaction that has begun after it was taken; return True.

        :param Claim claim: how far it came is stored in it
        :raise LockError: where a person works on the invoice at this moment
        """
        methods = claim.steps
        move = self.move_id.with_company(self.company_id)
        if not (self.try_lock_for_update() and move.try_lock_for_update(allow_referencing=True)):
            raise LockError(self.env._("The invoice is in use."))
        self.invalidate_recordset()
        move.invalidate_recordset()
        if self.state != states.SENDING or move.state != "posted":
            raise LockError(self.env._("The invoice was changed at this moment."))
        messages = self.env["mail.message"].search([], order="id desc", limit=1)
        move = move.with_context(mail_notify_force_send=False, ar_claim=claim)
        send = move.env["account.move.send"]
        claim.steps |= send._get_default_extra_edis(move)
        claim.has_begun = True
        send._generate_and_send_invoices(
            move, allow_raising=True, allow_fallback_pdf=False, sending_methods=sorted(methods)
        )
        claim.has_returned = True
        self._follow_generated(methods, messages.id or 0)
        return True

    def _end_failed(self, claim, error, commit, is_conflict=False):
        """Store a failure; what it had begun is undone.

        Nothing is locked by then: what somebody stored meanwhile stays.

        :param Claim claim: how far it came
        :param bool is_conflict: another transaction worked on the invoice: it is tried again soon
        """
        if commit:
            self.env.cr.rollback()
        self.env.invalidate_all(flush=False)
        is_free = lock_again(self.env, self._lock_row, commit)
        if not is_free or self.state != (states.SENDING if claim.is_taken else states.WAITING):
            self._settle(commit)
            return
        attempts = self.attempts + (not claim.is_taken)
        state = states.after_error(
            claim.steps,
            attempts,
            is_refused=isinstance(error, UserError) and not is_conflict and not claim.has_returned,
            is_conflict=is_conflict,
            has_begun=claim.has_begun,
        )
        values = {"claimed_at": False, "attempts": attempts}
        if state == states.WAITING:
            values["due_at"] = fields.Datetime.now() + (RETRY_LOCKED if is_conflict else RETRY_AFTER)
            self._set_state(state, None if is_conflict else states.RETRY, **values)
            self._trigger_sending(values["due_at"])
        else:
            self._set_state(state, **values)
        if not is_conflict or state != states.WAITING:
            self._report_failure(self.env["ar.problem"]._get_message(error))
        self._settle(commit)

    @api.model
    def _settle_crashed(self, company):
        """Settle what was taken by a process that has died; what is being sent is locked by its process.

        What a web service may have got is unknown. Where nothing can have left before the commit, it is tried again,
        and after some deaths it has failed: it may be what kills the process.
        """
        before = fields.Datetime.now() - states.CRASHED_AFTER
        domain = [("company_id", "=", company.id), ("state", "=", states.SENDING), ("claimed_at", "<", before)]
        crashed = self.search(domain).try_lock_for_update()
        for state, group in crashed.grouped(lambda each: states.after_error(each._read_steps(), each.attempts)).items():
            if state == states.WAITING:
                due_at = fields.Datetime.now() + RETRY_AFTER
                group._set_state(state, states.RETRY, claimed_at=False, due_at=due_at)
                self._trigger_sending(due_at)
                continue
            group._set_state(state)
            text = self.env._("The process ended while the invoice was sent; nothing has left.")
            if state == states.UNKNOWN:
                text = self.env._(
                    "The process ended while the invoice was sent. Whether the customer has it is not known."
                )
            group._report_failure(text)

    def _read_steps(self):
        """Return the sending methods of the invoice, and the e-invoicing that Odoo does on top of them.

        Where Odoo cannot tell, a web service may have been called.
        """
        move = self.move_id.with_company(self.company_id)
        try:
            with self.env.cr.savepoint(flush=False):
                extra = move.env["account.move.send"]._get_default_extra_edis(move)
        except CONFLICTS:
            raise
        except Exception:  # it must not stop the others
            _logger.info("The e-invoicing of invoice %s is not known.", move.id, exc_info=True)
            extra = {"unknown"}
        return {*self.methods.split(", "), *extra}

    def _settle(self, commit):
        """Flush, and commit if asked to."""
        self.env.flush_all()
        if commit:
            self.env.cr.commit()  # pylint: disable=invalid-commit
