from datetime import date, timedelta
from decimal import Decimal

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form
from odoo.tools import mute_logger

from odoo.addons.ar_collections.core.disputes.attachment import File
from odoo.addons.ar_collections.core.portal.allocation import RequestRefused

from .common_dispute import ArDisputeCommon

DISPUTES_LOG = "odoo.addons.ar_collections.models.agreements.ar_agreement"

FRIDAY = date(2026, 6, 12)


class TestRaise(ArDisputeCommon):
    def test_owner_deadline_and_number(self):
        dispute = self._dispute()
        self.assertRegex(dispute.name, r"^DISPUTE/\d{5}$")
        self.assertEqual((dispute.state, dispute.user_id, dispute.amount_total), ("new", self.owner, 100.0))
        self.assertEqual(dispute.date_deadline, date(2026, 6, 17))  # five working days after a Wednesday
        self.assertEqual(dispute.currency_id, self.invoice.currency_id)

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
        self.assertNotIn("The price is not what we agreed", mail["body"])  # what staff wrote down stays with staff
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

    def test_fifty_customers_cost_no_more_statements_than_one(self):
        customers = self.env["ar.customer"]
        for invoice in self._invoices(self._partners(50), 4):
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


class TestAnswer(ArDisputeCommon):
    def test_review_notifies_the_customer_once(self):
        dispute = self._dispute()
        dispute.with_user(self.collector).action_review()
        with mute_logger(DISPUTES_LOG):
            dispute.with_user(self.collector).action_review()
        self.assertEqual(dispute.state, "review")
        self.assertEqual(self._notices(), ["dispute_received", "dispute_review"])

    def test_rejected_by_the_owner(self):
        dispute = self._dispute()
        self._resolve(dispute, 0, day=FRIDAY)
        self.assertEqual((dispute.state, dispute.answer), ("rejected", "We looked into it"))
        self.assertEqual((dispute.date_resolved, dispute.days_to_resolve), (FRIDAY, 2))
        self.assertEqual(dispute.grace_until, FRIDAY + timedelta(days=7))
        self.assertFalse(dispute.activity_ids)
        self.assertEqual(self._excluded(FRIDAY), [(100.0, date(2026, 6, 19))])
        self.assertEqual(self._excluded(date(2026, 6, 19)), [])

    def test_the_answer_is_notified_with_what_is_to_be_paid_after_all(self):
        dispute = self._dispute()
        self._resolve(dispute, 30, day=FRIDAY)
        answer = self._communications(self.customer).filtered(lambda c: c.notice == "dispute_resolved")
        self.assertEqual(answer.line_ids.amount_left, 70)
        body = str(answer.body)
        self.assertIn("We looked into it", body)
        self.assertIn("deduct part of the amount", body)
        self.assertIn("June 19, 2026", body)
        self.assertIn("$ 30.00</span>", body.replace("\xa0", " ").replace("&nbsp;", " ").replace(" deducted", ""))

    def test_each_outcome_has_its_own_text(self):
        words = {100: "You are right", 0: "we cannot deduct it", 40: "deduct part of the amount"}
        for amount, expected in words.items():
            customer, invoice = self._late(name=f"Payer {amount}")
            dispute = self._dispute(invoice, customer=customer)
            self._resolve(dispute, amount)
            with self.subTest(amount=amount):
                self.assertIn(expected, str(self._communications(customer)[-1:].body))

    def test_the_confirmation_is_cancelled_when_the_answer_comes_first(self):
        dispute = self._dispute()
        self._resolve(dispute, 0)
        self.assertEqual(len(self._deliver()), 1)
        states = {c.notice: c.state for c in self._communications(self.customer)}
        self.assertEqual(states, {"dispute_received": "cancelled", "dispute_resolved": "sent"})

    def test_withdrawn_goes_on_at_once(self):
        dispute = self._dispute()
        dispute.with_user(self.collector).action_withdraw()
        self.assertEqual(dispute.state, "withdrawn")
        self.assertEqual(self._excluded(), [])

    def test_answered_twice_is_refused(self):
        dispute = self._dispute()
        self._resolve(dispute, 0)
        with self.assertRaisesRegex(UserError, "already resolved"):
            self._resolve(dispute, 100)

    def test_more_than_disputed_and_less_than_nothing_are_refused(self):
        dispute = self._dispute(amount=30)
        for amount in (30.01, -1):
            with self.subTest(amount=amount), self.assertRaises(UserError):
                self._resolve(dispute, amount)
        self.assertEqual(dispute.state, "new")

    def test_reopened_by_a_manager_it_is_excluded_again(self):
        dispute = self._dispute()
        self._resolve(dispute, 0)
        with self.assertRaisesRegex(UserError, "ask a collections manager"):
            dispute.with_user(self.collector).action_reopen()
        with self._on(FRIDAY):
            dispute.with_user(self.manager).action_reopen()
        self.assertEqual((dispute.state, dispute.date_deadline), ("review", date(2026, 6, 19)))
        self.assertFalse(dispute.grace_until)
        self.assertEqual(self._excluded(FRIDAY), [(100.0, None)])
        self.assertEqual(dispute.activity_ids.user_id, self.owner)

    def test_the_end_is_the_end(self):
        dispute = self._dispute()
        self._resolve(dispute, 100)
        with mute_logger(DISPUTES_LOG):
            dispute.with_user(self.manager).action_reopen()
            dispute.with_user(self.manager).action_withdraw()
        self.assertEqual(dispute.state, "accepted")

    def test_disputes_are_kept(self):
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            self._dispute().sudo().unlink()

    def test_several_items_are_granted_each_on_its_own(self):
        second = self._invoice(self.customer.partner_id, 2, 50)
        dispute = self._dispute(self.invoice, second)
        self._resolve(dispute, 100, 0)
        self.assertEqual((dispute.state, dispute.amount_accepted), ("partly", 100))
        self.assertEqual(self._excluded(), [(100.0, None), (50.0, date(2026, 6, 17))])


