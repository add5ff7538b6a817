from datetime import date
from unittest.mock import patch

import psycopg2

from odoo import Command
from odoo.exceptions import UserError

from ..common import ArCommon


class TestCustomers(ArCommon):
    """Accounts are created automatically, and hold how a customer is treated."""

    def _accounts(self, partner, company=None):
        return self.env["ar.customer"].search(
            [("partner_id", "=", partner.id), ("company_id", "=", (company or self.company).id)]
        )

    def test_the_first_posted_invoice_opens_an_account(self):
        partner = self._partner()
        self.assertFalse(self._accounts(partner))
        self._invoice(partner)
        self.assertEqual(len(self._accounts(partner)), 1)
        self._invoice(partner)
        self.assertEqual(len(self._accounts(partner)), 1)

    def test_a_draft_or_a_vendor_bill_opens_none(self):
        draft, vendor = self._partner(name="Draft"), self._partner(name="Vendor")
        self.env["account.move"].create({"move_type": "out_invoice", "partner_id": draft.id})
        self._invoice(vendor, move_type="in_invoice")
        self.assertFalse(self._accounts(draft) | self._accounts(vendor))

    def test_a_contacts_invoice_belongs_to_its_company(self):
        partner = self._partner()
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": partner.id})
        invoice = self._invoice(contact)
        self.assertFalse(self._accounts(contact))
        self.assertEqual(invoice.ar_customer_id, self._accounts(partner))

    def test_existing_receivables_get_accounts_with_their_balance(self):
        partner = self._partner()
        self._invoice(partner, 10, 300)
        account = self._accounts(partner)
        account.sudo().unlink()
        with self._on():
            self.env["ar.customer"]._ensure_for_company(self.company)
        account = self._accounts(partner)
        self.assertEqual((account.balance, account.overdue), (300, 300))

    def test_receivables_from_a_plain_journal_entry_count_too(self):
        partner = self._partner()
        receivable = self.company_data["default_account_receivable"]
        entry = self.env["account.move"].create(
            {
                "date": date(2026, 5, 1),
                "line_ids": [
                    Command.create({"account_id": receivable.id, "partner_id": partner.id, "debit": 70}),
                    Command.create({"account_id": self.company_data["default_account_revenue"].id, "credit": 70}),
                ],
            }
        )
        entry.action_post()
        self._run()
        account = self._accounts(partner)
        self.assertEqual(account.balance, 70)
        self.assertCode(account, "step_reached")  # Odoo's default for miscellaneous entries is nobody's decision

    def test_a_posting_user_needs_no_rights_in_collections(self):
        clerk = self._user("collector", name="Clerk", login="clerk")
        clerk.group_ids = self.env.ref("account.group_account_invoice")
        partner = self._partner()
        self.env["account.move"].with_user(clerk).create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": self.TODAY,
                "invoice_line_ids": [Command.create({"name": "Work", "price_unit": 10, "tax_ids": []})],
            }
        ).action_post()
        self.assertEqual(len(self._accounts(partner)), 1)

    def test_the_name_finds_the_account(self):
        customer = self._customer(self._partner(name="Zebra Works"))
        found = self.env["ar.customer"].name_search("Zebra")
        self.assertIn(customer.id, [record_id for record_id, _name in found])

    # === PAUSE AND EXCLUSION === #

    def test_excluding_a_customer_needs_a_reason(self):
        customer, _invoice = self._late()
        with self._on():
            for values in ({"pause_until": date(2026, 7, 1)}, {"excluded": True}):
                with self.subTest(values=values), self.assertRaises(UserError):
                    customer.write(values)
            customer.write({"pause_until": date(2026, 7, 1), "pause_reason": "Holiday"})
            customer.write({"excluded": True, "exclusion_reason": "Insolvent"})

    def test_a_pause_ends_on_its_day_and_the_schedule_resumes_at_a_mild_step(self):
        customer, _invoice = self._late(overdue_days=3)
        self._day()
        customer.write({"pause_until": date(2026, 7, 20), "pause_reason": "Talks"})
        for day in (date(2026, 6, 17), date(2026, 7, 10), date(2026, 7, 17)):
            self._run(day)
            self.assertCode(customer, "paused")
        self._day(date(2026, 7, 20))  # 43 days late: the next step, not the final one
        self.assertEqual(self._states(customer), [(3, "sent"), (10, "sent")])

    def test_a_pause_shows_when_it_goes_on(self):
        customer, _invoice = self._late()
        customer.write({"pause_until": date(2026, 6, 20), "pause_reason": "Talks"})
        self._run()
        self.assertEqual((customer.next_step_id, customer.next_date), (self.friendly, date(2026, 6, 22)))

    def test_resumed_by_a_person(self):
        customer, _invoice = self._late()
        customer.write({"pause_until": date(2026, 7, 20), "pause_reason": "Talks"})
        with self._on():
            customer.with_user(self.collector).action_resume()
        self.assertEqual(len(self._day()), 1)

    def test_an_excluded_customer_is_not_contacted_at_all(self):
        customer, _invoice = self._late(overdue_days=90)
        customer.write({"excluded": True, "exclusion_reason": "Insolvent"})
        self._run()
        self.assertCode(customer, "excluded")
        self.assertFalse(customer.next_date)
        self.assertEqual(customer.balance, 100)


