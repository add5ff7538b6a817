"""Promises, disputes and money in the snapshots: as of the day, whenever it is taken."""

from datetime import date, timedelta

from ..disputes.common_dispute import ArDisputeCommon
from ..promises.common_promise import PromiseCommon
from .common_ledger import LedgerCommon
from .test_snapshots import SnapshotCommon

FIELDS = (
    "promises_due", "promise_kept_rate", "promise_kept_rate_amount", "disputed", "dispute_share", "collected",
    "collected_after_contact", "turnover",
)  # fmt: skip


class AgreementSnapshotCommon(SnapshotCommon):
    def _figures(self, day, company=None):
        """Return the part's figures of the company's day, taken on the next morning."""
        snapshot = self._take(day, company)
        self.env.flush_all()
        self.env.invalidate_all()
        return {name: snapshot[name] for name in FIELDS}

    def assertSameLater(self, day, before):
        """Assert that the day taken again, two months later, is the same."""
        with self._on(day + timedelta(days=60)):
            snapshot = self.snapshots._take(self.company, day)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual({name: snapshot[name] for name in FIELDS}, before)


class TestPromisesInSnapshots(AgreementSnapshotCommon, PromiseCommon):
    """The promises of 24 June are kept until the 26th; the month of that day began on 27 May."""

    LAST = date(2026, 6, 26)

    def _rates(self, day):
        figures = self._figures(day)
        return figures["promises_due"], figures["promise_kept_rate"], figures["promise_kept_rate_amount"]

    def test_kept_by_number_and_by_amount(self):
        self._promise({self.old: None})
        self._promise({self.new: None})
        self._pay(self.new, day=self.LAST)
        self.assertEqual(self._rates(self.LAST), (2, 50, 25))

    def test_partly_kept_is_not_kept(self):
        self._promise({self.old: None})
        self._pay(self.old, 250, day=date(2026, 6, 20))
        self.assertEqual(self._rates(self.LAST), (1, 0, 0))

    def test_kept_but_for_a_small_difference_is_kept(self):
        self._promise({self.old: None})
        self._pay(self.old, 299, day=date(2026, 6, 20))
        self.assertEqual(self._rates(self.LAST), (1, 100, 100))

    def test_it_counts_from_the_day_its_tolerance_ended(self):
        self._promise({self.old: None})
        self.assertEqual(self._rates(self.LAST - timedelta(days=1)), (0, None, None))
        self.assertEqual(self._rates(date(2026, 7, 25)), (1, 0, 0))
        self.assertEqual(self._rates(date(2026, 7, 26)), (0, None, None))

    def test_withdrawn_ones_do_not_count(self):
        with self._on(date(2026, 6, 20)):
            self._promise({self.old: None})._withdraw("The order was cancelled")
        self.assertEqual(self._rates(self.LAST), (0, None, None))

    def test_what_is_paid_after_the_day_changes_nothing(self):
        self._promise({self.old: None})
        self._promise({self.new: None})
        self._pay(self.old, 100, day=date(2026, 6, 20))
        self._pay(self.new, day=date(2026, 6, 25))
        before = self._figures(self.LAST)
        self._pay(self.old, day=self.LAST + timedelta(days=1))
        self._judge(self.LAST + timedelta(days=2))
        self.assertEqual(before["promise_kept_rate"], 50)
        self.assertSameLater(self.LAST, before)

    def test_judged_or_not_it_is_the_same(self):
        self._promise({self.old: None})
        self._pay(self.old, day=self.LAST)
        before = self._figures(self.LAST)
        self._judge(self.LAST + timedelta(days=1))
        self.assertSameLater(self.LAST, before)

    def test_foreign_promises_weigh_their_booked_amount(self):
        pounds = self.setup_other_currency("GBP")
        dear = self._invoice(self.customer.partner_id, 5, 600.0, currency_id=pounds.id)
        self._promise({dear: None})
        self._promise({self.new: None})
        self._pay(self.new, day=self.LAST)
        booked = self._debt(dear).balance
        self.assertNotEqual(booked, 600)
        due, by_number, by_amount = self._rates(self.LAST)
        self.assertEqual((due, by_number), (2, 50))
        self.assertAlmostEqual(by_amount, 100 / (100 + booked) * 100)


