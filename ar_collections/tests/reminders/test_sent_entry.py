from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError

from odoo.addons import ar_collections

from ..common import ArCommon

EXAMPLE = Path(ar_collections.__file__).parent / "static" / "csv" / "reminders_sent.csv"

COLUMNS = ["number", "step", "date"]


class TestSentEntry(ArCommon):
    """Reminders that another system sent, from a file, before activation: the schedule goes on after them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.ar_active = False
        cls.customer, cls.invoice = cls._late(40)
        cls.manager = cls._user("manager")

    def _load(self, *rows, user=None):
        """Load rows (invoice or number, step, days ago); return the texts of the messages."""
        rows = [
            [str(getattr(number, "name", number)), str(step), str(self.TODAY - timedelta(days=ago))]
            for number, step, ago in rows
        ]
        with self._on():
            result = self.env["ar.sent.entry"].with_user(user or self.manager).load(list(COLUMNS), rows)
        self.assertEqual(bool(result["ids"]), not result["messages"])
        return [message["message"] for message in result["messages"]]

    def _refused(self, part, *rows, **options):
        """Assert that nothing is recorded, and that the only message says this."""
        before = self.env["ar.communication"].search_count([])
        (message,) = self._load(*rows, **options)
        self.assertIn(part, message)
        self.assertEqual(self.env["ar.communication"].search_count([]), before)

    def _run_active(self, day=None):
        self.company.ar_active = True
        self._run(day)

    def test_without_it_the_customer_is_asked_as_for_the_first_time(self):
        self._run_active()
        self.assertEqual(self._communications(self.customer).step_id, self.friendly)

    def test_the_schedule_goes_on_with_the_next_step(self):
        self.assertEqual(self._load((self.invoice, "friendly REMINDER", 30), (self.invoice, "10", 20)), [])
        first, second = self._communications(self.customer)
        self.assertEqual((first.step_id, second.step_id), (self.friendly, self.firm))
        self.assertEqual((second.state, second.channel, second.tone), ("sent", self.firm.channel, self.firm.tone))
        self.assertEqual(second.date_sent, self.TODAY - timedelta(days=20))
        self.assertEqual(
            (second.subject, second.amount_total), ("Sent by another system", self.invoice.amount_residual)
        )
        self.assertEqual((second.line_ids.move_id, second.line_ids.days_late), (self.invoice, 20))
        self._run_active()
        last = self._communications(self.customer)[-1]
        self.assertNotIn(last.step_id, self.friendly | self.firm)
        self.assertGreater(last.step_id.days, self.firm.days)

    def test_after_the_last_step_nothing_is_sent(self):
        self.assertEqual(self._load((self.invoice, self.formal.name, 2)), [])
        self._run_active()
        self.assertEqual(self._communications(self.customer).step_id, self.formal)

    def test_one_message_for_each_customer_and_day(self):
        other = self._invoice(self.customer.partner_id, 20, 50.0)
        stranger, theirs = self._late(20, name="Somebody else")
        rows = [
            (self.invoice, "Firm reminder", 10),
            (other, "Friendly reminder", 10),
            (theirs, "Friendly reminder", 10),
        ]
        self.assertEqual(self._load(*rows), [])
        own = self._communications(self.customer)
        self.assertEqual((len(own), own.step_id), (1, self.firm))
        steps = {line.move_id: line.step_id for line in own.line_ids}
        self.assertEqual(steps, {self.invoice: self.firm, other: self.friendly})
        self.assertEqual(self._communications(stranger).line_ids.move_id, theirs)

    def test_a_file_that_is_loaded_again_adds_what_is_new(self):
        rows = [(self.invoice, "Friendly reminder", 30)]
        self.assertEqual(self._load(*rows, *rows), [])
        rows.append((self.invoice, "Firm reminder", 20))
        for _time in range(2):
            self.assertEqual(self._load(*rows), [])
            self.assertEqual(len(self._communications(self.customer)), 2)

    def test_what_is_paid_needs_nothing(self):
        self._pay(self.invoice)
        self.assertEqual(self._load((self.invoice, "Friendly reminder", 30)), [])
        self.assertFalse(self._communications(self.customer))

    def test_installments_that_were_due_on_that_day(self):
        halves = [{"value": "percent", "value_amount": 50, "nb_days": days} for days in (0, 60)]
        terms = self.env["account.payment.term"].create(
            {"name": "Halves", "line_ids": [Command.create(half) for half in halves]}
        )
        day = self.TODAY - timedelta(days=40)
        partner = self.customer.partner_id
        invoice = self._invoice(partner, invoice_date=day, invoice_date_due=False, invoice_payment_term_id=terms.id)
        self.assertEqual(self._load((invoice, "Friendly reminder", 30)), [])
        line = self._communications(self.customer).line_ids
        self.assertEqual((line.date_due, line.installment, line.amount_left), (day, "1/2", 50.0))

    # === REFUSED === #

    def test_rows_that_are_not_certain(self):
        good = (self.invoice, "Friendly reminder", 30)
        draft = self.invoice.copy()
        not_due = self._invoice(self.customer.partner_id, -5, 50.0)
        for part, row in (
            ("there are 0 posted customer invoices", ("INV/1900/7", "Friendly reminder", 3)),
            ("there are 0 posted customer invoices", (draft.name or "/", "Friendly reminder", 3)),
            ("Friendly reminder (3)", (self.invoice, "Nice letter", 3)),
            ("Friendly reminder (3)", (self.invoice, "6", 3)),
            ("and today", (self.invoice, "Firm reminder", -1)),
            ("and today", (self.invoice, "Firm reminder", 400)),
            ("was not due yet", (not_due, "Friendly reminder", 1)),
            ("row 1 says that “Friendly reminder”", (self.invoice, "Friendly reminder", 20)),
            ("row 1 says that “Friendly reminder”", (self.invoice, "Firm reminder", 30)),
        ):
            with self.subTest(row=row):
                self._refused(part, good, row)
        self.assertEqual(self._load(good), [])
        self._refused("is recorded for", (self.invoice, "Firm reminder", 30))
        self._refused("is recorded for", (self.invoice, "Friendly reminder", 20))

    def test_a_notice_before_the_due_date(self):
        not_due = self._invoice(self.customer.partner_id, -5, 50.0)
        self.assertEqual(self._load((not_due, self.notice.name, 0)), [])

    def test_after_activation_it_is_too_late(self):
        self.company.ar_active = True
        self._refused("activated already", (self.invoice, "Friendly reminder", 30))

    def test_a_customer_without_schedule(self):
        self.customer.policy_id.schedule_id.step_ids.active = False
        self._refused("has no reminder schedule", (self.invoice, "Friendly reminder", 30))

    def test_too_many_rows(self):
        with patch.object(self.registry["ar.sent.entry"], "_most_rows", 1):
            self._refused("more than 1 rows", *[(self.invoice, "Friendly reminder", 30)] * 2)

    def test_collectors_may_not(self):
        with self.assertRaisesRegex(UserError, "Manager"):
            self.env["ar.sent.entry"].with_user(self.collector).create(
                {"number": self.invoice.name, "step": "3", "date": self.TODAY}
            )
        entry = (
            self.env["ar.sent.entry"]
            .with_user(self.manager)
            .create({"number": self.invoice.name, "step": "3", "date": self.TODAY})
        )
        self.assertTrue(entry)  # by itself it records nothing
        self.assertFalse(self._communications(self.customer))

    def test_the_example_names_columns_and_steps_that_there_are(self):
        (offered,) = self.env["ar.sent.entry"].get_import_templates()
        self.assertEqual(Path(offered["template"]).name, EXAMPLE.name)
        head, *rows = EXAMPLE.read_text().splitlines()
        self.assertEqual(head.split(","), COLUMNS)
        for row in rows:
            step = self.env["ar.sent.entry"]._find_step(self.customer, row.split(",")[1])
            self.assertEqual(len(step), 1, row)
