from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ....core.agreements.settlement import settled_by
from ....core.money import ZERO, to_decimal
from ....core.recovery import settlement as rules

TASK = "ar_collections.mail_activity_type_settlement"


class ArSettlementJudge(models.Model):
    """What the ledger says: paid in time, missed, or open again; and the credit notes for what is released."""

    _inherit = "ar.settlement"

    @api.model
    def _judge_company(self, company, today, auto_commit=False):
        """Step of the nightly run: judge settlements whose day has passed or whose payments changed.

        :param date today: the company's date
        :param bool auto_commit: commit batch after batch, as a scheduled action does
        :return: False where the time ran out
        """
        to_judge = self._domain_to_judge(today)
        due = self.with_company(company).search(Domain("company_id", "=", company.id) & to_judge, order="id")
        if not due:
            return True
        run = self.env["ar.nightly"]._batch_run(company, "settlements", auto_commit)
        return run.over_records(
            due,
            lambda settlements: settlements._judge(today),
            due=lambda settlements: settlements.search(Domain("id", "in", settlements.ids) & to_judge),
        ).finished

    @api.model
    def _domain_to_judge(self, today):
        """Return the domain of settlements to judge; while one of its invoices is in draft, an open one waits."""
        over = Domain("state", "=", rules.OPEN) & Domain("date_until", "<", today)
        touched = Domain("to_judge", "=", True) & Domain("state", "in", (rules.OPEN, rules.PAID, rules.MISSED))
        waits = Domain("state", "=", rules.OPEN) & Domain("line_ids.move_id.state", "=", "draft")
        return (over | touched) & ~waits

    def action_update(self):
        """Read the payments now, as the nightly run does."""
        for company, settlements in self._allowed("collector").grouped("company_id").items():
            settlements.filtered_domain([("state", "in", (rules.OPEN, rules.PAID, rules.MISSED))])._judge(
                company._ar_today()
            )
        return True

    def _judge(self, today):
        """Judge each settlement by the ledger, store the result and act on changes.

        :param date today: the company's date
        """
        self.env.flush_all()
        unowed = self.filtered(lambda one: one.state == rules.OPEN and not one.line_ids.move_line_id)
        unowed._end_unowed(self.env._("none of its invoices is still posted"))
        found = self.env["ar.facts"]._read_settlements(self.line_ids.move_line_id.ids)
        for settlement in self - unowed:
            paid = settlement._read_paid(found)
            agreed = settlement._get_agreed()
            in_time = settled_by(paid, settlement.date_until)
            state = rules.judge(agreed, paid, settlement.date_until, today)
            if state == rules.MISSED and settlement._is_expected(agreed - in_time, today):
                state = settlement.state  # a payment was registered, but is not in the bank yet
            if settlement._is_settled_otherwise(agreed, paid, today):
                settlement._end_unowed(self.env._("nothing of its invoices is owed any more"))
            elif state != settlement.state:
                settlement._store_judgement(state, today)
            settlement.with_context(tracking_disable=True).write({"amount_paid": float(in_time), "to_judge": False})

    def _is_settled_otherwise(self, agreed, paid, today):
        """Return whether an open one had nothing left to pay after its day: credit notes or losses settled its items.

        It is neither paid nor missed then. What was paid late is missed, whatever is open. Until the day it stays
        open: what was matched by mistake is owed again, and nothing would bring the settlement back.

        :param Decimal agreed: what the customer was to pay
        :param paid: see `_read_paid`
        :param date today: the company's date
        """
        is_over = self.state == rules.OPEN and today > self.date_until
        return is_over and not self._has_left() and sum(one.amount for one in paid) < agreed

    def _read_paid(self, found):
        """Return the payments on the items since they were agreed on.

        :param found: see `ar.facts._read_settlements`
        """
        paid = []
        for line in self.line_ids.filtered("move_line_id"):
            _line_id, _amount, before, _credited = line._get_part()
            paid += rules.paid_since(before, line._get_item_residual(), found.get(line.move_line_id.id, ()))
        return paid

    def _is_expected(self, missing, today):
        """Return whether payments that are registered or pending, but not booked, cover what is missing."""
        if self.state != rules.OPEN:
            return False
        expected = self.env["ar.facts"]._read_expected(set(self.line_ids.move_line_id.ids), today)
        return missing <= sum(expected.values(), ZERO)

    def _store_judgement(self, state, today):
        """Store one judgement, log it, and draft or take back the credit notes."""
        before = self.state
        if not self._set_state(state, ended_on=False if state in rules.HOLDING else today):
            return
        if state == rules.PAID:
            self._log_on_thread(self.env._("Paid in time."))
            self._draft_credit_notes()
        elif state == rules.MISSED:
            text = self.env._("Missed: the full debt is owed again, and reminders go on.")
            self._log_on_thread(text)
            self._add_note(self.env._("%(number)s was missed: contact the customer", number=self.name))
        else:
            self._log_on_thread(self.env._("Open again: a payment was reversed."))
        if before == rules.PAID:
            self._take_back_credit_notes()

    def _add_note(self, text):
        """Add a task about the settlement for the collector."""
        self.customer_id._add_task(TASK, text, append=True)

    # === CREDIT NOTES === #

    def _draft_credit_notes(self):
        """Draft a credit note for what is released of each invoice; what cannot be drafted becomes a task.

        Where it was paid before, and the payment came back, invoices have the credit note that people posted.
        """
        credited = self.credit_note_ids.filtered(lambda note: note.state != "cancel").reversed_entry_id
        for invoice, amount in self._read_rests().items():
            if invoice in credited:
                continue
            try:
                if invoice.move_type != "out_invoice":
                    raise UserError(self.env._("%s is no invoice.", invoice.name))
                with self.env.cr.savepoint():
                    amount = invoice.currency_id.round(float(amount))
                    note = self.env["ar.credit.note"]._draft(invoice, amount, self.name, invoice.name)
            except UserError:
                text = self.env._(
                    "%(number)s is paid: create a credit note of %(amount)s for %(invoice)s manually",
                    number=self.name, amount=self._format_amount(float(amount)), invoice=invoice.name,
                )  # fmt: skip
                self._add_note(text)
                continue
            self.credit_note_ids += note
            self._log_on_thread(
                self.env._("A credit note of %s is drafted for the rest.", self._format_amount(note.amount_total))
            )
        if self.credit_note_ids.filtered(lambda note: note.state == "draft"):
            self._add_note(self.env._("%s is paid: check and post the credit notes for the rest", self.name))

    def _read_rests(self):
        """Return {invoice: Decimal to credit}, the oldest items first."""
        lines = self.line_ids.filtered("move_line_id").sorted(lambda line: (line.date_due, line.id))
        left = {line.id: to_decimal(self.currency_id.round(line.amount_left)) for line in lines}
        owed, agreed = (to_decimal(self.currency_id.round(x)) for x in (self.amount_total, self.amount_agreed))
        parts = rules.spread(rules.rest_to_credit(owed, agreed, sum(left.values(), ZERO)), left)
        rests = {}
        for line in lines:
            if line.id in parts:
                rests[line.move_id] = rests.get(line.move_id, ZERO) + parts[line.id]
        return rests

    def _match_notes(self, notes, move_reverse_cancel):
        """Reconcile posted credit notes with what they release, the oldest items first.

        :param notes: those of this settlement
        :param bool move_reverse_cancel: see `_reconcile_reversed_moves` of `account`
        """
        for note in notes:
            lines = self.line_ids.filtered(lambda line, note=note: line.move_id == note.reversed_entry_id)
            items = lines.sorted(lambda line: (line.date_due, line.id)).move_line_id
            note._ar_match_note(items, move_reverse_cancel)

    def _take_back_credit_notes(self):
        """Cancel the drafts; what was posted already becomes a task, because people posted it."""
        notes = self.credit_note_ids.filtered(lambda note: note.state == "draft")
        if notes:
            notes.button_cancel()
        posted = self.credit_note_ids.filtered(lambda note: note.state == "posted")
        if posted:
            text = self.env._(
                "%(number)s is not paid any more: reverse the credit notes %(notes)s, or release the customer anyway",
                number=self.name, notes=", ".join(posted.mapped("name")),
            )  # fmt: skip
            self._add_note(text)
