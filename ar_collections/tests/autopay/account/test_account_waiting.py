"""What keeps an account from being charged at this moment: another charge, a payment that is being made, new doubts."""

from datetime import datetime, time, timedelta

from freezegun import freeze_time

from odoo import Command

from odoo.addons.ar_collections.core import decision as codes
from odoo.addons.ar_collections.core.autopay.options import AutopayOptions
from odoo.addons.ar_collections.core.promises.request import PromiseRefused

from ..common_autopay import AccountAutopayCase


class TestAnnouncedOnTime(AccountAutopayCase):
    """A charge waits for another one of the customer that is in flight; its announcement does not."""

    def setUp(self):
        super().setUp()
        self._due(13, 50.0, self.customer)
        self._enrol(self._saved_method(simulated="pending"))
        self._send_notice(7)
        self._charge(10)

    def _settle_first(self, day):
        with self._on(self._in(day)):
            self._collections()[0].autopay_charge_ids.transaction_id._set_done()
            self._book_account()

    def _is_reminded(self, day):
        with self._on(self._in(day)):
            facts = self.customer._get_facts()
        (item,) = [item for item in facts.items if item.residual_currency == 50]
        return codes.AUTOPAY_AGREED not in [exclusion.code for exclusion in item.exclusions]

    def test_it_is_announced_on_its_day_and_charged_when_the_other_one_has_settled(self):
        self.assertEqual(len(self._send_notice(12)), 1)
        second = self._collections()[1]
        self.assertEqual((second.autopay_notice_id.state, second.autopay_notice_amount), ("sent", 50.0))
        self.assertEqual([self._charge(day) for day in (13, 14, 17)], [{}, {}, {}])
        self.assertFalse(self._is_reminded(17), "It waits for us, not for the customer.")
        self._settle_first(18)
        self.assertEqual(self._charge(18), {"charge": 1}, "Not announced again.")
        self.assertEqual(self._account_outcomes(), [(300.0, "done"), (50.0, "pending")])

    def test_a_bank_that_does_not_answer_for_long_delays_no_reminder(self):
        self._send_notice(12)
        self.assertFalse(self._is_reminded(24))
        self.assertTrue(self._is_reminded(27))
        self.assertEqual(self._charge(27), {})
        self._settle_first(28)
        self.assertEqual(self._charge(28), {"announce": 1}, "Reminders have gone on: it is announced anew.")

    def test_the_page_shows_both(self):
        self._send_notice(12)
        with self._on(self._in(13)):
            rows = [(row["amount"], row["in_flight"]) for row in self.customer._get_next_autopay()]
        self.assertEqual(rows, [(300.0, True), (50.0, False)])

    def test_credits_that_the_first_one_uses_are_not_deducted_twice(self):
        self._settle_first(10)
        self._invoice(self.customer.partner_id, -10, 40.0, move_type="out_refund")
        self._due(15, 100.0, self.customer)
        self._send_notice(12)
        self._charge(13)
        self.assertEqual(self._account_outcomes()[-1], (10.0, "pending"))
        later = self._collections()[2]
        for day in (13, 24):  # however long the bank takes
            with self._on(self._in(day)):
                self.assertEqual(later._get_autopay_cases()[later].left, 100)
        self._due(27, 30.0, self.customer)
        self._send_notice(26)
        self.assertEqual(self._collections()[3].autopay_notice_amount, 30.0)
        with self._on(self._in(26)):
            self._collections()[1].autopay_charge_ids.transaction_id._set_canceled()
            self.assertEqual(later._allocate_autopay(later._get_autopay_cases()[later]).total, 60)

    def test_credits_of_a_charge_without_an_answer_are_used_once(self):
        self._settle_first(10)
        credit = self._invoice(self.customer.partner_id, -10, 40.0, move_type="out_refund")
        self._send_notice(12)
        self._charge_unanswered(13)
        allocations = self.env["ar.payment.allocation"]
        item = credit.line_ids.filtered(lambda line: line.display_type == "payment_term")
        with self._on(self._in(13)):
            self.assertEqual(allocations._read_credits_in_use(item.ids), {item.id: 40})
            charge = self._collections()[1].autopay_charge_ids
            self.assertEqual(charge._filter_repeatable(), charge, "Its own credits are not in its way.")


