import datetime
from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ...core import decision as codes
from ...core.agreements.settlement import contested_part, open_part, settled_since, with_rest, without_credits
from ...core.facts import Exclusion
from ...core.money import ZERO
from ...core.promises.judgement import NOT_KEPT, PromisedPart
from ..customers.sql import pg_array


class PromiseBook(NamedTuple):
    """One item of a promise with what was paid on it according to the ledger, in the item's currency."""

    line_id: int
    part: PromisedPart
    #: The unpaid rest of the promised amount.
    left: Decimal
    #: The residual of the whole item.
    residual: Decimal


class ArFacts(models.AbstractModel):
    """Promises in the customer's facts: promised amounts are excluded from reminders until the promise is judged."""

    _inherit = "ar.facts"

    def _read_exclusions(self, customers, lines, today, scope):
        """Override to exclude the promised amounts of open promises until their deadline.

        After it they are excluded until they are judged, unless the decision is about a day on which they will be.
        """
        exclusions = super()._read_exclusions(customers, lines, today, scope)
        is_open = SQL("agreement.state = 'open'")
        for line_id, left, _state, deadline in self._read_held(
            self.env["ar.promise.line"], lines, is_open, "date_deadline"
        ):
            last_day = deadline if scope.is_judged else max(deadline, today)
            until = last_day + datetime.timedelta(days=1)
            if today < until:
                exclusions[line_id].append(Exclusion(codes.PROMISE_OPEN, left, until))
        return exclusions

    def _read_resumed(self, customers, lines, today, is_judged=False):
        """Override to resume items of promises that were not kept or were withdrawn, from the day the promise ended.

        One whose deadline has passed counts as not kept from the day after, as the run of that day will judge it.
        """
        resumed = super()._read_resumed(customers, lines, today, is_judged)
        parts, failed = self.env["ar.promise.line"], ("partly", "broken", "withdrawn")
        self._resume_failed(resumed, parts, lines, failed, "date_deadline", today)
        return resumed

    @api.model
    def _select_versions(self, left_out):
        """Override to add the promises about the items, with their lines."""
        return [*super()._select_versions(left_out), self._select_agreement_versions(self.env["ar.promise.line"])]

    def _read_contacts(self, customers, today, scope):
        """Override to add the notices that promises were not kept, as the run after their deadline will send them."""
        contacts, automatic_today = super()._read_contacts(customers, today, scope)
        if not scope.is_judged:
            return contacts, automatic_today
        rows = self.env.execute_query(
            SQL(
                """
                SELECT customer_id, MAX(date_deadline) + 1
                  FROM ar_promise
                 WHERE customer_id = ANY(%s::int[]) AND state = 'open' AND date_deadline < %s
              GROUP BY customer_id
                """,
                pg_array(customers.ids),
                today,
            )
        )
        rules = customers.browse([customer_id for customer_id, _day in rows])._get_rules(today) if rows else {}
        for customer_id, day in rows:
            if customer_id in rules:
                day = rules[customer_id].calendar.next_workday(day)
            contacts[customer_id].append(day)
            if day >= today:
                automatic_today.add(customer_id)
        return contacts, automatic_today

    @api.model
    def _read_promise_books(self, promises):
        """Return {promise id: its items with what was paid on them}; items that are not posted any more are left out.

        A small difference that payments left counts as settled.

        :rtype: dict[int, list[PromiseBook]]
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.promise_id, item.id, line.amount::text, line.residual_before::text,
                       COALESCE(line.credited_before, 0)::text, item.amount_residual_currency::text
                  FROM ar_promise_line line
                  JOIN account_move_line item ON item.id = line.move_line_id
                 WHERE line.promise_id = ANY(%s::int[]) AND item.parent_state = 'posted'
              ORDER BY line.promise_id, line.id
                """,
                pg_array(promises.ids),
            )
        )
        settlements = self._read_settlements([line_id for _promise, line_id, *_amounts in rows])
        small = self._read_small_rests([(row[1], Decimal(row[3]), Decimal(row[-1])) for row in rows])
        contested = self._read_contested_promises(promises)
        books = defaultdict(list)
        parts = [(line_id, *map(Decimal, amounts[:3])) for _promise, line_id, *amounts in rows]
        for row, part, credited in zip(rows, parts, self._read_credited_outside(parts), strict=True):
            (line_id, promised, before, _credited_before), now = part, Decimal(row[-1])
            excluded = contested_part(promised, before, contested.get((row[0], line_id), ZERO))
            before -= credited
            found = settlements.get(line_id, ())
            if line_id in small:
                found, now = with_rest(found, now), ZERO
            settled = settled_since(before, now, without_credits(found, credited))
            left = open_part(promised, before, now)
            books[row[0]].append(PromiseBook(line_id, PromisedPart(promised, settled, excluded), left, now))
        return books

    @api.model
    def _read_contested_promises(self, promises):
        """Return {(promise id, line id): amount that the customer contests today, or that was granted}.

        A dispute that is raised after a promise was not kept does not mend it.
        """
        contested = {}
        judged = promises.filtered(lambda promise: promise.state not in NOT_KEPT)
        for company, group in judged.grouped("company_id").items():
            found = self._read_contested(group.line_ids.move_line_id.ids, company._ar_today())
            contested.update(
                {
                    (line.promise_id.id, line.move_line_id.id): found.get(line.move_line_id.id, ZERO)
                    for line in (group.line_ids if found else ())
                }
            )
        return contested
