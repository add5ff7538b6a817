import json

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_sms import MOBILE, ArSmsCommon


@tagged("-at_install", "post_install")
class TestSmsRoutes(ArSmsCommon):
    """The short link and the gateway's address, as strangers may call them."""

    def test_the_short_link_opens_the_page_until_it_is_revoked(self):
        self._run()
        (taken,) = self._queue()
        path = taken["body"][taken["body"].index("/due/") :]
        message = self._communications(self.customer)
        response = self.url_open(path, allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertIn(f"/my/receivables/{self.customer.id}?access_token=", response.headers["Location"])
        self.assertIn(f"message={message.id}", response.headers["Location"])
        self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")
        self.assertIn(self.invoice.name, self.url_open(path).text)
        self.customer.with_user(self.collector).action_revoke_links()
        self.assertNotIn(self.invoice.name, self.url_open(path).text)
        for wrong in ("/due/x", f"/due/{'a' * 22}", "/due/%00", "/due/" + "a" * 5000):
            with self.subTest(path=wrong[:20]):
                response = self.url_open(wrong)
                self.assertLess(response.status_code, 500)
                self.assertNotIn(self.partner.name, response.text)

    def test_the_gateway_reports_replies_by_its_key_alone(self):
        address = self.company._ar_make_sms_address()
        path = address[address.index("/ar_collections") :]
        with mute_logger("odoo.http"):
            wrong = self.url_open("/ar_collections/sms/inbound/x", {"From": MOBILE, "Body": "STOP"})
        self.assertEqual(wrong.status_code, 404)
        for body in (b"{", b"[]", b'{"text": "STOP"}', b'{"from": ["x"], "text": 5}', b"[" * 9000):
            response = self.url_open(path, body, headers={"Content-Type": "application/json"})
            self.assertEqual(response.status_code, 400, body[:20])
        self.assertEqual(self.url_open(path, {"From": MOBILE, "Body": "x" * 200_000}).status_code, 413)
        self.assertFalse(self.env["ar.sms.stop"].search([]))
        body = json.dumps({"msisdn": MOBILE[1:], "text": "STOP"})
        response = self.url_open(path, body, headers={"Content-Type": "application/json"})
        self.assertEqual(response.status_code, 200)
        self.assertEqual(self.env["ar.sms.stop"].search([]).value, MOBILE)
        # Parameters of the address do not hide the body; half a character cannot be stored.
        body = json.dumps({"from": "+33698765432", "text": "STOP \ud800", "messageId": "\ud800"})
        response = self.url_open(f"{path}?source=gateway", body, headers={"Content-Type": "application/json"})
        self.assertEqual(response.status_code, 200)
        self.assertEqual(len(self.env["ar.sms.stop"].search([])), 2)
        self.assertEqual(self.url_open(f"{path}?From=%2B33698765430&Body=STOP", {"x": "1"}).status_code, 200)
        self.assertEqual(len(self.env["ar.sms.stop"].search([])), 3)
        self.company._ar_make_sms_address()
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(path, {"From": MOBILE, "Body": "STOP"}).status_code, 404)
