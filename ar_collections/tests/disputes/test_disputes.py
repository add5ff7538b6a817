from datetime import date

from odoo import Command

from odoo.addons.ar_collections.core.disputes.attachment import File
from odoo.addons.ar_collections.core.portal.allocation import RequestRefused

from .common_dispute import ArDisputeCommon

FRIDAY = date(2026, 6, 12)


class TestRaise(ArDisputeCommon):
    def test_owner_deadline_and_number(self):
        dispute = self._dispute()
        self.assertRegex(dispute.name, r"^DISPUTE/\d{5}$")
        self.assertEqual((dispute.state, dispute.user_id, dispute.amount_total), ("new", self.owner, 100.0))
        self.assertEqual(dispute.date_deadline, date(2026, 6, 17))  # five working days after a Wednesday
        self.assertEqual(dispute.currency_id, self.invoice.currency_id)
        for day, shown in ((date(2026, 6, 17), dispute.date_deadline), (date(2026, 6, 18), False)):
            with self._on(day):
                self.assertEqual(dispute._get_portal_row()["date"], shown)

    def test_holidays_of_the_policys_calendar_put_the_deadline_off(self):
        self.env["resource.calendar.leaves"].sudo().create(
            {
                "name": "Holiday",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": "2026-06-11 00:00:00",
                "date_to": "2026-06-12 20:00:00",
            }
        )
        self.assertEqual(self._dispute().date_deadline, date(2026, 6, 19))

    def test_owner_is_the_collector_where_the_reason_has_none_or_one_from_elsewhere(self):
        self.reason.user_id = False
        self.company.ar_write_off_alone = 1_000  # who recorded it may grant it
        self.assertEqual(self._dispute(amount=10).user_id, self.collector)
        other = self._create_company(name="Elsewhere")
        self.reason.user_id = self._user(
            "auditor", login="far", company_id=other.id, company_ids=[Command.set(other.ids)]
        )
        self.assertEqual(self._dispute(amount=10).user_id, self.collector)

    def test_the_owner_gets_a_task_and_the_customer_a_confirmation(self):
        dispute = self._dispute()
        self.assertEqual(dispute.activity_ids.user_id, self.owner)
        self.assertEqual(dispute.activity_ids.date_deadline, dispute.date_deadline)
        self.assertEqual(self._notices(), ["dispute_received"])
        (mail,) = self._deliver()
        self.assertIn("we have received your objection", mail["subject"])
        self.assertIn("June 17, 2026", mail["body"])
        self.assertNotIn("The price is not what we agreed", mail["body"])  # what staff recorded is shown to staff only
        self.assertIn(f"/dispute/{dispute.id}?access_token=", mail["body"])

    def test_the_history_is_on_the_customers_thread(self):
        dispute = self._dispute()
        notes = self.customer.message_ids.filtered(lambda message: message.subtype_id.internal)
        self.assertIn(dispute.name, notes[:1].body)
        self.assertIn("100.00 disputed: The price is wrong. Assigned to The owner, answer due by", notes[:1].body)

    def test_several_invoices_at_once(self):
        second = self._invoice(self.customer.partner_id, 2, 50)
        dispute = self._dispute(self.invoice, second)
        self.assertEqual(dispute.line_ids.mapped("amount"), [100, 50])
        self.assertEqual(dispute.amount_total, 150)

    def test_several_disputes_on_one_item_never_more_than_open(self):
        self._dispute(amount=60)
        self._dispute(amount=40)
        self.assertEqual(sum(amount for amount, _until in self._excluded()), 100)
        self._assert_refused("already_disputed", amount=1)

    def _assert_refused(self, code, *invoices, **values):
        before = self.env["ar.dispute"].search_count([])
        with self.assertRaises(RequestRefused) as caught:
            self._dispute(*invoices, **values)
        self.assertEqual(caught.exception.code, code)
        self.assertEqual(self.env["ar.dispute"].search_count([]), before)

    def test_what_is_refused(self):
        stranger, foreign_item = self._late(name="Other Payer")
        self._assert_refused("unknown_item", foreign_item)
        for amount in (0, -5, "NaN", "0.001", "99.999"):
            self._assert_refused("bad_amount", amount=amount)
        self._assert_refused("too_much", amount=100.01)
        euro = self._invoice(self.customer.partner_id, 2, 50, currency_id=self.currency_euro.id)
        self._assert_refused("mixed_currencies", self.invoice, euro)
        self._pay(self.invoice)
        self._assert_refused("paid_item")
        self.assertFalse(stranger.dispute_ids)

    def test_files_are_kept_where_staff_alone_reads_them(self):
        dispute = self._dispute(files=[File("photo.txt", b"Nine boxes")])
        attachment = self.env["ir.attachment"].search([("res_model", "=", "ar.dispute"), ("res_id", "=", dispute.id)])
        self.assertEqual((attachment.name, attachment.raw, attachment.public), ("photo.txt", b"Nine boxes", False))
        for user in (self.internal_user, self.portal_user):
            self.assertFalse(attachment.with_user(user).has_access("read"))
        self.assertTrue(attachment.with_user(self.owner).has_access("read"))

    def test_nothing_is_sent_before_collections_are_activated(self):
        self.company.ar_active = False
        self._dispute()
        self.assertFalse(self._notices())

    def test_a_customer_without_address_is_left_to_the_collector(self):
        self.customer.partner_id.email = False
        self._dispute()
        self.assertFalse(self._notices())
        self.assertTrue(self._tasks(self.customer, "address"))


