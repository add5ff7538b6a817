from datetime import date, timedelta

from odoo.exceptions import UserError

from .common import ArCommon


class TestLetters(ArCommon):
    """Letters wait for a print run; what was paid meanwhile is not printed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step, cls.next_step = cls._on_schedule(
            {"days": 3, "channel": "letter", "letter_text": "<p>Please look into your books.</p>"}, {"days": 10}
        )
        cls.customer, cls.invoice = cls._late(amount=250)
        cls.other, cls.other_invoice = cls._late(name="Other", email=False)

    def setUp(self):
        super().setUp()
        self._run()
        self.letters = self._communications(self.customer | self.other)
        self.letter = self.letters[0]

    def _print(self, letters=None, day=None):
        """Print as the collector; return the letters that were kept as PDF."""
        collector = self.env(user=self.collector, context={"force_report_rendering": True})
        with self._on(day):
            action = (letters or self.letters).with_env(collector).action_print()
        run = self.env["ir.attachment"].browse(int(action["url"].split("/")[-1].split("?")[0]))
        self.assertTrue(run.raw.startswith(b"%PDF"))
        self.env.invalidate_all()
        return self.env["ar.communication"].search(
            [("channel", "=", "letter"), ("attachment_ids", "!=", False)], order="id"
        )

    def test_letters_wait_and_nothing_is_mailed(self):
        self.assertEqual(self.letters.mapped("state"), ["planned", "planned"])
        self.assertEqual(len(self._deliver()), 0)
        for days in range(1, 6):
            self._run(self.TODAY + timedelta(days=days))
        self.assertEqual(self._communications(self.customer | self.other), self.letters)

    def test_a_print_run_counts_them_as_spoken(self):
        printed = self._print(day=date(2026, 6, 11))
        self.assertEqual(printed, self.letters)
        self.assertEqual(set(self.letters.mapped("state")), {"sent"})
        self.assertEqual(set(self.letters.mapped("date_spoken")), {date(2026, 6, 11)})
        self.assertEqual(self.customer.last_contact_date, date(2026, 6, 11))

    def test_the_letter_says_what_it_must(self):
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "ar_collections.report_reminder_letter", self.letters.ids
        )
        text = html.decode()
        for part in (
            self.invoice.name,
            self.other_invoice.name,
            "250.00",
            "Please look into your books",
            "Main Street",
        ):
            self.assertIn(part, text)

    def test_a_paid_letter_is_cancelled_and_not_printed(self):
        self._pay(self.invoice)
        self.assertEqual(self._print(), self.letters[1])
        self.assertEqual((self.letter.state, self.letter.cancel_reason), ("cancelled", "nothing_due"))

    def test_a_part_paid_letter_is_written_anew_and_printed_in_the_same_run(self):
        self._pay(self.invoice, 100)
        printed = self._print()
        self.assertEqual(self.letter.cancel_reason, "outdated")
        fresh = printed - self.letters
        self.assertEqual((fresh.customer_id, fresh.amount_total, fresh.state), (self.customer, 150, "sent"))

    def test_nothing_is_printed_twice(self):
        self._print()
        with self.assertRaisesRegex(UserError, "No letter can be printed"):
            self._print()

    def test_when_all_are_paid_there_is_nothing_to_print(self):
        for invoice in (self.invoice, self.other_invoice):
            self._pay(invoice)
        with self.assertRaises(UserError):
            self._print()

    def test_without_a_postal_address_there_is_no_letter(self):
        customer, _invoice = self._late(name="Nowhere", street=False, city=False)
        self._run()
        self.assertCode(customer, "no_address")
        self.assertEqual(len(self._tasks(customer, "address")), 1)

    def test_on_a_weekend_the_letters_wait(self):
        with self.assertRaises(UserError):
            self._print(day=date(2026, 6, 13))
        self.assertEqual(self._communications(self.customer).state, "planned")
        self.assertEqual(len(self._print(day=date(2026, 6, 15))), 2)

    def test_after_the_letter_the_ladder_goes_on_by_mail(self):
        self._print()
        self.assertEqual(len(self._day(date(2026, 6, 16))), 1)
