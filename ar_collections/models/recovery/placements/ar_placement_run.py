from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ....core.money import ZERO, to_decimal
from ....core.recovery import placement as rules
from ...customers.sql import pg_array


class ArPlacementRun(models.Model):
    """What the ledger says about placements: payments and credits since the hand-over, and the state that follows."""

    _inherit = "ar.placement"

    @api.model
    def _judge_company(self, company, today, auto_commit=False):
        """Step of the nightly run: judge the company's placements; those that were judged today are left out.

        :param date today: the company's date
        :param bool auto_commit: commit batch after batch, as a scheduled action does
        :return: False where the time ran out
        """
        domain = (
            Domain("company_id", "=", company.id)
            & Domain("state", "in", list(rules.HOLDING))
            & (Domain("judged_on", "=", False) | Domain("judged_on", "<", today))
        )
        run = self.env["ar.nightly"]._batch_run(company, "placements", auto_commit)
        return run.over_records(
            self.search(domain, order="id"),
            lambda placements: placements._judge(today),
            due=lambda placements: placements.filtered_domain(domain),
        ).finished

    def action_update(self):
        """Read the payments now, as the nightly run does."""
        for company, placements in self._allowed("collector").grouped("company_id").items():
            placements._judge(company._ar_today())
        return True

    def _judge(self, today):
        """Record what reduced the items since the placement, and set the state that follows."""
        self._record_payments()
        for placement in self:
            left = to_decimal(placement.currency_id.round(placement.amount_left))
            if any(line.move_id.state == "draft" for line in placement.line_ids):
                continue  # the invoice is being corrected; it will be posted again
            owed = placement.line_ids.filtered("move_line_id")  # an invoice may have been posted again with less
            placed = to_decimal(placement.currency_id.round(sum(owed.mapped("amount"))))
            state = rules.judge(placement.state, placed, left)
            if state != placement.state:
                ended = today if state in rules.ENDED else False
                if placement._set_state(state, ended_on=ended):
                    placement._log_state()
        self.filtered(lambda placement: placement.judged_on != today).judged_on = today

    # === PAYMENTS === #

    def _record_payments(self):
        """Update the rows of payments; one that was reversed stays with the amount zero, because it was reported."""
        self.env.flush_all()
        found = self._read_payments()
        rows = {(row.line_id.id, row.counterpart_id.id): row for row in self.payment_ids}
        new = []
        for (line, counterpart), (day, name, amount, is_credit) in found.items():
            row = rows.pop((line.id, counterpart), None)
            if row is None:
                new.append(
                    {
                        "placement_id": line.placement_id.id,
                        "line_id": line.id,
                        "counterpart_id": counterpart,
                        "date": day,
                        "name": name,
                        "amount": float(amount),
                        "is_credit": is_credit,
                    }
                )
            elif row.currency_id.compare_amounts(row.amount, float(amount)):
                row.amount = float(amount)
        gone = self.payment_ids.browse(row.id for row in rows.values()).filtered("amount")
        gone.amount = 0.0
        self.payment_ids.create(new)

    def _read_payments(self):
        """Return {(line, payment's journal item id): (day, document, amount, is a credit)} since the placement.

        What was settled before does not count: of each item the latest settlements that brought its residual down from
        that of the hand-over.
        """
        lines = self.line_ids.filtered("move_line_id")
        by_item = self._read_reconciled(lines.move_line_id.ids)
        found = {}
        for line in lines:
            item = line.move_line_id
            now = to_decimal(item.currency_id.round(item.amount_residual_currency))
            left = to_decimal(line.currency_id.round(line.residual_before)) - now
            for counterpart, day, name, amount, is_credit in by_item[item.id]:
                part = min(amount, left)
                if part > ZERO:
                    found[line, counterpart] = (day, name, part, is_credit)
                    left -= part
        return found

    @api.model
    def _read_reconciled(self, item_ids):
        """Return {journal item id: [(payment's journal item id, day, document, amount, is a credit)]}, latest first."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partial.debit_move_id, counterpart.id, counterpart.date, move.name,
                       SUM(partial.debit_amount_currency)::text, journal.type NOT IN ('bank', 'cash', 'credit')
                  FROM account_partial_reconcile partial
                  JOIN account_move_line counterpart ON counterpart.id = partial.credit_move_id
                  JOIN account_move move ON move.id = counterpart.move_id
                  JOIN account_journal journal ON journal.id = counterpart.journal_id
                 WHERE partial.debit_move_id = ANY(%s::int[]) AND partial.debit_amount_currency > 0
              GROUP BY partial.debit_move_id, counterpart.id, counterpart.date, move.name, journal.type
              ORDER BY MAX(partial.max_date) DESC, MAX(partial.id) DESC
                """,
                pg_array(item_ids),
            )
        )
        by_item = defaultdict(list)
        for item_id, counterpart, day, name, amount, is_credit in rows:
            by_item[item_id].append((counterpart, day, name, Decimal(amount), is_credit))
        return by_item
