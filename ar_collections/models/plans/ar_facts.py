from collections import defaultdict
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ...core import decision as codes
from ...core.agreements.settlement import contested_part, open_part
from ...core.facts import INSTALLMENT, Exclusion, OpenItem
from ...core.money import ZERO, proportion
from ...core.plans.plan import contest, fill
from ..customers.sql import pg_array


class PlanPart(NamedTuple):
    """The part of an item under an active plan; amounts in the item's currency."""

    plan_id: int
    customer_id: int
    #: Residual of the item now, in company currency and in its own; zero where it is not open.
    residual: Decimal
    residual_currency: Decimal
    line_id: int
    amount: Decimal
    #: Residual of the item when the plan became active, less credit notes since then on the rest of the item.
    residual_before: Decimal


class ArFacts(models.AbstractModel):
    """Payment plans in the customer's facts: planned parts are excluded, unpaid installments are items of their own."""

    _inherit = "ar.facts"

    def _read_exclusions(self, customers, lines, today, scope):
        """Override to exclude the parts of items under an active plan."""
        exclusions = super()._read_exclusions(customers, lines, today, scope)
        residuals = {line.line_id: line.residual_currency for line in lines}
        breaking = self._find_breaking(customers, today, scope.is_judged)
        for part in self._read_active_plans(customers, residuals, breaking):
            left = open_part(part.amount, part.residual_before, residuals.get(part.line_id, ZERO))
            if left > 0:
                exclusions[part.line_id].append(Exclusion(codes.PLAN_ACTIVE, left))
        return exclusions

    def _read_resumed(self, customers, lines, today, is_judged=False):
        """Override to add the items of broken and canceled plans: reminders resume at a mild step from that day."""
        resumed = super()._read_resumed(customers, lines, today, is_judged)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.move_line_id, MAX(plan.ended_on)
                  FROM ar_payment_plan plan
                  JOIN ar_payment_plan_line line ON line.plan_id = plan.id
                 WHERE line.move_line_id = ANY(%s::int[]) AND plan.state IN ('broken', 'cancelled')
                   AND plan.ended_on IS NOT NULL
              GROUP BY line.move_line_id
                """,
                pg_array([line.line_id for line in lines]),
            )
        )
        breaking = self.env["ar.payment.plan"].browse(self._find_breaking(customers, today, is_judged))
        rows += [(line_id, today) for line_id in breaking.line_ids.move_line_id.ids]
        for line_id, day in rows:
            resumed[line_id] = max(day, resumed.get(line_id, day))
        return resumed

    def _read_contacts(self, customers, today, scope):
        """Override to add the notices that plans are broken, as the night of that day will send them."""
        contacts, automatic_today = super()._read_contacts(customers, today, scope)
        breaking = self.env["ar.payment.plan"].browse(self._find_breaking(customers, today, scope.is_judged))
        rules = breaking.customer_id._get_rules(today)
        for plan in breaking.filtered(lambda plan: plan.customer_id.id in rules):
            # The notice of a plan that was broken by then went out on the last working day at the latest.
            if not plan._find_broken(rules[plan.customer_id.id].calendar.previous_workday(today)):
                contacts[plan.customer_id.id].append(today)
                automatic_today.add(plan.customer_id.id)
        return contacts, automatic_today

    @api.model
    def _select_versions(self, left_out):
        """Override to add the payment plans of the customers and about the items, with their lines and installments."""
        of_items = self._select_agreement_versions(self.env["ar.payment.plan.line"])
        of_customers = SQL(
            """
            SELECT account.id, %s || COALESCE(%s, '')
              FROM account
              JOIN ar_payment_plan plan ON plan.customer_id = account.id
         LEFT JOIN ar_payment_plan_installment installment ON installment.plan_id = plan.id
            """,
            *map(self._version_of, ("plan", "installment")),
        )
        return [*super()._select_versions(left_out), of_items, of_customers]

    def _find_breaking(self, customers, today, is_judged):
        """Return the ids of active plans that the night of that day will find broken, if nothing is paid until then.

        :param bool is_judged: see `Scope.is_judged`; without it there are none
        """
        if not is_judged:
            return []
        rows = self.env.execute_query(
            SQL(
                """
                SELECT plan.id
                  FROM ar_payment_plan plan
                 WHERE plan.customer_id = ANY(%(customers)s::int[]) AND plan.state = 'active'
                   AND EXISTS (SELECT FROM ar_payment_plan_installment installment
                                WHERE installment.plan_id = plan.id
                                  AND installment.date + plan.grace_days < %(today)s)
                """,
                customers=pg_array(customers.ids),
                today=today,
            )
        )
        plans = self.env["ar.payment.plan"].browse([plan_id for (plan_id,) in rows])
        if plans:
            plans = plans.filtered_domain(plans._get_judging_domain(customers.company_id, today))
        return plans._find_broken(today) if plans else []

    def _read_active_plans(self, customers, line_ids=(), breaking=()):
        """Return the parts of items under active plans: of the customers, and of the items, whoever made the plan.

        :param line_ids: ids of journal items
        :param breaking: ids of plans that are left out
        :rtype: list[PlanPart]
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT plan.id, plan.customer_id, COALESCE(item.amount_residual, 0)::text,
                       COALESCE(item.amount_residual_currency, 0)::text, line.move_line_id, line.amount::text,
                       line.residual_before::text, COALESCE(line.credited_before, 0)::text
                  FROM ar_payment_plan plan
                  JOIN ar_payment_plan_line line ON line.plan_id = plan.id
             LEFT JOIN account_move_line item ON item.id = line.move_line_id
                       AND item.parent_state = 'posted' AND item.reconciled IS NOT TRUE
                 WHERE plan.state = 'active' AND plan.id <> ALL(%s::int[])
                   AND (plan.customer_id = ANY(%s::int[]) OR line.move_line_id = ANY(%s::int[]))
                """,
                pg_array(breaking),
                pg_array(customers.ids),
                pg_array(line_ids),
            )
        )
        parts = [(*row[:2], *map(Decimal, row[2:4]), row[4], *map(Decimal, row[5:])) for row in rows]
        credits = self._read_credited_outside([part[4:] for part in parts])
        return [
            PlanPart(*ids, amount, before - credited)
            for (*ids, amount, before, _known), credited in zip(parts, credits, strict=True)
        ]

    @api.model
    def _read_plan_installments(self, customers, lines, today, without=(), exclusions=None, is_judged=False):
        """Override to return the unpaid installments of active plans.

        :param exclusions: {line id: [Exclusion]} of the plans' items. Pending online payments and reported ones
            exclude the oldest installments, blocked and disputed amounts the last ones.
        :return: {customer id: (OpenItem of kind ``INSTALLMENT``, …)}, oldest first within a plan
        """
        parts = defaultdict(list)
        for part in self._read_active_plans(customers, breaking=self._find_breaking(customers, today, is_judged)):
            parts[part.plan_id].append(part)
        if not parts:
            return {}
        installments = defaultdict(list)
        plans = list(self._read_installment_rows(parts))
        ids = [installment_id for _plan, _currency, rows in plans for installment_id, _day, _amount in rows]
        sent_steps = self._read_sent_steps(ids, without, of="plan_installment_id")
        for plan_id, currency, rows in plans:
            parts[plan_id] = [self._without_small_rest(part, exclusions or {}) for part in parts[plan_id]]
            pending = self._sum_up_pending(parts[plan_id], exclusions or {})
            contested = self._sum_up_contested(parts[plan_id], exclusions or {})
            paid, booked, left = self._sum_up(parts[plan_id])
            reported_until = self._get_reported_until(parts[plan_id], exclusions or {})
            for installment_id, day, unpaid, excluded in self._allocate_to_installments(rows, paid, pending, contested):
                item = OpenItem(
                    installment_id, day, currency, unpaid, proportion(booked, unpaid, left),
                    tuple(sent_steps.get(installment_id, ())),
                    tuple(
                        Exclusion(code, amount, reported_until if code == codes.PAYMENT_REPORTED else None)
                        for code, amount in excluded if amount
                    ),
                    kind=INSTALLMENT,
                )  # fmt: skip
                installments[parts[plan_id][0].customer_id].append(item)
        return {customer_id: tuple(items) for customer_id, items in installments.items()}

    @api.model
    def _allocate_to_installments(self, rows, paid, pending, contested):
        """Yield (installment id, date, unpaid, [(code of an exclusion, part of that)]) of unpaid installments.

        Payments go to the oldest installments, what cannot be demanded to the last ones, because the rest of the plan
        stays due on its dates.

        :param rows: [(installment id, date, amount)], oldest first
        :param Decimal paid: sum of the plan, in its currency
        :param pending, contested: {code: sum of the plan}, as `_sum_up_pending` and `_sum_up_contested`
        """
        amounts = [amount for _id, _day, amount in rows]
        covered = [fill(amounts, total) for total in accumulate(pending.values(), initial=paid)]
        unpaid = [amount - part for amount, part in zip(amounts, covered[-1], strict=True)]
        held = [contest(unpaid, total) for total in accumulate(contested.values(), initial=ZERO)]
        for row, parts, ends in zip(rows, zip(*covered, strict=True), zip(*held, strict=True), strict=True):
            installment_id, day, amount = row
            if amount > parts[0]:
                steps = zip((*pending, *contested), [*pairwise(parts), *pairwise(ends)], strict=True)
                yield installment_id, day, amount - parts[0], [(code, end - start) for code, (start, end) in steps]

    @api.model
    def _without_small_rest(self, part, exclusions):
        """Return the part without what payments left of its item as a small difference: that counts as settled.

        :param PlanPart part: of an active plan
        :param exclusions: {line id: [Exclusion]}
        """
        found = exclusions.get(part.line_id, ())
        small = sum((row.amount for row in found if row.code == codes.SMALL_DIFFERENCE), ZERO)
        if not ZERO < small < part.residual_before:
            return part
        left = max(part.residual_currency - small, ZERO)
        booked = proportion(part.residual, left, part.residual_currency)
        return part._replace(residual=booked, residual_currency=left)

    @api.model
    def _sum_up_pending(self, parts, exclusions):
        """Return {code of `COVERING_CODES`: sum} of payments on a plan's parts that are not booked, in its currency."""
        sums = dict.fromkeys(codes.COVERING_CODES, ZERO)
        for part in parts:
            left = part.residual_currency
            for code in codes.COVERING_CODES:
                amounts = (s.amount for s in exclusions.get(part.line_id, ()) if s.code == code)
                after = left - min(sum(amounts, ZERO), left)
                sums[code] += open_part(part.amount, part.residual_before, left)
                sums[code] -= open_part(part.amount, part.residual_before, after)
                left = after
        return sums

    @api.model
    def _get_reported_until(self, parts, exclusions):
        """Return the day from which no reported payment of the plan is waited for any more; ``None`` without one."""
        found = (s for part in parts for s in exclusions.get(part.line_id, ()) if s.code == codes.PAYMENT_REPORTED)
        return max((s.until for s in found if s.until), default=None)

    @api.model
    def _sum_up_contested(self, parts, exclusions):
        """Return {code: sum of a plan's open parts that cannot be demanded}, in its currency.

        The codes are those of a blocked payment and of a dispute; what is blocked counts as such alone.
        """
        sums = dict.fromkeys((codes.PAYMENT_BLOCKED, codes.DISPUTED), ZERO)
        for part in parts:
            residual, before = part.residual_currency, ZERO
            left = open_part(part.amount, part.residual_before, residual)
            found, total = exclusions.get(part.line_id, ()), ZERO
            for code in sums:
                total += sum((s.amount for s in found if s.code == code), ZERO)
                held = contested_part(left, residual, total)
                sums[code] += held - before
                before = held
        return sums

    @api.model
    def _sum_up(self, parts):
        """Return (paid, left in company currency, left) of a plan, from its items' residuals.

        ``paid`` and the second ``left`` are in the plan's currency.
        """
        paid = booked = left = ZERO
        for part in parts:
            still = open_part(part.amount, part.residual_before, part.residual_currency)
            paid += part.amount - still
            left += still
            booked += proportion(part.residual, still, part.residual_currency) if still else ZERO
        return paid, booked, left

    @api.model
    def _read_installment_rows(self, plan_ids):
        """Yield (plan id, currency name, [(installment id, date, amount)], oldest first)."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT plan.id, currency.name, installment.id, installment.date, installment.amount::text
                  FROM ar_payment_plan_installment installment
                  JOIN ar_payment_plan plan ON plan.id = installment.plan_id
                  JOIN res_currency currency ON currency.id = plan.currency_id
                 WHERE plan.id = ANY(%s::int[])
              ORDER BY plan.id, installment.date, installment.number
                """,
                pg_array(plan_ids),
            )
        )
        by_plan = defaultdict(list)
        for plan_id, currency, installment_id, day, amount in rows:
            by_plan[plan_id, currency].append((installment_id, day, Decimal(amount)))
        for (plan_id, currency), installments in by_plan.items():
            yield plan_id, currency, installments