class TestCreditNote(ArDisputeCommon):
    def _bill(self, *prices, tax=None, **values):
        """Return the account and an invoice with a line for each (quantity, price, discount)."""
        lines = [
            Command.create(
                {"name": f"Work {n}", "quantity": q, "price_unit": price, "discount": discount,
                 "tax_ids": [Command.set(tax.ids if tax else [])]}
            )
            for n, (q, price, discount) in enumerate(prices)
        ]  # fmt: skip
        invoice = self._invoice(self._partner(name="Credited Payer"), 4, invoice_line_ids=lines, **values)
        return self._customer(invoice.partner_id), invoice

    def _tax(self, amount, **values):
        return self.env["account.tax"].create(
            {"name": f"{amount}% {values}", "amount": amount, "company_id": self.company.id, **values}
        )

    def _note(self, customer, invoice, granted):
        dispute = self._dispute(invoice, customer=customer)
        self._resolve(dispute, granted, draft_credit=True)
        return dispute.line_ids.credit_note_id

    def test_granted_in_whole_is_odoos_own_reversal(self):
        customer, invoice = self._bill((3, 10, 0), (1, 5.5, 0), tax=self._tax(19))
        note = self._note(customer, invoice, invoice.amount_total)
        self.assertEqual((note.move_type, note.state, note.amount_total), ("out_refund", "draft", invoice.amount_total))
        self.assertEqual(note.invoice_line_ids.mapped("quantity"), [3, 1])
        self.assertEqual(note.reversed_entry_id, invoice)
        self.assertIn(customer.dispute_ids.name, note.ref)

    def test_a_part_is_exact_to_the_cent_whatever_the_taxes(self):
        taxes = {
            "none": None,
            "19 %": self._tax(19),
            "7.7 %": self._tax(7.7),
            "included": self._tax(21, price_include_override="tax_included"),
        }
        prices = ((3, 33.33, 0), (7, 1.99, 5), (1, 12.5, 0))
        for name, tax in taxes.items():
            for granted in (0.03, 1.0, 17.77, 50.01, 99.99):
                with self.subTest(tax=name, granted=granted), self.env.cr.savepoint() as savepoint:
                    customer, invoice = self._bill(*prices, tax=tax)
                    note = self._note(customer, invoice, granted)
                    self.assertEqual(note.amount_total, granted)
                    self.assertEqual(note.state, "draft")
                    note.action_post()
                    self.assertEqual(note.amount_total, granted)
                    self.assertAlmostEqual(invoice.amount_residual, invoice.amount_total - granted)
                    savepoint.rollback()
                    self.env.invalidate_all()

    def test_a_reduction_returns_no_goods(self):
        product = self.env["product.product"].create({"name": "Box", "type": "consu"})
        customer, invoice = self._bill((10, 10, 0))
        invoice.button_draft()
        invoice.invoice_line_ids.write({"product_id": product.id, "quantity": 10, "price_unit": 10, "tax_ids": False})
        invoice.action_post()
        note = self._note(customer, invoice, 20)
        self.assertFalse(note.invoice_line_ids.product_id)
        self.assertEqual(note.invoice_line_ids.quantity, 1)
        self.assertEqual(note.invoice_line_ids.account_id, invoice.invoice_line_ids.account_id)

    def test_excluded_until_the_note_is_posted_and_again_when_it_is_undone(self):
        dispute = self._dispute(amount=30)
        self._resolve(dispute, 30, draft_credit=True)
        note = dispute.credit_note_ids
        self.assertEqual(self._excluded(), [(30.0, None)])
        self.assertEqual(dispute.activity_ids.user_id, self.collector)  # who is asked to post it
        note.action_post()
        self.assertFalse(dispute.activity_ids)
        self.assertEqual((self.invoice.amount_residual, self._excluded()), (70, []))
        note.button_draft()
        note.button_cancel()
        self.assertEqual((self.invoice.amount_residual, self._excluded()), (100, [(30.0, None)]))

    def test_excluded_while_the_rest_is_paid_before_the_note_is_posted(self):
        dispute = self._dispute(amount=30)
        self._resolve(dispute, 30, draft_credit=True)
        self._pay(self.invoice, 70)
        self.assertEqual(self._excluded(), [(30.0, None)])
        dispute.credit_note_ids.action_post()
        self.assertEqual(self.invoice.amount_residual, 0)

    def test_a_note_posted_before_the_answer_counts(self):
        dispute = self._dispute(amount=30)
        credit = self._invoice(self.customer.partner_id, 0, 30, move_type="out_refund")
        (self._debt(self.invoice) + self._debt(credit)).reconcile()
        self._resolve(dispute, 30)
        self.assertEqual(self._excluded(), [])

    def test_a_note_from_before_the_dispute_does_not_count(self):
        credit = self._invoice(self.customer.partner_id, 0, 20, move_type="out_refund")
        (self._debt(self.invoice) + self._debt(credit)).reconcile()
        self._resolve(self._dispute(amount=30), 30)
        self.assertEqual(self._excluded(), [(30.0, None)])

    def test_the_note_settles_the_very_installment_that_was_disputed(self):
        invoice = self._invoice(
            self._partner(name="In Two Parts"), 0, 100, invoice_date_due=False,
            invoice_payment_term_id=self.env["account.payment.term"].create(
                {
                    "name": "Two parts",
                    "line_ids": [
                        Command.create({"value": "percent", "value_amount": 50, "nb_days": days}) for days in (10, 20)
                    ],
                }
            ).id,
        )  # fmt: skip
        customer = self._customer(invoice.partner_id)
        first, second = self._debt(invoice)
        with self._on():
            dispute = self.env["ar.dispute"]._raise_dispute(customer, self.reason, {second.id: Decimal(20)}, "Late")
        self._resolve(dispute, 20, draft_credit=True)
        dispute.credit_note_ids.action_post()
        self.assertEqual((first.amount_residual, second.amount_residual), (50, 30))
        self.assertEqual(self._excluded(customer=customer), [])

    def test_the_note_is_in_the_invoices_currency(self):
        invoice = self._invoice(self._partner(name="Euro Payer"), 4, 100, currency_id=self.currency_euro.id)
        note = self._note(self._customer(invoice.partner_id), invoice, 25)
        self.assertEqual((note.currency_id, note.amount_total), (self.currency_euro, 25))

    def test_what_is_no_invoice_is_credited_by_hand(self):
        customer, receipt = self._late(name="Receipt Payer")
        receipt = self._invoice(customer.partner_id, 4, 40, move_type="out_receipt")
        dispute = self._dispute(receipt, customer=customer)
        with self.assertRaisesRegex(UserError, "manually"):
            self._resolve(dispute, 40, draft_credit=True)
        self._resolve(dispute, 40)
        self.assertEqual(dispute.state, "accepted")


