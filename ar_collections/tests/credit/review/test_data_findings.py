from datetime import timedelta
from unittest.mock import patch

from odoo import Command

from .common_review import ReviewCommon


class TestDataFindings(ReviewCommon):
    """Each finding appears with its cause, and is over when that is gone."""

    def test_there_is_nothing_to_say_about_good_data(self):
        self.assertEqual(self._codes(), set())

    def test_an_account_that_was_held_is_reviewed_by_the_next_turn_of_the_day(self):
        self.partner.email = False
        customers = self.env["ar.customer"].sudo()
        with patch.object(type(customers), "try_lock_for_update", lambda batch: batch.browse()):
            self._review()
        self.assertFalse(self.company.ar_reviewed_on or self._findings())
        with self._on():
            customers._review_data_company(self.company, self.TODAY)
        self.assertEqual((self.company.ar_reviewed_on, self._findings().code), (self.TODAY, "no_address"))

    # === HOW THE CUSTOMER IS REACHED === #

    def test_no_address_for_the_channels_of_the_schedule(self):
        self.partner.email = False
        self.assertEqual(self._codes(), {"no_address"})
        self.partner.email = "again@customer.example.com"
        self.assertEqual(self._codes(), set())
        self.assertEqual(self._findings(None, "solved").solved_on, self.TODAY)

    def test_who_gets_letters_alone_needs_no_email_address(self):
        self._on_schedule({"days": 3, "channel": "letter"})
        self.partner.email = False
        self.assertEqual(self._codes(), set())
        self.partner.city = False
        self.assertEqual(self._codes(), {"no_address"})

    def test_an_address_that_failed_until_it_is_confirmed_or_changed(self):
        self._day()
        recipient = (
            self.env["ar.communication.recipient"]
            .sudo()
            .search([("communication_id.customer_id", "=", self.customer.id)])
        )
        recipient.write({"state": "failed", "failure": "address"})
        self.assertEqual(self._codes(), {"failed_address"})
        self.assertIn("clean@customer.example.com", self._findings().text)
        self.customer.with_user(self.collector).action_confirm_address()
        self.assertEqual(self._codes(), set())
        self.customer.sudo().address_confirmed_on = False
        self.assertEqual(self._codes(), {"failed_address"})
        self.partner.email = "other@customer.example.com"
        self.assertEqual(self._codes(), set())

    def test_an_address_that_wants_no_emails(self):
        blocked = self.env["mail.blacklist"].sudo()._add("Clean@customer.example.com")
        self.assertEqual(self._codes(), {"blocked_address"})
        self.assertIn("clean@customer.example.com", self._findings().text)
        blocked.active = False
        self.assertEqual(self._codes(), set())

    def test_a_phone_number_of_a_person_is_enough(self):
        self.partner.phone = False
        self.assertEqual(self._codes(), {"no_phone"})
        self.env["res.partner"].create({"name": "Ann", "parent_id": self.partner.id, "phone": "555"})
        self.assertEqual(self._codes(), set())

    def test_an_archived_contact_that_is_still_used(self):
        person = self.env["res.partner"].create({"name": "Bob", "parent_id": self.partner.id})
        self._invoice(person, 2).is_move_sent = True
        person.active = False
        self.assertEqual(self._codes(), {"archived_contact"})
        self.assertEqual(self._findings().action_fix()["res_id"], person.id)
        person.active = True
        self.assertEqual(self._codes(), set())

    # === VAT === #

    def test_a_company_needs_a_number_where_most_of_its_country_have_one(self):
        """Where nobody enters VAT numbers, a finding for each customer would hide all others."""
        self.partner.vat = False
        self.assertEqual(self._codes(), set())
        others = [self._client(f"Other {number}", f"o{number}@customer.example.com") for number in (1, 2)]
        for other, number in zip(others, ("BE0428759497", "/"), strict=True):
            self._open_account(other)
            other.vat = number
        self.assertEqual(self._codes(), {"no_vat"})
        self.partner.vat = "/"
        self.assertEqual(self._codes(), set())

    def test_no_number_is_missing_where_there_is_none(self):
        self.partner.write({"vat": False, "country_id": self.usa.id})
        self.assertEqual(self._codes(), set())
        self.partner.country_id = False
        self.assertEqual(self._codes(), set())
        self.partner.write({"country_id": self.belgium.id, "is_company": False})
        self.assertEqual(self._codes(), set())

    def test_a_malformed_number(self):
        self.env.cr.execute("UPDATE res_partner SET vat = 'BE0477472702' WHERE id = %s", self.partner.ids)
        self.env.invalidate_all()
        self.assertEqual(self._codes(), {"wrong_vat"})
        self.assertEqual(self._findings().text, "BE0477472702")

    # === INVOICES AND MONEY === #

    def test_an_invoice_that_was_never_sent(self):
        self.invoice.is_move_sent = False
        self.assertEqual(self._codes(), {"not_sent"})
        self.assertEqual(self._findings().text, self.invoice.name)
        self.assertEqual(self._findings().action_fix()["res_id"], self.invoice.id)
        self.company.ar_cutoff_date = self.TODAY  # what is due before is not collected at all
        self.assertEqual(self._codes(), set())
        self.company.ar_cutoff_date = False
        self.assertEqual(self._codes(), {"not_sent"})
        self._pay(self.invoice)
        self.assertEqual(self._codes(), set())

    def test_an_invoice_of_today_is_sent_soon(self):
        self._invoice(self.partner, 0, invoice_date=self.TODAY)
        self.assertEqual(self._codes(), set())

    def test_a_mail_with_the_invoice_that_came_back(self):
        self._mail_invoice("bounce")
        self.assertEqual(self._codes(), {"sending_failed"})
        self._mail_invoice("sent")
        self.assertEqual(self._codes(), set())

    def _mail_invoice(self, status):
        """Send the invoice to the customer, with this outcome."""
        message = self.invoice.message_post(body="Your invoice", subtype_xmlid="mail.mt_comment")
        notices = self.env["mail.notification"].sudo()
        notices.search([("mail_message_id", "=", message.id)]).unlink()
        values = {"mail_message_id": message.id, "res_partner_id": self.partner.id, "notification_type": "email"}
        notices.create({**values, "notification_status": status})

    def test_money_that_is_not_applied_for_too_long(self):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.partner.id,
                "amount": 30,
                "date": self.TODAY - timedelta(days=30),
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        payment.action_post()
        self.assertEqual(self._codes(), {"old_credit"})
        action = self._findings().action_fix()
        self.assertEqual(action["res_model"], "ar.unmatched.payment")
        self.company.ar_review_credit_days = 31
        self.assertEqual(self._codes(), set())
        self.company.ar_review_credit_days = 0
        self.assertEqual(self._codes(), set())

    def test_a_limit_without_review_and_one_overdue(self):
        customer = self.customer.sudo()
        customer.write({"credit_limit_kind": "amount", "credit_limit": 500})
        self.assertEqual(self._codes(), {"no_review"})
        customer.credit_review_on = self.TODAY - timedelta(days=1)
        self.assertEqual(self._codes(), {"review_late"})
        customer.credit_review_on = self.TODAY
        self.assertEqual(self._codes(), set())
        customer.write({"credit_limit_kind": "zero", "credit_limit": 0, "credit_review_on": False})
        self.assertEqual(self._codes(), set())

    def test_invoices_below_another_name(self):
        other = self._client("Stranger", "stranger@customer.example.com", vat="/")
        self.invoice.partner_shipping_id = other
        self.assertEqual(self._codes(), {"other_name"})
        other.parent_id = self.partner  # a company of the customer: billed to its head office on purpose
        self.assertEqual(self._codes(), set())

    def test_payment_terms_are_missing_where_most_have_some(self):
        self.partner.property_payment_term_id = False
        self.assertEqual(self._codes(), set())
        for number in range(2):
            partner = self._client(f"With terms {number}", f"terms{number}@customer.example.com", vat="/")
            partner.property_payment_term_id = self.env.ref("account.account_payment_term_30days")
            self._open_account(partner)
        self.assertEqual(self._codes(), {"no_terms"})

    # === CONFIRMATION === #

    def test_data_are_confirmed_from_time_to_time(self):
        self.env.cr.execute("UPDATE res_partner SET create_date = '2025-01-01' WHERE id = %s", self.partner.ids)
        self.assertEqual(self._codes(), set())
        self.company.ar_confirm_months = 12
        self.assertEqual(self._codes(), {"not_confirmed"})
        with self._on():
            self.customer.with_user(self.collector).action_confirm_data()
        self.assertEqual(
            (self.customer.data_confirmed_on, self.customer.data_confirmed_by_id), (self.TODAY, self.collector)
        )
        self.assertFalse(self._findings())
        self.assertEqual(self._codes(), set())
        self.assertEqual(self._codes(day=self.TODAY + timedelta(days=365)), {"not_confirmed"})

    # === ACCOUNTS === #

    def test_who_is_no_customer_any_more_is_not_reviewed(self):
        self.partner.phone = False
        self.assertEqual(self._codes(), {"no_phone"})
        self.customer.sudo().active = False
        self.assertEqual(self._codes(), set())

    def test_a_customer_without_business_is_not_reviewed(self):
        idle = self._customer(self._client("Idle", "idle@customer.example.com", phone=False))
        self.assertEqual(self._codes(idle), set())

    def test_two_companies_have_findings_of_their_own(self):
        other = self._create_company(name="Second")
        self.partner.phone = False
        elsewhere = self._open_account(self.partner, company=other)
        self.assertEqual(self._codes(), {"no_phone"})
        self.assertFalse(self._findings(elsewhere))
        self.assertEqual(self._codes(elsewhere), {"no_phone"})
        user = self._user("collector", login="review-of-one")
        seen = self.env["ar.data.finding"].with_user(user).search([])
        self.assertEqual(seen.company_id, self.company)

    def test_branches_list_their_invoices_and_the_head_office_the_contact(self):
        branch = self.env["res.company"].sudo().create({"name": "Branch", "parent_id": self.company.id})
        self.env.user.company_ids = [Command.link(branch.id)]
        self.env["ar.credit.policy"].create(
            {"name": "Branch", "company_id": branch.id, "schedule_id": self.schedule.id}
        )
        self.partner.phone = False
        invoice = self._invoice(self.partner, 4, company=branch)
        account = self._customer(self.partner, company=branch)
        self.assertEqual(self._codes(), {"no_phone"})
        self.assertEqual(self._codes(account), {"not_sent"})
        self._pay(self.invoice)
        self.customer.sudo().active = False  # the branch alone deals with it
        invoice.is_move_sent = True
        self.assertEqual(self._codes(account), {"no_phone"})