class TestNoContact(AccountAutopayCase):
    """Announcements and confirmations neither count for the contact limits nor wait for them."""

    def test_on_the_day_of_the_confirmation_the_charge_is_announced(self):
        self.policy.write({"minimum_gap_days": 5, "contacts_per_7_days": 1})
        options = AutopayOptions()
        with self._on(self._in(7)):
            text = self.customer._get_autopay_consent_text(options)
            self.customer._accept_autopay(self.token, "The payer", text, options)
        self.assertEqual(len(self._send_notice(7)), 2)
        self.assertEqual(self._collections().autopay_notice_id.state, "sent")
        with self._on(self._in(8)):
            self.assertEqual(self.customer._get_facts().contacts, ())
        self.assertEqual(self._charge(10), {"charge": 1})

    def test_after_a_reminder_of_yesterday_it_is_announced_on_its_day(self):
        self.policy.write({"minimum_gap_days": 5, "contacts_per_7_days": 1})
        self._enrol()
        values = {"customer_id": self.customer.id, "channel": "email", "tone": "friendly", "state": "sent"}
        self.env["ar.communication"].sudo().create({**values, "date": self._in(6), "date_sent": self._in(6)})
        self.assertEqual(len(self._send_notice(7)), 1)

    def test_on_a_weekend_it_waits_for_monday(self):
        self._due(13, 20.0, self.customer)
        self._enrol()
        self._send_notice(7)
        self._charge(10)
        self.assertEqual(self._in(10).weekday(), 5)
        self.assertEqual((self._deliver(self._in(10)), len(self._deliver(self._in(12)))), ([], 1))


class TestBeingPaid(AccountAutopayCase):
    """A customer is on the payment page: the transaction is a draft until the provider answers."""

    def setUp(self):
        super().setUp()
        self._enrol()
        self._send_notice(7)

    def _begin_payment(self, moment, **values):
        with freeze_time(moment):
            values = {
                "provider_id": self.demo.id,
                "payment_method_id": self.card.id,
                "amount": 300,
                "currency_id": self.company.currency_id.id,
                "partner_id": self.customer.partner_id.id,
                "operation": "online_redirect",
                "invoice_ids": [Command.set(self.invoice.ids)],
                **values,
            }
            return self.env["payment.transaction"].sudo().create(values)

    def test_nothing_is_charged_while_the_customer_is_paying(self):
        transaction = self._begin_payment(datetime.combine(self._in(10), time(11, 50)))
        self.assertEqual((transaction.state, self._charge(10)), ("draft", {}))
        transaction._set_done()
        transaction._post_process()
        self.assertEqual((self._charge(11), self._charge(12), self._account_outcomes()), ({}, {}, []))

    def test_a_payment_that_was_given_up_delays_by_a_day(self):
        self._begin_payment(datetime.combine(self._in(10), time(11, 50)))
        self.assertEqual((self._charge(10), self._charge(11)), ({}, {"charge": 1}))
        self.assertEqual(self._account_outcomes(), [(300.0, "done")])

    def test_one_of_yesterday_delays_nothing(self):
        self._begin_payment(datetime.combine(self._in(9), time(11, 50)))
        self.assertEqual(self._charge(10), {"charge": 1})

    def test_saving_a_method_delays_nothing(self):
        self._begin_payment(datetime.combine(self._in(10), time(11)), operation="validation")
        self.assertEqual(self._charge(10), {"charge": 1})

    def test_a_part_that_is_being_paid_is_left_out(self):
        self._begin_payment(datetime.combine(self._in(10), time(11)), amount=100)
        self.assertEqual(self._charge(10), {"charge": 1})
        self.assertEqual(self._account_outcomes(), [(200.0, "done")])

    def test_reminders_do_not_wait_for_a_payment_that_was_only_begun(self):
        self.customer._stop_autopay("by the customer")
        self._begin_payment(datetime.combine(self._in(10), time(11, 50)))
        with self._on(self._in(10)):
            (item,) = self.customer._get_facts().items
        self.assertNotIn(codes.PAYMENT_PENDING, [exclusion.code for exclusion in item.exclusions])


