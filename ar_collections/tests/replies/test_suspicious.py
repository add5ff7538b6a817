from odoo.exceptions import UserError

from .common_replies import ArRepliesCommon

IBAN = "BE71096123456769"


class TestSuspicious(ArRepliesCommon):
    def _codes(self, reply):
        return [flag["code"] for flag in reply.flags or ()]

    def test_look_alike_senders(self):
        self.company.email = "books@seller-house.example.com"
        for sender, codes in [
            ("ap@meadow-mills.example.com", []),
            ("other@meadow-mills.example.com", []),
            ("ap@somebody-else.test", []),
        ]:
            with self.subTest(sender=sender):
                self.assertEqual(self._codes(self._receive("We paid.", sender=sender)), codes)
        self.partner.email = "ap@meadow-mills.test"
        for sender, codes in [
            ("ap@meadow-mill.test", ["one_off"]),
            ("ap@rneadow-mills.test", ["same_look"]),
            ("ap@meadow-mills.co", ["other_ending"]),
            ("ap@meadow-mills-pay.test", ["added"]),
            ("ap@meadow-mills.test.attacker.invalid", ["added"]),
            ("ap@gmail.com", []),
        ]:
            with self.subTest(sender=sender):
                self.assertEqual(self._codes(self._receive("We paid.", sender=sender)), codes)

    def test_nothing_is_done_before_a_person_has_checked_it(self):
        self.partner.email = "ap@meadow-mills.test"
        reply = self._receive("We will pay on Friday.", sender="ap@meadow-mill.test")
        self.assertTrue(reply.is_flagged)
        self.assertFalse(self.customer.pause_until)
        task = self._task()
        self.assertTrue(task.summary.startswith("SUSPICIOUS: Will pay"))
        self.assertIn("one letter off meadow-mills.test", task.note)
        own = self._as_collector(reply)
        with self.assertRaises(UserError) as refused:
            own.action_propose()
        self.assertIn("meadow-mills.test", str(refused.exception))
        own.action_check()
        self.assertEqual(reply.checked_by_id, self.collector)
        self.assertEqual(own.action_propose()["res_model"], "ar.promise.new")
        with self.assertRaises(UserError):
            own.action_check()

    def test_the_domain_of_a_portal_user_is_not_ours(self):
        self._customer(self._partner(name="Stranger"))
        self.portal_user.sudo().write(
            {"email": "me@customer-of-ours.test", "company_ids": [(4, self.company.id)], "company_id": self.company.id}
        )
        self.assertEqual(self._codes(self._receive("We paid.", sender="ap@customer-of-our.test")), [])

    def test_a_dispute_that_mentions_bank_details(self):
        """Reminders wait, and the dispute can be recorded once somebody checked the sender."""
        reply = self._receive(
            f"We dispute {self.invoice.name}, the price is wrong. By the way, are your bank details still the same?"
        )
        self.assertEqual((reply.kind, self._codes(reply)), ("bank_details", ["bank_details"]))
        self.assertTrue(self.customer.pause_until)
        own = self._as_collector(reply)
        with self.assertRaises(UserError):
            own.with_context(ar_proposal="dispute").action_propose()
        own.action_check()
        self.assertIn("dispute", own.kinds_found.split(","))
        action = own.with_context(ar_proposal="dispute").action_propose()
        self.assertEqual(action["res_model"], "ar.dispute.new")
        self.assertIn("We dispute", action["context"]["default_note"])
        with self.assertRaises(UserError):
            own.with_context(ar_proposal="promise").action_propose()

    def test_a_new_contact_from_outside(self):
        text = "Wrong contact, please write to accounts@%s."
        for sender, domain, codes in [
            (self.SENDER, "meadow-mills.example.com", []),
            (self.SENDER, "meadow-pay.test", ["new_contact"]),
            ("x@elsewhere.test", "meadow-mills.example.com", ["new_contact"]),
            ("x@elsewhere.test", "elsewhere.test", ["new_contact"]),
        ]:
            with self.subTest(sender=sender, domain=domain):
                reply = self._receive(text % domain, sender=sender)
                self.assertEqual((reply.kind, self._codes(reply)), ("wrong_contact", codes))
        self.assertIn("accounts@elsewhere.test", reply.flag_text)
        with self.assertRaises(UserError):
            self._as_collector(reply).action_propose()

    def test_a_payment_link_for_a_new_address(self):
        text = "Can you send me the payment link again?"
        self.assertEqual(self._codes(self._receive(text)), [])
        reply = self._receive(text, sender="somebody@elsewhere.test")
        self.assertEqual(self._codes(reply), ["link_new_address"])
        with self.assertRaises(UserError):
            self._as_collector(reply).action_propose()
        self.assertFalse(self.env["ar.portal.link"].search([("customer_id", "=", self.customer.id)]))

    def test_our_bank_details_come_from_the_books_only(self):
        """Whatever a reply says of bank details, there is no account more, and messages name the books' one."""
        bank = self.env["res.partner.bank"].sudo()
        own = bank.create(
            {"acc_number": "BE68539007547034", "partner_id": self.company.partner_id.id, "allow_out_payment": True}
        )
        before, details = bank.search([]), self._transfers()
        for sender in (self.SENDER, self.company.email, "ap@meadow-mill.example.com"):
            reply = self._receive(f"Our bank details have changed, pay to our new account {IBAN}.", sender=sender)
            self.assertEqual((reply.kind, "bank_details" in self._codes(reply)), ("bank_details", True))
            with self.assertRaises(UserError):
                self._as_collector(reply).action_propose()
            self._as_collector(reply).action_check()
            with self.assertRaises(UserError):  # there is no dialog for it, not even then
                self._as_collector(reply).action_propose()
        self.assertEqual(bank.search([]), before)
        self.assertEqual(self._transfers(), details)
        self.assertIn(own.sanitized_acc_number, str(details).replace(" ", ""))
        self.assertNotIn(IBAN, str(self._transfers()).replace(" ", ""))

    def _transfers(self):
        amounts = {self._debt(self.invoice): 100.0}
        return (
            self.env["ar.bank.details"]
            .sudo()
            ._get_transfers(self.customer, self.company.currency_id, amounts, "en_US", 0.0, False)
        )
