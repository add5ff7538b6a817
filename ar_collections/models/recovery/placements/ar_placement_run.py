from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ....core.agreements.settlement import Settlement, settled_of_part
from ....core.money import to_decimal
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
            if any(line.move_id.state == "draft" for line in placement.line_ids):
                continue  # the invoice is being corrected; it will be posted again
            state = placement._get_judgement()
            if state == placement.state:
                continue
            if state == rules.RECALLED:
                placement._end_unowed(self.env._("the debt was written off"))
            elif placement._set_state(state, ended_on=today if state in rules.ENDED else False):
                placement._log_state()
        self.filtered(lambda placement: placement.judged_on != today).judged_on = today

    def _get_judgement(self):
        """Return the state by the ledger, see `core.recovery.placement.judge`."""
        self.ensure_one()
        owed = self.line_ids.filtered("move_line_id")  # an invoice may have been posted again with less
        credited = sum(self.payment_ids.filtered("is_credit").mapped("amount"))
        amounts = (sum(owed.mapped("amount")), self.amount_left, self.amount_paid, credited)
        return rules.judge(self.state, *(to_decimal(self.currency_id.round(amount)) for amount in amounts))

    # === PAYMENTS === #

    def _record_payments(self):
        """Update the rows of payments; one that was reversed stays with the amount zero, because it was reported."""
        self.env.flush_all()
        found = self._read_payments()
        # A row whose payment was deleted has lost it; there may be several of an item.
        rows = {(row.line_id.id, row.counterpart_id.id): row for row in self.payment_ids if row.counterpart_id}
        gone, new = self.payment_ids, []
        for (line, counterpart), (day, name, amount, is_credit) in found.items():
            row = rows.get((line.id, counterpart))
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
                continue
            gone -= row
            if row.currency_id.compare_amounts(row.amount, float(amount)):
                row.amount = float(amount)
        gone.filtered("amount").amount = 0.0
        self.payment_ids.create(new)

    def _read_payments(self):
        """Return {(line, payment's journal item id): (day, document, amount, is a credit)} since the placement.

        What was settled before does not count, nor what is above the placed part of an item or was credited on the
        rest of it: of each item the latest settlements that brought its residual down from that of the hand-over.
        Losses are left out: the customer neither paid nor was granted anything.
        """
        lines = self.line_ids.filtered("move_line_id")
        settlements, documents = self._read_reconciled(lines.move_line_id.ids)
        parts = [line._get_part() for line in lines]
        outside = self.env["ar.facts"]._read_credited_outside(parts)
        found = {}
        for line, (item_id, agreed, before, _known), credited in zip(lines, parts, outside, strict=True):
            settled = settled_of_part(agreed, before, line._get_item_residual(), settlements[item_id], credited)
            for one in settled:
                if not one.loss:
                    day, name = documents[one.source]
                    found[line, one.source] = (day, name, one.amount, one.credit)
        return found

    @api.model
    def _read_reconciled(self, item_ids):
        """Return ({journal item id: [Settlement], latest first}, {journal item id of a payment: (day, document)})."""
        self.env["account.journal"].flush_model(["ar_is_write_off"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partial.debit_move_id, counterpart.id, counterpart.date, move.name, MAX(partial.max_date),
                       SUM(partial.debit_amount_currency)::text, journal.type NOT IN ('bank', 'cash', 'credit'),
                       journal.ar_is_write_off IS TRUE
                  FROM account_partial_reconcile partial
                  JOIN account_move_line counterpart ON counterpart.id = partial.credit_move_id
                  JOIN account_move move ON move.id = counterpart.move_id
                  JOIN account_journal journal ON journal.id = counterpart.journal_id
                 WHERE partial.debit_move_id = ANY(%s::int[]) AND partial.debit_amount_currency > 0
              GROUP BY partial.debit_move_id, counterpart.id, counterpart.date, move.name, journal.id
              ORDER BY MAX(partial.max_date) DESC, MAX(partial.id) DESC
                """,
                pg_array(item_ids),
            )
        )
        settlements, documents = defaultdict(list), {}
        for item_id, counterpart, day, name, settled_on, amount, is_credit, is_loss in rows:
            settlements[item_id].append(Settlement(settled_on, Decimal(amount), is_credit, is_loss, counterpart))
            documents[counterpart] = (day, name)
        return settlements, documents
