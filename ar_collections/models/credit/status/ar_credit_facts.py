from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ....core import decision as codes
from ....core.credit.rules import (
    BROKEN_PLAN,
    BROKEN_PROMISE,
    NOT_INSURED,
    OVERDUE,
    RETURNED_PAYMENT,
    RISK_CLASS,
    TERMS_TOO_LONG,
    UNREADABLE,
    Broken,
    Event,
    OverdueItem,
)
from ....core.facts import ITEMS_ONLY
from ....core.money import ZERO, proportion
from ...customers.nightly.batch_run import CONFLICTS
from ...customers.sql import pg_array

#: Why (a part of) an item is never overdue: it is no debt, money for it is on its way, the customer could not know, or
#: we do not want it to be paid now.
NEVER_OVERDUE = frozenset(
    (
        codes.OUR_PAYMENT, codes.SMALL_DIFFERENCE, codes.PAYMENT_PENDING, codes.RECENTLY_ENTERED, codes.AUTOPAY_AGREED,
        codes.PAYMENT_BLOCKED,
    )
)  # fmt: skip


#: After so many accounts in a row that fail alike the cause is not the account.
SAME_FAILURES = 3


class OpenFacts(NamedTuple):
    """What the open items of a customer tell."""

    overdue: tuple[OverdueItem, ...] = ()
    receivables: Decimal = ZERO
    credits: Decimal = ZERO


