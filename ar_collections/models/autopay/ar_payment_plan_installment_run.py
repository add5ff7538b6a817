from odoo import api, models
from odoo.exceptions import LockError
from odoo.fields import Domain

from ...core.autopay import charge as rules
from ..customers.nightly.batch_run import DONE


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
        finished = True
        for company in self.env["res.company"].search([("ar_active", "=", True)]):
            if company._ar_now().hour >= company.ar_run_hour:
                finished &= self._try_autopay(company)
        self.env["ir.cron"]._commit_progress(remaining=int(not finished))

    @api.model
    def _try_autopay(self, company):
        """Make today's moves of one company; an unexpected error is a problem of the company and stops no other.

        :return: False where the time ran out
        """
        try:
            return self.with_company(company)._run_autopay(company, auto_commit=True).finished
        except Exception as error:
            self.env.cr.rollback()
            self.env["ar.problem"]._report(company, "autopay", error, company=company)
            return True

    @api.model
    def _run_autopay(self, company, auto_commit=False):
        """Make today's moves for the installments of one company.

        :param bool auto_commit: commit after each installment, as a scheduled action does
        :return: the counts are by (move, ``locked`` or ``failed``, "")
        :rtype: BatchResult
        """
        run = self.env["ar.nightly"]._batch_run(company, "autopay", auto_commit)
        if not company.ar_active:
            return run.result
        moves = self._find_autopay_plans(company).installment_ids._get_autopay_moves()
        ahead = [installment for installment, move in moves.items() if move != rules.NOTHING]
        # A charge without an answer may take all the time there is: it is requested again when the others are done, and
        # nothing waits for it.
        ahead.sort(key=lambda installment: moves[installment] == rules.REPEAT)
        run.begin(sum(moves[installment] != rules.REPEAT for installment in ahead))
        for installment in ahead:
            installment._process_autopay(run)
            if not run.go_on(int(moves[installment] != rules.REPEAT)):
                break
        return run.end()

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

    def _process_autopay(self, run):
        """Make the installment's move, and the request that it needs; a failure is a problem of the installment.

        :param BatchRun run: the run that this belongs to
        """
        self.ensure_one()
        state, value = run.attempt(self, self._decide_and_move, clear=False)
        if state != DONE:
            return
        move, charge = value
        run.result.counts[move, ""] += 1
        if charge:
            run.commit()
            run.attempt(self, lambda: charge._request(first=move == rules.CHARGE))
        else:
            self._clear_autopay_problems()

    def _clear_autopay_problems(self):
        """Solve the problems with the automatic payments of these installments."""
        self.env["ar.problem"]._clear(self, "autopay")

    def _decide_and_move(self):
        """Lock the account, decide again on current facts, and make the move.

        :return: (move, the charge to request now, if any)
        :raise LockError: where another operation works on the account; it is tried again soon
        """
        if not self.customer_id._try_lock_account():
            raise LockError(self.env._("The account is in use. Please try again in a moment."))
        case = self._get_autopay_cases()[self]
        move = rules.next_move(case, self._get_autopay_rules(), self.company_id._ar_today())
        charge = getattr(self, f"_autopay_move_{move}")(case)
        self.env.flush_all()  # a violated unique index must raise here, not at the commit
        return move, charge
