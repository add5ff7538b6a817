from datetime import date, timedelta

from freezegun import freeze_time
from lxml import etree
from markupsafe import Markup

from odoo import Command
from odoo.tools.safe_eval import safe_eval

from ..common import ArCommon


class TestCustomerProfile(ArCommon):
    """The customer's profile: next step, contacts, messages in both directions, development of payment behavior."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(4)

    def _fresh(self, name, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        with self._on():
            return self.customer.with_user(user or self.collector)[name]

    # === NEXT STEP === #

    def test_the_sentence_states_what_was_decided_and_what_is_next(self):
        self.assertIn("for the first time", self._fresh("next_text"))
        self._run()
        ahead = self.customer.next_date.strftime("%m/%d/%Y")
        self.assertEqual(
            self._fresh("next_text"),
            f"Reminder due. Next: {self.customer.next_step_id.name} on {ahead}, if nothing is paid by then.",
        )

    def test_the_sentence_of_a_pause_and_of_who_is_never_reminded(self):
        self.customer.write({"pause_until": self.TODAY + timedelta(days=5), "pause_reason": "Talks with the boss"})
        self._run()
        self.assertIn("Paused until Jun 15, 2026: Talks with the boss.", self._fresh("next_text"))
        self.customer.write({"pause_until": False, "excluded": True, "exclusion_reason": "Lawyer"})
        self._run(self.TODAY + timedelta(days=1))
        self.assertIn("Excluded from reminders: Lawyer. No further step is scheduled.", self._fresh("next_text"))

    # === CONTACTS === #

    def test_contacts_and_who_gets_reminders(self):
        company = self.customer.partner_id
        person = self._partner(name="Somebody", parent_id=company.id, is_company=False, type="contact")
        self.assertEqual(self._fresh("contact_ids"), company | person)
        self.assertEqual(self._fresh("contact_ids").mapped("ar_gets_reminders"), [True, False])
        contact = self._partner(
            name="Books", parent_id=company.id, is_company=False, type="collections", email="books@customer.example.com"
        )
        reminded = self._fresh("contact_ids").filtered("ar_gets_reminders")
        self.assertEqual(reminded, contact)
        self._run()
        self.assertEqual(self._communications(self.customer).recipient_ids, contact)

    def test_reminders_are_shown_as_the_accounts_company_sends_them(self):
        arch = self.env["ar.customer"].get_view(view_type="form")["arch"]
        context = etree.fromstring(arch).find(".//field[@name='contact_ids']").get("context")
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.collector.write({"company_ids": [Command.link(elsewhere.id)], "company_id": elsewhere.id})
        specification = {
            "contact_ids": {
                "fields": {"ar_gets_reminders": {}},
                "context": safe_eval(context, {"company_id": self.company.id}),
            }
        }
        customer = self.customer.with_user(self.collector)
        customer = customer.with_context(allowed_company_ids=(elsewhere | self.company).ids)
        (row,) = customer.web_read(specification)
        self.assertTrue(row["contact_ids"][0]["ar_gets_reminders"])

    # === TIMELINE === #

    def _timeline(self):
        return [(entry.kind, entry.is_from_customer, entry.title) for entry in self._fresh("timeline_ids")]

    def test_everything_sent_stands_in_one_list_newest_first(self):
        self._day()
        with self._on(self.TODAY + timedelta(days=1)):
            self.customer.message_post(
                body=Markup("<p>We pay on Friday.</p><p>Regards</p>"),
                author_id=self.customer.partner_id.id,
                message_type="email",
                subtype_xmlid="mail.mt_comment",
            )
        with self._on(self.TODAY + timedelta(days=2)):
            self.customer.with_user(self.collector)._log_call(
                "will_pay", self.customer.partner_id, "On Friday, promised"
            )
            self.customer.message_post(
                body="Here is your statement",
                subject="Your statement",
                author_id=self.collector.partner_id.id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
            self.customer.message_post(body="A note for colleagues", subtype_xmlid="mail.mt_note")
        self.assertEqual(
            sorted(self._timeline()),
            sorted(
                [
                    ("email", False, self.friendly.name),
                    ("reply", True, "We pay on Friday."),
                    ("call", False, "Call"),
                    ("message", False, "Your statement"),
                ]
            ),
        )
        entries = self._fresh("timeline_ids")
        self.assertEqual(entries.mapped("date"), sorted(entries.mapped("date"), reverse=True))
        self.assertEqual(entries[-1].kind, "email")

    def test_bodies_open_with_a_click(self):
        self._day()
        with self._on():
            self.customer.with_user(self.collector)._log_call(
                "reached", self.customer.partner_id, "Has <b>no</b> money"
            )
        bodies = {entry.kind: entry.body for entry in self._fresh("timeline_ids")}
        self.assertIn(self.invoice.name, bodies["email"])
        self.assertIn("Has &lt;b&gt;no&lt;/b&gt; money", bodies["call"])

    def test_the_timeline_of_another_customer_is_its_own(self):
        self._day()
        other, _invoice = self._late(name="Other Payer")
        self.assertFalse(other.timeline_ids)

    def _timeline_texts(self, author, moment):
        """Post a message of the author on the customer's thread at that moment, in UTC."""
        with freeze_time(moment):
            self.customer.message_post(
                body="Said", author_id=author.id, message_type="comment", subtype_xmlid="mail.mt_comment"
            )

    def test_what_a_former_colleague_wrote_is_no_reply(self):
        self._timeline_texts(self.collector.partner_id, "2026-06-09 12:00")
        self._timeline_texts(self.customer.partner_id, "2026-06-08 12:00")
        expected = [("message", False, "Said"), ("reply", True, "Said")]
        self.assertEqual(self._timeline(), expected)
        self.collector.active = False
        self.assertEqual(
            [(e.kind, e.is_from_customer, e.title) for e in self._fresh("timeline_ids", self.env.user)], expected
        )

    def test_the_system_user_is_no_customer(self):
        self._timeline_texts(self.env.ref("base.partner_root"), "2026-06-09 12:00")
        self.assertEqual(self._timeline(), [("message", False, "Said")])

    def test_an_evening_reply_stands_on_the_companys_day(self):
        self.company.resource_calendar_id.tz = "America/New_York"
        self._timeline_texts(self.customer.partner_id, "2026-06-09 02:30")
        self.assertEqual(self._fresh("timeline_ids").date, date(2026, 6, 8))
        self.company.resource_calendar_id = False
        self.company.partner_id.tz = "Asia/Tokyo"
        self._timeline_texts(self.customer.partner_id, "2026-06-09 20:30")
        self.assertEqual(self._fresh("timeline_ids").mapped("date"), [date(2026, 6, 10), date(2026, 6, 9)])

    # === PAYMENT BEHAVIOR === #

    def test_the_trend_has_a_bar_a_quarter(self):
        partner = self.customer.partner_id
        early = self._invoice(partner, amount=100, today=date(2025, 11, 10))
        self._pay(early, day=date(2025, 11, 30))  # 20 days late
        for amount, days in ((300, 10), (100, 30)):  # (300 x 10 + 100 x 30) / 400 = 15
            invoice = self._invoice(partner, amount=amount, today=date(2026, 5, 1))
            self._pay(invoice, day=date(2026, 5, 1) + timedelta(days=days))
        with self._on():
            trend = self.customer._read_days_late_by_quarter(self.company, partner.ids, date(2024, 7, 1), self.TODAY)
        self.assertEqual(trend, {(partner.id, date(2025, 10, 1)): 20, (partner.id, date(2026, 4, 1)): 15})
        html = self._fresh("trend_html")
        for text in ("Q4 25", "20 days late", "Q2 26", "15 days late", "Nothing was paid"):
            self.assertIn(text, html)
        self.assertEqual(html.count("rounded-top"), 8)

    def test_who_never_paid_has_no_trend(self):
        self.assertFalse(self._fresh("trend_html"))

    # === NOTES AND DISPUTES === #

    def test_notes_are_for_staff_and_their_change_is_logged(self):
        self.assertTrue(self.customer._fields["internal_note"].tracking)
        self.customer.with_user(self.collector).internal_note = "Calls back after five"
        page = self.customer._get_page_values()
        self.assertNotIn("Calls back", str(page))

    def test_open_and_all_disputes_are_counted_apart(self):
        reason = self.env["ar.dispute.reason"].create({"name": "Wrong"})
        with self._on():
            dispute = self.env["ar.dispute"]._raise_dispute(
                self.customer, reason, {self._debt(self.invoice).id: None}, "Wrong"
            )
            self.assertEqual((self._fresh("dispute_count"), self._fresh("dispute_total_count")), (1, 1))
            dispute.sudo()._withdraw()
        self.assertEqual((self._fresh("dispute_count"), self._fresh("dispute_total_count")), (0, 1))
