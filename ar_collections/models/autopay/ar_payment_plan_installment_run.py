from odoo import api, models
from odoo.fields import Domain

from ...core.autopay import charge as rules
from ..customers.batch_run import DONE, LOCKED


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
        for company in self.env["ar.nightly"]._get_due_companies().filtered("ar_active"):
            if not self.with_company(company)._run_autopay(company, auto_commit=True).finished:
                return
        self.env["ir.cron"]._commit_progress(remaining=0)

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
        run.begin(len(ahead))
        for installment in ahead:
            installment._process_autopay(run)
            if not run.go_on(1):
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
        """Make the installment's move, and the request that it needs; a failure is a problem of the plan.

        :param BatchRun run: the run that this belongs to
        """
        self.ensure_one()
        state, value = run.attempt(self.plan_id, self._decide_and_move)
        if state != DONE:
            return
        move, charge = value
        run.result.counts[move, ""] += 1
        if charge:
            run.commit()
            run.attempt(self.plan_id, lambda: charge._request(first=move == rules.CHARGE))

    def _decide_and_move(self):
        """Lock the account, decide again on current facts, and make the move.

        :return: (move, the charge to request now, if any); the move is ``locked`` where the account is locked
        """
        if not self.customer_id._try_lock_account():
            return LOCKED, None  # by another operation; the next run is in an hour
        case = self._get_autopay_cases()[self]
        move = rules.next_move(case, self._get_autopay_rules(), self.company_id._ar_today())
        charge = getattr(self, f"_autopay_move_{move}")(case)
        self.env.flush_all()  # a violated unique index must raise here, not at the commit
        return move, charge