class TestDisputesInSnapshots(AgreementSnapshotCommon, ArDisputeCommon):
    def _disputed(self, day):
        figures = self._figures(day)
        return figures["disputed"], figures["dispute_share"]

    def test_open_from_the_day_it_is_raised_until_it_is_resolved(self):
        self._invoice(self.customer.partner_id, 4, 300)
        dispute = self._dispute(amount=40)
        self._resolve(dispute, 0, day=self.TODAY + timedelta(days=5))
        self.assertEqual(self._disputed(self.TODAY - timedelta(days=1)), (0, 0))
        self.assertEqual(self._disputed(self.TODAY), (40, 10))
        self.assertEqual(self._disputed(self.TODAY + timedelta(days=4)), (40, 10))
        self.assertEqual(self._disputed(self.TODAY + timedelta(days=5)), (0, 0))

    def test_not_more_than_what_was_open_that_day(self):
        self._dispute()
        self._pay(self.invoice, 70, day=self.TODAY + timedelta(days=2))
        self.assertEqual(self._disputed(self.TODAY + timedelta(days=1)), (100, 100))
        self.assertEqual(self._disputed(self.TODAY + timedelta(days=2)), (30, 100))

    def test_two_disputes_about_an_item_add_up(self):
        self._dispute(amount=30)
        self._dispute(amount=50)
        self.assertEqual(self._disputed(self.TODAY), (80, 80))

    def test_nothing_owed_has_no_share(self):
        self.assertEqual(self._disputed(date(2026, 1, 1)), (0, None))

    def test_foreign_items_at_their_booked_rate(self):
        foreign = self._invoice(self.customer.partner_id, 4, 200, currency_id=self.setup_other_currency("GBP").id)
        self._dispute(foreign, amount=50)
        booked = self._debt(foreign).balance
        disputed, share = self._disputed(self.TODAY)
        self.assertAlmostEqual(disputed, booked / 4)
        self.assertAlmostEqual(share, booked / 4 / (booked + 100) * 100)

    def test_the_day_is_the_same_later(self):
        dispute = self._dispute(amount=60)
        before = self._figures(self.TODAY)
        self._resolve(dispute, 60, day=self.TODAY + timedelta(days=3))
        self._pay(self.invoice, day=self.TODAY + timedelta(days=9))
        self.assertEqual((before["disputed"], before["dispute_share"]), (60, 60))
        self.assertSameLater(self.TODAY, before)