class TestEscalation(ArDisputeCommon):
    OVERDUE = date(2026, 6, 18)

    def _escalate(self, day):
        with self._on(day):
            return self.env["ar.dispute"].sudo()._escalate_overdue(self.company)

    def _overdue_tasks(self, dispute):
        kind = self.env.ref("ar_collections.mail_activity_type_dispute_overdue")
        return dispute.activity_ids.filtered(lambda task: task.activity_type_id == kind)

    def test_not_on_the_last_day_but_after_it_and_once(self):
        dispute = self._dispute()
        notified = len(self._communications(self.customer))
        self.assertFalse(self._escalate(date(2026, 6, 17)))
        self.assertEqual(self._escalate(self.OVERDUE), dispute)
        self.assertFalse(self._escalate(self.OVERDUE))
        self.assertFalse(self._escalate(date(2026, 6, 30)))
        self.assertEqual(self._overdue_tasks(dispute).user_id, self.manager)
        self.assertEqual(dispute.escalated_on, self.OVERDUE)
        self.assertEqual(len(self._communications(self.customer)), notified)  # never to the customer

    def test_whom_to_ask(self):
        second = self._user("manager", login="second-manager")
        self.reason.manager_id = False
        self.policy.manager_id = second
        self.assertEqual(self._dispute(amount=10)._get_manager(), second)
        second.active = False
        self.assertTrue(
            self._dispute(amount=10)._get_manager().has_group("ar_collections.ar_collections_group_manager")
        )

    def test_answered_or_withdrawn_ones_are_left_alone(self):
        self._resolve(self._dispute(amount=10), 0)
        self._dispute(amount=10).with_user(self.collector).action_withdraw()
        self.assertFalse(self._escalate(date(2026, 7, 30)))

    def test_the_answer_closes_the_managers_task(self):
        dispute = self._dispute()
        self._escalate(self.OVERDUE)
        self._resolve(dispute, 0, day=self.OVERDUE)
        self.assertFalse(dispute.activity_ids)

    def test_one_that_fails_stops_nobody(self):
        first, second = self._dispute(amount=10), self._dispute(amount=20)
        original = type(first)._get_manager

        def fail_on_first(dispute):
            if dispute.id == first.id:
                raise ValueError("broken")
            return original(dispute)

        self.patch(type(first), "_get_manager", fail_on_first)
        with mute_logger("odoo.addons.ar_collections.models.disputes.ar_dispute_escalation"):
            self.assertEqual(self._escalate(self.OVERDUE), second)
        self.assertFalse(first.escalated_on)

    def test_the_scheduled_action_works_by_itself(self):
        dispute = self._dispute()
        dispute.sudo().date_deadline = "2020-01-01"
        self.company.ar_run_hour = 0
        with self.enter_registry_test_mode():
            self.env.ref("ar_collections.ir_cron_escalate_disputes").method_direct_trigger()
        self.env.invalidate_all()
        self.assertTrue(dispute.escalated_on)


