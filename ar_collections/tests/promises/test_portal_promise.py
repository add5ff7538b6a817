from datetime import timedelta
from html import unescape
from unittest.mock import patch

from odoo.exceptions import LockError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..portal.common_portal import ArPortalCommon


class PortalPromiseCommon(ArPortalCommon):
    """The actions of a visitor who promises."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.promised = cls.TODAY + timedelta(days=10)

    def _open_form(self, *invoices, customer=None, token=None, items=None):
        """Open the form for these invoices; return the response."""
        customer = customer or self.customer
        token = self._key(customer) if token is None else token
        items = items or [self._item(invoice).id for invoice in invoices]
        query = "".join(f"&item={item}" for item in items)
        return self.url_open(f"/my/receivables/{customer.id}/promise?access_token={token}{query}")

    def _send(self, *invoices, amounts=None, day=None, customer=None, **values):
        """Fill the form in and send it; return the response after its redirects."""
        customer = customer or self.customer
        page = self._page()
        data = {
            "access_token": self._key(customer),
            "csrf_token": page.text.split('name="csrf_token" value="')[1].split('"')[0],
            "item": [self._item(invoice).id for invoice in invoices],
            "date": (day or self.promised).isoformat() if not isinstance(day, str) else day,
            **{f"amount_{self._item(invoice).id}": amount for invoice, amount in (amounts or {}).items()},
            **values,
        }
        return self.url_open(f"/my/receivables/{customer.id}/promise", data=data, method="POST")

    def _promises(self, customer=None):
        self.env.invalidate_all()
        return self.env["ar.promise"].search([("customer_id", "=", (customer or self.customer).id)])

    def assertRefused(self, text, response):
        """Assert that the form is shown again with this text, and nothing was stored."""
        self.assertEqual(response.status_code, 200)
        self.assertIn(text, unescape(response.text))
        self.assertIn("When will you pay?", response.text)
        self.assertFalse(self._promises())


@tagged("post_install", "-at_install")
class TestPortalPromise(PortalPromiseCommon):
    def _ask(self, *invoices):
        data = {
            "access_token": self._key(self.customer),
            "ask": "promise",
            "item": [self._item(invoice).id for invoice in invoices],
        }
        return self.url_open(f"/my/receivables/{self.customer.id}/ask", data=data, method="POST")

    def test_from_the_ticks_to_thank_you(self):
        self.assertIn("Pay later", self._page().text)
        form = self._ask(self.old, self.new)
        self.assertIn(f'name="amount_{self._item(self.old).id}" value="200.00"', form.text)
        self.assertIn(f'min="{self.TODAY}"', form.text)
        self.assertIn(f'max="{self.TODAY + timedelta(days=30)}"', form.text)
        page = self._send(self.old, self.new, amounts={self.old: "150,50", self.new: ""}, note="After <b>payday</b>")
        self.assertIn("Thank you. You promised", page.text)
        promise = self._promises()
        self.assertEqual((promise.state, promise.origin, promise.date), ("open", "portal", self.promised))
        self.assertEqual(promise.line_ids.mapped("amount"), [150.5, 100.0])
        self.assertEqual(promise.note, "After <b>payday</b>")
        self.assertIn("Agreements", page.text)
        self.assertIn(promise.name, page.text)
        self.assertIn("Payment promised", page.text)

    def test_the_customer_and_the_collector_are_notified(self):
        self._send(self.old)
        notice = self._communications(self.customer)
        self.assertEqual((notice.notice, notice.is_manual), ("promise_confirmed", True))
        note = self.customer.message_ids.filtered(lambda message: "on the portal" in (message.body or ""))
        self.assertEqual(note.author_id, self.env.ref("base.partner_root"))

    def test_a_contact_who_is_logged_in_needs_no_link(self):
        contact = self._partner(name="A contact", is_company=False, parent_id=self.payer.id)
        self._portal_user(contact, "contact-user")
        self.authenticate("contact-user", "contact-user")
        self.assertIn("When will you pay?", self._open_form(self.old, token="none").text)
        self._send(self.old, access_token="")
        self.assertEqual(self._promises().amount_total, 200.0)

    def test_paid_promises_leave_the_page_at_once(self):
        self._send(self.old)
        name = self._promises().name
        self._pay(self.old)
        self.assertNotIn(name, self._page().text)

    def _ticked(self):
        """Return the ids of the items that the page preselects."""
        rows = self.customer._get_page_values()["groups"][0]["rows"]
        return {row["id"] for row in rows if row["ticked"]}

    def test_after_a_part_is_promised_the_rest_is_due(self):
        self._send(self.old, amounts={self.old: "50"})
        self.env.invalidate_all()
        self.assertIn("Payment promised", self._page().text)
        self.assertIn(self._item(self.old).id, self._ticked())

    def test_what_is_wholly_promised_is_not_ticked_by_itself(self):
        self._send(self.old)
        self.env.invalidate_all()
        self.assertEqual(self._ticked(), {self._item(self.new).id})

    # === REFUSED === #

    def test_every_refusal_shows_the_form_again_as_text(self):
        euro = self._invoice(self.payer, amount=70.0, overdue_days=1, currency_id=self.currency_euro.id)
        other = self._invoice(self._partner(name="Other Payer"), overdue_days=9, amount=77.0)
        day = timedelta(days=1)
        cases = [
            ("Nothing is selected", self._send()),
            ("The date has passed", self._send(self.old, day=self.TODAY - day)),
            ("at most 30 days", self._send(self.old, day=self.TODAY + 31 * day)),
            ("enter the date", self._send(self.old, day="")),
            ("enter the date", self._send(self.old, day="2026-13-45")),
            ("enter the date", self._send(self.old, day="tomorrow")),
            ("enter the date", self._send(self.old, day="9999-12-31")),
            ("one currency", self._send(self.old, euro)),
            ("no longer open", self._send(other)),
            ("no longer open", self._send(self.old, other)),
            ("higher than the amount due", self._send(self.old, amounts={self.old: "200.01"})),
        ]
        for amount in ("0", "-5", "NaN", "Infinity", "1e3", "12,3,4", "abc", "10.001"):
            cases.append(("greater than zero", self._send(self.old, amounts={self.old: amount})))
        for text, response in cases:
            with self.subTest(text=text):
                self.assertRefused(text, response)

    def test_limits_lead_to_a_person(self):
        self.policy.promise_share_max = 50
        self.assertRefused("at most 50 % of the open amount", self._send(self.old))
        self.assertRefused("Please contact us", self._send(self.old))

    def test_too_many_open(self):
        self.policy.promise_open_max = 1
        self._send(self.old)
        response = self._send(self.new)
        self.assertIn("maximum: 1", response.text)
        self.assertEqual(len(self._promises()), 1)

    def test_a_second_promise_about_a_broken_one_needs_a_person(self):
        self._send(self.old)
        promise = self._promises().sudo()
        promise.write({"date": self.TODAY - timedelta(days=9), "to_judge": True})
        promise._judge(self.TODAY)
        self.assertEqual(promise.state, "broken")
        self.assertIn("were not kept", self._send(self.old).text)
        self.assertEqual(len(self._promises()), 1)

    def test_the_same_form_sent_twice_promises_once(self):
        self._send(self.old)
        self.assertIn("already promised for one of the invoices", self._send(self.old).text)
        self.assertEqual(len(self._promises()), 1)

    def test_what_the_visitor_typed_is_still_there(self):
        response = self._send(
            self.old, amounts={self.old: "999"}, day=self.promised, note='Boss is "away" <script>alert(1)</script>'
        )
        self.assertIn('value="999"', response.text)
        self.assertIn(f'value="{self.promised}"', response.text)
        self.assertIn("away", response.text)
        self.assertNotIn("<script>alert(1)", response.text)

    def test_what_is_being_paid_is_shown_but_not_offered(self):
        self._send(self.old)
        form = self._open_form(self.old, self.new)
        self.assertIn("part of another agreement", form.text)
        self.assertNotIn(f'name="amount_{self._item(self.old).id}"', form.text)

    def test_policy_switched_off(self):
        self.policy.promise_portal = False
        self.assertNotIn("Pay later", self._page().text)
        self.assertIn("not possible here", self._open_form(self.old).text)
        self.assertRefused("not possible here", self._send(self.old))
        self.assertNotIn("When will you pay?", self._ask(self.old).text)

    def test_somebody_else_works_on_the_account(self):
        with patch.object(self.registry["ar.customer"], "_lock_account", side_effect=LockError("taken")):
            self.assertRefused("used in another window", self._send(self.old))

    # === WHO === #

    def _assert_no_access(self, response):
        self.assertEqual(response.status_code, 404)
        self.assertIn("This link is no longer valid", response.text)
        self.assertNotIn(self.old.name, response.text)

    def test_wrong_and_foreign_links_get_the_same_answer(self):
        other = self._customer(self._invoice(self._partner(name="Other Payer"), 9).partner_id)
        for token in ("", "wrong", self._key(other)):
            with self.subTest(token=token):
                self._assert_no_access(self._open_form(self.old, token=token))
                self._assert_no_access(self._send(self.old, access_token=token))
        self.assertFalse(self._promises())

    def test_a_contact_of_another_company_sees_nothing(self):
        stranger = self._partner(name="A stranger", is_company=False)
        self._portal_user(stranger, "stranger-user")
        self.authenticate("stranger-user", "stranger-user")
        self._assert_no_access(self._open_form(self.old, token="none"))

    def test_items_of_others_are_not_shown(self):
        other = self._invoice(self._partner(name="Other Payer"), overdue_days=9, amount=77.0)
        form = self._open_form(other, self.old)
        self.assertIn(self.old.name, form.text)
        self.assertNotIn(other.name, form.text)
        self.assertNotIn("77.00", form.text)
        for items in ([0], [99999999], ["x"], ["-1"], ["1 OR 1=1"]):
            with self.subTest(items=items):
                self.assertIn("Nothing is selected", self._open_form(items=items).text)

    def test_the_account_of_the_same_partner_with_another_company_promises_its_own_items(self):
        company = self._create_company(name="Elsewhere")
        self.env["ar.customer"]._ensure_for_partners(self.payer, company)
        elsewhere = self.env["ar.customer"].search(
            [("partner_id", "=", self.payer.id), ("company_id", "=", company.id)]
        )
        self._send(self.old, customer=elsewhere)
        self.assertFalse(self._promises() | self._promises(elsewhere))

    def test_without_the_forms_own_token_nothing_is_taken(self):
        with mute_logger("odoo.http"):
            response = self._send(self.old, csrf_token="forged")
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self._promises())

    def test_portal_users_have_no_rights_on_promises(self):
        contact = self._partner(name="A contact", is_company=False, parent_id=self.payer.id)
        user = self._portal_user(contact, "contact-user")
        for model in ("ar.promise", "ar.promise.line", "ar.promise.new", "ar.promise.withdraw"):
            with self.subTest(model=model):
                self.assertFalse(self.env[model].with_user(user).has_access("read"))


@tagged("post_install", "-at_install", "ar_tour")
class TestPortalPromiseTour(PortalPromiseCommon):
    """Tick, promise, see it on the page: in a real browser."""

    def test_promise(self):
        self.start_tour(self._link(), "ar_collections_promise")
        promise = self._promises()
        self.assertEqual((promise.amount_total, promise.date), (250.0, self.TODAY + timedelta(days=5)))


@tagged("post_install", "-at_install", "ar_tour")
class TestPortalPromiseTourOnAPhone(TestPortalPromiseTour):
    browser_size = "375x667"
    touch_enabled = True
