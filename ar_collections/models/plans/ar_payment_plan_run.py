import datetime
from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...core.agreements.settlement import (
    Settlement,
    contested_part,
    open_part,
    settled_of_part,
    with_rest,
)
from ...core.money import ZERO
from ...core.plans.plan import BreachRules, judge
from ..customers.sql import pg_array

#: For this long after a plan broke, it is judged again: a payment made in time may be booked late.
BOOKED_LATE = datetime.timedelta(days=92)


class ArPaymentPlanRun(models.Model):
    """The nightly judgement of plans, each time anew from the ledger, so that a reversed payment reopens a plan."""

    _inherit = "ar.payment.plan"

    @api.model
    def _advance_company(self, company, today, auto_commit=False):
        """Step of the nightly run: judge the company's plans; those that were judged today are left out.

        :param date today: the company's date
        :param bool auto_commit: commit batch after batch, as a scheduled action does
        :return: False where the time ran out
        """
        domain = self._get_judging_domain(company, today)
        run = self.env["ar.nightly"]._batch_run(company, "plans", auto_commit)
        return run.over_records(
            self.search(domain, order="id"),
            lambda plans: plans._advance(today),
            due=lambda plans: plans.filtered_domain(domain),
        ).finished

    @api.model
    def _get_judging_domain(self, company, today):
        """Return the domain of the plans to judge today.

        These are active plans; proposals, whose first date may pass; plans that broke recently, because a payment
        made in time may be booked late; and completed plans with an item that is open again. Active plans with an
        invoice that is reset to draft are left out.
        """
        waits = Domain("state", "=", "active") & Domain("line_ids.move_id.state", "=", "draft")
        late = Domain("state", "=", "broken") & Domain("ended_on", ">=", today - BOOKED_LATE)
        return (
            Domain("company_id", "=", company.id)
            & (Domain("judged_on", "=", False) | Domain("judged_on", "<", today))
            & (Domain("state", "in", ["active", "proposed"]) | late | Domain("id", "in", self._find_reopened(company)))
            & ~waits
        )

    @api.model
    def _find_reopened(self, company):
        """Return the ids of completed plans with parts that are open again, because a payment was reversed."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT plan.id
                  FROM ar_payment_plan plan
                  JOIN ar_payment_plan_line line ON line.plan_id = plan.id
                  JOIN account_move_line item ON item.id = line.move_line_id
                 WHERE plan.company_id = %s AND plan.state = 'completed' AND item.parent_state = 'posted'
                   AND item.amount_residual_currency > 0
                """,
                company.id,
            )
        )
        # Most of these have an item of which only a part was planned: the rest may be open, or credited.
        parts = self.browse([plan_id for (plan_id,) in rows])._read_parts() if rows else ()
        return sorted({plan_id for plan_id, _line, agreed, before, now in parts if now > before - agreed})

    def _advance(self, today):
        """Judge the plans of one company and apply the verdicts; idempotent as long as the ledger does not change."""
        self.env.flush_all()
        judgements = self.filtered(lambda plan: plan.state != "proposed")._get_judgements(today)
        moved = defaultdict(self.browse)
        for plan in self:
            if plan.state == "proposed":
                verdict = "expired" if plan.installment_ids[:1].date < today else None
            else:
                verdict = plan._get_verdict(judgements[plan])
                plan._store_missed(judgements[plan], today)
            if verdict:
                moved[verdict] |= plan
        for verdict, plans in moved.items():
            getattr(plans, f"_become_{verdict}")(today)
        self.with_context(tracking_disable=True).write({"judged_on": today})

    def _get_judgements(self, today):
        """Return {plan: core.plans.plan.Judgement} on that day by the present ledger.

        Of active plans, what is disputed or blocked is not due, and what payments cover that are not booked yet is not
        missed.
        """
        active = self.filtered(lambda plan: plan.state == "active")
        settlements, contested = self._read_settlements(), active._read_contested(today)
        judgements = {plan: plan._judge(today, settlements[plan.id], contested[plan.id]) for plan in self}
        failing = active.filtered(lambda plan: not set(judgements[plan].missed).issubset(plan._get_missed_before()))
        for plan_id, expected in failing._read_expected(today).items():
            plan = self.browse(plan_id)
            judgements[plan] = plan._judge(today, settlements[plan_id], contested[plan_id], expected)
        return judgements

    def _judge(self, today, settlements, contested, expected=ZERO):
        """Return the judgement of the plan, see `core.plans.plan.judge`."""
        self.ensure_one()
        rules, missed_before = self._get_breach_rules(), self._get_missed_before()
        return judge(self._get_schedule(), settlements, today, rules, contested, expected, missed_before)

    def _get_missed_before(self):
        """Return the numbers of the installments that are marked as missed."""
        return self.installment_ids.filtered("missed_on").mapped("number")

    def _find_broken(self, today):
        """Return the ids of those active plans that are broken on that day by the present ledger; nothing is stored."""
        judgements = self._get_judgements(today)
        return [plan.id for plan, judgement in judgements.items() if plan._get_verdict(judgement) == "broken"]

    def _get_breach_rules(self):
        """Return the rules by which the plan is judged, as the customer accepted them.

        :rtype: core.plans.plan.BreachRules
        """
        self.ensure_one()
        return BreachRules(self.grace_days, self.missed_max, self.forgiven_until or None, self.reopened_on or None)

    def _get_verdict(self, judgement):
        """Return the verdict that changes the plan's state: completed, broken, reopened, revived, or ``None``.

        :param judgement: core.plans.plan.Judgement
        """
        breach_rules = self._get_breach_rules()
        state = judgement.state(breach_rules)
        if self.state == "active":
            return state if state != "active" else None
        if self.state == "completed":
            return "reopened" if judgement.left else None
        # Broken: stays so, unless the ledger now shows that installments had been paid in time.
        is_mended = len(judgement.missed) < self.missed_count and not judgement.is_breach(breach_rules)
        return "revived" if is_mended else None

    # === SETTLEMENTS === #

    def _read_settlements(self):
        """Return {plan id: [Settlement]}: what was settled on each plan's parts of its items since it became active.

        Amounts are in the plan's currency. An item that is not posted any more counts as settled in full on the day
        of the activation. A small difference that payments left counts as settled with the last of them.
        """
        self.env["account.partial.reconcile"].flush_model()
        rows = self._read_item_rows()
        partials = self.env["ar.facts"]._read_settlements([line_id for _plan, line_id, *_rest in rows if line_id])
        settlements = defaultdict(list)
        parts = [(row[1], *map(Decimal, row[4:7])) for row in rows]
        small = self.env["ar.facts"]._read_small_rests([(row[1], *map(Decimal, (row[5], row[-1]))) for row in rows])
        credits = self.env["ar.facts"]._read_credited_outside(parts)
        for (plan_id, line_id, since, state, *_amounts, now), part, credited in zip(rows, parts, credits, strict=True):
            _line, agreed, before, _known = part
            if state != "posted":  # canceled or deleted: no debt any more
                settlements[plan_id].append(Settlement(since, agreed))
                continue
            found, left = partials.get(line_id, ()), Decimal(now)
            if line_id in small:
                found, left = with_rest(found, left), ZERO
            # What was written off is not missed either: it counts as the others.
            settled = settled_of_part(agreed, before, left, found, credited)
            settlements[plan_id] += [Settlement(one.day, one.amount) for one in settled]
        return settlements

    def _read_contested(self, today):
        """Return {plan id: how much of it is disputed or blocked and cannot be demanded today}, in its currency.

        :rtype: defaultdict[int, Decimal]
        """
        contested = defaultdict(Decimal)
        disputed = self.env["ar.facts"]._read_disputed(self.line_ids.move_line_id.ids, today) if self else {}
        if not disputed:
            return contested
        for plan_id, line_id, agreed, before, residual in self._read_parts():
            left = open_part(agreed, before, residual)
            contested[plan_id] += contested_part(left, residual, disputed.get(line_id, ZERO))
        return contested

    def _read_expected(self, today):
        """Return {plan id: how much payments will settle that are not booked yet, or reported}, in its currency.

        :rtype: defaultdict[int, Decimal]
        """
        expected = defaultdict(Decimal)
        found = self.env["ar.facts"]._read_expected_of_plans(set(self.line_ids.move_line_id.ids), today) if self else {}
        for plan_id, line_id, agreed, before, residual in self._read_parts() if found else ():
            left = residual - min(found.get(line_id, ZERO), residual)
            expected[plan_id] += open_part(agreed, before, residual) - open_part(agreed, before, left)
        return expected

    def _read_parts(self):
        """Return [(plan id, journal item id, agreed amount, residual when it was agreed, residual now)].

        Amounts are in the plan's currency; the first residual is without what was credited outside of the plan.
        """
        rows = self._read_item_rows()
        parts = [(row[1], *map(Decimal, row[4:7])) for row in rows]
        credits = self.env["ar.facts"]._read_credited_outside(parts)
        return [
            (row[0], line_id, agreed, before - credited, Decimal(row[-1]) if row[3] == "posted" else ZERO)
            for row, (line_id, agreed, before, _known), credited in zip(rows, parts, credits, strict=True)
        ]

    def _read_item_rows(self):
        """Return the rows of the items, with amounts as text, in the item's currency.

        :return: [(plan id, journal item id, active since, state, amount, residual before, credited before,
            residual now)]
        """
        return self.env.execute_query(
            SQL(
                """
                SELECT plan.id, item.id, plan.activated_on, item.parent_state,
                       line.amount::text, line.residual_before::text,
                       COALESCE(line.credited_before, 0)::text, COALESCE(item.amount_residual_currency, 0)::text
                  FROM ar_payment_plan plan
                  JOIN ar_payment_plan_line line ON line.plan_id = plan.id
             LEFT JOIN account_move_line item ON item.id = line.move_line_id
                 WHERE plan.id = ANY(%s::int[])
                """,
                pg_array(self.ids),
            )
        )
