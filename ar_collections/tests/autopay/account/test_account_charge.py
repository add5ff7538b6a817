"""The automatic payment of an account: announced, charged once on its day, net of what is not owed, failed."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from odoo import Command

from odoo.addons.ar_collections.core import decision as codes
from odoo.addons.ar_collections.core.autopay.options import DAYS_BEFORE
from odoo.addons.ar_collections.formats import format_date

from ..common_autopay import AccountAutopayCase


class TestAccountCharge(AccountAutopayCase):
    def test_it_is_announced_then_charged_on_the_due_date_and_settles_the_invoice(self):
        self._enrol()
        self.assertEqual(self._charge(6), {})
        (subject,) = self._send_notice(7)
        self.assertIn("next automatic payment", subject)
        self.assertEqual(self._charge(9), {})
        self.assertEqual(self._charge(10), {"charge": 1})
        self.assertEqual(self._account_outcomes(), [(300.0, "done")])
        self._book_account()
        self.assertEqual(self.invoice.payment_state, "paid")
        self.assertEqual((self._charge(11), self._charge(20)), ({}, {}))

    def test_days_before_the_due_date(self):
        self._enrol(charge_on=DAYS_BEFORE, days_before=2)
        self._send_notice(5)
        self.assertEqual((self._charge(7), self._charge(8)), ({}, {"charge": 1}))

    def test_a_direct_debit_keeps_its_notice(self):
        sepa = self.env.ref("payment.payment_method_sepa_direct_debit").sudo()
        sepa.supported_currency_ids = False
        self._enrol(self._saved_method(payment_method_id=sepa.id))
        self._send_notice(0)
        self.assertEqual(self._collections().date, self._in(14))
        self.assertEqual((self._charge(13), self._charge(14)), ({}, {"charge": 1}))

    def test_without_a_notice_that_was_sent_nothing_is_charged(self):
        self._enrol()
        self._charge(7)
        self.assertEqual((self._charge(10), self._account_outcomes()), ({}, []))

    def test_invoices_of_one_day_are_one_payment_and_never_more_than_announced(self):
        _customer, other = self._due(10, 50.0, self.customer)
        self._enrol()
        self._send_notice(7)
        self._due(10, 70.0, self.customer)  # too late for this payment
        self.assertEqual(self._charge(10).get("charge"), 1)
        self.assertEqual(self._account_outcomes(), [(350.0, "done")])
        self._book_account()
        self.assertEqual(other.payment_state, "paid")

    def test_what_was_paid_or_disputed_meanwhile_is_not_charged(self):
        self._enrol()
        self._send_notice(7)
        self._pay(self.invoice, 100.0)
        self.assertEqual(self._charge(10), {"charge": 1})
        self.assertEqual(self._account_outcomes(), [(200.0, "done")])

    def _open_insolvency(self):
        with self._on(self._in(9)):
            values = {"customer_id": self.customer.id, "opened_on": self._in(9)}
            self.env["ar.insolvency"].with_user(self.collector).create(values)

    def test_what_is_claimed_in_insolvency_is_not_charged(self):
        self._enrol()
        self._send_notice(7)
        self._open_insolvency()
        self.assertEqual((self._charge(10), self._account_outcomes()), ({}, []))

    def test_a_credit_from_before_the_opening_is_not_set_off_against_later_debts(self):
        self._invoice(self.customer.partner_id, 100, 120.0, move_type="out_refund")
        with self._on(self.first_day):
            values = {"customer_id": self.customer.id, "opened_on": self.invoice.invoice_date - timedelta(days=1)}
            self.env["ar.insolvency"].with_user(self.collector).create(values)
        self._enrol()
        self._send_notice(7)
        self.assertEqual(self._collections().autopay_notice_amount, 300.0)
        self.assertEqual(self._charge(10), {"charge": 1})
        self._book_account()
        self.assertEqual(self._account_outcomes(), [(300.0, "done")])
        self.assertEqual(self.invoice.amount_residual, 0.0)

    def test_an_open_credit_note_is_used_first(self):
        self._invoice(self.customer.partner_id, 1, 120.0, move_type="out_refund")
        self._enrol()
        self._send_notice(7)
        self.assertEqual(self._collections().autopay_notice_amount, 180.0)
        self.assertEqual(self._charge(10), {"charge": 1})
        self._book_account()
        self.assertEqual((self._account_outcomes(), self.invoice.payment_state), ([(180.0, "done")], "paid"))

    def test_a_discount_does_not_keep_an_announced_payment_from_using_a_credit(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "2 % in 14 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 14,
                "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})],
            }
        )
        partner = self._partner()
        values = {"invoice_payment_term_id": term.id, "invoice_date": self.first_day, "invoice_date_due": False}
        invoice = self._invoice(partner, 0, 100.0, **values)
        self._invoice(partner, 1, 60.0, move_type="out_refund")
        customer = self._customer(partner)
        self._enrol(self._saved_method(partner=partner), customer, charge_on=DAYS_BEFORE, days_before=20)
        self._send_notice(7)
        self.assertEqual(self._collections(customer).autopay_notice_amount, 40.0)
        self._charge(10)
        charges = self._collections(customer).autopay_charge_ids
        self.assertEqual([(charge.amount, charge.outcome) for charge in charges], [(40.0, "done")])
        charges.transaction_id._post_process()
        self.assertEqual(invoice.payment_state, "paid")

    def test_above_the_maximum_nothing_is_charged_and_both_are_told_once(self):
        self._enrol(maximum_charge=Decimal(299))
        (subject,) = self._send_notice(7)
        self.assertIn("above your maximum", subject)
        self.assertIn(self.invoice.name, self._tasks(self.customer, "autopay_failed").summary)
        self.assertEqual((self._send_notice(8), self._charge(10)), ([], {}))
        self.assertEqual(self._collections().skipped, "over_charge")

    def test_what_is_above_the_maximum_is_named_unless_it_was_paid_meanwhile(self):
        paid = self._due(10, 400.0, self.customer)[1]
        below = self._due(10, 20.0, self.customer)[1]
        self._enrol(maximum_charge=Decimal(299))
        self._charge(7)
        self._pay(paid, 400)
        (mail,) = [mail for mail in self._deliver(self._in(7)) if "above your maximum" in mail["subject"]]
        for text in (self.invoice.name, "300.00", "/autopay/change?access_token="):
            self.assertIn(text, mail["body"])
        self.assertNotIn(below.name, mail["body"])

    def test_the_maximum_of_a_month_counts_what_was_charged_in_it(self):
        self._due(13, 50.0, self.customer)
        self._enrol(maximum_month=Decimal(320))
        self._send_notice(7)
        self._charge(10)
        self._send_notice(12)
        self.assertEqual(self._collections().mapped("skipped"), [False, "over_month"])

    def test_other_kinds_of_invoices_are_left_alone(self):
        journal = self.company_data["default_journal_sale"].copy({"code": "OTHER"})
        self._enrol(journal_ids=frozenset(journal.ids))
        self.assertEqual((self._charge(7), self._charge(10)), ({}, {}))

    def test_a_currency_that_the_method_cannot_charge_is_left_alone(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.demo.available_currency_ids = euro - self.company.currency_id
        self._enrol()
        self.assertEqual((self._charge(7), self._charge(10), self._collections().ids), ({}, {}, []))
        with self._on(self._in(7)):
            warnings = self.customer._get_autopay_page_values()["warnings"]
        self.assertIn("cannot be charged", " ".join(warnings))

    def test_a_declined_charge_is_told_to_both_and_paid_by_hand(self):
        self._enrol(self._saved_method(simulated="error"))
        self.policy.autopay_retry_days = False
        self._send_notice(7)
        self._charge(10)
        self.assertEqual(self._charge(11), {"fail": 1})
        self.assertEqual(len(self._deliver(self._in(12))), 1)
        self.assertTrue(self._tasks(self.customer, "autopay_failed"))
        self.assertEqual(self.customer._get_autopay_failed(), self.invoice)
        self.assertEqual(self._charge(13), {})

    def test_never_two_in_flight(self):
        self._due(11, 50.0, self.customer)
        self._enrol(self._saved_method(simulated="pending"))
        self._send_notice(7)
        self._send_notice(8)
        self.assertEqual((self._charge(10), self._charge(11)), ({"charge": 1}, {}))
        with self._on(self._in(12)):
            self._collections().autopay_charge_ids.transaction_id._set_done()
        self._book_account()
        self.assertEqual(self._charge(12), {"charge": 1})

    def test_reminders_wait_for_the_charge_and_go_on_after_it_failed(self):
        self._enrol(self._saved_method(simulated="error"))
        self.policy.autopay_retry_days = False

        def excluded(day):
            with self._on(self._in(day)):
                (item,) = self.customer._get_facts().items
                return codes.AUTOPAY_AGREED in [exclusion.code for exclusion in item.exclusions]

        self.assertTrue(excluded(0))
        self._send_notice(7)
        self.assertTrue(excluded(10))
        self._charge(10)
        self._charge(11)
        self.assertFalse(excluded(11))

    def test_stopped_nothing_is_charged(self):
        self._enrol()
        self._send_notice(7)
        self.customer._stop_autopay("by the customer")
        self.assertEqual(self._charge(10), {})
        self._enrol(day=self._in(10))
        self._send_notice(12)
        self.assertEqual(self._charge(13), {"charge": 1})

    def test_the_next_payments_are_shown(self):
        self._enrol()
        with self._on(self._in(0)):
            (payment,) = self.customer._get_next_autopay()
        self.assertEqual((payment["amount"], payment["invoices"]), (300.0, self.invoice))
        self.assertEqual(payment["date"], self._in(self.DUE))

    def test_the_next_payments_are_shown_without_what_credits_pay(self):
        self._due(20, 50.0, self.customer)
        self._due(30, 70.0, self.customer)
        self._invoice(self.customer.partner_id, 1, 320.0, move_type="out_refund")
        self._enrol()

        def shown(day):
            with self._on(self._in(day)):
                return [(row["date"], row["amount"]) for row in self.customer._get_next_autopay()]

        self.assertEqual(shown(0), [(self._in(20), 30.0), (self._in(30), 70.0)])

    def test_announced_payments_use_the_credits_first(self):
        self._due(30, 70.0, self.customer)
        self._invoice(self.customer.partner_id, 1, 120.0, move_type="out_refund")
        self._enrol()
        self._send_notice(7)
        with self._on(self._in(8)):
            amounts = [row["amount"] for row in self.customer._get_next_autopay()]
        self.assertEqual(amounts, [180.0, 70.0])

    def test_planning_reads_as_much_for_many_as_for_one(self):
        customers = [self._customer(partner) for partner in self._partners(4)]
        for customer in customers:
            self._due(10, 10.0, customer)
            self._enrol(self._saved_method(partner=customer.partner_id), customer)
        model = self.env["ar.autopay.collection"].sudo()

        def count(consents):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            model._find_batches(consents, self._in(7))
            return self.env.cr.sql_log_count - before

        consents = self.env["ar.autopay.consent"].sudo().search([("customer_id", "in", [c.id for c in customers])])
        count(consents)
        self.assertLessEqual(count(consents), count(consents[:1]) + 1)


class TestAccountDoubts(AccountAutopayCase):
    """Every doubt ends in "not charged": the customer may be paying, was told too long ago, or set a maximum."""

    def _pending(self, day, amount=300):
        values = {
            "provider_id": self.demo.id,
            "payment_method_id": self.card.id,
            "amount": amount,
            "currency_id": self.company.currency_id.id,
            "partner_id": self.customer.partner_id.id,
            "operation": "online_direct",
            "state": "pending",
            "last_state_change": datetime.combine(self._in(day), time(12)),
            "invoice_ids": [Command.set(self.invoice.ids)],
        }
        return self.env["payment.transaction"].sudo().create(values)

    def test_beside_a_payment_that_is_pending_for_long_nothing_is_charged(self):
        self.policy.pending_payment_days = 2
        self._enrol()
        self._send_notice(7)
        transaction = self._pending(7)
        self.assertEqual((self._charge(10), self._account_outcomes()), ({}, []))
        transaction._set_canceled()
        self.assertEqual(self._charge(11), {"charge": 1})

    def test_while_money_that_came_in_is_not_matched_nothing_is_charged(self):
        for treatment in ("hold", "mention"):
            with self.subTest(treatment), self.env.cr.savepoint() as savepoint:
                self.policy.write({"unmatched_payments": treatment, "unmatched_payment_days": 1})
                self._enrol()
                self._send_notice(7)
                journal = self.company_data["default_journal_bank"]
                line = {"journal_id": journal.id, "date": self._in(7), "payment_ref": "Transfer", "amount": 300}
                line["partner_id"] = self.customer.partner_id.id
                self.env["account.bank.statement.line"].create(line)
                self.assertEqual((self._charge(10), self._account_outcomes()), ({}, []))
                savepoint.rollback()
                self.env.invalidate_all()

    def test_what_was_not_charged_in_time_is_announced_again(self):
        self._enrol()
        self._send_notice(7)
        self.company.ar_autopay_stopped = True
        self._charge(10)
        self.company.ar_autopay_stopped = False
        self.assertEqual((self._charge(12), self._account_outcomes()), ({"announce": 1}, []))
        (mail,) = self._deliver(self._in(12))
        self.assertIn(format_date(self.env, self._in(13), date_format="medium"), mail["body"])
        self.assertEqual((self._charge(13), self._account_outcomes()), ({"charge": 1}, [(300.0, "done")]))

    def test_in_another_currency_it_is_announced_anew(self):
        other = self.env.ref("base.JPY")
        other.active = True
        self._enrol()
        self._send_notice(7)
        before = self._collections()
        self.invoice.button_draft()
        self.invoice.currency_id = other
        self.invoice.action_post()
        self.assertEqual((self._charge(8), self._account_outcomes()), ({"announce": 1}, []))
        new = self._collections() - before
        self.assertEqual((new.currency_id, new.line_ids.move_line_id), (other, self._debt(self.invoice)))
        self.assertEqual((before.line_ids.currency_id, before.amount), (self.company.currency_id, 300.0))  # history
        self.assertEqual(before._get_booked_rate(), 1)
        self._deliver(self._in(8))
        self.assertEqual((self._charge(9), self._charge(10)), ({}, {"charge": 1}))
        self.assertEqual(new.autopay_charge_ids.transaction_id.currency_id, other)

    def test_a_credit_that_was_used_otherwise_does_not_raise_the_payment_above_the_maximum(self):
        credit = self._invoice(self.customer.partner_id, 1, 120.0, move_type="out_refund")
        self._enrol(maximum_charge=Decimal(200))
        self._charge(7)
        self._collections().autopay_notice_id._cancel("outdated")
        credit.button_draft()
        self._send_notice(8)
        self.assertEqual(self._collections().autopay_notice_amount, 180.0)
        self._charge(10)
        self.assertEqual(self._account_outcomes(), [(180.0, "done")])

    def test_another_consent_does_not_begin_the_month_anew(self):
        self._enrol(maximum_month=Decimal(320))
        self._send_notice(7)
        self._charge(10)
        self._book_account()
        self._enrol(day=self._in(10), maximum_month=Decimal(320))
        self._due(13, 50.0, self.customer)
        self._charge(12)
        self.assertEqual(self._collections().mapped("skipped"), [False, "over_month"])

    def test_a_retry_is_not_charged_above_the_maximum_of_its_month(self):
        self._enrol(self._saved_method(simulated="error"), maximum_month=Decimal(320))
        self._send_notice(7)
        self._charge(10)
        self._collections().consent_id.maximum_month = 299
        self._charge(13)
        self.assertEqual((self._collections().skipped, len(self._account_outcomes())), ("over_month", 1))
