"""A loss is never a payment: key figures, agreements, score and history with numbers."""

from datetime import date, timedelta

from odoo.addons.ar_collections.core.metrics.key_figures import Paid
from odoo.addons.ar_collections.core.metrics.periods import Period

from ..common_recovery import ArRecoveryCommon

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


def march(day):
    return date(2026, 3, day)


class TestKeyFigures(ArRecoveryCommon):
    def _measure(self, period=MARCH):
        return self.env["ar.metrics"]._measure(self.company, period)

    def _march(self, is_lost):
        """Bill 10,000 in March, of which 4,000 are paid; 5,000 are open from January, of which 1,000 are lost."""
        old = self._bill(self.payer, date(2026, 1, 2), 1000, date(2026, 1, 20))
        self._bill(self._partner(), date(2026, 1, 2), 4000, date(2026, 1, 20))
        paid = self._bill(self._partner(), march(2), 4000, march(20))
        self._bill(self._partner(), march(2), 6000, date(2026, 4, 20))
        self._settle(paid, march(20))
        return self._write_off(old, day=march(25)) if is_lost else old

    def test_nothing_changes_but_the_bad_debt_ratio(self):
        self._march(is_lost=False)
        _books, before = self._measure()
        old = self.env["account.move"].search([("partner_id", "=", self.payer.id), ("state", "=", "posted")])
        self._write_off(old, day=march(25))
        books, figures = self._measure()
        self.assertEqual((books.written_off, books.closing.total), (1000, 10_000))
        self.assertEqual(figures.bad_debt_ratio, 10)
        for name in ("cei", "dso_simple", "dso_countback", "best_dso", "average_days_delinquent", "turnover",
                     "weighted_days_to_pay", "weighted_days_late"):  # fmt: skip
            self.assertEqual(getattr(figures, name), getattr(before, name), name)

    def test_receivables_and_aging_are_the_ledger(self):
        write_off = self._march(is_lost=True)
        books, _figures = self._measure()
        items = self.env["account.move.line"].search(
            [("account_id.account_type", "=", "asset_receivable"), ("company_id", "=", self.company.id),
             ("parent_state", "=", "posted"), ("date", "<=", MARCH.last)]
        )  # fmt: skip
        self.assertEqual(float(books.closing.total), sum(items.mapped("balance")))
        self.assertEqual(write_off.move_id.date, march(25))

    def test_recovered_later_it_is_collected_then(self):
        """Written off in March, reversed and paid in April: 1,000 of April are collected, and the loss is negative."""
        write_off = self._march(is_lost=True)
        april = Period(date(2026, 4, 1), date(2026, 4, 30))
        _books, before = self._measure(april)
        with self._on(date(2026, 4, 10)):
            write_off.with_user(self.manager).action_reverse()
        self._settle(write_off.line_ids.move_id, date(2026, 4, 11))
        books, figures = self._measure(april)
        self.assertEqual(books.written_off, -1000)
        self.assertEqual(books.closing.total, 10_000)
        self.assertGreater(figures.cei, before.cei)

    def test_what_was_written_off_was_not_paid(self):
        invoice = self._bill(self.payer, march(1), 100, march(4))
        self._write_off(invoice, day=march(20))
        self.assertEqual(self.env["ar.metrics"]._read_paid(self.company, MARCH), Paid())

    def test_the_snapshot_has_the_loss(self):
        self._march(is_lost=True)
        snapshot = self.env["ar.metric.snapshot"].sudo()._take(self.company, MARCH.last)
        self.assertEqual((snapshot.written_off, snapshot.bad_debt_ratio, snapshot.collected), (1000, 10, 4000))

    def test_it_is_not_collected_after_a_contact(self):
        self._march(is_lost=True)
        self.env.flush_all()
        rows = self.env.execute_query(self.env["ar.collected"]._select_payments(self.company))
        self.assertEqual(sum(row[6] for row in rows), 4000)


class TestAgreements(ArRecoveryCommon):
    def _promise(self, customer, invoice):
        """Record a promise of all of the invoice in five days."""
        with self._on():
            return customer._promise(self.TODAY + timedelta(days=5), {self._debt(invoice).id: None})

    def _judge(self, day):
        with self._on(day):
            self.env["ar.promise"].sudo()._judge_company(self.company, day)
        self.env.invalidate_all()

    def test_a_promise_ends_with_the_debt_and_was_not_kept(self):
        customer, invoice = self._late(40)
        promise = self._promise(customer, invoice)
        self._write_off(invoice)
        self.assertEqual(promise.state, "withdrawn")

    def test_a_loss_keeps_no_promise(self):
        customer, invoice = self._late(40)
        promise = self._promise(customer, invoice)
        self._write_off(invoice, amount=40)
        self._judge(self.TODAY + timedelta(days=20))
        self.assertEqual((promise.state, promise.amount_kept), ("broken", 0))

    def test_the_rest_that_was_paid_keeps_it(self):
        customer, invoice = self._late(40)
        promise = self._promise(customer, invoice)
        self._write_off(invoice, amount=40)
        self._pay(invoice, 60)
        self._judge(self.TODAY + timedelta(days=20))
        self.assertEqual((promise.state, promise.amount_kept), ("kept", 60))

    def test_a_kept_promise_stays_kept_when_the_cents_are_written_off(self):
        customer, invoice = self._late(40)
        promise = self._promise(customer, invoice)
        self._pay(invoice, 99)
        self.policy.write({"tolerance_amount": 5, "tolerance_share": 3})
        self._judge(self.TODAY)
        self.assertEqual(promise.state, "kept")
        self._write_off(invoice)
        self._judge(self.TODAY + timedelta(days=20))
        self.assertEqual(promise.state, "kept")


class TestCredit(ArRecoveryCommon):
    def test_the_score_reads_a_debt_that_was_never_paid(self):
        customer, invoice = self._late(100)
        with self._on():
            before = self.env["ar.credit.behavior"].sudo()._read(customer.sudo(), self.TODAY)[customer]
        self._write_off(invoice)
        with self._on():
            after = self.env["ar.credit.behavior"].sudo()._read(customer.sudo(), self.TODAY)[customer]
        self.assertEqual(after[0].experiences, before[0].experiences)

    def test_the_history_shows_no_payment(self):
        customer, invoice = self._late(100)
        self._write_off(invoice)
        facts = self.env["ar.credit.history"].sudo()._read(customer.sudo(), self.TODAY)
        self.assertEqual((facts["invoices"], facts["proven"]), (1, 0))  # late, and never paid

    def test_the_profile_shows_no_days_late(self):
        customer, invoice = self._late(100)
        self._write_off(invoice)
        found = self.env["ar.customer"]._read_days_late(self.company, customer.partner_id.ids, self.TODAY)
        self.assertFalse(found)
