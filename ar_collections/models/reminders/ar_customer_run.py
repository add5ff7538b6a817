import logging
from collections import Counter
from dataclasses import replace

import psycopg2

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import split_every
from odoo.tools.constants import PREFETCH_MAX

from ...const import CONTACT_STATES, WAITING_STATES
from ...core import decision as codes
from ...core.facts import Scope

_logger = logging.getLogger(__name__)

#: Customers per transaction: large enough for set-based reads, small enough to lose little in a crash.
BATCH = 250

#: Customers read together where nothing is written: as many as Odoo itself reads at once.
READ_BATCH = PREFETCH_MAX


class ArCustomerRun(models.Model):
    """One day of collections: facts -> decision -> action -> log, batch after batch."""

    _inherit = "ar.customer"

    @api.model
    def _cron_run_day(self):
        """Run today for every company whose day has come to its hour; each lives in its own time zone.

        Called hourly: a company that is done has no customers left for today, one that ran out of time goes on.
        """
        for company in self.env["res.company"].search([("ar_policy_ids", "!=", False)]):
            if company._ar_now().hour >= company.ar_run_hour:
                self._run_day(company._ar_today(), companies=company, auto_commit=True)

    @api.model
    def _run_day(self, today, dry_run=False, companies=None, auto_commit=False):
        """Decide for every customer what to do today, and do it.

        Re-entrant: what was said or waits to be sent is not said again, so the day may be run twice, by two
        workers, or go on where it was killed. Before a company's collections are activated the day only looks:
        balances and decisions are stored, nothing is said.

        :param date today: the company's date
        :param bool dry_run: decide only, write nothing; decides as if collections were active
        :param companies: default: all companies that have a credit policy
        :param bool auto_commit: commit batch after batch, as a scheduled action does
        :return: {date, customers, contacted: {step name: n}, no_contact: {code: n}, review, failed, locked}
        :rtype: dict
        """
        total = Counter()
        for company in companies or self.env["res.company"].search([("ar_policy_ids", "!=", False)]):
            total += self.with_company(company)._run_company(company, today, dry_run, auto_commit)
        return self._run_summary(today, total)

    @api.model
    def _run_company(self, company, today, dry_run, auto_commit):
        """Run one company's day; return the counts of :meth:`_run_day`, as (kind, key) pairs."""
        total = Counter()
        if not dry_run:
            self._ensure_for_company(company)
            self.env["account.move"]._end_expired_no_chase(company, today)
            self.env["ar.communication"]._settle_crashed(company)
        customers = self._customers_to_run(company, today, auto_commit)
        if auto_commit:
            self.env["ir.cron"]._commit_progress(remaining=len(customers))
        for ids in split_every(READ_BATCH if dry_run else BATCH, customers.ids):
            batch = self.browse(ids)
            total += batch._decide_counts(today) if dry_run else batch._run_batch(today)
            if auto_commit and not self.env["ir.cron"]._commit_progress(len(ids)):
                break
        if not dry_run:
            self.env["ar.outreach"]._trigger_mail_queue()
        return total

    @api.model
    def _customers_to_run(self, company, today, auto_commit):
        """Return the customers to look at, the longest overdue first; a scheduled run leaves out who is done today.

        Who owes nothing, and owed nothing at the last look, is passed over.
        """
        domain = Domain("company_id", "=", company.id) & (
            Domain("partner_id", "in", self._owing_partners(company).ids)
            | Domain("decision_code", "not in", [codes.NOTHING_DUE])
            | Domain("balance", "!=", 0)
        )
        if auto_commit:
            domain &= Domain("decision_date", "=", False) | Domain("decision_date", "<", today)
        return self.search(domain, order="oldest_due_date, id")

    def _run_batch(self, today):
        """Run the day for these customers of one company, together; one by one when one of them fails."""
        customers = self.try_lock_for_update()
        total = Counter({("locked", ""): len(self) - len(customers)})
        try:
            with self.env.cr.savepoint():
                return total + customers._run_locked(today)
        except Exception:  # whatever it is, it must not stop the others
            _logger.info("A batch of %s customers failed; running them one by one.", len(customers), exc_info=True)
            self.env.invalidate_all(flush=False)
        for customer in customers:
            total += customer._run_alone(today)
        return total

    def _run_alone(self, today):
        """Run the day for one customer; a failure is stored on the customer and goes no further."""
        try:
            with self.env.cr.savepoint():
                return self._run_locked(today)
        except psycopg2.OperationalError:
            self.env.invalidate_all(flush=False)
            return Counter({("locked", ""): 1})  # somebody changed the customer or its message just now: next time
        except Exception as error:
            self.env.invalidate_all(flush=False)
            self._store_run_error(error)
            self.with_context(tracking_disable=True).decision_date = today
            return Counter({("failed", ""): 1})

    def _run_locked(self, today):
        """Facts, decision, action, log: the heart of the nightly run."""
        self._compute_policy_id()
        waiting = self.env["ar.communication"]._waiting(self)
        decided = self._decide(today, Scope(without=frozenset(waiting.ids)))
        self._limit(decided, waiting, today)
        self.env["ar.outreach"]._perform(decided, waiting, today)
        self._store_results(decided, today)
        return self._count(decided)

    def _limit(self, decided, waiting, today):
        """Apply the safe start: nothing is said before activation, and not more than the company's daily number."""
        if self and not self.company_id.ar_active:
            self._exclude(
                decided,
                [customer for customer, verdict in decided.items() if verdict.decision.has_message],
                codes.NOT_ACTIVE,
            )
        elif self.company_id.ar_daily_ramp:
            self._limit_to_ramp(decided, waiting, today)

    @api.model
    def _exclude(self, decided, customers, code):
        """Turn the customers' decisions into silence, in place; the step stays, so that staff see what was due."""
        for customer in customers:
            verdict = decided[customer]
            decided[customer] = replace(verdict, decision=codes.Decision(codes.NO_CONTACT, code, verdict.decision.step))

    def _limit_to_ramp(self, decided, waiting, today):
        """Silence who would exceed the company's number of messages for today; they come tomorrow, oldest first."""
        states = (*CONTACT_STATES, *WAITING_STATES)
        domain = [("company_id", "=", self.company_id.id), ("date", "=", today), ("state", "in", states)]
        left = max(self.company_id.ar_daily_ramp - self.env["ar.communication"].search_count(domain), 0)
        # An e-mail left over from another day is written anew and goes out today; the rest waits for people.
        leftover = waiting.filtered(lambda c: c.channel == "email" and c.state == "planned" and c.date != today)
        settled = (waiting - leftover).customer_id
        fresh = [c for c, verdict in decided.items() if verdict.decision.has_message and c not in settled]
        self._exclude(decided, fresh[left:], codes.DAILY_RAMP)

    def _store_results(self, decided, today):
        """Store on each customer what was found and decided, and what comes next."""
        quiet = self.with_context(tracking_disable=True)
        additions = self._get_run_vals(decided, today)
        for customer in quiet:
            values = {"decision_date": today, "run_error": False, **additions.get(customer.id, {})}
            if customer in decided:
                verdict = decided[customer]
                facts, decision = verdict.facts, verdict.decision
                if facts.contacts:
                    values["last_contact_date"] = max(facts.contacts)
                ahead = customer._next_contact_vals(verdict, today)
                values.update(self.env["ar.facts"]._balance_of(facts, today), decision_code=decision.code, **ahead)
                if decision.has_message and decision.step.days > 0 and not ahead["next_date"]:
                    customer._announce_last_step(decision)
            customer.write(values)

    def _get_run_vals(self, decided, today):
        """Return {customer id: more values to store}, on the facts of the run; later domains add theirs by overriding.

        :param decided: {customer: Verdict}
        """
        return {}

    # === SUMMARY === #

    def _decide_counts(self, today):
        """Decide without writing anything; return the counts."""
        waiting = self.env["ar.communication"]._waiting(self)
        return self._count(self._decide(today, Scope(without=frozenset(waiting.ids))))

    @api.model
    def _count(self, decided):
        """Count decisions as (kind, key) pairs."""
        counts = Counter({("customers", ""): len(decided)})
        for decision in (verdict.decision for verdict in decided.values()):
            if decision.has_message:
                counts["contacted", decision.step.step_id] += 1
                counts["review", ""] += decision.action == codes.REVIEW
            else:
                counts["no_contact", decision.code] += 1
        return counts

    @api.model
    def _run_summary(self, today, total):
        """Return the counts as a dict that reads as a sentence about the day."""
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
