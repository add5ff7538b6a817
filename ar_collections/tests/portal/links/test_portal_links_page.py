import contextlib
import re
from datetime import timedelta

from markupsafe import Markup

from odoo.tests import tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from ..common_portal import ArPortalCommon


@tagged("post_install", "-at_install")
class TestLinksOnThePage(ArPortalCommon):
    """The page by a link: its addresses hold the visitor's own key; a link that ended opens nothing."""

    def setUp(self):
        super().setUp()
        self.key = self._key(self.customer)
        self.one = self._issue()

    def _issue(self, **values):
        return str(self.env["ar.portal.link"]._issue(self.customer.sudo(), "message", **values))

    def _link_of(self, key):
        return self.env["ar.portal.link"].sudo()._find(self.customer, key)

    def _refuses(self, key):
        response = self._page(token=key)
        self.assertEqual(self.old.name in response.text, response.status_code == 200)
        return response.status_code == 404

    def test_addresses_on_the_page_hold_the_visitors_own_key(self):
        text = self._page(token=self.one).text
        self.assertEqual(set(re.findall(r"access_token=([\w-]+)", text)), {self.one})
        self.assertEqual(set(re.findall(r'name="access_token" value="([^"]*)"', text)), {self.one})
        self.assertIn(f'data-token="{self.one}"', text)
        self.assertNotIn(self.key, text)

    def test_addresses_for_users_who_are_logged_in_hold_no_key(self):
        self._portal_user(self._partner(name="Clerk", is_company=False, parent_id=self.payer.id), "clerk")
        self.authenticate("clerk", "clerk")
        response = self.url_open(self.customer._get_page_address())
        self.assertEqual(response.status_code, 200)
        self.assertFalse(re.findall(r"access_token=[\w-]+", response.text))

    def test_a_link_ends_after_its_last_day(self):
        link = self._link_of(self.one).sudo()
        link.valid_until = self.TODAY
        self.assertFalse(self._refuses(self.one))
        link.valid_until = self.TODAY - timedelta(days=1)
        self.assertTrue(self._refuses(self.one))

    def test_a_link_that_was_revoked_ends_alone(self):
        self._link_of(self.one).with_user(self.collector).action_revoke()
        self.assertTrue(self._refuses(self.one))
        self.assertFalse(self._refuses(self.key))

    def test_all_links_are_revoked_at_once_which_is_logged(self):
        self.customer.with_user(self.collector).action_revoke_links()
        self.assertTrue(self._refuses(self.one) and self._refuses(self.key))
        self.assertIn("were revoked", self.customer.message_ids[0].body)

    def test_a_person_who_left_the_customer_has_no_link_any_more(self):
        changes = {
            "archived": lambda person: person.write({"active": False}),
            "moved": lambda person: person.write({"parent_id": self._partner(name="Elsewhere").id}),
            "deleted": lambda person: person.unlink(),
        }
        for name, change in changes.items():
            person = self._partner(name=name, is_company=False, parent_id=self.payer.id)
            key = self._issue(address=f"{name}@customer.example.com", partner=person)
            self.assertFalse(self._refuses(key), name)
            change(person)
            self.env.flush_all()
            self.assertTrue(self._refuses(key), name)

    def test_the_link_of_an_archived_customer_who_still_owes_works(self):
        key = self._issue(partner=self.payer)
        self.payer.active = False
        self.assertFalse(self._refuses(key))

    def test_links_of_a_merged_account_belong_to_the_survivor(self):
        group = self._partner(name="Group")
        self._invoice(group, 5, 70.0)
        account = self._customer(group)
        self.env["base.partner.merge.automatic.wizard"]._merge((self.payer | group).ids, group)
        self.env.invalidate_all()
        self.assertEqual(self._page(token=self.one).status_code, 200)
        self.env["ar.portal.link"].search([("customer_id", "=", account.id)]).with_user(self.collector).action_revoke()
        self.assertEqual(self._page(token=self.one).status_code, 404)

    def test_the_last_use_is_stored_once_a_day(self):
        self._page(token=self.one)
        link = self._link_of(self.one).sudo()
        self.assertEqual(link.used_on, self.TODAY)
        version = self._version(link)
        self._page(token=self.one)
        self.assertEqual(self._version(link), version)

    def _version(self, record):
        self.env.flush_all()
        self.env.cr.execute(f"SELECT ctid FROM {record._table} WHERE id = %s", [record.id])
        return self.env.cr.fetchone()

    def test_a_visit_does_not_touch_the_account(self):
        version = self._version(self.customer)
        self._page(token=self.one)
        self.assertEqual(self._version(self.customer), version)

    def test_the_key_does_not_leak_to_other_sites_or_search_engines(self):
        for response in (self._page(token=self.one), self._page(token="wrong")):
            self.assertEqual(response.headers["Referrer-Policy"], "strict-origin")
            self.assertIn("noindex", response.headers["X-Robots-Tag"])

    def test_what_a_visitor_causes_stores_no_key(self):
        self.customer.policy_id.write({"plan_portal": True})
        data = {"access_token": self.one, "address": "new@customer.example.com", "csrf_token": self._csrf()}
        self.url_open(f"/my/receivables/{self.customer.id}/request", data=data)
        self.env.flush_all()
        self.env.cr.execute("SELECT 1 FROM mail_message WHERE body LIKE %s", [f"%{self.one}%"])
        self.assertFalse(self.env.cr.fetchall())

    def _csrf(self):
        return re.search(r'name="csrf_token" value="([^"]+)"', self._page(token=self.one).text).group(1)

    def test_who_pays_comes_back_although_the_payment_stores_no_key(self):
        transaction = self._submit(self._select(self.new, access_token=self.one), access_token=self.one)
        self.assertNotIn("access_token", transaction.landing_route)
        self.env.flush_all()
        page = self.url_open(transaction.landing_route)
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.one, page.text)
        self.authenticate(None, None)
        self.assertEqual(self.url_open(transaction.landing_route).status_code, 404)

    def test_messages_on_the_page_are_for_holders_of_a_valid_link(self):
        self.customer.message_post(body="We sent it again.", message_type="comment", subtype_xmlid="mail.mt_comment")
        fetch = {"thread_model": "ar.customer", "thread_id": self.customer.id, "fetch_params": {}}
        data = self.make_jsonrpc_request("/mail/chatter_fetch", {**fetch, "token": self.one})
        self.assertIn("We sent it again.", str(data))
        post = {"thread_model": "ar.customer", "thread_id": self.customer.id, "token": self.one}
        text = {"body": "Thank you.", "message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        self.make_jsonrpc_request("/mail/message/post", {**post, "post_data": text})
        self.customer.invalidate_recordset()
        written = self.customer.message_ids.filtered(lambda message: "Thank you." in message.body)
        self.assertEqual(written.author_id, self.payer)

    def test_buttons_of_messages_on_the_page_work_for_its_visitor(self):
        address = self.customer.get_base_url() + self.customer._get_page_address(message=1)
        body = Markup('<a href="%s">View and pay online</a>') % address
        self.customer.message_post(body=body, message_type="comment", subtype_xmlid="mail.mt_comment")
        fetch = {"thread_model": "ar.customer", "thread_id": self.customer.id, "fetch_params": {}, "token": self.one}
        data = str(self.make_jsonrpc_request("/mail/chatter_fetch", fetch))
        self.assertIn(f"/my/receivables/{self.customer.id}?access_token={self.one}&amp;message=1", data)
        self.assertNotIn(self.one, self.customer.message_ids[0].body)

    def test_messages_on_the_page_end_with_the_link(self):
        self._link_of(self.one).with_user(self.collector).action_revoke()
        post = {"thread_model": "ar.customer", "thread_id": self.customer.id}
        text = {"body": "Still here?", "message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        context = {"ar_page_key": self.one, "access_token": self.one}
        for access in (
            {"token": self.one},
            {"token": "wrong", "context": context},
            {"hash": self.customer._sign_token(self.payer.id), "pid": self.payer.id},
        ):
            for route, values in (
                ("/mail/message/post", {"post_data": text}),
                ("/mail/chatter_fetch", {"fetch_params": {}}),
            ):
                with self.subTest(route=route, **access):
                    self.assertFalse(self._call(route, {**post, **values, **access}))
        self.assertFalse(self.customer.message_ids.filtered(lambda message: "Still here?" in message.body))

    def _call(self, route, params):
        """Return the ids of messages that a call returns; none where it is refused."""
        with contextlib.suppress(JsonRpcException), mute_logger("odoo.http"):
            return self.make_jsonrpc_request(route, params).get("messages")
        return []

    def test_the_button_of_earlier_notifications_leads_to_the_page(self):
        url = f"/mail/view?model=ar.customer&res_id={self.customer.id}&access_token={self.one}&pid=1&hash=x"
        self.assertIn(self.old.name, self.url_open(url).text)
        self.assertEqual(self.url_open(url.replace(self.one, "wrong")).status_code, 404)


@tagged("post_install", "-at_install")
class TestThreadOnThePage(ArPortalCommon):
    """The messages on the page, for contacts who are logged in, and of accounts that were merged or archived."""

    def setUp(self):
        super().setUp()
        self.contact = self._partner(name="Clerk", is_company=False, parent_id=self.payer.id)
        self._portal_user(self.contact, "clerk")
        self._portal_user(self._partner(name="Stranger", is_company=False), "stranger")
        self.customer.message_post(body="We sent it.", message_type="comment", subtype_xmlid="mail.mt_comment")
        self.customer._message_log(body="Told a colleague")

    def _fetch(self, customer=None, **access):
        thread = {"thread_model": "ar.customer", "thread_id": (customer or self.customer).id}
        with mute_logger("odoo.http"):
            return str(self.make_jsonrpc_request("/mail/chatter_fetch", {**thread, "fetch_params": {}, **access}))

    def _post(self, text, customer=None, **access):
        """Post a message as the page's own form does; return what is on the threads with this text."""
        thread = {"thread_model": "ar.customer", "thread_id": (customer or self.customer).id}
        data = {"body": text, "message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        with contextlib.suppress(JsonRpcException), mute_logger("odoo.http"):
            self.make_jsonrpc_request("/mail/message/post", {**thread, "post_data": data, **access})
        return self.env["mail.message"].search([("model", "=", "ar.customer"), ("body", "like", text)])

    def test_contacts_who_are_logged_in_read_and_write_without_a_token(self):
        self.authenticate("clerk", "clerk")
        data = self._fetch()
        self.assertIn("We sent it.", data)
        self.assertNotIn("Told a colleague", data)
        self.assertEqual(self._post("Thank you.").author_id, self.contact)
        self.customer.invalidate_recordset()
        self.assertNotIn(self.contact, self.customer.message_partner_ids)
        csrf = re.search(r'csrf_token: "([^"]+)"', self.url_open(self.customer._get_page_address()).text).group(1)
        data = {"thread_model": "ar.customer", "thread_id": self.customer.id, "csrf_token": csrf, "is_pending": "true"}
        answer = self.url_open("/mail/attachment/upload", data=data, files={"ufile": ("a.txt", b"x", "text/plain")})
        self.assertTrue(answer.json()["data"]["attachment_id"])

    def test_strangers_who_are_logged_in_neither_read_nor_write(self):
        self.authenticate("stranger", "stranger")
        for access in ({}, {"token": "login"}):
            with self.assertRaises(JsonRpcException):
                self._fetch(**access)
            self.assertFalse(self._post("Thank you.", **access))

    def test_other_routes_give_nothing_to_contacts_who_are_logged_in(self):
        self.authenticate("clerk", "clerk")
        thread = {"thread_model": "ar.customer", "thread_id": self.customer.id}
        with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
            self.make_jsonrpc_request("/mail/thread/recipients", thread)

    def test_the_thread_of_a_merged_account_is_that_of_the_survivor(self):
        group = self._partner(name="Group")
        self._invoice(group, 5, 70.0)
        survivor = self._customer(group)
        key = self._key(self.customer)
        self.customer.sudo().write({"active": False, "merged_into_id": survivor.id})
        self.assertNotIn("We sent it.", self._fetch(token=key))
        written = self._post("Thank you.", token=key)
        self.assertEqual(written.res_id, survivor.id)
        thread = self.env["ar.customer"].with_user(self.env.ref("base.public_user"))
        self.assertFalse(thread._get_thread_with_access(self.customer.id, token=key))

    def test_the_thread_of_an_archived_account_is_closed(self):
        key = self._key(self.customer)
        self.customer.sudo().active = False
        with self.assertRaises(JsonRpcException):
            self._fetch(token=key)
        self.assertFalse(self._post("Thank you.", token=key))
        self.authenticate("clerk", "clerk")
        self.assertFalse(self._post("Thank you."))
