"""A due date that moves to a later day opens a new round of reminders; one that moves earlier opens none."""

from datetime import date, timedelta

from odoo import Command

from ..common import ArCommon


class TestMovedDueDates(ArCommon):
    DUE = date(2026, 6, 1)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(overdue_days=9)
        cls.debt = cls._debt(cls.invoice)

    def _move(self, due, invoice=None):
        """Move the due date of the posted invoice, as on its journal item."""
        self._debt(invoice or self.invoice).date_maturity = due

    def _days(self, first, last):
        """Run day after day; return [(day, days of the step)] of the reminders sent."""
        day = first
        while day <= last:
            self._day(day)
            day += timedelta(days=1)
        sent = self._communications(self.customer).filtered(lambda message: message.state == "sent")
        return [(message.date_sent, message.step_id.days) for message in sent if first <= message.date_sent <= last]

    def _final(self):
        """Let all steps of the schedule be sent."""
        for day in (date(2026, 6, 4), date(2026, 6, 11), date(2026, 6, 22), date(2026, 7, 1)):
            self._day(day)
            self._communications(self.customer).sudo().filtered(lambda c: c.state == "planned")._set_state("sent")

    def test_it_starts_anew_for_the_new_date(self):
        self._day(date(2026, 6, 4))
        self._move(date(2026, 7, 1))
        self.assertEqual(
            self._days(date(2026, 6, 20), date(2026, 7, 14)),
            [(date(2026, 6, 26), -5), (date(2026, 7, 6), 3), (date(2026, 7, 13), 10)],
        )

    def test_after_the_final_notice_too(self):
        self._final()
        self.assertEqual([days for days, _state in self._states(self.customer)], [3, 10, 20, 30])
        self._move(date(2026, 8, 3))
        self._run(date(2026, 8, 6))
        self.assertEqual(self._states(self.customer)[-1], (3, "planned"))

    def test_moved_to_a_day_that_has_passed_it_enters_at_the_entry_step(self):
        self._final()
        self._move(date(2026, 6, 5))
        self._run(date(2026, 7, 20))
        self.assertEqual(self._states(self.customer)[-1], (3, "planned"))

    def test_moved_twice_each_time_opens_a_round(self):
        self._day(date(2026, 6, 4))
        for due in (date(2026, 6, 15), date(2026, 7, 2)):
            self._move(due)
            self._day(due + timedelta(days=4))
        self.assertEqual([days for days, _state in self._states(self.customer)], [3, 3, 3])

    def test_moved_earlier_it_goes_on(self):
        self._day(date(2026, 6, 4))
        self._move(date(2026, 5, 15))
        self.assertEqual(self._days(date(2026, 6, 5), date(2026, 6, 12)), [(date(2026, 6, 11), 10)])

    def test_a_typo_that_is_corrected_floods_nobody(self):
        self._day(date(2026, 6, 4))
        self._move(date(2062, 6, 1))
        self._run(date(2026, 6, 5))
        self._move(self.DUE)
        self.assertEqual(self._days(date(2026, 6, 5), date(2026, 6, 11)), [(date(2026, 6, 11), 10)])

    def test_back_after_a_reminder_for_the_new_date_all_steps_count(self):
        self._day(date(2026, 6, 4))
        self._move(date(2026, 6, 8))
        self._day(date(2026, 6, 11))
        self._move(self.DUE)
        self._run(date(2026, 6, 12))
        self.assertCode(self.customer, "already_sent")
        self.assertEqual([days for days, _state in self._states(self.customer)], [3, 3])

    def test_one_installment_of_three_moves(self):
        partner = self._partner(name="In Three Parts")
        terms = self.env["account.payment.term"].create(
            {
                "name": "Three",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": part, "nb_days": days})
                    for part, days in ((40, 0), (30, 10), (30, 20))
                ],
            }
        )
        invoice = self._invoice(partner, invoice_date=self.DUE, invoice_payment_term_id=terms.id)
        first, second, _third = self._debt(invoice)
        customer = self._customer(partner)
        self._day(date(2026, 6, 4))
        self._day(date(2026, 6, 16))
        second.date_maturity = date(2026, 7, 20)
        self._day(date(2026, 6, 24))
        sent = self._communications(customer).line_ids.filtered("step_id")
        steps = {
            item: sent.filtered(lambda line, own=item: line.move_line_id == own).step_id for item in first + second
        }
        self.assertEqual(steps[first].sorted("days").mapped("days"), [3, 10, 20])
        self.assertEqual(steps[second].mapped("days"), [3])
        self._run(date(2026, 7, 23))
        newest = self._communications(customer)[-1:]
        self.assertEqual(newest.line_ids.filtered(lambda line: line.move_line_id == second).step_id.days, 3)

    def test_the_invoice_announces_the_new_round(self):
        self._day(date(2026, 6, 4))
        self._move(date(2026, 7, 1))
        with self._on():
            self.invoice.invalidate_recordset()
            self.assertEqual(self.invoice.ar_next_step_date, date(2026, 6, 26))

    def test_a_reminder_in_the_queue_is_withdrawn_when_the_date_moves(self):
        self._run(date(2026, 6, 4))
        self._move(date(2026, 7, 1))
        self.assertFalse(self._deliver(date(2026, 6, 4)))
        self.assertEqual(self._states(self.customer), [(3, "cancelled")])

    def test_a_reminder_in_the_queue_names_the_new_date_and_is_sent_once(self):
        self._run()
        self._move(date(2026, 6, 5))
        self._deliver()
        self.assertEqual(self._states(self.customer), [(3, "cancelled"), (3, "sent")])
        self.assertEqual(self._communications(self.customer)[-1:].line_ids.date_due, date(2026, 6, 5))
        self._run(date(2026, 6, 11))
        self.assertCode(self.customer, "already_sent")

    def test_the_database_allows_the_step_once_for_each_date(self):
        self._day(date(2026, 6, 4))
        line = self._communications(self.customer).line_ids.sudo()
        self.assertTrue(line.copy({"date_due": date(2026, 7, 1)}))