class TestReminderSchedule(ArDisputeCommon):
    def test_only_the_disputed_part_is_excluded(self):
        self._dispute(amount=30)
        self.assertEqual(self._excluded(), [(30.0, None)])
        self.policy.contacts_per_day = 2
        self._run()
        reminder = self._communications(self.customer).filtered("step_id")
        self.assertEqual(reminder.line_ids.amount_left, 70)

    def test_all_disputed_is_reported_so(self):
        self._dispute()
        self._deliver()
        self._run(FRIDAY)
        self.assertCode(self.customer, "disputed")
        self.assertEqual(self.customer.dispute_count, 1)

    def test_a_reminder_that_waits_in_the_queue_is_cancelled(self):
        self._run()
        self._dispute()
        mails = self._deliver()
        self.assertEqual([mail["subject"].partition(": ")[2] for mail in mails], ["we have received your objection"])
        reminder = self._communications(self.customer).filtered("step_id")
        self.assertEqual((reminder.state, reminder.cancel_reason), ("cancelled", "disputed"))

    def test_the_customer_may_pay_a_disputed_invoice_all_the_same(self):
        self._dispute()
        (payable,) = self.customer._get_payables()
        self.assertEqual(payable.left, 100)
        allocation = self.customer._allocate({self._debt(self.invoice).id: None})
        self.assertEqual(allocation.total, 100)

    def test_paying_all_but_the_disputed_part_leaves_it_excluded(self):
        self._dispute(amount=30)
        self._pay(self.invoice, 70)
        self.assertEqual(self._excluded(), [(30.0, None)])
        self._pay(self.invoice, 10)
        self.assertEqual(self._excluded(), [(20.0, None)])

    def test_what_is_disputed_cannot_be_promised_but_what_is_in_grace_can(self):
        dispute = self._dispute(amount=30)
        self.assertEqual(list(self.customer._get_free_amounts().values()), [70])
        self._resolve(dispute, 0)
        with self._on():
            self.assertEqual(list(self.customer._get_free_amounts().values()), [100])

    def test_ten_customers_cost_no_more_statements_than_one(self):
        customers = self.env["ar.customer"]
        for invoice in self._invoices(self._partners(10), 4):
            partner = invoice.partner_id
            customers |= self._customer(partner)
            dispute = self._dispute(invoice, customer=customers[-1:], amount=40)
            if partner.id % 2:
                self._resolve(dispute, 10, user=self.manager)

        def count(some):
            with self._on():
                some._decide(self.TODAY)
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                some._decide(self.TODAY)
                return self.env.cr.sql_log_count - before

        self.assertLessEqual(count(customers.sudo()), count(customers[:1].sudo()) + 1)
