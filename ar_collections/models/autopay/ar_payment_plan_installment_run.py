import logging
from collections import Counter

import psycopg2

from odoo import api, models
from odoo.exceptions import LockError
from odoo.fields import Domain

from ...core.autopay import charge as rules

_logger = logging.getLogger(__name__)


class ArPaymentPlanInstallmentRun(models.Model):
    """The scheduled action that charges installments: cases -> moves -> one installment at a time.

    An attempt is committed before the request to the provider. A crash in between leaves a transaction that the next
    run requests again; the installment gets no other one before the outcome is known.
    """

    _inherit = "ar.payment.plan.installment"

    @api.model
    def _cron_run_autopay(self):
        """Announce and charge installments, and mark failures, for every company whose hour of the run has passed.

        Called hourly: each move is made once a day; charges without an answer are requested again.
        """
        for company in self.env["res.company"].search([("ar_active", "=", True)]):
            if company._ar_now().hour >= company.ar_run_hour:
                self.with_company(company)._run_autopay(company, auto_commit=True)

    @api.model
    def _run_autopay(self, company, auto_commit=False):
        """Make today's moves for the installments of one company.

        :param bool auto_commit: commit after each installment, as a scheduled action does
        :return: {move, ``locked`` or ``failed``: number of installments}
        :rtype: Counter
        """
        total = Counter()
        if not company.ar_active:
            return total
        moves = self._find_autopay_plans(company).installment_ids._get_autopay_moves()
        ahead = [installment for installment, move in moves.items() if move != rules.NOTHING]
        if auto_commit:
            self.env["ir.cron"]._commit_progress(remaining=len(ahead))
        for installment in ahead:
            total[installment._process_autopay(auto_commit)] += 1
            if auto_commit and not self.env["ir.cron"]._commit_progress(1):
                break
        return total

    @api.model
    def _find_autopay_plans(self, company):
        """Return the active plans with automatic payments, and plans with a charge without an answer."""
        agreed = Domain("state", "=", "active") & Domain("autopay_consent_id", "!=", False)
        domain = agreed | Domain("autopay_charge_ids.outcome", "=", rules.UNKNOWN)
        # sudo: the run covers all customers of the company.
        return self.env["ar.payment.plan"].sudo().search(domain & Domain("company_id", "=", company.id))

    def _get_autopay_moves(self):
        """Return {installment: code of today's move}, from facts read now, see `core.autopay.charge.next_move`."""
        rules_of = {customer: customer.policy_id._get_autopay_rules() for customer in self.customer_id}
        return {
            installment: rules.next_move(case, rules_of[installment.customer_id], installment.company_id._ar_today())
            for installment, case in self._get_autopay_cases().items()
        }

    # === ONE INSTALLMENT === #

    def _process_autopay(self, auto_commit):
        """Make the installment's move, and the request that it needs; a failure is stored on the plan.

        :param bool auto_commit: commit before the request
        :return: the code of the move, ``locked`` or ``failed``
        """
        self.ensure_one()
        move, charge = self._attempt(self._decide_and_move, ("failed", None))
        if charge:
            if auto_commit:
                self.env["ir.cron"]._commit_progress()
            self._attempt(lambda: charge._request(first=move == rules.CHARGE))
        return move

    def _decide_and_move(self):
        """Lock the account, decide again on current facts, and make the move.

        :return: (move, the charge to request now, if any); the move is ``locked`` where the account is locked
        """
        try:
            self.customer_id._lock_account()
        except LockError:
            return "locked", None  # by another operation; the next run is in an hour
        case = self._get_autopay_cases()[self]
        move = rules.next_move(case, self._get_autopay_rules(), self.company_id._ar_today())
        charge = getattr(self, f"_autopay_move_{move}")(case)
        if self.plan_id.autopay_error:
            self.plan_id.autopay_error = False
        self.env.flush_all()  # a violated unique index must raise here, not at the commit
        return move, charge

    def _attempt(self, work, failed=None):
        """Call a function in a savepoint; return its result, or ``failed`` where it raises.

        The error is stored on the plan. Lock and index errors of the database are not stored: another process was
        quicker.
        """
        try:
            with self.env.cr.savepoint():
                return work()
        except (psycopg2.OperationalError, psycopg2.IntegrityError):
            _logger.info("Installment %s is being worked on elsewhere.", self.id, exc_info=True)
            self.env.invalidate_all(flush=False)
        except Exception as error:
            _logger.warning("The charge of installment %s failed: %s", self.id, error, exc_info=True)
            self.env.invalidate_all(flush=False)
            self.plan_id.autopay_error = f"{type(error).__name__}: {error}"
        return failed
