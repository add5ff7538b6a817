"""Steps count for the debtor they were sent to, and for an invoice that is posted again."""

from datetime import date

from odoo import Command

from ..common import ArCommon


class RoundsCommon(ArCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(overdue_days=9)

    def _repost(self, invoice=None, **values):
        """Reset the invoice to draft, change it and post it again."""
        invoice = invoice or self.invoice
        invoice.button_draft()
        invoice.write(values)
        invoice.action_post()
        return invoice

    def _terms(self, *days):
        """Return a payment term of equal parts, due on those days after the invoice date."""
        share = 100 / len(days)
        return self.env["account.payment.term"].create(
            {
                "name": "In parts",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": share, "nb_days": number}) for number in days
                ],
            }
        )

    def _sent(self, customer=None):
        """Return the days of the steps sent to the customer."""
        return [days for days, state in self._states(customer or self.customer) if state == "sent"]


class TestAnotherDebtor(RoundsCommon):
    def setUp(self):
        super().setUp()
        for day in (date(2026, 6, 4), date(2026, 6, 11)):
            self._day(day)
        self.other = self._partner(name="Other Payer", email="other@customer.example.com")

    def test_the_new_debtor_starts_with_the_entry_step(self):
        self._repost(partner_id=self.other.id)
        self._day(date(2026, 7, 6))
        self.assertEqual(self._sent(self._customer(self.other)), [3])
        self.assertEqual(self._sent(), [3, 10])

    def test_and_goes_on_at_the_pace_of_the_schedule(self):
        self._repost(partner_id=self.other.id)
        for day in (date(2026, 7, 6), date(2026, 7, 7), date(2026, 7, 13)):
            self._day(day)
        self.assertEqual(self._sent(self._customer(self.other)), [3, 10])

    def test_back_to_the_first_one_the_steps_of_that_one_count(self):
        self._repost(partner_id=self.other.id)
        self._repost(partner_id=self.customer.partner_id.id)
        self._run(date(2026, 6, 12))
        self.assertCode(self.customer, "already_sent")
        self._run(date(2026, 6, 22))
        self.assertEqual(self._states(self.customer)[-1], (20, "planned"))

    def test_its_reminder_in_the_queue_goes_to_nobody(self):
        customer, invoice = self._late(overdue_days=5, name="Third Payer", email="third@customer.example.com")
        self._run()
        self._repost(invoice, partner_id=self.other.id)
        self.assertNotIn("third@customer.example.com", str([mail["email_to"] for mail in self._deliver()]))
        self.assertEqual(self._states(customer), [(3, "cancelled")])

    def test_another_contact_of_the_same_company_is_the_same_debtor(self):
        person = self.env["res.partner"].create({"name": "Person", "parent_id": self.customer.partner_id.id})
        self._repost(partner_id=person.id)
        self._run(date(2026, 6, 12))
        self.assertCode(self.customer, "already_sent")


class TestPostedAgain(RoundsCommon):
    def test_unchanged_nothing_is_sent_twice(self):
        self._day(date(2026, 6, 4))
        self._repost()
        self._run(date(2026, 6, 5))
        self.assertCode(self.customer, "already_sent")
        self._day(date(2026, 6, 11))
        self.assertEqual(self._sent(), [3, 10])

    def test_with_new_items_on_the_same_date_the_steps_still_count(self):
        self._day(date(2026, 6, 4))
        self.invoice.button_draft()
        self._debt(self.invoice).with_context(dynamic_unlink=True, check_move_validity=False).unlink()
        self.invoice.invoice_line_ids.price_unit = 120
        self.invoice.invoice_date_due = date(2026, 6, 1)
        self.invoice.action_post()
        self.assertEqual(self._debt(self.invoice).date_maturity, date(2026, 6, 1))
        self._run(date(2026, 6, 5))
        self.assertCode(self.customer, "already_sent")

    def test_in_parts_what_is_due_as_early_was_reminded(self):
        self._day(date(2026, 6, 4))
        self._day(date(2026, 6, 11))
        start = self.invoice.invoice_date
        late = (date(2026, 6, 1) - start).days
        self._repost(invoice_payment_term_id=self._terms(late - 5, late + 60).id)
        self._run(date(2026, 6, 12))
        self.assertCode(self.customer, "already_sent")
        self._run(date(2026, 6, 22))
        newest = self._communications(self.customer)[-1:]
        self.assertEqual((newest.step_id.days, len(newest.line_ids)), (20, 1))

    def test_with_another_amount_while_its_reminder_waits_the_new_amount_is_sent(self):
        self._run(date(2026, 6, 4))
        self.invoice.button_draft()
        self.invoice.invoice_line_ids.price_unit = 80
        self.invoice.action_post()
        self._deliver(date(2026, 6, 4))
        self.assertEqual(self._states(self.customer), [(3, "cancelled"), (3, "sent")])
        self.assertEqual(self._communications(self.customer)[-1:].line_ids.amount_left, 80)


class TestNoFollowUpPostedAgain(RoundsCommon):
    """No Follow-Up holds for all installments of an invoice that is posted again, new ones included."""

    END = date(2026, 7, 1)

    def _excluded(self):
        return self._debt(self.invoice).mapped("no_followup")

    def test_excluded_until_a_day_no_installment_is_chased(self):
        self.customer._set_no_chase(self._debt(self.invoice), "Talks", self.END)
        self._repost(invoice_payment_term_id=self._terms(0, 30).id)
        self.assertEqual(self._excluded(), [True, True])
        self._run()
        self.assertCode(self.customer, "excluded")
        self.env["account.move"].sudo()._end_expired_no_chase(self.company, self.END)
        self.assertEqual(self._excluded(), [False, False])

    def test_in_other_parts_and_in_one_again(self):
        self.customer._set_no_chase(self._debt(self.invoice), "Talks")
        self._repost(invoice_payment_term_id=self._terms(0, 5, 10, 30).id)
        self._repost(invoice_payment_term_id=self._terms(0, 30).id)
        self.assertEqual(self._excluded(), [True, True])
        self._repost(invoice_payment_term_id=False, invoice_date_due=self.TODAY)
        self.assertEqual(self._excluded(), [True])

    def test_excluded_on_the_invoice_in_odoo(self):
        self.invoice.no_followup = True
        self._repost(invoice_payment_term_id=self._terms(0, 30).id)
        self.assertEqual(self._excluded(), [True, True])

    def test_resumed_while_it_was_a_draft_it_is_chased(self):
        self.customer._set_no_chase(self._debt(self.invoice), "Talks")
        self.invoice.button_draft()
        self.invoice.no_followup = False
        self.invoice.action_post()
        self.assertEqual(self._excluded(), [False])

    def test_never_excluded_it_is_chased(self):
        self._repost(invoice_payment_term_id=self._terms(0, 30).id)
        self.assertEqual(self._excluded(), [False, False])

    def test_whoever_posts_needs_no_role_of_ours(self):
        self.customer._set_no_chase(self._debt(self.invoice), "Talks")
        group = self.env.ref("account.group_account_invoice")
        user = self._user("auditor", login="billing", group_ids=[Command.set(group.ids)])
        self._repost(self.invoice.with_user(user), invoice_payment_term_id=self._terms(0, 30).id)
        self.assertEqual(self._excluded(), [True, True])
