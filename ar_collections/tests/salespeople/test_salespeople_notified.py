from datetime import date, timedelta
from unittest.mock import patch

from odoo import Command
from odoo.tools import mute_logger

from ..common import ArCommon

LOG = "odoo.addons.ar_collections.models.salespeople.ar_customer"

SOFT_LOG = "odoo.addons.ar_collections.models.reminders.manual.ar_customer_manual"


class NotifyCommon(ArCommon):
    """A customer with a salesperson, on a schedule of a friendly, a firm and a formal reminder."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        template = cls.friendly.mail_template_id.id
        cls.steps = cls._on_schedule(
            {"days": 3, "name": "Hello", "mail_template_id": template},
            {"days": 10, "name": "Firmly", "tone": "firm"},
            {"days": 20, "name": "Formally", "tone": "formal"},
        )
        cls.salesperson = cls._user("salesperson")
        cls.customer, cls.invoice = cls._late(overdue_days=3, amount=500, user_id=cls.salesperson.id)

    def _notes(self, user=None):
        """Return the notes to the salesperson, oldest first."""
        self.env.invalidate_all()
        partner = (user or self.salesperson).partner_id
        domain = [("message_type", "=", "user_notification"), ("partner_ids", "in", partner.ids)]
        return self.env["mail.message"].sudo().search(domain, order="id")

    def _day_after(self, days):
        return self.TODAY + timedelta(days=days)


class TestWarned(NotifyCommon):
    """Before a firm step the salesperson gets one list, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.salesperson_days = 3

    def _walk(self, last, first=0):
        """Run the days from first to last; return the days after TODAY on which the salesperson was notified."""
        notified, before = [], len(self._notes())
        for days in range(first, last + 1):
            self._day(self._day_after(days))
            if len(self._notes()) > before:
                notified.append(days)
            before = len(self._notes())
        return notified

    def test_three_working_days_before_the_firm_step_and_not_again(self):
        # Friendly on Wednesday 10 June; firm on Wednesday 17 June, three working days after Friday 12 June.
        self.assertEqual(self._walk(7), [2])
        self.assertEqual(self._states(self.customer), [(3, "sent"), (10, "sent")])

    def test_before_the_next_firm_step_it_is_notified_again(self):
        # Formal on Saturday 27 June, so on Monday 29 June: three working days after Wednesday 24 June.
        self.assertEqual(self._walk(19), [2, 14])

    def test_the_list_shows_customer_amount_age_step_and_day_with_a_link(self):
        other, _invoice = self._late(
            3, 70, name="Second Payer", email="s@customer.example.com", user_id=self.salesperson.id
        )
        self._walk(2)
        (note,) = self._notes()
        self.assertIn("2", note.subject)
        for text in ("Patient Payer", "500.00", "Second Payer", "70.00", "Firmly", "Jun 17, 2026", "Jun 7, 2026"):
            self.assertIn(text, note.body)
        for customer in (self.customer, other):
            self.assertIn(f"model=res.partner&amp;res_id={customer.partner_id.id}", note.body)
        self.assertEqual(note.author_id, self.company.partner_id)

    def test_running_the_day_twice_notifies_once(self):
        self._walk(1)
        for _turn in range(3):
            self._run(self._day_after(2))
        self.assertEqual(len(self._notes()), 1)

    def test_while_customers_are_left_to_look_at_it_waits(self):
        late, _invoice = self._late(30, 40, name="Left over", email="l@customer.example.com")
        self._walk(1)
        with self._on(self._day_after(2)):
            runs = self.env["ar.customer"].sudo().with_company(self.company)
            self.customer.sudo()._run_locked(self._day_after(2))
            late.sudo().decision_date = self._day_after(1)
            runs._warn_salespeople(self.company, self._day_after(2))
            self.assertFalse(self._notes())
            late.sudo()._run_locked(self._day_after(2))
            runs._warn_salespeople(self.company, self._day_after(2))
        self.assertEqual(len(self._notes()), 1)

    def test_a_friendly_step_is_no_news(self):
        fresh, _invoice = self._late(0, 50, name="Fresh", email="f@customer.example.com", user_id=self.salesperson.id)
        self._walk(2)
        self.assertEqual(fresh.next_step_id, self.steps[0])
        self.assertNotIn("Fresh", self._notes().body)

    def test_zero_days_or_no_salesperson_is_no_warning(self):
        self.policy.salesperson_days = 0
        self.assertFalse(self._walk(2))
        self.policy.salesperson_days = 3
        self.customer.partner_id.user_id = False
        self.assertFalse(self._walk(3, first=3))

    def test_a_new_salesperson_is_notified_too(self):
        self._walk(2)
        successor = self._user("salesperson", login="successor")
        self.customer.partner_id.user_id = successor
        self._run(self._day_after(5))
        self.assertEqual((len(self._notes(successor)), len(self._notes())), (1, 1))

    def test_who_collects_from_the_own_customers_needs_no_list(self):
        self.customer.partner_id.user_id = self.collector
        self._walk(3)
        self.assertFalse(self._notes(self.collector))

    def test_neither_who_left_nor_who_works_elsewhere_is_notified(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.salesperson.write({"company_ids": [Command.set(elsewhere.ids)], "company_id": elsewhere.id})
        self.assertFalse(self._walk(2))
        self.salesperson.write({"company_ids": [Command.set(self.company.ids)], "company_id": self.company.id})
        self.salesperson.active = False
        self.assertFalse(self._walk(3, first=3))

    def test_each_salesperson_reads_of_the_own_customers(self):
        colleague = self._user("salesperson", login="colleague")
        self._late(3, 70, name="Second Payer", email="s@customer.example.com", user_id=colleague.id)
        self._walk(2)
        self.assertIn("Patient Payer", self._notes().body)
        self.assertNotIn("Second Payer", self._notes().body)
        self.assertIn("Second Payer", self._notes(colleague).body)

    def test_in_the_salespersons_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.salesperson.lang = "fr_FR"
        self.steps[1].with_context(lang="fr_FR").name = "Avec fermeté"
        self._walk(2)
        self.assertIn("Avec fermeté", self._notes().body)
        self.assertIn("17 juin 2026", self._notes().body)

    def test_paid_in_time_it_is_notified_again_for_a_debt_of_later(self):
        self._walk(2)
        self._pay(self.invoice, day=self._day_after(2))
        self._invoice(self.customer.partner_id, 3, today=date(2026, 9, 2))
        self._day(date(2026, 9, 2))
        self._day(date(2026, 9, 4))
        self.assertEqual(len(self._notes()), 2)

    def test_a_list_that_fails_stops_nothing_and_is_tried_again(self):
        self._walk(1)
        fail = patch.object(type(self.env["mail.thread"]), "message_notify", side_effect=ValueError("no"))
        with fail, mute_logger(LOG):
            summary = self._run(self._day_after(2))
        self.assertEqual((summary["failed"], len(self._notes())), (0, 0))
        self._run(self._day_after(2))
        self.assertEqual(len(self._notes()), 1)

    def test_a_dry_run_notifies_nobody(self):
        self._walk(1)
        self._run(self._day_after(2), dry_run=True)
        self.assertFalse(self._notes())


class TestNotified(NotifyCommon):
    """The salesperson is notified of serious reminders, if the policy is set to that."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.notify_salesperson = "serious"

    def _subjects(self):
        return self._notes().mapped("subject")

    def test_a_firm_reminder_is_notified_once_a_friendly_one_is_not(self):
        self._day()
        self.assertFalse(self._notes())
        self._run(self._day_after(7))
        self.assertFalse(self._notes())  # it still waits in the queue
        self._deliver(self._day_after(7))
        self._deliver(self._day_after(7))
        self.assertEqual(self._subjects(), ["Patient Payer was reminded: “Firmly”"])
        self.assertIn("500.00 overdue", self._notes().body)

    def test_what_could_not_be_notified_then_is_notified_by_the_next_run(self):
        self._day()
        busy = patch.object(type(self.env["mail.mail"]), "_show_contact")
        with busy:
            self._day(self._day_after(7))
        self.assertFalse(self._notes())
        for _turn in range(2):
            self._run(self._day_after(8))
        self.assertEqual(self._subjects(), ["Patient Payer was reminded: “Firmly”"])

    def test_what_is_long_past_is_notified_no_more(self):
        self._day()
        with patch.object(type(self.env["mail.mail"]), "_show_contact"):
            self._day(self._day_after(7))
        self._run(self._day_after(12))
        self.assertFalse(self._notes())

    def test_who_made_the_call_is_not_notified_of_it_at_night(self):
        self._on_schedule({"days": 3, "channel": "call", "name": "Ring"})
        self._run()
        seller = self._user("collector", login="seller")
        self.customer.partner_id.user_id = seller
        with self._on():
            self.customer.with_user(seller)._log_call("reached", self.customer.partner_id, "Soon")
        self._run(self._day_after(1))
        self.assertFalse(self._notes(seller))

    def test_a_firm_reminder_that_was_not_sent_is_not_notified(self):
        self._day()
        self._run(self._day_after(7))
        self._pay(self.invoice)
        self._deliver(self._day_after(7))
        self.assertFalse(self._notes())

    def test_a_call_is_notified_once(self):
        self._on_schedule({"days": 3, "channel": "call", "name": "Ring"})
        self._run()
        with self._on():
            self.customer.with_user(self.collector)._log_call("reached", self.customer.partner_id, "Soon")
        self.assertEqual(self._subjects(), ["Patient Payer was called: “Ring”"])

    def test_a_broken_promise_is_notified(self):
        with self._on():
            self.customer._promise(self.TODAY, {self._debt(self.invoice).id: None})
        later = self._day_after(10)
        with self._on(later):
            self.env["ar.promise"].sudo()._judge_company(self.company, later)
        self.assertEqual(self._subjects(), ["Patient Payer did not keep a promise to pay"])
        self.assertIn("500.00 is still unpaid", self._notes().body)

    def test_a_dispute_is_notified(self):
        reason = self.env["ar.dispute.reason"].create({"name": "Wrong price"})
        with self._on():
            self.env["ar.dispute"].with_user(self.collector)._raise_dispute(
                self.customer, reason, {self._debt(self.invoice).id: None}, "Wrong"
            )
        self.assertEqual(self._subjects(), ["Patient Payer disputes an invoice"])
        self.assertIn("500.00, Wrong price", self._notes().body)

    def test_never_means_never(self):
        self.policy.notify_salesperson = "never"
        for days in (0, 7, 19):
            self._day(self._day_after(days))
        self.assertEqual(len(self._communications(self.customer)), 3)
        self.assertFalse(self._notes())

    def test_who_does_it_and_the_collector_in_charge_know_already(self):
        self.customer.partner_id.user_id = self.collector
        for days in (0, 7):
            self._day(self._day_after(days))
        self.assertFalse(self._notes(self.collector))

    def test_the_note_of_a_customer_goes_to_nobody_in_another_company(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.salesperson.write({"company_ids": [Command.set(elsewhere.ids)], "company_id": elsewhere.id})
        for days in (0, 7):
            self._day(self._day_after(days))
        self.assertFalse(self._notes())

    def test_a_note_that_fails_stops_no_reminder(self):
        self._day()
        fail = patch.object(type(self.env["res.partner"]), "message_notify", side_effect=ValueError("no"))
        with fail, mute_logger(SOFT_LOG):
            self.assertEqual(len(self._day(self._day_after(7))), 1)
        self.assertEqual(self._states(self.customer), [(3, "sent"), (10, "sent")])

    def test_the_customer_is_not_contacted_of_it(self):
        self._day()
        mails = self._day(self._day_after(7))
        to_customer = [mail for mail in mails if "payer@customer.example.com" in str(mail["email_to"])]
        self.assertEqual(len(to_customer), 1)
        self.assertNotIn("was reminded", to_customer[0]["body"])


class TestGroupNotified(NotifyCommon):
    def test_the_salespeople_of_the_debtors_are_notified_once(self):
        self.policy.notify_salesperson = "serious"
        payer = self._customer(self._partner(name="Head", email="head@customer.example.com"))
        second, _invoice = self._late(3, 70, name="Second", user_id=self.salesperson.id)
        (self.customer | second).payer_id = payer
        self.env.flush_all()
        self._day()
        with patch.object(type(self.env["ar.communication"]), "_is_serious", return_value=False):
            self._day(self._day_after(7))  # as when the account is locked: nobody is told
        self.assertFalse(self._notes())
        for _turn in range(2):
            self._run(self._day_after(8))
        (note,) = self._notes().filtered(lambda note: "was reminded" in (note.subject or ""))
        self.assertIn("“Firmly”", note.subject)
