from contextlib import suppress
from datetime import date
from unittest.mock import patch

from odoo.tools import mute_logger

from ..common import TEMPLATE_LOGS, ArCommon


class TestRunDay(ArCommon):
    """Facts, decision, action, log: one day after the other, exactly once."""

    def test_late_invoice_is_reminded_once(self):
        customer, invoice = self._late()
        summary = self._run()
        self.assertEqual(summary["contacted"], {"Friendly reminder": 1}, summary)
        communication = self._communications(customer)
        self.assertEqual(communication.state, "planned")
        mails = self._deliver()
        self.assertEqual([mail["email_to"] for mail in mails], [['"Patient Payer" <payer@customer.example.com>']])
        self.assertEqual(communication.state, "sent")
        self.assertIn(invoice.name, communication.body)
        self.assertEqual(self._run(), summary | {"contacted": {}, "no_contact": {"already_sent": 1}})
        self.assertEqual(len(self._communications(customer)), 1)

    def test_run_twice_before_the_queue_prepares_one_message(self):
        customer, _invoice = self._late()
        first, second = self._run(), self._run()
        self.assertEqual(first, second)  # what waits is still what would be sent
        self.assertEqual(self._states(customer), [(3, "planned")])
        self.assertEqual(len(self._deliver()), 1)

    def test_run_twice_with_the_queue_between_sends_one_message(self):
        self._late()
        self.assertEqual([len(self._day()), len(self._day())], [1, 0])

    def test_a_second_item_of_the_same_day_waits_for_another_day(self):
        customer, _invoice = self._late()
        self._day()
        self._invoice(customer.partner_id, 6)
        self.assertEqual(len(self._day()), 0)
        self.assertCode(customer, "too_soon")
        self.assertEqual(len(self._day(date(2026, 6, 11))), 1)

    def test_several_late_invoices_are_one_message_each_logged_at_its_own_step(self):
        customer, old = self._late(overdue_days=10, amount=400)
        self._run(date(2026, 6, 3))  # 3 days late: the friendly step of the old one
        self._deliver(date(2026, 6, 3))
        young = self._invoice(customer.partner_id, 3)
        self._invoice(customer.partner_id, -10)
        self.assertEqual(len(self._day()), 1)
        communication = self._communications(customer)[-1]
        self.assertEqual((communication.step_id, communication.tone), (self.firm, "firm"))
        steps = {line.move_id: line.step_id for line in communication.line_ids}
        self.assertEqual(steps, {old: self.firm, young: self.friendly})
        self.assertEqual(communication.amount_total, 500)

    def test_the_customer_shows_what_was_found_decided_and_comes_next(self):
        customer, _invoice = self._late(amount=150)
        self._run()
        self.assertRecordValues(
            customer,
            [
                {
                    "balance": 150.0,
                    "overdue": 150.0,
                    "oldest_due_date": date(2026, 6, 6),
                    "decision_code": "step_reached",
                    "decision_date": self.TODAY,
                    "next_step_id": self.firm.id,
                    "next_date": date(2026, 6, 16),
                    "run_error": False,
                }
            ],
        )

    def test_what_comes_next_is_still_known_after_the_second_run_of_a_day(self):
        customer, _invoice = self._late()
        self._day()
        self._run()
        self.assertEqual((customer.next_step_id, customer.next_date), (self.firm, date(2026, 6, 16)))

    def test_paid_customers_keep_no_stale_balance(self):
        customer, invoice = self._late()
        self._run()
        self._pay(invoice)
        self._run(date(2026, 6, 11))
        self.assertRecordValues(
            customer, [{"balance": 0, "overdue": 0, "oldest_due_date": False, "decision_code": "nothing_due"}]
        )
        self.assertFalse(customer.next_date or customer.next_step_id)

    def test_a_dry_run_counts_the_same_and_writes_nothing(self):
        customer, _invoice = self._late()
        self._late(overdue_days=1, name="Nearly Late", email="nearly@customer.example.com")
        dry = self._run(dry_run=True)
        self.assertEqual(self._states(customer), [])
        self.assertFalse(customer.decision_date)
        self.assertEqual(dry, self._run())
        self.assertEqual((dry["contacted"], dry["no_contact"]), ({"Friendly reminder": 1}, {"already_sent": 1}))

    def test_killed_between_planning_and_sending_the_next_day_sends_one_message(self):
        customer, _invoice = self._late()
        self._run()
        self.assertEqual(len(self._day(date(2026, 6, 11))), 1)
        self.assertEqual(self._states(customer), [(3, "cancelled"), (3, "sent")])
        self.assertEqual(len(self._day(date(2026, 6, 12))), 0)

    def test_killed_between_the_log_and_the_mail_queue_leaves_nothing_behind(self):
        customer, _invoice = self._late()
        channel = type(self.env["ar.channel.email"])
        with patch.object(channel, "_send", side_effect=SystemExit), self.assertRaises(SystemExit):
            self.env.cr.flush()
            with self.env.cr.savepoint():  # what a dying process leaves in the database
                self._run()
        self.assertEqual(self._states(customer), [])
        self.assertEqual(len(self._day()), 1)

    def test_killed_between_two_batches_the_next_run_goes_on(self):
        customers = [self._customer(self._invoice(partner, 4).partner_id) for partner in self._partners(4)]
        with patch("odoo.addons.ar_collections.models.customers.nightly.batch_run.BATCH", 2):
            run_batch = type(self.env["ar.customer"])._run_locked
            calls = []

            def dies_in_the_second_batch(batch, *args):
                calls.append(batch)
                if len(calls) == 2:
                    raise SystemExit
                return run_batch(batch, *args)

            killed = patch.object(type(self.env["ar.customer"]), "_run_locked", dies_in_the_second_batch)
            with killed, suppress(SystemExit):  # the first batch is kept, as in a run that commits
                self._run()
            self.assertEqual(sum(len(self._communications(customer)) for customer in customers), 2)
            self._run()
        self.assertEqual(len(self._deliver()), 4)
        self.assertEqual([self._states(customer) for customer in customers], [[(3, "sent")]] * 4)


class TestOneBadCustomer(ArCommon):
    """Law 8: a failure is stored on its customer, and the other customers are processed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls._template(body_html="<p t-out='1 / len(object.partner_id.name[3:])'/>")
        cls._on_schedule({"days": 3, "mail_template_id": cls.template.id})
        cls.bad, cls.first_invoice = cls._late(name="Bad")
        cls.good, _invoice = cls._late(name="Good one", email="good@customer.example.com")

    def test_a_template_that_breaks_for_one_customer_stops_no_other(self):
        with mute_logger(*TEMPLATE_LOGS):
            summary = self._run()
        self.assertEqual((summary["failed"], summary["contacted"]), (1, {"email at 3": 1}))
        self.assertEqual((self._states(self.bad), self._states(self.good)), ([], [(3, "planned")]))
        self.assertIn("division by zero", self.bad.run_error)
        self.assertEqual((self.bad.decision_date, self.good.run_error), (self.TODAY, False))

    def test_the_next_run_recovers(self):
        with mute_logger(*TEMPLATE_LOGS):
            self._run()
        self.template.body_html = "<p>Please pay.</p>"
        self._run(date(2026, 6, 11))
        self.assertFalse(self.bad.run_error)
        self.assertEqual(self._states(self.bad), [(3, "planned")])

    def test_the_error_of_one_leaves_no_half_written_rows(self):
        with mute_logger(*TEMPLATE_LOGS):
            self._run()
        self.assertFalse(self.env["ar.communication.line"].search([("move_id", "=", self.first_invoice.id)]))
