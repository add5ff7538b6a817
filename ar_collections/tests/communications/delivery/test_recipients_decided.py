from datetime import timedelta

from .common_recipients import RecipientsCommon


class TestDecidedAtSending(RecipientsCommon):
    """To whom and from whom is decided anew right before a message is sent."""

    def assertReached(self, *names):
        """Assert that exactly these get the message, once."""
        self.assertEqual(sorted(self._work(turns=2)), sorted(names))
        self.assertEqual(self._communications(self.customer)[-1].state, "sent")

    def test_archived(self):
        self.first.active = False
        self.assertReached("second")
        self.assertEqual(self._outcomes(), {"second": "sent"})
        self.assertEqual(self.communication.recipient_ids, self.second)

    def test_moved_to_another_company(self):
        self.first.parent_id = self._partner(name="New employer", email="new@employer.example.com")
        self.assertReached("second")

    def test_deleted(self):
        self.first.unlink()
        self.assertReached("second")

    def test_all_gone_the_company_gets_it(self):
        (self.first | self.second).active = False
        self.assertReached("payer")

    def test_another_address(self):
        self.first.email = "changed@customer.example.com"
        self.assertReached("changed", "second")

    def test_another_contact_took_over_the_address(self):
        self.first.active = False
        self._contact("Heir", email=self.first.email)
        self.assertReached("first", "second")
        self.assertIn("Heir", {message["To"].addresses[0].display_name for message in self.messages})

    def test_a_new_receivables_contact(self):
        self._contact("Third")
        self.assertReached("first", "second", "third")
        self.assertEqual(self._communications(self.customer), self.communication)

    def test_the_greeting_names_who_reads_it_now(self):
        self.first.active = False
        self._work()
        self.assertIn("Dear Second", self.messages[0].get_body().get_content())
        self.assertNotIn("Dear First", self.communication.message_id.body)

    def test_nobody_left_is_on_record_and_a_task(self):
        (self.first | self.second).active = False
        self.customer.partner_id.email = False
        self.assertEqual(self._work(), [])
        self.assertEqual((self.communication.state, self.communication.cancel_reason), ("cancelled", "no_address"))
        self.assertEqual(len(self._tasks(self.customer, "address")), 1)

    def test_a_contact_of_our_other_company_gets_nothing(self):
        self.first.company_id = self._create_company(name="Our other company")
        self.assertReached("second")

    def test_collector_archived_the_company_signs(self):
        self.collector.active = False
        self._work()
        for message in self.messages:
            self.assertIn(self.company.name, message["From"])
            self.assertIn("books@company.example.com", message.get_body().get_content())
            self.assertNotIn(self.collector.name, message.get_body().get_content())

    def test_another_collector_took_over(self):
        colleague = self._user("collector", login="colleague", name="Colleague", email="colleague@company.example.com")
        self.customer.sudo().user_id = colleague  # sudo: no email tells the colleague
        self._work()
        self.assertEqual(len(self.messages), 2)
        self.assertIn("Colleague", self.messages[0]["From"])
        self.assertIn("Colleague", self.messages[0].get_body().get_content())
        self.assertEqual(self.communication.user_id, colleague)

    def test_unchanged_nothing_is_written_anew(self):
        body = self.communication.body
        mails = self.communication.address_ids.mail_mail_id
        self._work()
        self.assertEqual(self.communication.body, body)
        self.assertEqual(len(self.communication.address_ids), len(mails))


class TestInvoiceAddresses(RecipientsCommon):
    """Without receivables contacts: the address that the open invoices are made out to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.first | cls.second).type = "invoice"

    def test_the_one_the_invoice_is_made_out_to(self):
        self.invoice.button_draft()
        self.invoice.partner_id = self.second
        self.invoice.action_post()
        self._run(self.TODAY + timedelta(days=1))
        self.assertEqual(self._work(self.TODAY + timedelta(days=1)), ["second"])

    def test_else_the_first_one(self):
        self.assertEqual(self._work(), ["first"])

    def test_an_ordinary_contact_where_the_company_has_no_address(self):
        (self.first | self.second).type = "contact"
        self.customer.partner_id.email = False
        self.invoice.button_draft()
        self.invoice.partner_id = self.second
        self.invoice.action_post()
        self._run(self.TODAY + timedelta(days=1))
        self.assertEqual(self._work(self.TODAY + timedelta(days=1)), ["second"])


class TestArchivedCustomer(RecipientsCommon):
    """Nothing is sent to an archived customer; the reason is on record, and somebody decides about the debt."""

    def test_nothing_is_prepared(self):
        self.customer.partner_id.active = False
        for day in range(1, 4):
            self._run(self.TODAY + timedelta(days=day))
        self.assertCode(self.customer, "archived")
        self.assertEqual((self.communication.state, self.communication.cancel_reason), ("cancelled", "archived"))
        self.assertEqual(len(self._communications(self.customer)), 1)
        self.assertEqual(len(self._tasks(self.customer, "next")), 1)

    def test_the_task_about_what_is_owed_comes_although_it_was_decided_before(self):
        with self._on():
            self.customer.partner_id.active = False
            self.env.cr.precommit.run()
        for day in range(1, 4):
            self._run(self.TODAY + timedelta(days=day))
        self.assertEqual(len(self._tasks(self.customer, "next")), 1)

    def test_nothing_that_waits_is_sent(self):
        self.customer.partner_id.active = False
        self.assertEqual(self._work(), [])
        self.assertEqual((self.communication.state, self.communication.cancel_reason), ("cancelled", "archived"))

    def test_active_again(self):
        self.customer.partner_id.active = False
        self._run(self.TODAY + timedelta(days=1))
        self.customer.partner_id.active = True
        self._run(self.TODAY + timedelta(days=2))
        self.assertEqual(self._work(self.TODAY + timedelta(days=2)), ["first", "second"])
