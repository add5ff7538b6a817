import base64
import io
from datetime import timedelta

from pypdf import PdfReader, PdfWriter

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_placements import PlacementCommon


def make_pdf(pages=1):
    """Return the bytes of a PDF with empty pages."""
    writer, output = PdfWriter(), io.BytesIO()
    for _page in range(pages):
        writer.add_blank_page(595, 842)
    writer.write(output)
    return output.getvalue()


@tagged("post_install", "-at_install")
class TestFinalDemand(PlacementCommon):
    """The final demand: time to answer and enclosures by the kind of debtor, and what follows for the next step."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env.ref("ar_collections.mail_template_final_demand")
        (cls.step,) = cls._on_schedule(
            {"days": 30, "tone": "formal", "is_final_demand": True, "mail_template_id": cls.template.id,
             "name": "Final demand"},
        )  # fmt: skip
        cls.uk = cls.env.ref("base.uk")
        cls.person_rule = cls.env.ref("ar_collections.response_rule_uk_person")

    def _demand(self, day=None, **partner):
        """Let the night send what is due; return the final demand."""
        self.partner.write(partner)
        self._run(day)
        return self._communications(self.customer)[-1:]

    def _add_files(self):
        for enclosure in self.person_rule.enclosure_ids.filtered(lambda row: row.kind == "file"):
            enclosure.file = base64.b64encode(make_pdf())

    def _print(self, demand, day=None):
        """Print the letter as the collector does; what is enclosed is joined, so real PDFs are made."""
        with self._on(day):
            demand.with_user(self.collector).with_context(force_report_rendering=True).action_print()

    def _reply(self, day):
        """Let the customer answer by email on that day."""
        with self._on(day):
            self.customer.sudo().message_post(
                body="We look into it", message_type="email", author_id=self.partner.id, subtype_xmlid="mail.mt_comment"
            )

    def _answer(self, day, item=None):
        """Return whether the old item may be handed over on that day, as a code."""
        with self._on(day):
            self.env.invalidate_all()
            answers = self.customer._get_placement_answers(self.customer._get_facts())
        return answers[self.company.currency_id.name][(item or self._debt(self.old)).id].code

    # === TIME TO ANSWER === #

    def test_a_british_company_has_14_days_by_email(self):
        demand = self._demand(country_id=self.uk.id)
        self.assertEqual((demand.channel, demand.state, demand.is_final_demand), ("email", "planned", True))
        self.assertEqual(demand.deadline, self._workday(14))
        self.assertIn("This is our final demand", demand.body)
        self.assertNotIn("Enclosed", demand.body)
        self.assertIn("/reported?message=", demand.body)
        self.assertNotIn("/promise?message=", demand.body)
        self.assertNotIn("/dispute?message=", demand.body)

    def test_a_british_person_has_30_days_by_post(self):
        demand = self._demand(country_id=self.uk.id, is_company=False)
        self.assertEqual((demand.channel, demand.state, demand.deadline), ("letter", "planned", self._workday(30)))
        self.assertEqual(
            demand.demand_hint,
            "Enclosures are missing: Information Sheet, Reply Form, Financial Statement form",
        )
        self.assertEqual(demand.letter_hint, demand.demand_hint)

    def test_a_sole_trader_counts_as_a_person(self):
        self.customer.with_user(self.collector).debtor_kind = "person"
        demand = self._demand(country_id=self.uk.id)
        self.assertEqual(demand.response_rule_id, self.person_rule)

    def test_other_countries_have_the_time_of_the_policy(self):
        self.policy.write({"placement_answer_days": 10, "placement_answer_days_person": 21})
        demand = self._demand(country_id=self.env.ref("base.fr").id)
        self.assertEqual((demand.deadline, demand.response_rule_id.id), (self._workday(10), False))
        self.assertEqual(
            self.env["ar.outreach"]._get_demand_channel(self.customer, self.step), "email", "no rule wants a letter"
        )

    def test_the_most_specific_rule_counts(self):
        rules = self.env["ar.response.rule"]
        everywhere, persons = rules.create([{"days": 11}, {"days": 12, "kind": "person"}])
        self.partner.country_id = self.env.ref("base.fr")
        self.assertEqual(rules._choose(self.customer), everywhere)
        self.partner.is_company = False
        self.assertEqual(rules._choose(self.customer), persons)
        self.partner.country_id = self.uk
        self.assertEqual(rules._choose(self.customer), self.person_rule)

    def _workday(self, days):
        day = self.TODAY + timedelta(days=days)
        return self.policy._get_work_calendar(day).next_workday(day)

    # === ENCLOSURES === #

    @tagged("post_install", "-at_install", "ar_print")
    def test_a_letter_without_its_enclosures_is_not_printed(self):
        demand = self._demand(country_id=self.uk.id, is_company=False)
        with self.assertRaisesRegex(UserError, "Information Sheet, Reply Form"):
            self._print(demand)
        self.assertEqual(demand.state, "planned")

    @tagged("post_install", "-at_install", "ar_print")
    def test_a_letter_is_printed_with_its_enclosures(self):
        self._add_files()
        demand = self._demand(country_id=self.uk.id, is_company=False)
        self.assertFalse(demand.letter_hint)
        self._print(demand)
        self.assertEqual(demand.state, "sent")
        pages = PdfReader(io.BytesIO(demand.attachment_ids.raw)).pages
        self.assertGreaterEqual(len(pages), 5, "letter, statement and three files")
        text = " ".join(" ".join(page.extract_text() for page in pages).split())
        for words in ("Final demand", "Enclosed", "Financial Statement form", "30 days from your answer"):
            self.assertIn(words, text)
        letter = " ".join(pages[0].extract_text().split())
        for name in demand.line_ids.move_line_id.move_id.mapped("name"):
            self.assertIn(name, letter)
        self.assertNotIn("Payment reminder", letter)

    def test_paper_that_is_added_by_hand_goes_with_letters_only(self):
        self.person_rule.enclosure_ids.filtered(lambda row: row.kind == "file").kind = "hand"
        demand = self._demand(country_id=self.uk.id, is_company=False)
        self.assertFalse(demand.demand_hint)
        self.customer.legal_by_email = True
        self.assertEqual(self.env["ar.outreach"]._get_demand_channel(self.customer, self.step), "email")
        self.assertTrue(self.person_rule.enclosure_ids[1]._is_missing(is_letter=False))

    def test_an_email_without_its_enclosures_waits_and_cannot_be_approved(self):
        self.customer.legal_by_email = True
        demand = self._demand(country_id=self.uk.id, is_company=False)
        self.assertEqual((demand.channel, demand.state), ("email", "review"))
        self.assertIn("Reply Form", self._tasks(self.customer, "review").summary)
        with self._on(), self.assertRaisesRegex(UserError, "lacks enclosures"):
            demand.with_user(self.manager).action_approve()
        self._add_files()
        with self._on():
            demand.with_user(self.manager).action_approve()
        mails = self._deliver()
        self.assertEqual(len(mails), 1)
        self.assertEqual(
            set(demand.attachment_ids.mapped("name")),
            {"Statement of account.pdf", "Information Sheet.pdf", "Reply Form.pdf", "Financial Statement form.pdf"},
        )
        self.assertEqual(len(mails[0]["attachments"]), 4)

    def test_only_pdf_files_can_be_enclosed(self):
        with self.assertRaisesRegex(ValidationError, "no PDF"):
            self.person_rule.enclosure_ids[1].file = base64.b64encode(b"PK word document")

    @tagged("post_install", "-at_install", "ar_print")
    def test_the_time_counts_from_the_day_of_printing(self):
        self._add_files()
        demand = self._demand(country_id=self.uk.id, is_company=False)
        later = self.TODAY + timedelta(days=7)
        self._run(later)
        self._print(demand, later)
        sent = self._communications(self.customer).filtered(lambda c: c.state == "sent")
        self.assertEqual((sent.date, sent.date_sent), (later, later))
        self.assertGreaterEqual(sent.deadline, later + timedelta(days=30))

    # === WHAT FOLLOWS === #

    @tagged("post_install", "-at_install", "ar_print")
    def test_nothing_is_proposed_before_the_deadline_and_an_answer_gives_more_time(self):
        self._add_files()
        self.policy.placement_needs_steps = True
        demand = self._demand(country_id=self.uk.id, is_company=False)
        self.assertEqual(self._answer(self.TODAY), "steps_left")
        self._print(demand)
        self.assertEqual(self._answer(demand.deadline), "deadline_runs")
        self.assertEqual(self._answer(demand.deadline + timedelta(days=1)), "all_steps_sent")
        self._reply(self.TODAY + timedelta(days=20))
        self.assertEqual(self._answer(self.TODAY + timedelta(days=50)), "deadline_runs")
        self.assertEqual(self._answer(self.TODAY + timedelta(days=51)), "all_steps_sent")
        self.company.ar_time_zone = "Pacific/Auckland"
        self.customer.sudo().message_ids.filtered(lambda message: message.message_type == "email").date = (
            fields.Datetime.to_datetime(self.TODAY) - timedelta(hours=4)
        )
        replies = self.customer._read_replies(self.customer.ids, self.TODAY)
        self.assertEqual(replies[self.customer.id], [self.TODAY])  # it is the morning of that day there

    @tagged("post_install", "-at_install", "ar_print")
    def test_answers_promises_and_disputes_are_shown_where_the_next_step_is_decided(self):
        self._add_files()
        demand = self._demand(country_id=self.uk.id, is_company=False)
        self._print(demand)
        reader = self.customer.with_user(self.collector)
        self.assertIn("No message from the customer", reader.demand_text)
        self._reply(self.TODAY + timedelta(days=2))
        with self._on(self.TODAY + timedelta(days=3)):
            self.customer._promise(self.TODAY + timedelta(days=9), {self._debt(self.new).id: None})
            self.env.invalidate_all()
            text = self.customer.with_user(self.collector).demand_text
        self.assertIn("The customer wrote on", text)
        self.assertIn(self.customer.promise_ids.name, text)
        self.assertIn("14 days' notice", text)

    def test_the_text_of_many_customers_takes_as_many_queries_as_that_of_one(self):
        self._demand()
        self._deliver()
        customers = self.customer
        for partner in self._partners(3):
            self._invoice(partner, overdue_days=60)
            customers |= self._customer(partner)
        self._run()
        self._deliver()
        self.env.invalidate_all()
        customers.mapped("partner_id.country_id.name")
        with self.assertQueryCount(40):
            customers.mapped("demand_text")

    # === SETTINGS === #

    def test_a_final_demand_is_formal_written_and_late(self):
        for values in ({"tone": "firm"}, {"channel": "call"}, {"days": -3}):
            with self.subTest(values), self.assertRaisesRegex(ValidationError, "formal tone"):
                self.step.write(values)

    def test_credit_managers_alone_change_the_rules(self):
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            self.person_rule.with_user(self.manager).days = 3
        self.person_rule.with_user(self.credit_manager).write(
            {"days": 31, "enclosure_ids": [Command.create({"name": "Letter of the court", "kind": "hand"})]}
        )
        with self.assertRaisesRegex(Exception, "already|unique"), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.env["ar.response.rule"].create({"country_id": self.uk.id, "kind": "person", "days": 3})
            self.env.flush_all()