class ArCreditFacts(models.AbstractModel):
    """Reads the facts that the rules of credit policies need, set-based, besides limits and exposures.

    Only what a rule of these customers' policies asks for is read. What cannot be read breaks the rules that need it,
    and nothing else: a broken rule holds nobody.
    """

    _name = "ar.credit.facts"
    _description = "Facts for Credit Rules"

    @api.model
    def _get_readers(self):
        """Return [(rules, method)]: the method is called where one of the rules is in a policy.

        It takes the accounts, the date and the rules in question, and returns {account: {field of `CreditFacts`:
        value}}; events of several methods are added up. Extension point: an override adds events, such as chargebacks.
        """
        return [
            ((OVERDUE,), "_read_items"),
            ((NOT_INSURED,), "_read_gaps"),
            ((BROKEN_PROMISE,), "_read_promises"),
            ((BROKEN_PLAN,), "_read_plans"),
            ((RETURNED_PAYMENT,), "_read_returned"),
            ((RISK_CLASS, TERMS_TOO_LONG), "_read_classes"),
            ((TERMS_TOO_LONG,), "_read_terms"),
        ]

    @api.model
    def _read(self, accounts, today, used):
        """Return {account: {field of `core.credit.rules.CreditFacts`: value}}.

        :param accounts: `ar.customer` of one root company, in superuser mode
        :param date today: the company's date
        :param used: codes of the rules of their policies
        """
        self.env.flush_all()
        values = {account: {"events": (), "broken": ()} for account in accounts}
        for concerned, method in self._get_readers():
            needed = used & set(concerned)
            if not needed or not accounts:
                continue
            found = self._read_safely(method, accounts, today, needed)
            for account, own in found.items():
                for name, value in own.items():
                    before = values[account].get(name)
                    values[account][name] = before + value if name in ("events", "broken") else value
        return values

    @api.model
    def _read_safely(self, method, accounts, today, needed):
        """Return what a reader finds; where it fails, its rules are broken for the accounts that it fails for.

        After some failures in a row the cause is not the account, and the rest is not tried.
        """
        try:
            # Nothing is written; a flush here would do what the flow of a document has left for its end.
            with self.env.cr.savepoint(flush=False):
                return getattr(self, method)(accounts, today, needed)
        except CONFLICTS:
            raise
        except Exception as error:  # whatever it is, it stops no document
            self.env.invalidate_all(flush=False)
            broken = tuple(Broken(code, UNREADABLE, f"{type(error).__name__}: {error}") for code in sorted(needed))
            found = dict.fromkeys(accounts, {"broken": broken})
        failures = 0
        for account in accounts if len(accounts) > 1 else ():
            own = self._read_safely(method, account, today, needed)
            failures = failures + 1 if own.get(account) == found[account] else 0
            found |= own
            if failures == SAME_FAILURES:
                break
        return found

    # === OPEN ITEMS === #

    @api.model
    def _read_items(self, accounts, today, needed):
        """Return what is overdue, receivables and credits."""
        items = defaultdict(OpenFacts)
        for company in self.env["ar.facts"]._get_branches(accounts.company_id):
            for partner_id, found in self._read_company(accounts, company, today).items():
                items[partner_id] = OpenFacts(*(old + new for old, new in zip(items[partner_id], found, strict=True)))
        return {
            account: {
                "overdue": items[account.partner_id.id].overdue,
                "receivables": items[account.partner_id.id].receivables,
                "credits": max(items[account.partner_id.id].credits, ZERO),
            }
            for account in accounts
        }

    @api.model
    def _read_gaps(self, accounts, today, needed):
        """Return why insurances do not cover further deliveries."""
        gaps = self.env["ar.credit.insurance"]._read_gaps(accounts, today)
        return {account: {"gaps": tuple(found)} for account, found in gaps.items()}

    @api.model
    def _read_company(self, accounts, company, today):
        """Return {partner id: OpenFacts} of the items in one company of the root."""
        facts = self.env["ar.facts"]
        owners = accounts
        if company != accounts.company_id:
            domain = [("company_id", "=", company.id), ("partner_id", "in", accounts.partner_id.ids)]
            owners = accounts.with_context(active_test=False).search(domain)
        policies = {account.partner_id.id: account.policy_id for account in accounts}
        lines = facts._read_open_lines(company, owners.partner_id.ids) if owners else []
        if not lines:
            return {}
        exclusions = facts._read_exclusions(owners, lines, today, ITEMS_ONLY)
        _registered, paid_back, paid_on = facts._exclude_registered_payments(owners, lines, today, exclusions)
        facts._exclude_rests(owners, lines, exclusions, paid_on)
        found = defaultdict(list)
        for line in lines:
            found[line.partner_id].append(line)
        return {
            partner_id: self._get_open_facts(own, exclusions, policies[partner_id], today)
            for partner_id, own in found.items()
        }

    @api.model
    def _get_open_facts(self, lines, exclusions, policy, today):
        """Return the `OpenFacts` of one customer; what we paid to it takes away its credits, and is no debt.

        :param lines: its open lines
        """
        left_out = NEVER_OVERDUE
        if not policy.overdue_disputed:
            left_out |= {codes.DISPUTED}
        if not policy.overdue_promised:
            left_out |= {codes.PROMISE_OPEN, codes.PAYMENT_REPORTED, codes.PLAN_ACTIVE}
        overdue, receivables, credits = [], ZERO, ZERO
        for line in lines:
            if line.residual_currency <= 0 or line.is_our_payment:
                credits -= line.residual
                continue
            receivables += line.residual
            if line.due_date < today:
                excluded = sum((x.amount for x in exclusions.get(line.line_id, ()) if x.code in left_out), ZERO)
                rest = max(line.residual_currency - excluded, ZERO)
                amount = proportion(line.residual, rest, line.residual_currency)
                if amount > 0:
                    overdue.append(OverdueItem((today - line.due_date).days, amount))
        return OpenFacts(tuple(overdue), receivables, credits)

    # === EVENTS === #

    @api.model
    def _read_promises(self, accounts, today, _needed):
        """Return the promises that were broken, each on the day it was judged."""
        query = SQL("SELECT customer_id, ended_on FROM ar_promise WHERE state = 'broken' AND ended_on IS NOT NULL")
        return self._get_events(accounts, BROKEN_PROMISE, query)

    @api.model
    def _read_plans(self, accounts, today, _needed):
        """Return the payment plans that were broken, each on the day it ended."""
        query = SQL("SELECT customer_id, ended_on FROM ar_payment_plan WHERE state = 'broken' AND ended_on IS NOT NULL")
        return self._get_events(accounts, BROKEN_PLAN, query)

    @api.model
    def _read_returned(self, accounts, today, _needed):
        """Return the payments that came back; one that had settled several invoices is one."""
        query = SQL(
            """
            SELECT DISTINCT customer_id, date, COALESCE(counterpart_move_id::text, payment, id::text)
              FROM ar_returned_payment
             WHERE state = 'returned' AND is_credit IS NOT TRUE
            """
        )
        return self._get_events(accounts, RETURNED_PAYMENT, query)

    @api.model
    def _get_events(self, accounts, code, query):
        """Return {account: {"events": (Event, …)}} of the customers' accounts in all companies of the root.

        :param query: of rows that begin with the id of an account, and a day
        """
        companies = self.env["ar.facts"]._get_branches(accounts.company_id)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT owner.partner_id, event.*
                  FROM (%(query)s) event
                  JOIN ar_customer owner ON owner.id = event.customer_id
                 WHERE owner.partner_id = ANY(%(partners)s::int[]) AND owner.company_id = ANY(%(companies)s)
              ORDER BY 3
                """,
                query=query,
                partners=pg_array(accounts.partner_id.ids),
                companies=companies.ids,
            )
        )
        events = defaultdict(tuple)
        for partner_id, _customer_id, day, *_key in rows:
            events[partner_id] += (Event(code, day),)
        return {account: {"events": events[account.partner_id.id]} for account in accounts}

    # === CLASS AND TERMS === #

    @api.model
    def _read_classes(self, accounts, today, _needed):
        """Return the risk classes; that of newcomers for those whom no nightly run has scored yet."""
        newcomer = None
        if not all(accounts.mapped("risk_class")):
            newcomer = self.env["ar.credit.scoring"]._get_rules_of(accounts.company_id).newcomer_class
        return {account: {"risk_class": account.risk_class or newcomer} for account in accounts}

    @api.model
    def _read_terms(self, accounts, today, _needed):
        """Return the number of days that the customers' payment terms give; ``None`` where there are none."""
        company = accounts.company_id
        partners = accounts.partner_id.with_company(company)
        days = {term: term._ar_get_days(today) for term in partners.property_payment_term_id}
        return {
            account: {"terms_days": days.get(account.partner_id.with_company(company).property_payment_term_id)}
            for account in accounts
        }
