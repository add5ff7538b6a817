from datetime import date, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import PROBLEM_LOG, ArCommon


class TestLetters(ArCommon):
    """Letters wait for a print run; a letter about what was paid meanwhile is not printed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step, cls.next_step = cls._on_schedule(
            {"days": 3, "channel": "letter", "letter_text": "<p>Please look into your books.</p>"}, {"days": 10}
        )
        cls.customer, cls.invoice = cls._late(amount=250)
        cls.other, cls.other_invoice = cls._late(name="Other", email=False)
        cls.manager = cls._user("manager")

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
        run = self.env["ir.attachment"].browse(int(action["params"]["url"].split("/")[-1].split("?")[0]))
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

    @tagged("at_install", "ar_print")
    def test_a_print_run_counts_them_as_sent(self):
        printed = self._print(day=date(2026, 6, 11))
        self.assertEqual(printed, self.letters)
        self.assertEqual(set(self.letters.mapped("state")), {"sent"})
        self.assertEqual(set(self.letters.mapped("date_sent")), {date(2026, 6, 11)})
        self.assertEqual(self.customer.last_contact_date, date(2026, 6, 11))

    @tagged("at_install", "ar_print")
    def test_a_step_without_text_is_refused_until_somebody_writes_one(self):
        self.step.letter_text = "<p><br></p>"
        self.assertEqual(self.letters.mapped("letter_hint"), ["No text", "No text"])
        with self.assertRaisesRegex(UserError, "have no text: letter at 3"):
            self._print()
        self.assertEqual(set(self.letters.mapped("state")), {"planned"})

    def test_a_missing_postal_address_is_said_before_printing(self):
        self.other.partner_id.write({"street": False, "city": False})
        self.env.invalidate_all()
        self.assertEqual(self.letters.mapped("letter_hint"), [False, "No postal address"])
        with self._on():
            action = self.letters[1].with_user(self.collector).action_print()
        self.assertIn("no postal address of Other", action["params"]["message"])

    @tagged("at_install", "ar_print")
    def test_of_several_those_that_were_not_printed_are_named(self):
        # A letter that waits, as on a Sunday, did not change and was not paid.
        self.assertIn("may be contacted: Other.", self.letters._get_unprinted_text(self.letters[0].customer_id))
        self.other.partner_id.write({"street": False, "city": False})
        collector = self.env(user=self.collector, context={"force_report_rendering": True})
        with self._on():
            action = self.letters.with_env(collector).action_print()
        self.assertEqual(action["params"]["message"], "Not printed, no postal address: Other.")

    def test_the_letter_states_what_it_must(self):
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
        self.assertEqual(text.count(">Payment reminder<"), 2, "one title for each letter")

    def test_the_letter_names_money_that_is_not_matched_yet(self):
        """Above the text of a final demand, as in emails."""
        said = "not matched with your invoices yet"
        report = self.env["ir.actions.report"]
        plain = report._render_qweb_html("ar_collections.report_reminder_letter", self.letter.ids)[0].decode()
        self.assertNotIn(said, plain)
        money = [{"date": "2026-06-08", "amount": "123.45", "currency": self.letter.currency_id.name}]
        self.letter.sudo().write({"unmatched_payments": money, "is_final_demand": True})
        demand = report._render_qweb_html("ar_collections.report_reminder_letter", self.letter.ids)[0].decode()
        self.assertRegex(demand, rf"(?s){said}.*123\.45.*This is our final demand")

    @tagged("at_install", "ar_print")
    def test_a_paid_letter_is_cancelled_and_not_printed(self):
        self._pay(self.invoice)
        self.assertEqual(self._print(), self.letters[1])
        self.assertEqual((self.letter.state, self.letter.cancel_reason), ("cancelled", "nothing_due"))

    @tagged("at_install", "ar_print")
    def test_a_part_paid_letter_is_written_anew_and_printed_in_the_same_run(self):
        self._pay(self.invoice, 100)
        printed = self._print()
        self.assertEqual(self.letter.cancel_reason, "outdated")
        fresh = printed - self.letters
        self.assertEqual((fresh.customer_id, fresh.amount_total, fresh.state), (self.customer, 150, "sent"))

    @tagged("at_install", "ar_print")
    def test_nothing_is_printed_twice(self):
        self._print()
        with self.assertRaisesRegex(UserError, "No letter can be printed"):
            self._print()

    def test_when_all_are_paid_there_is_nothing_to_print(self):
        for invoice in (self.invoice, self.other_invoice):
            self._pay(invoice)
        with self._on():
            answer = self.letters.with_user(self.collector).action_print()
        self.assertIn("No letter was printed", answer["params"]["message"])
        self.assertEqual(set(self.letters.mapped("cancel_reason")), {"nothing_due"})
        with self.assertRaisesRegex(UserError, "No letter can be printed"), self._on():
            self.letters.with_user(self.collector).action_print()

    def test_an_edited_letter_whose_list_changed_goes_back_to_who_wrote_it(self):
        with self._on():
            wizard = self.letter.with_user(self.collector).action_edit_text()["res_id"]
            wizard = self.env["ar.message.edit"].with_user(self.collector).browse(wizard)
            wizard.text_above = "<p>Remember our walk</p>"
            wizard.action_save()
            self._pay(self.invoice, 100)
            answer = self.letter.with_user(self.manager).action_print()
        self.assertIn("returned to their editors", answer["params"]["message"])
        self.assertEqual(self._states(self.customer), [(3, "cancelled"), (3, "review")])
        self.assertEqual(self._tasks(self.customer, "review").user_id, self.collector)

    # === WHAT CHANGES WHILE A LETTER WAITS === #

    def _leave(self, letters, day):
        """Print letters on that day, without making PDFs."""
        page = patch.object(self.registry["ar.channel.letter"], "_print", lambda *_args: (b"%PDF", b"%PDF"))
        with page, patch("odoo.tools.pdf.merge_pdf", lambda parts: parts[0]), self._on(day):
            letters.with_user(self.collector).action_print()
        self.env.invalidate_all()

    def test_a_letter_leaves_to_the_reader_and_with_the_day_of_then(self):
        """The reader left for another company, the collector changed, and the deadline has passed."""
        self.step.deadline_days = 2
        customer, invoice = self._late(name="Third", amount=70)
        values = {"name": "Jane", "type": "invoice", "parent_id": customer.partner_id.id, **self.ADDRESS}
        jane = self.env["res.partner"].create(values)
        self._run()
        letter = self._communications(customer)
        self.assertEqual((letter.recipient_ids, letter.deadline), (jane, date(2026, 6, 12)))
        jane.parent_id = self.other.partner_id
        customer.sudo().user_id = self._user("collector", login="second")
        monday = date(2026, 6, 15)
        self._leave(letter, monday)
        self.assertEqual((letter.state, letter.recipient_ids), ("sent", customer.partner_id))
        self.assertEqual(letter.user_id, customer.collector_id)
        self.assertEqual((letter.date, letter.deadline), (monday, date(2026, 6, 17)))
        self.assertEqual(letter.line_ids.days_late, (monday - invoice.invoice_date_due).days)

    def test_an_edited_letter_whose_deadline_has_passed_goes_back(self):
        text = self.letter.with_user(self.collector)._prepare_edited_vals(
            {"text_above": "<p>Until Wednesday</p>"}, self.env["res.partner"]
        )
        self.letter.sudo().write({**text, "deadline": date(2026, 6, 12)})
        self._run(date(2026, 6, 12))
        self.assertEqual(self.letter.state, "planned")
        self._run(date(2026, 6, 15))
        self.assertEqual(self._states(self.customer), [(3, "cancelled"), (3, "review")])

    # === CONCURRENT LETTERS === #

    def _manual_and_prepared(self):
        """Order a letter manually, unprinted, and let the nightly run prepare another; return the day and both."""
        customer, _invoice = self._late(name="Third", amount=70)
        with self._on():
            preview = self.env["ar.preview"].with_user(self.collector).create({"company_id": self.company.id})
            preview._show(customer)
            preview.line_ids.action_send_now()
        ordered = self._communications(customer)
        self.assertTrue(ordered.is_manual)
        self._invoice(customer.partner_id, 4, 80)
        later = date(2026, 6, 12)
        self._run(later)
        prepared = self._communications(customer) - ordered
        self.assertTrue(prepared)
        return later, ordered, prepared

    @tagged("at_install", "ar_print")
    def test_what_the_night_prepared_beside_a_manual_order_does_not_stop_the_run(self):
        later, ordered, prepared = self._manual_and_prepared()
        printed = self._print(self.letters | ordered | prepared, later)
        self.assertEqual(set((ordered | prepared).mapped("cancel_reason")), {"outdated"})
        one = printed - self.letters
        self.assertEqual((len(one), one.is_manual, one.amount_total), (1, True, 150))
        self.assertEqual(len(printed), 3)

    @tagged("at_install", "ar_print")
    def test_edited_text_replaced_by_a_manual_order_is_notified(self):
        later, ordered, prepared = self._manual_and_prepared()
        written = prepared.with_user(self.collector)._prepare_edited_vals(
            {"text_above": "<p>W</p>"}, self.env["res.partner"]
        )
        prepared.sudo().write(written)
        with self._on(later):
            ordered.with_user(self.manager).with_context(force_report_rendering=True).action_print()
        note = self.env["mail.message"].sudo().search([("partner_ids", "in", self.collector.partner_id.ids)], limit=1)
        self.assertIn("was not sent: Replaced by a newer message", note.body)

    @tagged("at_install", "ar_print")
    def test_two_orders_of_one_customer_are_judged_one_after_the_other(self):
        _later, ordered, prepared = self._manual_and_prepared()
        prepared.sudo().is_manual = True
        printed = self._print(ordered | prepared, date(2026, 6, 12))
        self.assertEqual(sum(printed.line_ids.filtered("step_id").mapped("uses_step")), 2)

    @tagged("at_install", "ar_print")
    def test_one_bad_customer_stops_nobody(self):
        check = type(self.letters)._check_before_sending

        def fail_for_one(letters):
            if self.letter in letters:
                raise ValueError("A bad customer")
            return check(letters)

        with patch.object(type(self.letters), "_check_before_sending", fail_for_one), mute_logger(PROBLEM_LOG):
            printed = self._print()
        self.assertEqual(printed, self.letters[1])
        self.assertIn("A bad customer", self.customer.run_error)
        self.assertEqual(self.letter.state, "planned")

    def test_when_all_fail_the_accounts_explain_why(self):
        failing = patch.object(type(self.letters), "_check_before_sending", side_effect=ValueError("Bad"))
        with failing, mute_logger(PROBLEM_LOG), self._on():
            answer = self.letters.with_user(self.collector).action_print()
        self.assertIn("because of errors for", answer["params"]["message"])
        self.assertIn("Bad", self.customer.run_error)

    @tagged("at_install", "ar_print")
    def test_a_print_run_hangs_on_no_customer(self):
        with self._on():
            action = self.letters.with_user(self.collector).with_context(force_report_rendering=True).action_print()
        run = self.env["ir.attachment"].browse(int(action["params"]["url"].split("/")[-1].split("?")[0]))
        self.assertFalse(run.res_model or run.res_id)
        self.assertTrue(run.with_user(self.collector).raw)

    @tagged("at_install", "ar_print")
    def test_the_file_of_a_print_run_is_deleted_after_a_day(self):
        self._print()
        runs = self.env["ir.attachment"].search([("name", "=", "Reminder letters.pdf"), ("res_model", "=", False)])
        kept = self.letters.attachment_ids | runs.copy({"description": False})
        self.env["ar.channel.letter"]._gc_print_runs()
        self.assertTrue(runs.exists())
        old = fields.Datetime.now() - timedelta(hours=25)
        self.env.cr.execute("UPDATE ir_attachment SET create_date = %s WHERE id = ANY(%s)", [old, (runs | kept).ids])
        self.env.invalidate_all()
        self.env["ar.channel.letter"]._gc_print_runs()
        self.assertEqual((runs | kept).exists(), kept)

    def test_without_a_postal_address_there_is_no_letter(self):
        customer, _invoice = self._late(name="Nowhere", street=False, city=False)
        self._run()
        self.assertCode(customer, "no_address")
        self.assertEqual(len(self._tasks(customer, "address")), 1)

    @tagged("at_install", "ar_print")
    def test_on_a_weekend_the_letters_wait(self):
        with self.assertRaises(UserError):
            self._print(day=date(2026, 6, 13))
        self.assertEqual(self._communications(self.customer).state, "planned")
        self.assertEqual(len(self._print(day=date(2026, 6, 15))), 2)

    @tagged("at_install", "ar_print")
    def test_after_the_letter_the_schedule_goes_on_by_mail(self):
        self._print()
        self.assertEqual(len(self._day(date(2026, 6, 16))), 1)