class TestWizards(ArDisputeCommon):
    def _wizard(self, **context):
        model = self.env["ar.dispute.new"].with_user(self.collector)
        return Form(model.with_context(default_customer_id=self.customer.id, **context))

    def test_from_the_invoice_it_is_disputed_in_whole(self):
        self._invoice(self.customer.partner_id, 2, 50)
        with self._on():
            action = self.invoice.with_user(self.collector).action_new_dispute()
            form = Form(self.env[action["res_model"]].with_user(self.collector).with_context(**action["context"]))
            form.reason_id = self.reason
            form.note = "Too much"
            opened = form.save().action_confirm()
        dispute = self.env["ar.dispute"].browse(opened["res_id"])
        self.assertEqual((dispute.line_ids.move_id, dispute.amount_total), (self.invoice, 100))

    def test_from_the_customer_amounts_are_entered(self):
        self._invoice(self.customer.partner_id, 2, 50)
        with self._on():
            form = self._wizard()
            form.reason_id = self.reason
            form.note = "Too much"
            with form.line_ids.edit(1) as line:
                line.amount = 12.5
            opened = form.save().action_confirm()
        self.assertEqual(self.env["ar.dispute"].browse(opened["res_id"]).amount_total, 12.5)

    def test_refusals_are_explained(self):
        with self._on():
            form = self._wizard()
            form.reason_id = self.reason
            form.note = "Too much"
            wizard = form.save()
            with self.assertRaisesRegex(UserError, "Nothing is selected"):
                wizard.action_confirm()
            wizard.line_ids.amount = 100.01
            with self.assertRaisesRegex(UserError, "higher than the open amount"):
                wizard.action_confirm()

    def test_what_is_disputed_already_is_not_offered(self):
        self._dispute()
        with self._on():
            self.assertFalse(self._wizard().line_ids._records)

    def test_smart_buttons_lead_to_the_disputes(self):
        dispute = self._dispute()
        action = self.customer.action_open_disputes()
        self.assertEqual(self.env["ar.dispute"].search(action["domain"]), dispute)
        self._resolve(dispute, 100, draft_credit=True)
        self.assertEqual(dispute.action_open_credit_notes()["res_id"], dispute.credit_note_ids.id)

    def test_disputed_invoices_are_found(self):
        self._dispute()
        found = self.env["account.move"].search([("ar_dispute_line_ids.dispute_id.state", "in", ("new", "review"))])
        self.assertEqual(found, self.invoice)


class TestAnalysis(ArDisputeCommon):
    def _read(self, *groupby, day):
        with self._on(day):
            return self.env["ar.dispute.report"]._read_group(
                [("company_id", "=", self.company.id)], groupby, ["__count", "age:avg", "days_to_resolve:avg"]
            )

    def test_by_reason_owner_age_outcome_and_days_to_resolve(self):
        open_one = self._dispute(amount=10)
        answered = self._dispute(amount=20)
        self._resolve(answered, 0, day=FRIDAY)
        day = self.TODAY + timedelta(days=6)
        self.assertEqual(self._read("reason_id", "user_id", day=day), [(self.reason, self.owner, 2, 4.0, 2.0)])
        self.assertEqual(self._read("age_range", day=day), [("a", 1, 2.0, 2.0), ("b", 1, 6.0, 0)])
        self.assertEqual(
            {row[0]: row[1:3] for row in self._read("state", day=day)}, {"new": (1, 6), "rejected": (1, 2)}
        )
        with self._on(date(2026, 6, 18)):
            late = self.env["ar.dispute.report"].search([("is_late", "=", True), ("company_id", "=", self.company.id)])
            self.assertEqual(late.dispute_id, open_one)
