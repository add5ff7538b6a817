import logging
from collections import Counter

import psycopg2

from odoo import api, models
from odoo.exceptions import LockError
from odoo.fields import Domain

from ...core.autopay import charge as rules

_logger = logging.getLogger(__name__)


class ArPaymentPlanInstallmentRun(models.Model):
    """The job that charges installments: cases -> moves -> one installment at a time.

    An attempt is committed before the provider is asked. Whatever dies in between leaves a transaction that the next
    run finds and asks for again; no other one is made for the installment while its fate is open.
    """

    _inherit = "ar.payment.plan.installment"

    @api.model
    def _cron_run_autopay(self):
        """Announce, charge and give up, for every company whose day has come to its hour.

        Called hourly: what was done today is not done again, what had no answer is asked for again.
        """
        for company in self.env["res.company"].search([("ar_active", "=", True)]):
            if company._ar_now().hour >= company.ar_run_hour:
                self.with_company(company)._run_autopay(company, auto_commit=True)

    @api.model
    def _run_autopay(self, company, auto_commit=False):
        """Do what is to be done today for the installments of one company.

        :param bool auto_commit: commit each step, as a scheduled action does
        :return: {move: number of installments}
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
        """Return the plans with automatic payments, and those whose last charge has no answer yet."""
        agreed = Domain("state", "=", "active") & Domain("autopay_consent_id", "!=", False)
        domain = agreed | Domain("autopay_charge_ids.outcome", "=", rules.UNKNOWN)
        # The job works for the customers of the whole company.
        return self.env["ar.payment.plan"].sudo().search(domain & Domain("company_id", "=", company.id))

    def _get_autopay_moves(self):
        """Return {installment: what to do with it today}, on facts read at this moment."""
        own = {customer: customer.policy_id._get_autopay_rules() for customer in self.customer_id}
        return {
            installment: rules.next_move(case, own[installment.customer_id], installment.company_id._ar_today())
            for installment, case in self._get_autopay_cases().items()
        }

    # === ONE INSTALLMENT === #

    def _process_autopay(self, auto_commit):
        """Do what this installment needs; a failure is stored on its plan and goes no further.

        :return: the move that was made, ``locked`` or ``failed``
        """
        self.ensure_one()
        move, charge = self._attempt(self._decide_and_move, ("failed", None))
        if charge:
            if auto_commit:
                self.env["ir.cron"]._commit_progress()
            self._attempt(lambda: charge._request(first=move == rules.CHARGE))
        return move

    def _decide_and_move(self):
        """Lock the customer, look again, and make the move.

        :return: (move, the attempt for which the provider is to be asked now, if any)
        """
        try:
            self.customer_id._lock_account()
        except LockError:
            return "locked", None  # somebody works on the customer: in an hour
        case = self._get_autopay_cases()[self]
        move = rules.next_move(case, self._get_autopay_rules(), self.company_id._ar_today())
        charge = getattr(self, f"_autopay_move_{move}")(case)
        if self.plan_id.autopay_error:
            self.plan_id.autopay_error = False
        self.env.flush_all()  # the database's own indexes have the last word, here and not at the commit
        return move, charge

    def _attempt(self, work, failed=None):
        """Return what the work returns; what it raises is stored on the plan, and ``failed`` returned.

        Somebody who was quicker, as the database tells by its locks and indexes, is no failure.
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
