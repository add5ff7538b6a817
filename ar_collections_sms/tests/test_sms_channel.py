from odoo.exceptions import ValidationError

from .common_sms import LANDLINE, MOBILE, TEXT, ArSmsCommon


class TestSmsChannel(ArSmsCommon):
    """A step by SMS: to whom, with which text, and what follows where nobody can get it."""

    def _message(self):
        """Run the day; return the last communication."""
        self._run()
        return self._communications(self.customer)[-1:]

    def test_a_message_goes_out_once_with_a_link_of_its_own(self):
        message = self._message()
        self.assertEqual((message.channel, message.state, message.email_to), ("sms", "planned", MOBILE))
        (taken,) = self._queue()
        self.assertEqual(taken["number"], MOBILE)
        self.assertIn("100.00", taken["body"])
        message = self._communications(self.customer)
        self.assertEqual((message.state, message.address_ids.state, message.sms_parts), ("sent", "sent", 1))
        self.assertEqual(self.customer.last_contact_date, self.TODAY)
        # The key is in the message and nowhere else.
        key = taken["body"].split("/due/")[1]
        self.assertNotIn(key, message.sms_text + message.body + message.message_id.body)
        self.assertFalse(self.env["sms.sms"].sudo().search([("body", "like", key)]))
        self.assertEqual(len(taken["body"]), len(message.sms_text))
        link = self.env["ar.portal.link"].sudo()._find(self.customer, key)
        self.assertEqual((link.message_id, link.partner_id, link.address), (message.message_id, self.partner, MOBILE))
        self.assertFalse(self._queue())
        self._run()
        self.assertEqual(len(self._communications(self.customer)), 1)

    def test_who_gets_no_sms_gets_an_email_or_the_collector_a_task(self):
        cases = {
            "no_number": {"phone": False},
            "wrong_number": {"phone": "+33 1"},
            "landline": {"phone": LANDLINE},
            "other_number": {"phone": "+33698765432"},
        }
        for reason, values in cases.items():
            with self.subTest(reason=reason):
                self.partner.write(values)
                self.env.flush_all()
                (row,) = self.env["ar.facts"]._read_recipients(self.customer)[self.customer.id]
                self.assertEqual(row["sms"][1], reason)
                self.customer.invalidate_recordset(["sms_hint"])
                self.assertTrue(self.customer.sms_hint.startswith(f"{self.partner.display_name}: "))
        message = self._message()
        self.assertEqual((message.channel, message.email_to), ("email", "payer@customer.example.com"))
        message.sudo()._cancel("outdated")
        self.policy.sms_fallback = "none"
        self._run(self.TODAY.replace(day=11))
        self.assertCode(self.customer, "no_address")
        self.assertEqual(len(self._tasks(self.customer, "address")), 1)

    def test_receivables_contacts_come_first_and_a_shared_number_gets_one(self):
        contacts = self.env["res.partner"].create(
            [
                {"name": name, "parent_id": self.partner.id, "type": "collections", "phone": phone,
                 "country_id": self.partner.country_id.id}
                for name, phone in (("A", "06 98 76 54 32"), ("B", "+33698765432"), ("C", "+33611223344"))
            ]
        )  # fmt: skip
        contacts[0].country_id = False  # its number is one of the customer's country
        for contact in contacts[:2]:
            self._agree(contact)
        message = self._message()
        self.assertEqual(message.address_ids.mapped("address"), ["+33698765432"])
        self.assertEqual(message.address_ids.partner_id, contacts[0])

    def test_another_reader_by_then_gets_it_in_its_name_and_language(self):
        self.step.sms_text = "{name}: {amount} {link}"
        self._run()
        contact = self.env["res.partner"].create(
            {"name": "New Contact", "parent_id": self.partner.id, "type": "collections", "phone": "+33698765432"}
        )
        self._agree(contact)
        (taken,) = self._queue()
        self.assertEqual(taken["number"], "+33698765432")
        self.assertTrue(taken["body"].startswith("New Contact: "))
        states = self._communications(self.customer).address_ids.mapped("state")
        self.assertEqual(states, ["cancelled", "sent"])

    def test_a_payment_before_delivery_stops_it(self):
        message = self._message()
        self._pay(self.invoice)
        self.assertFalse(self._queue())
        self.assertEqual(message.state, "cancelled")

    def test_a_message_of_yesterday_is_written_anew(self):
        self._run()
        taken = self._queue(self.TODAY.replace(day=11))
        self.assertEqual(len(taken), 1)
        self.assertEqual(self._states(self.customer), [(3, "cancelled"), (3, "sent")])

    def test_the_contact_limits_count_it(self):
        self._run()
        self._queue()
        self.env["ar.reminder.step"].create(
            {"schedule_id": self.step.schedule_id.id, "name": "Next", "days": 5,
             "mail_template_id": self.friendly.mail_template_id.id}
        )  # fmt: skip
        self.policy.minimum_gap_days = 3
        self._run(self.TODAY.replace(day=11))
        self.assertCode(self.customer, "too_soon")

    def test_the_text_is_that_of_the_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.partner.lang = "fr_FR"
        self.step.with_context(lang="fr_FR").sms_text = "{company} : {amount} à régler avant le {deadline} {link}"
        self.assertIn("à régler avant", self._message().sms_text)
        self.assertNotRegex(self._message().sms_text, "[\u202f\u00a0]")

    def test_steps_need_a_text_that_can_be_filled_in_and_an_email(self):
        for values in (
            {"sms_text": False}, {"sms_text": "{amount} until {date}"}, {"sms_text": "{amount"},
            {"mail_template_id": False}, {"tone": "formal", "is_final_demand": True},
        ):  # fmt: skip
            with self.subTest(values=values), self.assertRaises(ValidationError), self.cr.savepoint():
                self.step.write(values)
        self.step.write({"sms_text": TEXT})

    def test_several_recipients_each_have_an_outcome(self):
        contacts = self.env["res.partner"].create(
            [
                {"name": name, "parent_id": self.partner.id, "type": "collections", "phone": phone}
                for name, phone in (("A", "+33698765432"), ("B", "+33611223344"))
            ]
        )
        for contact in contacts:
            self._agree(contact)
        self._run()
        taken = self._queue(nbr_t_error={"+33698765432": "wrong_number_format"})
        self.assertEqual([each["number"] for each in taken], ["+33611223344"])
        message = self._communications(self.customer)
        self.assertEqual(message.address_ids.mapped("state"), ["failed", "sent"])
        self.assertEqual((message.state, message.address_ids[0].failure), ("sent", "address"))

    def test_uninstalling_leaves_a_log_that_can_be_read(self):
        self._run()
        self._queue()
        sent = self._communications(self.customer)
        sent.sudo()._leave_sms()
        self.step.sudo()._leave_sms()
        self.assertEqual((sent.channel, sent.state, self.step.channel), ("letter", "sent", "call"))

    def test_nothing_is_read_without_a_step_by_sms(self):
        self.env["ar.reminder.step"].search([("channel", "=", "sms")]).write({"channel": "email"})
        self.env.flush_all()
        with self.assertQueryCount(6):
            rows = self.env["ar.facts"]._read_recipients(self.customer)[self.customer.id]
        self.assertNotIn("sms", rows[0])
        self.customer.invalidate_recordset(["sms_hint"])
        self.assertFalse(self.customer.sms_hint)

    def test_a_batch_takes_as_many_queries_as_one(self):
        others = [self._customer(partner) for partner in self._partners(5)]
        for number, customer in enumerate(others):
            customer.partner_id.phone = f"+3361234561{number}"
        counts = []
        for customers in (self.customer, self.customer.union(*others)):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["ar.facts"]._read_recipients(customers)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_it_is_in_the_history_and_no_consent_is_no_finding(self):
        self._run()
        self._queue()
        self.assertEqual(self.customer.timeline_ids[:1].kind, "sms")
        self.partner.ar_sms_consent_ids.action_withdraw()
        self.env.flush_all()
        unreached, _failed, _blocked = self.env["ar.review"]._read_reached(self.customer)[self.customer.id]
        self.assertFalse(unreached)  # an email reaches it
        self.policy.sms_fallback = "none"
        unreached, _failed, _blocked = self.env["ar.review"]._read_reached(self.customer)[self.customer.id]
        self.assertEqual(unreached, {"sms"})
