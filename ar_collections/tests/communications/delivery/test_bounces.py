from datetime import timedelta

from ...customers.test_addresses import BOUNCE
from .common_recipients import RecipientsCommon


class TestBounces(RecipientsCommon):
    """A returned message marks the recipient whose address bounced, and no other."""

    def setUp(self):
        super().setUp()
        self._work()
        self.number = 1

    def _bounce(self, address, *changes):
        """Simulate that the message is returned by the mail server of an address.

        :param changes: (old, new) in the text of the returned mail
        """
        text = BOUNCE.format(
            message_id=self.communication.message_id.message_id, bounce=f"{self.alias_bounce}@{self.alias_domain}"
        )
        text = text.replace("Final-Recipient", "Reporting-MTA: dns; mail.customer.example.com\n\nFinal-Recipient")
        text = text.replace("payer@customer.example.com", address).replace("bounce-1@", f"bounce-{self.number}@")
        for old, new in changes:
            text = text.replace(old, new)
        self.number += 1
        with self._on():
            self.env["mail.thread"].sudo().message_process(None, text)
        self.env.invalidate_all()

    def test_the_other_keeps_the_step_and_the_next_reminders(self):
        self._bounce("second@customer.example.com")
        self.assertEqual((self._outcomes(), self.communication.state), ({"first": "sent", "second": "failed"}, "sent"))
        self.assertEqual(len(self._tasks(self.customer, "address")), 1)
        tomorrow, later = self.TODAY + timedelta(days=1), self.TODAY + timedelta(days=7)
        self._run(tomorrow)
        self.assertEqual(self._work(tomorrow), [])
        self._run(later)
        self.assertEqual(self._work(later), ["first"])

    def test_twice_the_same_marks_nobody_else(self):
        self._bounce("second@customer.example.com")
        self._bounce("second@customer.example.com")
        self.assertEqual(self._outcomes(), {"first": "sent", "second": "failed"})

    def test_a_message_that_is_late_or_was_read_did_not_come_back(self):
        first = self.first.email
        before = self.first.message_bounce
        self._bounce(first, ("Action: failed", "Action: delayed"), ("5.1.1", "4.4.1"))
        self._bounce(first, ("Action: failed", "Action: delivered"), ("5.1.1", "2.0.0"))
        self._bounce(first, ("delivery-status", "disposition-notification"), ("Action: failed", "Disposition: read"))
        self.assertEqual(self._outcomes(), {"first": "sent", "second": "sent"})
        status = self.communication.message_id.sudo().notification_ids.mapped("notification_status")
        self.assertEqual((set(status), self.first.message_bounce), ({"sent"}, before))
        self.assertFalse(self._tasks(self.customer, "address"))
        self._bounce(first)
        self.assertEqual(self._outcomes(), {"first": "failed", "second": "sent"})

    def test_a_policy_or_a_full_mailbox_says_nothing_of_the_address(self):
        self._bounce("first@customer.example.com", ("5.1.1", "5.7.1"))
        self._bounce("second@customer.example.com", ("5.1.1", "5.2.2"))
        self.assertEqual(self.communication.address_ids.mapped("failure"), ["technical"] * 2)
        rows = self.env["ar.facts"]._read_recipients(self.customer)[self.customer.id]
        self.assertEqual([row["usable"] for row in rows], [True] * 3)

    def test_both_free_the_step(self):
        self._bounce("first@customer.example.com")
        self._bounce("second@customer.example.com")
        self.assertEqual((self.communication.state, self.communication.failure), ("failed", "address"))
        tomorrow = self.TODAY + timedelta(days=1)
        self._run(tomorrow)
        self.assertEqual(self._work(tomorrow), ["payer"])

    def test_of_a_forwarded_message_a_person_finds_out_which(self):
        self._bounce("elsewhere@another.example.com")
        self.assertEqual(self._outcomes(), {"first": "sent", "second": "sent"})
        self.assertIn("first@customer.example.com", self._tasks(self.customer, "address").summary)

    def test_a_merged_contact_leaves_the_address_in_the_log(self):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard.sudo()._merge((self.first | self.second).ids, self.first)
        self.env.invalidate_all()
        recipients = self.communication.address_ids
        self.assertEqual(recipients.mapped("address"), ["first@customer.example.com", "second@customer.example.com"])
        self.assertEqual(recipients.partner_id, self.first)

    def test_a_deleted_contact_leaves_the_address_in_the_log(self):
        self.second.unlink()
        self.assertEqual(self._outcomes(), {"first": "sent", "second": "sent"})
