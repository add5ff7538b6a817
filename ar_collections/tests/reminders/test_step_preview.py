"""The message of a step as a real customer would get it, and the timeline of a schedule."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools import mute_logger

from ..common import TEMPLATE_LOGS, ArCommon

#: What a preview must leave as it is.
KEPT = (
    "ar.communication", "ar.communication.line", "ar.communication.recipient", "mail.mail", "mail.message",
    "mail.activity", "ir.attachment", "ar.portal.link",
)  # fmt: skip


class TestStepPreview(ArCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(12, 120, name="Azure Interior")
        cls.auditor = cls._user("auditor", login="looks-at-steps")

    def _count(self):
        return {model: self.env[model].sudo().search_count([]) for model in KEPT}

    def _message(self, step, customer=None, day=None, lang=False, user=None):
        dialog = self.env["ar.step.preview"].with_user(user or self.collector)
        with self._on():
            return dialog.get_message(step.id, (customer or self.customer).id, str(day or self.TODAY), lang)

    def _open(self, step, user=None):
        with self._on():
            action = step.with_user(user or self.collector).action_preview()
        return self.env["ar.step.preview"].browse(action["res_id"])

    def test_it_is_the_mail_that_the_run_would_send(self):
        shown = self._message(self.firm)
        self.policy.entry_step_id = self.firm
        (mail,) = self._day()
        self.assertEqual(shown["subject"], mail["subject"])
        self.assertIn(self.invoice.name, shown["html"])
        self.assertIn("120.00", shown["html"])
        self.assertIn("payer@customer.example.com", shown["recipients"])
        self.assertEqual(self._communications(self.customer).step_id, self.firm)
        # A step that was sent can be looked at all the same.
        self.assertIn(self.invoice.name, self._message(self.firm)["html"])

    def test_it_sends_and_stores_nothing_whoever_looks(self):
        before = self._count()
        for user in (self.auditor, self.collector):
            for step in self.schedule.step_ids:
                with self.mock_mail_gateway():
                    self._message(step, day=self.TODAY + timedelta(days=30), user=user)
                self.assertFalse(self._mails)
        self.env.flush_all()
        self.assertEqual(self._count(), before)
        self.assertFalse(self.customer.decision_date)

    def test_every_channel_shows_what_its_reader_sees(self):
        call, letter = self._on_schedule({"days": 3, "channel": "call"}, {"days": 10, "channel": "letter"})
        letter.letter_text = "<p>We have not heard from you.</p>"
        shown = self._message(letter)
        self.assertIn("We have not heard from you.", shown["html"])
        self.assertIn(self.invoice.name, shown["html"])
        self.assertEqual(shown["recipients"], "Azure Interior")
        self.assertEqual(self._message(call)["recipients"], "Azure Interior")
        self.assertIn("Ask what is delaying the payment", self._message(call)["html"])

    def test_language_attachments_and_a_missing_address(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.friendly.write({"attach_statement": True, "attach_invoices": True})
        self.friendly.mail_template_id.with_context(lang="fr_FR").subject = "Rappel amical"
        self.customer.partner_id.email = False
        shown = self._message(self.friendly, lang="fr_FR")
        self.assertEqual((shown["subject"], shown["lang"]), ("Rappel amical", "fr_FR"))
        self.assertNotEqual(self._message(self.friendly)["subject"], "Rappel amical")
        self.customer.partner_id.lang = "fr_FR"
        self.assertEqual(self._message(self.friendly)["subject"], "Rappel amical")
        self.assertEqual(shown["attachments"][0], "Statement.pdf")
        self.assertIn(self.invoice.name.replace("/", "-"), shown["attachments"][1])
        self.assertTrue(shown["is_unreached"])
        with self.assertRaisesRegex(UserError, "not installed"):
            self._message(self.friendly, lang="xx_XX")

    def test_it_says_why_there_is_nothing_to_show(self):
        self.assertIn("reaches it on", self._message(self.formal)["reason"])
        self.assertIn("no open invoice", self._message(self.notice)["reason"])
        upcoming = self._invoice(self.customer.partner_id, -3, 40)
        self.assertIn("overdue invoices", self._message(self.notice)["reason"])
        self.customer.write({"pause_until": self.TODAY + timedelta(days=9), "pause_reason": "Talks"})
        self.assertIn("Paused", self._message(self.friendly)["reason"])
        self.customer.write({"pause_until": False, "pause_reason": False})
        self.friendly.mail_template_id.body_html = "<p><t t-out='object.no_such_field'/></p>"
        with mute_logger(*TEMPLATE_LOGS):
            self.assertIn(self.friendly.mail_template_id.name, self._message(self.friendly)["reason"])
        self._pay(self.invoice | upcoming)
        self.assertIn("no open invoice", self._message(self.formal)["reason"])

    def test_the_dialog_opens_with_a_customer_that_the_step_fits(self):
        opened = self._open(self.firm)
        self.assertEqual((opened.customer_id, opened.date, opened.is_later), (self.customer, self.TODAY, False))
        later = self._open(self.formal)
        self.assertEqual((later.customer_id, later.is_later), (self.customer, True))
        self.assertEqual(later.date, self.invoice.invoice_date_due + timedelta(days=self.formal.days))
        fresh, _invoice = self._late(-3, 40, name="Not Yet Due")
        self.assertEqual(self._open(self.notice).customer_id, fresh)

    def test_customers_of_the_schedule_come_first(self):
        (step,) = self._schedule({"days": 4}).step_ids
        self.assertEqual(self._open(step).customer_id, self.customer)
        other, _invoice = self._late(30, 70, name="Of the New Schedule")
        other.sudo().policy_id = self._policy(schedule_id=step.schedule_id.id, entry_step_id=False)
        self.assertEqual(self._open(step).customer_id, other)

    def test_nobody_to_show_it_with(self):
        self._pay(self.invoice)
        opened = self._open(self.friendly)
        self.assertFalse(opened.customer_id)
        reason = opened.with_user(self.collector).get_message(self.friendly.id)["reason"]
        self.assertRegex(reason, "No customer has an open invoice|no customers with open invoices")

    def test_others_see_nothing(self):
        elsewhere = self._create_company(name="Elsewhere")
        stranger = {"company_id": elsewhere.id, "company_ids": [Command.set(elsewhere.ids)]}
        manager = self._user("manager", login="of-elsewhere", **stranger)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            self._message(self.friendly, user=manager)
        with self.assertRaises(UserError), mute_logger("odoo.addons.base.models.ir_model"):
            self._message(self.friendly, user=self.internal_user)

    def test_finding_a_customer_takes_no_more_queries_with_more_of_them(self):
        counts = []
        for number in (1, 6):
            self._invoices(self._partners(number), 12)
            self.env.flush_all()
            self.env.invalidate_all()
            with self._on():
                start = self.env.cr.sql_log_count
                self.firm._find_example(self.company)
                counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 3)


class TestTimeline(ArCommon):
    def _places(self, schedule):
        return [(place["when"], place["name"]) for place in schedule._get_timeline_places()]

    def test_steps_in_the_order_of_their_days_around_the_due_date(self):
        schedule = self._schedule({"days": 10, "channel": "call"}, {"days": 1}, {"days": -5}, {"days": -1})
        self.assertEqual(
            self._places(schedule),
            [
                ("5 days before", "email at -5"),
                ("1 day before", "email at -1"),
                ("Due date", ""),
                ("1 day after", "email at 1"),
                ("10 days after", "call at 10"),
            ],
        )
        self.assertIn("fa-phone", schedule.timeline)
        self.assertIn("Call · Friendly", schedule.timeline)
        schedule.step_ids.filtered(lambda step: step.days == 1).active = False
        self.assertNotIn("email at 1<", schedule.timeline)

    def test_it_follows_changes_before_they_are_saved(self):
        form = Form(self.schedule)
        with form.step_ids.edit(1) as step:
            step.name, step.days = "Kind words", 4
        self.assertIn("Kind words", form.timeline)
        self.assertIn("4 days after", form.timeline)
        self.assertFalse(Form(self.env["ar.reminder.schedule"]).timeline)