class TestRepeated(AccountAutopayCase):
    """A charge without an answer is sent again only as long as it could also be made for the first time."""

    def setUp(self):
        super().setUp()
        self._enrol()
        self._send_notice(7)
        self._charge_unanswered(10)
        self.charge = self._collections().autopay_charge_ids
        self.line = self._collections().line_ids.move_line_id
        self.assertEqual(self.charge.outcome, "unknown")

    def _hour_later(self):
        """Run the job an hour later; return the moves."""
        with freeze_time(datetime.combine(self._in(10), time(13)) + timedelta(minutes=5)):
            result = self.env["ar.payment.plan.installment"]._run_autopay(self.company)
        self.env.invalidate_all()
        return {move: number for (move, _key), number in result.counts.items() if number}

    def _assert_not_repeated(self):
        self.assertEqual((self._hour_later(), self.charge.outcome), ({}, "unknown"))
        with self._on(self._in(10)):
            self.assertTrue(self.charge.can_settle)

    def test_nothing_changed(self):
        """What is asked about may be charged again then, by our own code alone: no caller can hide it by a key."""
        remote = {"ar_repeated_ids": self.charge.transaction_id.ids}
        with self._on(self._in(10)):
            (item,) = self.customer.with_context(**remote)._get_facts().items
        self.assertIn(codes.PAYMENT_PENDING, [exclusion.code for exclusion in item.exclusions])
        self.assertEqual((self._hour_later(), self.charge.outcome), ({"repeat": 1}, "done"))

    def test_paid_meanwhile(self):
        self._pay(self.invoice, 100.0)
        self._assert_not_repeated()

    def test_being_paid_meanwhile(self):
        TestBeingPaid._begin_payment(self, datetime.combine(self._in(10), time(12, 30)))
        self._assert_not_repeated()

    def test_disputed_meanwhile(self):
        reason = self.env["ar.dispute.reason"].create({"name": "Price", "user_id": self.collector.id})
        with self._on(self._in(10)):
            requested = {self.line.id: None}
            self.env["ar.dispute"]._raise_dispute(self.customer, requested=requested, reason=reason, note="Too much")
        self._assert_not_repeated()

    def test_nobody_can_promise_meanwhile_what_may_have_been_charged(self):
        with self._on(self._in(10)), self.assertRaises(PromiseRefused):
            self.customer._promise(self._in(12), {self.line.id: None})

    def test_excluded_meanwhile(self):
        self.line.no_followup = True
        self._assert_not_repeated()

    def test_frozen_by_insolvency_meanwhile(self):
        with self._on(self._in(10)):
            values = {"customer_id": self.customer.id, "opened_on": self._in(10)}
            self.env["ar.insolvency"].with_user(self.collector).create(values)
        self._assert_not_repeated()

    def test_a_credit_that_came_meanwhile(self):
        self._invoice(self.customer.partner_id, -10, 40.0, move_type="out_refund")
        self._assert_not_repeated()

    def test_money_that_came_in_meanwhile(self):
        journal = self.company_data["default_journal_bank"]
        line = {"journal_id": journal.id, "date": self._in(10), "payment_ref": "Transfer", "amount": 300}
        self.env["account.bank.statement.line"].create({**line, "partner_id": self.customer.partner_id.id})
        self._assert_not_repeated()

    def test_many_are_looked_up_together(self):
        customers = [self._customer(partner) for partner in self._partners(4)]
        for customer in customers:
            self._due(10, 10.0, customer)
            self._enrol(self._saved_method(partner=customer.partner_id), customer)
        self._send_notice(8)
        self._charge_unanswered(11)
        charges = self.env["ar.autopay.charge"].search([("customer_id", "in", [each.id for each in customers])])
        self.assertEqual(len(charges), 4)

        def count(some):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with self._on(self._in(11)):
                self.assertEqual(some._filter_repeatable(), some)
            return self.env.cr.sql_log_count - before

        count(charges)
        self.assertLessEqual(count(charges), count(charges[:1]) + 2)
