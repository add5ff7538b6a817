from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from .common_portal import ArPortalCommon


@tagged("post_install", "-at_install")
class TestPortalSafety(ArPortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_payer = cls._partner(name="Other Payer")
        cls.foreign_invoice = cls._invoice(cls.other_payer, overdue_days=9, amount=77.0)
        cls.other_customer = cls._customer(cls.other_payer)

    # === WHO SEES WHAT === #

    def _assert_no_access(self, response):
        self.assertEqual(response.status_code, 404)
        self.assertIn("This link is no longer valid", response.text)
        for secret in (self.old.name, self.payer.name, self.other_payer.name):
            self.assertNotIn(secret, response.text)

    def test_stranger_wrong_and_foreign_tokens_get_the_same_polite_answer(self):
        answers = [
            self._page(token=""),
            self._page(token="wrong"),
            self._page(token=self._key(self.other_customer)),
            self.url_open(f"/my/receivables/{self.customer.id + 100000}?access_token=wrong"),
        ]
        for answer in answers:
            self._assert_no_access(answer)

    def test_links_that_were_revoked_stop_and_a_new_one_works(self):
        old = self._key(self.customer)
        self.customer.action_revoke_links()
        self._assert_no_access(self._page(token=old))
        self.assertEqual(self._page(token=self.customer._make_link("copied")).status_code, 200)

    def test_contact_of_the_company_sees_its_page_and_a_stranger_does_not(self):
        contact = self._partner(name="A contact", is_company=False, parent_id=self.payer.id)
        self._portal_user(contact, "contact-user")
        self._portal_user(self._partner(name="A stranger", is_company=False), "stranger-user")
        self.authenticate("contact-user", "contact-user")
        self.assertIn(self.old.name, self._page(token="none").text)
        self.assertIn(self.old.name, self.url_open("/my/receivables").text)
        self.authenticate("stranger-user", "stranger-user")
        self._assert_no_access(self._page(token="none"))

    def test_every_route_refuses_without_access(self):
        base = f"/my/receivables/{self.customer.id}"
        choice = self._select(self.old).url.split("/pay/")[1].split("?")[0]
        for route in (f"/pay/{choice}", "/statement.pdf", "/statement.xlsx"):
            self._assert_no_access(self.url_open(f"{base}{route}?access_token=wrong"))
        self._assert_no_access(self.url_open(f"{base}/choose", data={"access_token": "wrong"}))

    def test_choice_of_one_customer_opens_nothing_for_another(self):
        choice = self._select(self.old).url.split("/pay/")[1].split("?")[0]
        url = f"/my/receivables/{self.other_customer.id}/pay/{choice}?access_token={self._key(self.other_customer)}"
        self.assertEqual(self.url_open(url).status_code, 404)

    def test_ids_of_another_company_are_refused(self):
        company = self._create_company(name="Elsewhere")
        self.env["ar.customer"]._ensure_for_partners(self.payer, company)
        elsewhere = self.env["ar.customer"].search(
            [("partner_id", "=", self.payer.id), ("company_id", "=", company.id)]
        )
        self.assertNotIn(self.old.name, self._page(customer=elsewhere).text)
        response = self._select(self.old, customer=elsewhere)
        self.assertIn("no longer open", response.text)

    # === WHAT IS POSTED === #

    def test_amounts_that_make_no_sense_are_refused_with_the_way_out(self):
        for amount in ("-5", "0", "NaN", "Infinity", "1e3", "12,3,4", "abc", "0.00"):
            with self.subTest(amount=amount):
                response = self._select(self.old, amounts={self.old: amount})
                self.assertIn("enter an amount greater than zero", response.text)
        self.assertIn("higher than the amount due", self._select(self.old, amounts={self.old: "200.01"}).text)

    def test_items_of_others_and_nonsense_ids_are_refused(self):
        theirs = self._item(self.foreign_invoice).id
        for item in (theirs, 0, 99999999, "x", "-1", "1 OR 1=1"):
            with self.subTest(item=item):
                self.assertIn("no longer open", self._select(item=[item]).text)
        self.assertIn("Nothing is selected", self._select().text)

    def test_credits_of_others_are_refused(self):
        theirs = self._invoice(self.other_payer, amount=500.0, move_type="out_refund")
        self.assertIn("no longer open", self._select(self.old, credits=[theirs]).text)

    def test_mixed_currencies_are_refused(self):
        foreign = self._invoice(self.payer, amount=70.0, overdue_days=1, currency_id=self.currency_euro.id)
        self.assertIn("one currency at a time", self._select(self.old, foreign).text)

    def test_policy_may_refuse_parts_and_small_parts(self):
        self.policy.minimum_partial_payment = 50
        self.assertIn("below the minimum partial payment", self._select(self.old, amounts={self.old: "49.99"}).text)
        self.policy.allow_partial_payment = False
        self.assertIn("only be paid in full", self._select(self.old, amounts={self.old: "60"}).text)

    def _assert_refused(self, response, **values):
        with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
            self._submit(response, **values)
        self.assertFalse(self.env["payment.transaction"].search([("ar_customer_id", "=", self.customer.id)]))

    def test_amount_sent_by_the_browser_must_be_ours(self):
        for amount in (1.0, -100.0, 0, 99.99, 1000000.0, None, "100.0", "NaN"):
            with self.subTest(amount=amount):
                self._assert_refused(self._select(self.new), amount=amount)

    def test_unexpected_parameters_are_refused(self):
        for values in ({"currency_id": self.currency_euro.id}, {"partner_id": self.other_payer.id}, {"state": "done"}):
            with self.subTest(values=values):
                self._assert_refused(self._select(self.new), **values)

    def test_provider_that_is_not_offered_is_refused(self):
        hidden = self.dummy_provider.copy({"state": "disabled"})
        self._assert_refused(self._select(self.new), provider_id=hidden.id)

    def test_saved_method_is_not_for_whoever_holds_the_link(self):
        # digits alone would be part of a random token of the page now and then
        token = self._create_token(partner_id=self.payer.id, payment_details="card 1234")
        response = self._select(self.new)
        self.assertNotIn(token.payment_details, response.text)
        self._assert_refused(response, flow="token", token_id=token.id)

    def test_token_of_another_customer_is_refused_for_those_logged_in(self):
        self._portal_user(self._partner(name="A contact", is_company=False, parent_id=self.payer.id), "contact-user")
        token = self._create_token(partner_id=self.other_payer.id)
        self.authenticate("contact-user", "contact-user")
        self._assert_refused(self._select(self.new), flow="token", token_id=token.id)

    def test_who_pays_for_others_while_logged_in_pays_as_the_customer(self):
        """Neither the page of a bookkeeping firm that is a customer itself lists it, nor its ledger."""
        self._portal_user(self._partner(name="A clerk", is_company=False, parent_id=self.other_payer.id), "clerk-user")
        self.authenticate("clerk-user", "clerk-user")
        transaction = self._submit(self._select(self.new))
        self.assertEqual(transaction.partner_id, self.payer)
        transaction.partner_id = self.other_payer  # by its own saved method
        self._complete(transaction)
        self.assertEqual([row["amount"] for row in self.customer._get_payment_history()], [100.0])
        self.assertEqual(self.other_customer._get_payment_history(), [])

    def test_wrong_link_creates_no_transaction(self):
        self._assert_refused(self._select(self.new), access_token="wrong")

    # === CONCURRENT CHANGES === #

    def test_item_paid_while_the_form_was_open(self):
        response = self._select(self.new)
        self._pay(self.new)
        self._assert_refused(response)

    def test_refund_while_the_form_was_open(self):
        response = self._select(self.new)
        refund = self._invoice(self.payer, amount=40.0, move_type="out_refund")
        (self._item(self.new) + self._item(refund)).reconcile()
        self._assert_refused(response)

    def test_replayed_form_pays_once(self):
        response = self._select(self.new)
        self._complete(self._submit(response))
        with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
            self._submit(response)

    def test_page_left_open_overnight_still_leads_to_the_form(self):
        self.opener.cookies.clear()
        self.assertIn("Your payment to", self._select(self.old).text)

    def test_cancelled_then_paid_is_paid_once(self):
        cancelled = self._submit(self._select(self.new))
        cancelled._set_canceled()
        self.assertIn(self.new.name, self._page(paid=cancelled.reference).text)
        self.assertIn("nothing was charged", self._page(paid=cancelled.reference).text)
        self._complete(self._submit(self._select(self.new)))
        self.assertEqual(self.new.amount_residual, 0.0)

    def test_webhook_before_return_and_return_before_webhook(self):
        early = self._submit(self._select(self.new))
        self.assertNotIn("Thank you for your payment", self._page(paid=early.reference).text)
        early._set_done()
        self.assertIn("Thank you for your payment", self._page(paid=early.reference).text)
        early._post_process()
        early._set_done()
        self.assertEqual(self.env["account.payment"].search_count([("payment_transaction_id", "=", early.id)]), 1)

    def test_transaction_of_another_customer_sends_nothing(self):
        transaction = self._submit(self._select(self.new))
        transaction._set_done()
        self.assertNotIn("Thank you for your payment", self._page(self.other_customer, paid=transaction.reference).text)

    def test_error_of_the_provider_leaves_the_item_payable(self):
        transaction = self._submit(self._select(self.new))
        transaction._set_error("declined")
        self.assertIn("nothing was charged", self._page(paid=transaction.reference).text)
        self.assertEqual(self._form_of(self._select(self.new))[1], 100.0)

    def test_pending_for_days_is_payable_again_after_the_policys_days(self):
        transaction = self._submit(self._select(self.new))
        transaction._set_pending()
        self.assertIn("no longer open", self._select(self.new).text)
        transaction.last_state_change = "2020-01-01"
        self.assertEqual(self._form_of(self._select(self.new))[1], 100.0)

    def test_payments_switched_off_explain_the_transfer(self):
        self.env["ir.config_parameter"].sudo().set_param("account_payment.enable_portal_payment", "False")
        self.assertIn("bank transfer", self._page().text)
        self.assertNotIn("Pay selected", self._page().text)

    # === PREFERENCES === #

    def _request(self, **values):
        page = self._page()
        csrf = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        data = {"access_token": self._key(self.customer), "csrf_token": csrf, **values}
        return self.url_open(f"/my/receivables/{self.customer.id}/request", data=data)

    def test_another_address_is_a_task_not_a_change(self):
        self.assertIn("this has been recorded", self._request(address="new@customer.example.com").text)
        self.assertEqual(self.payer.email, "payer@customer.example.com")
        task = self.customer.activity_ids
        self.assertIn("new@customer.example.com", task.summary)
        self.assertEqual(task.user_id, self.collector)

    def test_language_changes_at_once_but_only_to_an_installed_one(self):
        self._request(language="xx_XX")
        self.assertNotEqual(self.payer.lang, "xx_XX")

    def test_portal_user_reads_no_account_through_rpc(self):
        user = self._portal_user(
            self._partner(name="A contact", is_company=False, parent_id=self.payer.id), "contact-user"
        )
        for model in ("ar.customer", "ar.communication", "ar.payment.allocation", "ar.payment.choice"):
            with self.subTest(model=model):
                self.assertFalse(self.env[model].with_user(user).has_access("read"))

    def test_buttons_of_staff_give_nothing_away(self):
        contact = self._partner(name="A contact", is_company=False, parent_id=self.payer.id)
        portal, employee = self._portal_user(contact, "contact-user"), self._employee()
        for user in (portal, employee, self._user("auditor")):
            for action in ("action_preview_portal", "action_send_statement", "action_revoke_links"):
                with self.subTest(user=user.name, action=action), self.assertRaises(AccessError):
                    getattr(self.customer.with_user(user), action)()

    def test_notes_of_staff_stay_with_staff(self):
        contact = self._partner(name="A contact", is_company=False, parent_id=self.payer.id)
        invoice = self.old.with_user(self._portal_user(contact, "contact-user"))
        self.old.write({"no_followup": True, "ar_no_chase_reason": "Told us on the phone"})
        self.assertEqual(invoice.read(["name"])[0]["name"], self.old.name)
        for field in ("ar_no_chase_reason", "ar_next_step_id", "ar_communication_ids"):
            with self.subTest(field=field), self.assertRaises(AccessError):
                invoice.read([field])

    def _employee(self):
        return self.env["res.users"].create(
            {
                "name": "Employee",
                "login": "plain-employee",
                "group_ids": [(6, 0, self.env.ref("base.group_user").ids)],
                "company_id": self.company.id,
                "company_ids": [(6, 0, self.company.ids)],
            }
        )
