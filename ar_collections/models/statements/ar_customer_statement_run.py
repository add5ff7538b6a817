from collections import Counter
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from ...const import WAITING_STATES
from ...core import decision as codes
from ...core.statements.contents import BALANCE, EITHER, statement_code

#: For so many days since the first attempt the statements of a scheduled day are tried for those for whom they failed.
DAYS_TO_TRY = 3


class ArCustomerStatementRun(models.Model):
    """The nightly step of statements: what a policy's schedule says, once for each customer and scheduled day."""

    _inherit = "ar.customer.statement"

    @api.model
    def _prepare_company(self, company, today, auto_commit=False):
        """Step of the nightly run: prepare the statements whose scheduled day has come, for each policy.

        It comes after the reminders of the day, so that a statement takes no reminder's place. A day that was missed is
        caught up once. While collections are not active, scheduled days pass without statements.

        :param date today: the company's date
        :param bool auto_commit: commit batch after batch, as a scheduled action does
        :return: False where the time ran out
        """
        for policy in company.ar_policy_ids.filtered("statement_frequency"):
            day = policy._get_statement_schedule().due_day(today, policy.statement_done_for or None)
            if day and not self._prepare_policy(policy, day, today, auto_commit):
                return False
        return True

    @api.model
    def _prepare_policy(self, policy, day, today, auto_commit):
        """Prepare the statements of a policy for a scheduled day; what was locked or failed is tried again later.

        :return: False where the time ran out
        """
        company, missed = policy.company_id, self.env["ar.customer"]
        if company.ar_active:
            run = self.env["ar.nightly"]._batch_run(company, "statements", auto_commit)
            run.over_records(
                self._find_customers(policy, day), lambda batch: self._prepare_scheduled(batch, policy, today, day)
            )
            if not run.result.finished:
                return False
            missed = self._find_customers(policy, day)
        policy = policy.sudo()  # no role writes how far the statements are
        before = policy.statement_missed or {}
        since = before.get("since", today.isoformat()) if before.get("day") == day.isoformat() else today.isoformat()
        if missed and (today - date.fromisoformat(since)).days < DAYS_TO_TRY:
            policy.statement_missed = {"day": day.isoformat(), "since": since, "customer_ids": missed.ids}
        else:
            policy.write({"statement_done_for": day, "statement_missed": False})
            policy._report_given_up(day, missed)
        return True

    @api.model
    def _find_customers(self, policy, day):
        """Return the accounts of the policy of which it is still to be decided whether they get a statement.

        Who has a payer that gets statements on a schedule is in the payer's, unless the account says otherwise. A payer
        that is archived or excluded gets none; for other payers without a statement see `_prepare`.
        After the first night these are those that were locked or failed: what others owe by now is of the next day.

        :param date day: the scheduled day
        :return: `ar.customer` recordset
        """
        self.env.flush_all()
        missed = policy.statement_missed or {}
        is_again = missed.get("day") == day.isoformat()
        query = SQL(
            """
            SELECT account.id
              FROM ar_customer account
              JOIN res_partner partner ON partner.id = account.partner_id AND partner.active
             WHERE account.policy_id = %(policy)s AND account.company_id = %(company)s AND account.active
               AND (account.own_statements OR NOT EXISTS (
                       SELECT FROM ar_customer payer
                         JOIN ar_credit_policy rule ON rule.id = payer.policy_id
                         JOIN res_partner head ON head.id = payer.partner_id AND head.active
                        WHERE payer.id = account.payer_id AND payer.active AND payer.excluded IS NOT TRUE
                          AND rule.statement_frequency IS NOT NULL))
               AND account.statement_checked_for IS DISTINCT FROM %(day)s
               AND (NOT %(is_again)s OR account.id = ANY(%(missed)s::int[]))
               AND NOT EXISTS (SELECT FROM ar_customer_statement statement
                                WHERE statement.customer_id = account.id AND statement.scheduled_for = %(day)s)
               AND EXISTS (SELECT FROM ar_customer owner
                             JOIN res_partner debtor ON debtor.commercial_partner_id = owner.partner_id
                             JOIN account_move_line line ON line.partner_id = debtor.id
                            WHERE (owner.id = account.id OR owner.payer_id = account.id AND owner.active)
                              AND line.company_id = %(company)s AND line.parent_state = 'posted'
                              AND line.account_id = ANY(%(accounts)s)
                              AND (line.reconciled IS NOT TRUE OR %(has_movements)s))
          ORDER BY account.id
            """,
            policy=policy.id,
            company=policy.company_id.id,
            day=day,
            is_again=is_again,
            missed=missed.get("customer_ids", []),
            accounts=self.env["ar.facts"]._get_receivable_account_ids(policy.company_id),
            has_movements=policy.statement_audience != BALANCE,
        )
        return self.env["ar.customer"].browse(number for (number,) in self.env.execute_query(query))

    @api.model
    def _prepare_scheduled(self, customers, policy, today, day):
        """Prepare the statements of locked accounts; return how many are left out, because members are locked.

        :param date day: the scheduled day
        :rtype: Counter
        """
        self._prepare(customers, policy, today, scheduled_for=day)
        held = customers.filtered(lambda customer: customer.statement_checked_for != day)
        return Counter({("locked", ""): len(held)})

    @api.model
    def _prepare(self, customers, policy, today, scheduled_for=None):
        """Write and queue the statements of customers of one policy, and note who gets none and why.

        Where a scheduled statement of a payer is left out, those that it pays for get their own of that day. While
        another transaction holds one of them, nothing is noted about the payer, so that both are tried again.

        :param policy: `ar.credit.policy`, may be empty where a person sends statements
        :param date scheduled_for: the day of the schedule; ``None``: a person sends them, whatever was booked since
        :return: the statements, also those that are not sent
        """
        facts = self._gather_group(customers, today)
        since = self._read_since(customers, policy, scheduled_for or today)
        reasons = self._decide(customers, policy, today, facts, since, is_scheduled=bool(scheduled_for))
        alone = customers.browse()
        if scheduled_for:
            alone, held = self._lock_left_alone(reasons, scheduled_for)
            customers -= held
            reasons = {customer: reason for customer, reason in reasons.items() if customer not in held}
        last_day = today - timedelta(days=1)
        common = {"policy_id": policy.id, "kind": policy.statement_kind or "open", "day": today, "last_day": last_day}
        statements = self.sudo().create(  # users have no create access to what was sent
            [
                {
                    **common,
                    "customer_id": customer.id,
                    "scheduled_for": scheduled_for,
                    "first_day": min(since[customer.id], last_day),
                    "read_on": self.env.cr.now(),
                    "state": "left_out" if reason else "prepared",
                    "reason": reason,
                }
                for customer, reason in reasons.items()
                if reason != codes.NOTHING_DUE
            ]
        )
        prepared = statements.filtered(lambda statement: statement.state == "prepared")
        prepared._replace_waiting()
        prepared._send(facts, is_manual=not scheduled_for)
        if scheduled_for:
            customers.sudo().statement_checked_for = scheduled_for  # as above
        if alone:
            statements |= self._prepare(alone, policy, today, scheduled_for)
        return statements

    @api.model
    def _decide(self, customers, policy, today, facts, since, *, is_scheduled):
        """Return {customer: why it gets no statement, or None}; see `_prepare` and `statement_code`."""
        audience = policy.statement_audience if is_scheduled else EITHER
        members = customers._read_statement_members()
        moved, moved_members = set(customers.ids), set()  # of members, a person sends what is open
        if is_scheduled:
            days = {member.id: since[payer.id] for payer, group in members.items() for member in group}
            contents, may_move = self.env["ar.statement.contents"], audience != BALANCE
            moved = contents._read_moved(customers, since) if may_move else set()
            # Since the payer's statement before, also where a member has statements of its own.
            moved_members = contents._read_moved(customers.browse(days), days) if may_move and days else set()
        reasons = {
            customer: self._get_code(
                facts,
                customer,
                members[customer],
                today,
                audience,
                moved & {customer.id} | moved_members - {customer.id},
            )
            for customer in customers
        }
        told = customers.filtered(lambda customer: reasons[customer] != codes.NOTHING_DUE)
        recipients = self.env["ar.facts"]._read_recipients(told)
        for customer in told:
            if not reasons[customer] and not any(row["usable"] for row in recipients[customer.id]):
                reasons[customer] = codes.NO_ADDRESS
        return reasons

    @api.model
    def _get_code(self, facts, customer, members, today, audience, moved):
        """Return why a customer gets no statement of its group, ``None``: it gets one; see `statement_code`.

        :param members: the accounts that it pays for
        :param moved: ids of those of these accounts for which anything was booked since the statement before
        """
        lists_others = any(
            not statement_code(facts[member.id], today, audience, has_moved=member.id in moved) for member in members
        )
        has_moved = customer.id in moved
        return statement_code(facts[customer.id], today, audience, has_moved=has_moved, lists_others=lists_others)

    def _replace_waiting(self):
        """Cancel what still waits of earlier statements to these customers: the new ones cover it."""
        waiting = self.search(
            [
                ("customer_id", "in", self.customer_id.ids),
                ("state", "=", "prepared"),
                ("communication_id.state", "in", WAITING_STATES),
                ("id", "not in", self.ids),
            ]
        )
        replaced = waiting.communication_id._cancel("outdated")
        waiting.filtered(lambda statement: statement.communication_id in replaced).write(
            {"state": "left_out", "reason": "outdated"}
        )

    def _read_contents(self, facts=None):
        """Override to read the open items, and the movements of statements that show them."""
        customers, today = self.customer_id, self.company_id._ar_today()
        facts = facts or self._gather_facts()
        members = customers._read_statement_members()
        shown = {
            customer.id: [
                member for member in group if not statement_code(facts[member.id], today, EITHER, has_moved=False)
            ]
            for customer, group in members.items()
        }
        activity = self.filtered(lambda statement: statement.kind == "activity")
        last_day = today - timedelta(days=1)
        periods = {each.customer_id.id: (each.first_day, last_day) for each in activity}
        contents = self.env["ar.statement.contents"]
        found = contents._read_contents(customers, today, facts, periods, shown)
        return {statement: found[statement.customer_id.id] for statement in self}

    def _gather_facts(self):
        """Override to read those of the customers that the statements list, too."""
        return self._gather_group(self.customer_id, self.company_id._ar_today())

    @api.model
    def _read_since(self, customers, policy, day):
        """Return {customer id: the first day that no statement covers which the customer got}.

        Where none arrived, it is the first day of the earliest that should have; without one, the scheduled day before,
        for a statement that a person sends a month ago.
        """
        schedule = policy._get_statement_schedule() if policy else None
        first = schedule.previous_day(day) if schedule else day - relativedelta(months=1)
        self.flush_model()
        self.env["ar.communication"].flush_model(["state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT statement.customer_id,
                       COALESCE(MAX(statement.last_day + 1) FILTER (WHERE message.state = 'sent'),
                                MIN(statement.first_day))
                  FROM ar_customer_statement statement
                  JOIN ar_communication message ON message.id = statement.communication_id
                 WHERE statement.customer_id = ANY(%s) GROUP BY statement.customer_id
                """,
                customers.ids,
            )
        )
        return {**dict.fromkeys(customers.ids, first), **dict(rows)}

    # === BEFORE DELIVERY === #

    def _find_reason(self):
        """Override to decide anew whether the customer gets a statement."""
        self.ensure_one()
        today, facts = self.company_id._ar_today(), self._gather_facts()
        policy = self.policy_id
        audience = policy.statement_audience if policy and self.scheduled_for else EITHER
        members = self.customer_id._read_statement_members()[self.customer_id]
        # What was booked since the statement before was found when the statement was prepared.
        moved = set((self.customer_id | members).ids) if audience != BALANCE else set()
        return self._get_code(facts, self.customer_id, members, today, audience, moved)

    def _get_renewed_vals(self, today):
        """Override to let the period end later, too."""
        values = {"last_day": today - timedelta(days=1), "read_on": self.env.cr.now()}
        return {**super()._get_renewed_vals(today), **values}
