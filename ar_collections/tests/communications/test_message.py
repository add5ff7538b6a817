import re
from datetime import date

from odoo import Command

from ..common import ArCommon


class TestMessage(ArCommon):
    """What the customer reads, and from whom; the log holds it as it was sent."""

    def _mail(self, customer, day=None):
        """Return the one mail of the day to the customer, and its communication."""
        (mail,) = self._day(day)
        return mail, self._communications(customer)[-1]

    # === AMOUNTS === #

    def test_credit_notes_are_netted_and_listed(self):
        customer, _invoice = self._late(amount=500)
        notes = [self._invoice(customer.partner_id, 1, amount, move_type="out_refund") for amount in (100, 200)]
        mail, communication = self._mail(customer)
        self.assertEqual(communication.amount_total, 200)
        self.assertEqual(sorted(communication.line_ids.mapped("amount_left")), [-200, -100, 500])
        for text in (notes[0].name, notes[1].name, "500.00", "100.00", "200.00"):
            self.assertIn(text, mail["body"])

    def test_partly_paid_shows_paid_and_left(self):
        customer, invoice = self._late(amount=500)
        self._pay(invoice, 120)
        mail, communication = self._mail(customer)
        self.assertRecordValues(
            communication.line_ids, [{"amount_original": 500, "amount_paid": 120, "amount_left": 380}]
        )
        for text in ("500.00", "120.00", "380.00"):
            self.assertIn(text, mail["body"])

    def test_two_installments_of_one_invoice_have_their_own_dates_and_steps(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two halves",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days}) for days in (23, 37)
                ],
            }
        )
        partner = self._partner()
        values = {"invoice_payment_term_id": term.id, "invoice_date_due": False}
        invoice = self._invoice(partner, 0, 400, today=date(2026, 6, 13), **values)  # due on 6 and 20 June
        customer = self._customer(partner)
        self.assertEqual(self._debt(invoice).mapped("date_maturity"), [date(2026, 6, 6), date(2026, 6, 20)])
        _mail, communication = self._mail(customer)
        self.assertEqual((communication.line_ids.amount_left, communication.line_ids.date_due), (200, date(2026, 6, 6)))
        _mail, communication = self._mail(customer, date(2026, 6, 23))
        self.assertRecordValues(
            communication.line_ids,
            [
                {"date_due": date(2026, 6, 6), "step_id": self.firm.id, "amount_left": 200, "days_late": 17},
                {"date_due": date(2026, 6, 20), "step_id": self.friendly.id, "amount_left": 200, "days_late": 3},
            ],
        )
        self.assertEqual(communication.line_ids.move_id, invoice)

    def test_two_currencies_are_two_tables_and_two_totals(self):
        euro = self.env.ref("base.EUR")
        euro.rate_ids = [Command.clear(), Command.create({"name": "2026-01-01", "company_rate": 0.5})]
        customer, _invoice = self._late(amount=100)
        self._invoice(customer.partner_id, 4, 70, currency_id=euro.id)
        mail, communication = self._mail(customer)
        self.assertEqual(communication.amount_total, 240)  # 100 dollars, and 70 euros booked at 2
        self.assertEqual(mail["body"].count("Total due"), 2)
        left = {line.currency_id: line.amount_left for line in communication.line_ids}
        self.assertEqual(left, {self.company.currency_id: 100, euro: 70})
        self.assertIn("70.00", mail["body"])
        self.assertNotIn("170.00", mail["body"])

    def test_a_credit_in_another_currency_covers_nothing(self):
        self.policy.unmatched_payments = "ignore"
        euro = self.env.ref("base.EUR")
        customer, _invoice = self._late(amount=100)
        self._invoice(customer.partner_id, 4, 1000, move_type="out_refund", currency_id=euro.id)
        _mail, communication = self._mail(customer)
        self.assertEqual(communication.line_ids.mapped("amount_left"), [100])

    # === FROM WHOM, TO WHOM === #

    def test_it_is_signed_by_the_collector_who_gets_the_replies(self):
        customer, _invoice = self._late()
        mail, communication = self._mail(customer)
        self.assertEqual(mail["email_from"], '"The collector" <collector@company.example.com>')
        self.assertIn(self.collector.name, mail["body"])
        self.assertEqual(communication.message_id.author_id, self.collector.partner_id)
        self.assertEqual(communication.user_id, self.collector)

    def test_replies_come_back_to_the_customers_account(self):
        customer, _invoice = self._late()
        mail, communication = self._mail(customer)
        self.assertEqual(communication.message_id.reply_to, mail["reply_to"])
        self.assertIn(self.alias_catchall, mail["reply_to"])
        reply = self.format_and_process(
            self.MAIL_TEMPLATE_REPLY, "payer@customer.example.com", mail["reply_to"], mail["message_id"]
        )
        self.assertIn(reply, customer.message_ids)

    MAIL_TEMPLATE_REPLY = (
        "Return-Path: {email_from}\nTo: {to}\nFrom: {email_from}\nSubject: Re\nMIME-Version: 1.0\n"
        "Content-Type: text/plain\nMessage-ID: <answer-1@customer.example.com>\n"
        "In-Reply-To: {extra}\n\nPaid tomorrow.\n"
    )

    def format_and_process(self, template, email_from, to, in_reply_to):
        """Receive a reply; return the message it became."""
        self.env["mail.thread"].sudo().message_process(
            None, template.format(email_from=email_from, to=to, extra=in_reply_to)
        )
        return self.env["mail.message"].search([("message_id", "=", "<answer-1@customer.example.com>")])

    def test_the_message_id_is_fixed_when_it_is_planned(self):
        customer, _invoice = self._late()
        self._run()
        planned = self._communications(customer).message_id.message_id
        (mail,) = self._deliver()
        self.assertTrue(planned)
        self.assertEqual(mail["message_id"], planned)
        self.assertEqual(self._communications(customer).message_id.message_id, planned)

    def test_without_a_collector_the_company_signs(self):
        self.policy.user_id = False
        customer, _invoice = self._late()
        mail, _communication = self._mail(customer)
        self.assertIn("books@company.example.com", mail["email_from"])

    def test_all_receivables_contacts_get_it(self):
        customer, _invoice = self._late()
        for name in ("Accounts", "Office"):
            values = {"name": name, "email": f"{name}@customer.example.com", "type": "collections"}
            self.env["res.partner"].create({"parent_id": customer.partner_id.id, **values})
        mails = self._day()
        self.assertEqual(len(mails), 2)
        communication = self._communications(customer)
        self.assertEqual(communication.email_to, "accounts@customer.example.com,office@customer.example.com")
        self.assertEqual(communication.recipient_ids.mapped("name"), ["Accounts", "Office"])

    def test_else_the_invoice_address_gets_it(self):
        customer, _invoice = self._late()
        values = {"name": "Accounts", "email": "accounts@customer.example.com", "type": "invoice"}
        self.env["res.partner"].create({"parent_id": customer.partner_id.id, **values})
        mail, _communication = self._mail(customer)
        self.assertIn("accounts@customer.example.com", mail["email_to"][0])

    def test_the_log_shows_the_address_it_really_went_to(self):
        customer, _invoice = self._late()
        self._run()
        customer.partner_id.email = "moved@customer.example.com"
        (mail,) = self._deliver()
        self.assertIn("moved@customer.example.com", mail["email_to"][0])
        self.assertEqual(self._communications(customer).email_to, "moved@customer.example.com")

    # === LANGUAGE, DEADLINE, LINKS === #

    def test_it_is_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.friendly.mail_template_id
        template.with_context(lang="fr_FR").subject = "{{ object.company_id.name }} : un rappel amical"
        customer, _invoice = self._late(lang="fr_FR")
        other, _invoice = self._late(name="Other", email="other@customer.example.com", lang="en_US")
        mails = {mail["email_to"][0]: mail for mail in self._day()}
        self.assertEqual(len(mails), 2)
        self.assertIn("un rappel amical", self._communications(customer).subject)
        self.assertIn("6 juin 2026", self._communications(customer).body)
        self.assertIn("a friendly reminder", self._communications(other).subject)

    def test_the_deadline_is_a_working_day(self):
        self._on_schedule({"days": 3, "deadline_days": 3})
        customer, _invoice = self._late()
        _mail, communication = self._mail(customer)
        self.assertEqual(communication.deadline, date(2026, 6, 15))  # the 13th is a Saturday

    def test_the_deadline_of_a_notice_is_the_due_date(self):
        customer, _invoice = self._late(overdue_days=-4)
        mail, communication = self._mail(customer)
        self.assertEqual((communication.step_id, communication.deadline), (self.notice, date(2026, 6, 14)))
        self.assertIn("June 14, 2026", mail["subject"])

    def test_a_step_on_the_due_date_that_was_shifted_gives_days_again(self):
        self._on_schedule({"days": 0, "deadline_days": 5})
        customer, _invoice = self._late(overdue_days=2)
        _mail, communication = self._mail(customer)
        self.assertEqual(communication.deadline, date(2026, 6, 15))

    def test_it_holds_the_link_to_pay_and_absolute_links_only(self):
        customer, _invoice = self._late()
        mail, communication = self._mail(customer)
        page = f"{customer.get_base_url()}/my/receivables/{customer.id}?access_token="
        for text, ampersand in ((mail["body"], "&amp;"), (mail["body_alternative"], "&")):
            self.assertRegex(text, rf"{re.escape(page)}[\w-]{{43}}{ampersand}message={communication.id}\b")
        self.assertNotIn('href="/', mail["body"])

    def test_its_plain_text_states_each_item_in_one_sentence(self):
        customer, invoice = self._late()
        mail, _communication = self._mail(customer)
        text = mail["body_alternative"].replace("\xa0", " ")
        self.assertIn(f"- {invoice.name}, due Jun 6, 2026, 4 days late: $ 100.00 left to pay", text)
        self.assertIn("Total due: $ 100.00", text)

    def test_attachments_the_step_asks_for(self):
        self._on_schedule({"days": 3, "attach_statement": True})
        customer, _invoice = self._late()
        mail, communication = self._mail(customer)
        self.assertEqual(communication.attachment_ids.mapped("name"), ["Statement.pdf"])
        self.assertEqual([attachment[0] for attachment in mail["attachments"]], ["Statement.pdf"])
