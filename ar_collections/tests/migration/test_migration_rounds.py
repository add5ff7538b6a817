"""Migrations of what is about invoices posted again: log lines get what tells the rounds apart, agreements follow."""

from datetime import timedelta

from ..common import ArCommon
from .common_migration import run_migration

SCRIPT = "19.0.1.3.0/%s-rounds.py"


class TestMigrationRounds(ArCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late()

    def _migrate(self, stage="pre", version="19.0.1.2.0"):
        run_migration(self.env, SCRIPT % stage, version)

    def test_steps_sent_before_still_count(self):
        self._day()
        line = self._communications(self.customer).line_ids
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE ar_communication_line DROP COLUMN customer_ref CASCADE")
        self.env.cr.execute("UPDATE ar_communication_line SET date_due = NULL")
        self.env.invalidate_all()
        for _time in range(2):
            self._migrate()
            self.assertEqual(
                (line.customer_ref, line.date_due), (self.customer.id, self._debt(self.invoice).date_maturity)
            )
        self._run()
        self.assertCode(self.customer, "already_sent")

    def test_a_new_database_has_nothing_to_migrate(self):
        self._day()
        line = self._communications(self.customer).line_ids
        before = line.read()
        for stage in ("pre", "post"):
            self._migrate(stage, version=None)
        self.assertEqual(line.read(), before)

    def test_a_promise_whose_item_was_deleted_holds_again(self):
        with self._on():
            promise = self.customer._promise(self.TODAY + timedelta(days=5), {self._debt(self.invoice).id: None})
        promise.sudo().line_ids.move_line_id = False
        for _time in range(2):
            self._migrate("post")
            self.assertEqual(promise.line_ids.move_line_id, self._debt(self.invoice))
            self.assertEqual(promise.amount_open, 100.0)

    def test_an_agreement_in_another_currency_than_its_invoice_ends(self):
        other = self.env.ref("base.JPY")
        with self._on():
            promise = self.customer._promise(self.TODAY + timedelta(days=5), {self._debt(self.invoice).id: None})
        for currency, state in ((promise.currency_id, "open"), (other, "withdrawn"), (other, "withdrawn")):
            promise.sudo().currency_id = currency  # as before the invoice was posted again in its present one
            run_migration(self.env, "19.0.1.13.0/post-currencies.py", "19.0.1.12.0")
            self.assertEqual(promise.state, state)