class TestMoneyInSnapshots(AgreementSnapshotCommon, LedgerCommon):
    """Customers are reminded on TODAY, 10 June."""

    def _money(self, day):
        figures = self._figures(day)
        return figures["collected"], figures["collected_after_contact"]

    def _remind(self):
        """Remind a new customer of 100 on TODAY; return the invoice."""
        _customer, invoice = self._late()
        self._day()
        return invoice

    def test_after_contact_is_up_to_seven_days_after_it(self):
        invoice = self._remind()
        for days, amount in ((0, 10), (7, 20), (8, 40)):
            self._pay(invoice, amount, day=self.TODAY + timedelta(days=days))
        self.assertEqual(self._money(self.TODAY), (10, 10))
        self.assertEqual(self._money(self.TODAY + timedelta(days=7)), (30, 30))
        self.assertEqual(self._money(self.TODAY + timedelta(days=8)), (70, 30))

    def test_before_the_contact_it_was_not_an_answer(self):
        _customer, invoice = self._late()
        self._pay(invoice, 30, day=self.TODAY - timedelta(days=1))
        self._day()
        self.assertEqual(self._money(self.TODAY), (30, 0))

    def test_items_that_were_not_listed(self):
        invoice = self._remind()
        other = self._invoice(invoice.partner_id, -20, 500)
        self._pay(other, day=self.TODAY + timedelta(days=1))
        self.assertEqual(self._money(self.TODAY + timedelta(days=1)), (500, 0))

    def test_a_call_is_about_the_whole_account(self):
        customer, invoice = self._late(overdue_days=1)
        with self._on():
            customer._log_call("reached", customer.partner_id)
        self._pay(invoice, 25, day=self.TODAY + timedelta(days=2))
        self.assertEqual(self._money(self.TODAY + timedelta(days=2)), (25, 25))

    def test_two_contacts_count_a_payment_once(self):
        invoice = self._remind()
        customer = self._customer(invoice.partner_id)
        with self._on():
            customer._log_call("will_pay", customer.partner_id)
        self._pay(invoice, day=self.TODAY + timedelta(days=2))
        self.assertEqual(self._money(self.TODAY + timedelta(days=2)), (100, 100))

    def test_credit_notes_are_not_money(self):
        invoice = self._remind()
        refund = self._bill(invoice.partner_id, self.TODAY, 40, move_type="out_refund")
        (self._debt(invoice) + self._debt(refund)).reconcile()
        self.assertEqual(self._money(self.TODAY), (0, 0))

    def test_a_payment_that_bounces_after_a_call_was_not_collected(self):
        customer, invoice = self._late(overdue_days=1)
        with self._on():
            customer._log_call("reached", customer.partner_id)
        paid = self._settle(invoice, self.TODAY)
        paid.remove_move_reconcile()
        (paid | self._entry(paid, self.TODAY + timedelta(days=2), -100)).reconcile()
        self.assertEqual(self._money(self.TODAY + timedelta(days=2)), (0, 0))

    def test_money_on_account_before_a_call_is_no_answer_to_it(self):
        customer, invoice = self._late(overdue_days=1)
        early = self._entry(self._receivable(invoice), self.TODAY - timedelta(days=1), 60)
        with self._on():
            customer._log_call("reached", customer.partner_id)
        later = self._bill(customer.partner_id, self.TODAY + timedelta(days=1), 200)
        (early | self._receivable(later)).reconcile()
        self._settle(later, self.TODAY + timedelta(days=2), 15)
        self.assertEqual(self._money(self.TODAY + timedelta(days=2)), (75, 15))

    def test_what_a_payment_writes_off_is_no_money(self):
        invoice = self._remind()
        self._pay_and_write_off(invoice, 90)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(self._money(self.TODAY), (90, 90))

    def test_money_that_is_not_matched_was_collected_and_what_is_paid_back_was_not(self):
        line = self._receivable(self._bill(self.partner, date(2026, 6, 1), 100))
        self._entry(line, date(2026, 6, 5), 80)
        self._entry(line, date(2026, 6, 6), -30)
        self.assertEqual(self._money(date(2026, 6, 5)), (80, 0))
        self.assertEqual(self._money(date(2026, 6, 30)), (50, 0))
        self.assertEqual(self._money(date(2026, 7, 31)), (0, 0))

    def test_the_day_is_the_same_after_payments_came(self):
        invoice = self._remind()
        self._pay(invoice, 60, day=self.TODAY + timedelta(days=2))
        day = self.TODAY + timedelta(days=3)
        before = self._figures(day)
        self._pay(invoice, day=day + timedelta(days=1))
        self.assertEqual((before["collected"], before["collected_after_contact"]), (60, 60))
        self.assertSameLater(day, before)

    def test_two_years_back_from_the_ledger(self):
        self._settle(self._bill(self.partner, date(2024, 7, 1), 120), date(2024, 7, 20))
        figures = self._figures(date(2024, 7, 31))
        self.assertEqual((figures["collected"], figures["collected_after_contact"]), (120, 0))
        self.assertEqual((figures["promises_due"], figures["promise_kept_rate"], figures["disputed"]), (0, None, 0))

    def test_turnover(self):
        self._bill(self.partner, date(2026, 3, 10), 400)
        self._bill(self.partner, date(2026, 4, 10), 300)
        self.assertAlmostEqual(self._figures(date(2026, 4, 30))["turnover"], 300 / 550)

    def test_companies_do_not_mix(self):
        invoice = self._remind()
        self._pay(invoice, day=self.TODAY)
        second = self.setup_other_company(name="Second Company")["company"]
        self._settle(self._bill(self.partner, self.TODAY, 900, company=second), self.TODAY)
        self.assertEqual(self._money(self.TODAY), (100, 100))
        figures = self._figures(self.TODAY, second)
        self.assertEqual((figures["collected"], figures["collected_after_contact"]), (900, 0))
