from odoo import api, models
from odoo.fields import Domain

from ...core.autopay import charge as rules
from .bounds import Limits


class ArPaymentPlanInstallmentRun(models.Model):
    """The scheduled action that charges installments and accounts: cases -> moves -> one unit at a time.

    An attempt is committed before the request to the provider. A crash in between leaves a transaction that the next
    run requests again; the unit gets no other one before the outcome is known.
    """

    _inherit = "ar.payment.plan.installment"

    @api.model
    def _cron_run_autopay(self):
        """Announce, charge and mark failures, for every company whose hour of the run has passed.

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
        """Make today's moves for the installments and accounts of one company.

        :param bool auto_commit: commit after each of them, as a scheduled action does
        :return: the counts are by (move, ``locked`` or ``failed``, "")
        :rtype: BatchResult
        """
        run = self.env["ar.nightly"]._batch_run(company, "autopay", auto_commit)
        if not company.ar_active:
            return run.result
        limits = Limits(company)
        collections = self.env["ar.autopay.collection"]
        if not limits.is_stopped:
            collections._plan_company(company, run)
        moves = self._find_autopay_plans(company).installment_ids._get_autopay_moves()
        moves |= collections._find_open(company)._get_autopay_moves()
        ahead = [unit for unit, move in moves.items() if move != rules.NOTHING and limits.allows_move(move)]
        # A charge without an answer may take all the time there is: it is requested again when the others are done, and
        # nothing waits for it.
        ahead.sort(key=lambda unit: moves[unit] == rules.REPEAT)
        has_time = self._make_autopay_moves(ahead, moves, limits, run)
        limits.report()
        has_time = has_time and self.env["ar.autopay.consent"]._tell_ended(company, run)
        if has_time and not limits.is_stopped:  # last, because providers are asked, and may not answer
            self.env["ar.autopay.consent"]._tell_expiring(company, run)
        return run.end()

    @api.model
    def _make_autopay_moves(self, units, moves, limits, run):
        """Make the moves of these units one after the other, as far as limits and time reach.

        :param units: list of installments and collections
        :param dict moves: {unit: code of its move}
        :param Limits limits: of the company
        :param BatchRun run: the run that this belongs to
        :return: whether there is time left
        """
        run.begin(sum(moves[unit] != rules.REPEAT for unit in units))
        for unit in units:
            if moves[unit] != rules.CHARGE or limits.admit(unit):
                unit._process_autopay(run)
            if not run.go_on(int(moves[unit] != rules.REPEAT)):
                return False
        return True

    @api.model
    def _find_autopay_plans(self, company):
        """Return the active plans with automatic payments, and plans with a charge without an answer."""
        agreed = Domain("state", "=", "active") & Domain("autopay_consent_id", "!=", False)
        domain = agreed | Domain("autopay_charge_ids.outcome", "=", rules.UNKNOWN)
        # sudo: the run covers all customers of the company.
        return self.env["ar.payment.plan"].sudo().search(domain & Domain("company_id", "=", company.id))
