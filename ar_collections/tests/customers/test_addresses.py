from datetime import date

from odoo.tools import email_normalize_all

from odoo.addons.ar_collections.models.customers.facts.ar_facts_addresses import PLAIN_ADDRESS, read_addresses

from ..common import ArCommon

BOUNCE = """Return-Path: <>
To: {bounce}
From: MAILER-DAEMON <MAILER-DAEMON@customer.example.com>
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="cut"
Message-ID: <bounce-1@customer.example.com>

--cut
Content-Type: text/plain

This is the mail system. I am sorry to have to inform you that your message could not be delivered.

--cut
Content-Type: message/delivery-status

Final-Recipient: rfc822; payer@customer.example.com
Action: failed
Status: 5.1.1

--cut
Content-Type: message/rfc822

Message-ID: {message_id}
From: collector@company.example.com
To: payer@customer.example.com
Subject: a friendly reminder

Please pay.

--cut--
"""


class TestAddresses(ArCommon):
    """A customer without a usable address is a task for the collector, not skipped without notice."""

    def _bounce(self, communication):
        """Simulate a bounce of the message from the customer's mail server."""
        text = BOUNCE.format(
            message_id=communication.message_id.message_id, bounce=f"{self.alias_bounce}@{self.alias_domain}"
        )
        with self._on():
            self.env["mail.thread"].sudo().message_process(None, text)
        self.env.invalidate_all()

    def test_a_customer_without_address_is_reported_to_the_collector_once(self):
        customer, _invoice = self._late(email=False)
        for day in (10, 11, 12):
            self._run(date(2026, 6, day))
        self.assertCode(customer, "no_address")
        self.assertEqual(self._states(customer), [])
        self.assertEqual(self._tasks(customer, "address").user_id, self.collector)
        self.assertEqual(len(self._tasks(customer, "address")), 1)

    def test_plain_addresses_are_read_as_odoo_reads_them(self):
        plain = ["ann@example.com", "ann.b+c_d-e@mail.ex-ample.co.uk", "1@2.museum"]
        self.assertTrue(all(map(PLAIN_ADDRESS.fullmatch, plain)))
        others = [
            "", "not an address", "Ann@Example.com", "Ann <ann@example.com>", "ann@example.com, bob@example.com",
            "ann@example.com\n", " ann@example.com", ".ann@example.com", "ann..b@example.com", "ann@example..com",
            "ann@example", "ann@xn--bcher-kva.example", "änn@example.com", "ann@bücher.example", '"ann b"@example.com',
        ]  # fmt: skip
        self.assertFalse(any(map(PLAIN_ADDRESS.fullmatch, others)))
        for text in plain + others:
            self.assertEqual(read_addresses(text), email_normalize_all(text), text)

    def test_a_malformed_address_is_none(self):
        customer, _invoice = self._late(email="not an address")
        self._run()
        self.assertCode(customer, "no_address")

    def test_with_an_address_at_last_the_step_is_sent(self):
        customer, _invoice = self._late(email=False)
        self._run()
        customer.partner_id.email = "found@customer.example.com"
        self.assertEqual(len(self._day(date(2026, 6, 11))), 1)

    def test_a_bounce_frees_the_step_and_gives_the_collector_a_task(self):
        customer, _invoice = self._late()
        self._day()
        communication = self._communications(customer)
        self._bounce(communication)
        self.assertEqual((communication.state, communication.failure), ("failed", "address"))
        self.assertFalse(any(communication.line_ids.mapped("uses_step")))
        self.assertEqual(len(self._tasks(customer, "address")), 1)

    def test_after_a_bounce_the_address_is_not_used_again(self):
        customer, _invoice = self._late()
        self._day()
        self._bounce(self._communications(customer))
        self._run(date(2026, 6, 11))
        self.assertCode(customer, "no_address")

    def test_after_a_bounce_a_new_address_is_used(self):
        customer, _invoice = self._late()
        self._day()
        self._bounce(self._communications(customer))
        customer.partner_id.email = "new@customer.example.com"
        self.assertEqual(len(self._day(date(2026, 6, 11))), 1)
        self.assertEqual(self._states(customer), [(3, "failed"), (3, "sent")])

    def test_a_confirmed_address_is_used_again(self):
        customer, _invoice = self._late()
        self._day()
        self._bounce(self._communications(customer))
        customer.with_user(self.collector).action_confirm_address()
        self.assertFalse(self._tasks(customer, "address"))
        self.assertEqual(len(self._day(date(2026, 6, 11))), 1)

    def test_another_contact_stands_in_for_the_one_that_bounced(self):
        customer, _invoice = self._late()
        self._day()
        self._bounce(self._communications(customer))
        self.env["res.partner"].create(
            {"parent_id": customer.partner_id.id, "name": "Ann", "type": "invoice", "email": "ann@customer.example.com"}
        )
        (mail,) = self._day(date(2026, 6, 11))
        self.assertIn("ann@customer.example.com", mail["email_to"][0])

    def test_a_bounce_of_another_mail_touches_nothing(self):
        customer, _invoice = self._late()
        self._day()
        message = customer.message_post(body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment")
        communication = self._communications(customer)
        text = BOUNCE.format(message_id=message.message_id, bounce=f"{self.alias_bounce}@{self.alias_domain}")
        self.env["mail.thread"].sudo().message_process(None, text)
        self.assertEqual(communication.state, "sent")

    def test_archived_contacts_get_nothing(self):
        customer, _invoice = self._late()
        self.env["res.partner"].create(
            {
                "parent_id": customer.partner_id.id,
                "name": "Gone",
                "type": "collections",
                "email": "gone@customer.example.com",
                "active": False,
            }
        )
        (mail,) = self._day()
        self.assertIn("payer@customer.example.com", mail["email_to"][0])