class TestDoNotChase(ArCommon):
    """The switch on one invoice: the others are still reminded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late()
        cls.other = cls._invoice(cls.customer.partner_id, 5, 40)

    def test_an_invoice_not_to_be_chased_is_not_listed(self):
        self.invoice.write({"no_followup": True, "ar_no_chase_reason": "Wrong price"})
        self._day()
        self.assertEqual(self._communications(self.customer).line_ids.move_id, self.other)

    def test_it_comes_back_on_its_day(self):
        self.invoice.write({"no_followup": True, "ar_no_chase_reason": "Talks", "ar_no_chase_until": date(2026, 6, 12)})
        (self.other).write({"no_followup": True})
        self._run(date(2026, 6, 11))
        self.assertCode(self.customer, "excluded")
        self.assertEqual(len(self._day(date(2026, 6, 12))), 1)
        self.assertRecordValues(
            self.invoice, [{"no_followup": False, "ar_no_chase_until": False, "ar_no_chase_reason": False}]
        )
        self.assertTrue(self.other.no_followup)

    def test_without_an_end_it_stays(self):
        (self.invoice | self.other).write({"no_followup": True})
        self._run(date(2027, 6, 10))
        self.assertCode(self.customer, "excluded")

    def test_the_invoice_shows_its_next_reminder_and_its_history(self):
        with self._on():
            self.assertEqual(
                (self.invoice.ar_next_step_id, self.invoice.ar_next_step_date), (self.friendly, self.TODAY)
            )
        self._day()
        self.env.invalidate_all()
        with self._on():
            self.assertEqual(self.invoice.ar_next_step_id, self.firm)
            self.assertEqual(self.invoice.ar_next_step_date, date(2026, 6, 16))
        self.assertEqual(self.invoice.ar_communication_ids, self._communications(self.customer))
        self.assertEqual(self.invoice.ar_communication_count, 1)

    def test_an_invoice_left_alone_shows_no_next_reminder(self):
        self.invoice.no_followup = True
        self._pay(self.other)
        self.env.invalidate_all()
        self.assertFalse((self.invoice | self.other).ar_next_step_id)

    def test_two_first_invoices_at_once_are_both_posted(self):
        partner = self._partner(name="Popular")
        lost = psycopg2.errors.UniqueViolation("somebody was faster")
        with patch.object(self.registry["ar.customer"], "_ensure_for_partners", side_effect=lost):
            invoice = self._invoice(partner, overdue_days=4)
        self.assertEqual(invoice.state, "posted")
        self._run()
        self.assertTrue(self.env["ar.customer"].search([("partner_id", "=", partner.id)]))
