from collections import Counter
from dataclasses import replace

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, split_every
from odoo.tools.constants import PREFETCH_MAX

from ...const import CONTACT_STATES, WAITING_STATES
from ...core import decision as codes
from ...core.facts import Scope
from ..customers.nightly.batch_run import BatchResult
from .failing_templates import FailingTemplates

#: Customers per batch of a dry run, which writes nothing: as many records as Odoo prefetches.
READ_BATCH = PREFETCH_MAX

#: What a run reads of the accounts of a batch; any other field would read all of the hundred.
RUN_FIELDS = (
    "active", "company_id", "partner_id", "payer_id", "policy_id", "policy_override_id", "proposed_policy_id",
    "excluded", "pause_until", "last_contact_date", "match_task_date", "arrival_task_date",
)  # fmt: skip


class ArCustomerRun(models.Model):
    """The nightly run: facts -> decision -> action -> log, batch after batch."""

    _inherit = "ar.customer"

    @api.model
    def _remind_company(self, company, today, auto_commit=False):
        """Step of the nightly run: decide for the customers that were not decided about today.

        :param date today: the company's date
        :param bool auto_commit: commit batch after batch, as a scheduled action does
        :return: False where the time ran out
        """
        return self._run_company(company, today, False, auto_commit).finished

    @api.model
    def _run_day(self, today, dry_run=False, companies=None, auto_commit=False):
        """Decide for every customer what to do today, and do it.

        Re-entrant: a step that was sent or waits to be sent is not sent again, so the run may be repeated, run in two
        workers, or be continued after a crash. Before collections are activated for a company, balances and decisions
        are stored, but nothing is sent.

        :param date today: the company's date
        :param bool dry_run: decide only, write nothing; decides as if collections were active
        :param companies: default: all companies that have a credit policy
        :param bool auto_commit: commit batch after batch, as a scheduled action does
        :return: {date, customers, contacted: {step name: n}, no_contact: {code: n}, review, failed, locked}
        :rtype: dict
        """
        total = Counter()
        for company in companies or self.env["res.company"].search([("ar_policy_ids", "!=", False)]):
            total.update(self.with_company(company)._run_company(company, today, dry_run, auto_commit).counts)
        return self._run_summary(today, total)

    @api.model
    def _run_company(self, company, today, dry_run, auto_commit):
        """Run the day of one company.

        :return: the counts of (kind, key), see :meth:`_count`, and whether all customers were looked at
        :rtype: BatchResult
        """
        if dry_run:
            return self._run_dry(company, today)
        self.env["ar.credit.policy"]._report_company(company)
        self._ensure_for_company(company)
        known = self._read_problems(company)
        self.env["account.move"]._end_expired_no_chase(company, today, auto_commit)
        self.env["ar.communication"]._settle_crashed(company)
        run = self.env["ar.nightly"]._batch_run(company, "reminders", auto_commit, is_part=True)
        customers = self._customers_to_run(company, today, auto_commit)
        if customers:
            self._prepare_run(company)
        self._run_customers(run, customers, today)
        self._report_without_policy(company)
        if customers:  # else a run that is continued for another step would wake the queue, and itself, each time
            self.env["ar.outreach"]._trigger_mail_queue()
            if run.result.finished:
                self._solve_problems(company, known)
        return run.result

    @api.model
    def _run_customers(self, run, customers, today, due=None):
        """Decide for the customers, batch after batch.

        Extension point: several workers may share the work, each with this method and a pass of its own.

        :param BatchRun run: the pass of this worker
        :param customers: accounts of one company, in the order of the work
        :param due: function that returns, of locked accounts, those that are still to be decided about; default: all
        """
        failing = FailingTemplates()
        run.over_records(
            customers,
            lambda batch: batch._run_locked(today, failing),
            due=due,
            on_error=lambda customer: customer._end_failed_run(today, run, failing),
        )

    @api.model
    def _prepare_run(self, company):
        """Prepare a run in which there is something to do.

        Extension point: what is measured once for all customers.
        """

    @api.model
    def _report_without_policy(self, company):
        """Store as a problem of the company that no policy applies to some of its customers, or end that problem."""
        domain = [("company_id", "=", company.id), ("decision_code", "=", codes.NO_POLICY)]
        number = self.search_count(domain)
        if number:
            text = self.env._("No credit policy applies to some customers who owe money: %(number)s", number=number)
            self.env["ar.problem"]._report(company, "policies", text, company=company)
        else:
            self.env["ar.problem"]._clear(company, "policies")

    @api.model
    def _run_dry(self, company, today):
        """Return the decisions of a company's customers, counted; nothing is written."""
        result = BatchResult()
        for ids in split_every(READ_BATCH, self._customers_to_run(company, today, auto_commit=False).ids):
            result.counts.update(self.browse(ids)._decide_counts(today))
        return result

    @api.model
    def _customers_to_run(self, company, today, auto_commit, limit=None):
        """Return the customers to decide about, oldest due date first.

        Customers that owe nothing, and owed nothing in the last run, are left out, unless a reminder still waits or the
        collector has a task to match: both may have to end. In a scheduled run also those that are done today.
        """
        # The whole log counts, whatever the user may read; the domain is that of `ar.communication._waiting`.
        of_run = [("company_id", "=", company.id), ("is_manual", "=", False), ("notice", "=", False)]
        waiting = self.env["ar.communication"].sudo()._search([*of_run, ("state", "in", WAITING_STATES)])
        domain = Domain("company_id", "=", company.id) & (
            Domain("partner_id", "in", SQL("(%s)", self._select_owing(company)))
            | Domain("decision_code", "not in", [codes.NOTHING_DUE])
            | Domain("balance", "!=", 0)
            | Domain("match_task_date", "!=", False)
            | Domain("id", "in", waiting.subselect("customer_id"))
        )
        if auto_commit:
            domain &= Domain("decision_date", "=", False) | Domain("decision_date", "<", today)
        return self.search(self._with_payers(domain), order="oldest_due_date, id", limit=limit)

    def _run_locked(self, today, failing=None):
        """Decide for locked customers, act, log and store the results; return the counts.

        :param FailingTemplates failing: the email templates that cannot be used in this run
        """
        whole, held = self._lock_groups()
        counts = whole._run_groups(today, failing)
        if held:
            counts["locked", ""] += held
        return counts

    def _run_groups(self, today, failing):
        """Do what :meth:`_run_locked` does, for locked customers and the locked members of their groups."""
        self.sudo().fetch(RUN_FIELDS)  # who may run the day may not read all of them
        self._update_policies()
        self.env["ar.returned.payment"].sudo()._announce(self)  # collectors only read it
        waiting = self.env["ar.communication"]._waiting(self)
        verdicts = self._decide_without(waiting, today, is_judged=False)
        self._limit(verdicts, waiting, today)
        if failing:
            self._leave_failing(verdicts, waiting, failing)
        made = self.env["ar.outreach"]._perform(verdicts, waiting, today)
        self._end_match_tasks(verdicts)
        self._store_results(verdicts, today, self._find_reached(made, waiting))
        return self._count(verdicts)

    def _decide_without(self, waiting, today, is_judged=True):
        """Return {customer: Verdict} as if these messages did not exist; one that is sent early keeps its day.

        :param waiting: communications to these customers, at most one for each
        :param bool is_judged: see `_decide`
        """
        verdicts = self._decide(today, Scope(without=frozenset(waiting.ids)), is_judged)
        ahead = {message.customer_id.id: message.decided_for for message in waiting if message.decided_for}
        return {
            customer: self._look_ahead(verdict, today, ahead.get(customer.id)) for customer, verdict in verdicts.items()
        }

    def _limit(self, verdicts, waiting, today):
        """Exclude, in place, what the company does not send yet: all before activation, later above its daily limit."""
        if self and not self.company_id.ar_active:
            reminded = [customer for customer, verdict in verdicts.items() if verdict.decision.has_message]
            self._exclude(verdicts, reminded, codes.NOT_ACTIVE)
        elif self.company_id.ar_daily_ramp:
            self._limit_to_ramp(verdicts, waiting, today)

    @api.model
    def _exclude(self, verdicts, customers, code):
        """Replace the customers' decisions by not contacting them, in place; the step is kept to show what was due.

        :param verdicts: {customer: Verdict}
        :param code: the reason, see `core.decision`
        """
        for customer in customers:
            decision = codes.Decision(codes.NO_CONTACT, code, verdicts[customer].decision.step)
            verdicts[customer] = replace(verdicts[customer], decision=decision, is_todays=False)

    def _limit_to_ramp(self, verdicts, waiting, today):
        """Exclude, in place, the customers above the company's daily number of messages.

        Customers come in the order of their oldest due date; the others follow on the next days.
        """
        states = (*CONTACT_STATES, *WAITING_STATES)
        domain = [("company_id", "=", self.company_id.id), ("date", "=", today), ("state", "in", states)]
        left = max(self.company_id.ar_daily_ramp - self.env["ar.communication"].search_count(domain), 0)
        # An e-mail queued on an earlier day is rendered anew and goes out today; other messages wait for people.
        leftover = waiting.filtered(lambda c: c._get_channel()._is_dated and c.state == "planned" and c.date != today)
        settled = (waiting - leftover).customer_id
        fresh = [c for c, verdict in verdicts.items() if verdict.decision.has_message and c not in settled]
        self._exclude(verdicts, fresh[left:], codes.DAILY_RAMP)

    def _store_results(self, verdicts, today, reached):
        """Store balance, decision and next step on each customer; give a task to those who reach the last step."""
        customers = self.sudo().with_context(tracking_disable=True)  # users may not write results of the run
        results = self._get_result_vals(verdicts, today)
        for customer, verdict in verdicts.items():
            facts, decision = verdict.account, verdict.decision
            if facts.registered:
                customers.browse(customer.id)._announce_missing_payments(facts, today)
            if customer in reached and decision.step.days > 0 and not results[customer.id]["next_date"]:
                customers.browse(customer.id)._announce_last_step(decision)
        customers._write_results({c.id: {"decision_date": today, **results.get(c.id, {})} for c in self})

    def _get_result_vals(self, verdicts, today):
        """Return {customer id: values to store} that follow from the decisions.

        :param verdicts: {customer: Verdict}
        """
        additions = self._get_run_vals(verdicts, today)
        planned = self._plan_contacts(verdicts, today) if any(self.company_id.mapped("ar_active")) else {}
        contacts, results = self._get_contact_vals(verdicts, today), {}
        for customer, verdict in verdicts.items():
            decision = verdict.decision
            results[customer.id] = {
                **additions.get(customer.id, {}),
                **self.env["ar.facts"]._balance_of(verdict.account, today),
                **self._next_contact_vals(planned.get(customer)),
                **contacts.get(customer.id, {}),
                "decision_code": decision.code,
                "held_until": decision.until or False,
            }
        return results

    def _get_run_vals(self, verdicts, today):
        """Return {customer id: values to store}, computed from the facts of the run.

        Extension point: an override of a later domain adds its fields to the values of `super()`. It must not query
        per customer.

        :param verdicts: {customer: Verdict}
        """
        return {}

    # === SUMMARY === #

    def _decide_counts(self, today):
        """Return the counts of the decisions for these customers and the members of their groups; writes nothing."""
        customers = self._with_members()
        return self._count(customers._decide_without(self.env["ar.communication"]._waiting(customers), today))

    @api.model
    def _count(self, verdicts):
        """Return the decisions counted by (kind, key).

        Kinds: ``customers``, ``contacted`` with the step's id, ``review``, ``no_contact`` with the decision's code.
        """
        counts = Counter({("customers", ""): len(verdicts)})
        for decision in (verdict.decision for verdict in verdicts.values()):
            if decision.has_message:
                counts["contacted", decision.step.step_id] += 1
                counts["review", ""] += decision.action == codes.REVIEW
            else:
                counts["no_contact", decision.code] += 1
        return counts

    @api.model
    def _run_summary(self, today, total):
        """Return the counts as the summary that :meth:`_run_day` describes."""
        steps = self.env["ar.reminder.step"].browse([key for kind, key in total if kind == "contacted"])
        return {
            "date": fields.Date.to_string(today),
            "customers": total["customers", ""],
            "contacted": {step.display_name: total["contacted", step.id] for step in steps.sorted("days")},
            "no_contact": {code: number for (kind, code), number in total.items() if kind == "no_contact"},
            "review": total["review", ""],
            "failed": total["failed", ""],
            "locked": total["locked", ""],
        }
