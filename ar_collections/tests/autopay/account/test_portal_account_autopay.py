from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common_portal_autopay import PortalAutopayCase


@tagged("post_install", "-at_install")
class TestPortalAccountAutopay(PortalAutopayCase):
    """The customer agrees to automatic payment of its account, changes it, and leaves, on the customer page."""

    # === AGREEING === #

    def test_agree_with_the_text_as_shown(self):
        self._login()
        page = self._review(charge_on="days_before", days_before="3", maximum_charge="1,250.50")
        self.assertFalse(self.consent)
        answer = self._agree_on(page)
        consent = self.consent
        self.assertIn("Thank you", answer.text)
        self.assertEqual((consent.token_id, consent.name, consent.user_id), (self.token, "The treasurer", self.visitor))
        self.assertEqual((consent.charge_on, consent.days_before), ("days_before", 3))
        self.assertEqual((consent.maximum_charge, consent.maximum_month), (1250.5, 0.0))
        self.assertIn(consent.text, page.text)
        self.assertIn(consent.text_version, page.text)
        self.assertTrue(consent.ip_address and consent.agreed_on)

    def test_the_page_shows_what_is_agreed_and_what_comes(self):
        upcoming = self._invoice(self.payer, -10, 70)
        self._accept(charge_on="month_day", month_day=31, maximum_charge=5000)
        self.consent.sudo().mandate_reference = "MANDATE-7"
        text = self._open().text
        for part in (
            "4242",
            "MANDATE-7",
            "on day 31",
            "5,000.00",
            "The payer",
            upcoming.name,
            "Stop automatic payments",
        ):
            self.assertIn(part, text)

    def test_the_main_page_leads_there(self):
        self.assertIn("Set up automatic payments", self._page().text)
        upcoming = self._invoice(self.payer, -10, 70)
        self._accept()
        page = self._page()
        self.assertIn("Change or stop", page.text)
        rows = [row for group in self.customer._get_page_values([upcoming.id])["groups"] for row in group["rows"]]
        (row,) = (row for row in rows if row["move"] == upcoming)
        self.assertIn("Paid automatically", page.text)
        self.assertFalse(row["is_due"])
        self.assertIn("4242", page.text)

    def test_nothing_is_offered_where_no_provider_saves_methods(self):
        self.env["payment.provider"].sudo().search([]).write({"allow_tokenization": False})
        self.assertNotIn("Set up automatic payments", self._page().text)
        self.assertIn("not possible online", self._open().text)

    def test_changing_options_is_a_new_consent(self):
        self._login()
        first = self._accept()
        self.assertIn(f'value="{self.token.id}" checked', self._open("/change").text.replace("  ", " "))
        self._agree_on(self._review(charge_on="month_day", month_day="31"))
        second = self.consent
        self.assertNotEqual(first, second)
        self.assertTrue(first.ended_on)
        self.assertEqual((second.charge_on, second.month_day), ("month_day", 31))

    def test_leaving_is_one_press_and_one_confirmation(self):
        self._accept()
        answer = self._stop()
        self.assertIn("are stopped", answer.text)
        self.assertFalse(self.consent)
        self.assertIn("by the customer", self.customer.sudo().autopay_consent_ids[0].ended_reason)

    def test_leaving_twice_says_the_same(self):
        self._accept()
        page = self._open()
        self._stop(page)
        self.assertIn("are stopped", self._stop(page).text)

    def test_leaving_is_never_limited(self):
        self.policy.portal_agreements_per_day = 1
        for _time in range(3):
            self._accept()
            self._stop()
            self.assertFalse(self.consent)

    # === WHAT IS ENTERED === #

    def test_what_cannot_be_read_is_refused_and_shown_again(self):
        self._login()
        for entries, text in [
            ({"charge_on": None}, "choose when"),
            ({"charge_on": "days_before", "days_before": "0"}, "1 to 60"),
            ({"charge_on": "month_day", "month_day": "32"}, "1 to 31"),
            ({"maximum_charge": "1.250"}, "greater than zero"),
            ({"maximum_charge": "-3"}, "greater than zero"),
            ({"maximum_charge": "90", "maximum_month": "80"}, "maximum for a month"),
            ({"method": None}, "saved payment methods"),
            ({"method": "x"}, "saved payment methods"),
        ]:
            with self.subTest(entries=entries):
                page = self._review(**entries)
                self.assertIn(text, page.text)
                self.assertIn("o_ar_autopay_form", page.text)
                for value in entries.values():
                    self.assertIn(f'value="{value}"' if value and value != "x" else "", page.text)

    def test_an_amount_is_read_in_the_language_of_the_page(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.payer.lang = "fr_FR"
        self._login()
        self._agree_on(self._review(maximum_charge="1250,50", maximum_month="2 500,00"))
        self.assertEqual((self.consent.maximum_charge, self.consent.maximum_month), (1250.5, 2500.0))

    def test_kinds_of_invoice_where_there_are_several(self):
        other = self.company_data["default_journal_sale"].copy({"code": "SRV"})
        other.name = "Services"
        self._login()
        self.assertIn("Services", self._open().text)
        self.assertIn("at least one kind", self._review().text)
        page = self._review(journal=other.id)
        self.assertIn("Services", page.text)
        self._agree_on(page)
        self.assertEqual(self.consent.journal_ids, other)

    def test_without_tick_or_name_nothing_is_agreed(self):
        self._login()
        page = self._review()
        for values in ({"accept": None}, {"name": "  "}, {"name": None}):
            self.assertIn("enter your name", self._agree_on(page, **values).text)
            self.assertFalse(self.consent)

    def test_terms_that_changed_are_read_again(self):
        self._login()
        page = self._review()
        self.policy.autopay_notice_days = 9
        self.assertIn("changed in the meantime", self._agree_on(page).text)
        self.assertIn("changed in the meantime", self._agree_on(page, month_day="5", charge_on="month_day").text)
        self.assertFalse(self.consent)

    # === WARNINGS === #

    def test_an_invoice_above_the_maximum_is_named_and_accepted(self):
        self._login()
        page = self._review(maximum_charge="150")
        self.assertIn("not charged", page.text)
        self.assertIn(self.old.name, page.text)
        self.assertNotIn(self.new.name, page.text)
        self._agree_on(page)
        self.assertTrue(self.consent)
        self.assertIn(self.old.name, self._open().text)

    def test_a_currency_that_the_method_cannot_take_is_named(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self._invoice(self.payer, 3, 80, currency_id=euro.id)
        self.demo.available_currency_ids = [Command.set(self.company.currency_id.ids)]
        self._login()
        self.assertIn("Invoices in EUR cannot be charged", self._review().text)

    # === TWO WINDOWS, AND WHAT HAPPENS BETWEEN === #

    def test_the_second_window_finds_what_the_first_agreed_to(self):
        self._login()
        first, second = self._review(), self._review(charge_on="month_day", month_day="1")
        self._agree_on(first)
        answer = self._agree_on(second)
        self.assertIn("changed in the meantime", answer.text)
        self.assertEqual(self.consent.charge_on, "due_date")
        self._agree_on(answer)
        self.assertEqual(self.consent.charge_on, "month_day")

    def test_a_method_removed_meanwhile_is_refused(self):
        self._login()
        page = self._review()
        self.token.active = False
        self.assertIn("saved payment methods", self._agree_on(page).text)
        self.assertFalse(self.consent)

    def test_a_method_removed_later_ends_it(self):
        self._accept()
        self._login()
        self.make_jsonrpc_request("/payment/archive_token", {"token_id": self.token.id})
        self.assertFalse(self.consent)

    def test_a_provider_that_was_disabled_is_refused(self):
        self._login()
        page = self._review()
        self.demo.state = "disabled"
        self.assertIn("saved payment methods", self._agree_on(page).text)
        self.assertFalse(self.consent)

    def test_an_archived_customer_has_no_such_page(self):
        self._login()
        page = self._review()
        self.customer.active = False
        for answer in (self._open(), self._review(), self._agree_on(page)):
            self.assertEqual(answer.status_code, 404)
        self.assertFalse(self.customer._get_live_autopay())

    def test_a_customer_whose_contact_is_archived_cannot_agree(self):
        (self.visitor.with_context(active_test=False) + self.payer.user_ids).active = False
        self.payer.active = False
        with self.assertRaisesRegex(ValidationError, "account is closed"):
            self._accept()
        self.assertFalse(self.consent)
