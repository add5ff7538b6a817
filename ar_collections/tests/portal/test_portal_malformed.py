import re
from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_portal import ArPortalCommon

HUGE = "99999999999999999999"


@tagged("post_install", "-at_install")
class TestPortalMalformed(ArPortalCommon):
    """What makes no sense gets a polite answer, never an error of the server; nothing is stored."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.plan_portal = True
        cls.base = f"/my/receivables/{cls.customer.id}"

    def _get(self, path, **params):
        params = {"access_token": self._key(self.customer), **params}
        return self.opener.get(self.base_url() + path, params=params, timeout=30)

    def _post(self, path, files=None, **values):
        csrf = re.search(r'name="csrf_token" value="([^"]+)"', self._page().text).group(1)
        data = {"access_token": self._key(self.customer), "csrf_token": csrf, **values}
        return self.url_open(self.base + path, data=data, files=files)

    def _assert_polite(self, response, *statuses):
        self.assertIn(response.status_code, statuses or (200, 400, 404), response.text[:500])
        self.assertNotIn("Traceback", response.text)

    def test_tokens(self):
        for token in ("é" * 9, "x" * 5000, "\x00", "%s", "[]", "{}", "' OR 1=1"):
            with self.subTest(token=token[:10]):
                self._assert_polite(self._get(self.base, access_token=token), 404)

    def test_repeated_tokens_count_as_the_first(self):
        token = self._key(self.customer)
        response = self._get(f"{self.base}?access_token={token}", access_token="wrong")
        self._assert_polite(response, 200)

    def test_ids_in_paths(self):
        for number in ("0", "2147483648", HUGE):
            for path in (
                f"/my/receivables/{number}",
                f"{self.base}/document/{number}",
                f"{self.base}/plan/{number}",
                f"{self.base}/plan/{number}/method",
                f"{self.base}/plan/{number}/agreement.pdf",
                f"{self.base}/dispute/{number}",
            ):
                with self.subTest(path=path):
                    self._assert_polite(self._get(path), 404)

    def test_ids_in_values(self):
        for number in ("-1", "abc", "", HUGE, "1.5", "٣", "\x00"):
            with self.subTest(number=number):
                self._assert_polite(self._get(self.base, message=number, page=number, items=number, paid=number), 200)
                self._assert_polite(self._get(f"{self.base}/paid", page=number, search=number), 200)
                for path in ("/plan", "/promise", "/dispute", "/ask", "/choose", "/request"):
                    self._assert_polite(self._post(path, item=number, credit=number, reason=number, ask="plan"))
        self._assert_polite(self._post("/plan"), 200)
        self.assertFalse(self.env["ar.payment.plan"].search([("customer_id", "=", self.customer.id)]))

    def test_dates(self):
        item = self._item(self.old).id
        for day in ("0000-00-00", "9999-12-31", "2026-02-31", "31.02.2026", "0001-01-01", "abc", "\x00"):
            with self.subTest(day=day):
                self._assert_polite(self._get(f"{self.base}/statement.xlsx", date=day), 200)
                self._assert_polite(self._post("/promise", item=item, date=day), 200)
                self._assert_polite(self._get(f"{self.base}/plan", item=item, count="3", first=day), 200)
        self.assertFalse(self.env["ar.promise"].search([("customer_id", "=", self.customer.id)]))

    def test_amounts(self):
        item, day = self._item(self.old).id, (self.TODAY + timedelta(days=5)).isoformat()
        for amount in ("NaN", "1e9999", "-1", "0", "0.001", "0.004", "1.000,00", "0x10", "--", "9" * 30, "\x00x"):
            with self.subTest(amount=amount):
                response = self._post("/promise", item=item, date=day, **{f"amount_{item}": amount})
                self._assert_polite(response, 200)
                self.assertIn('role="alert"', response.text)
                self.assertIn("refused=", self._post("/choose", item=item, **{f"amount_{item}": amount}).url)
        self.assertFalse(self.env["ar.promise"].search([("customer_id", "=", self.customer.id)]))

    def test_amounts_in_the_notation_of_the_reader(self):
        item, day = self._item(self.old).id, (self.TODAY + timedelta(days=5)).isoformat()
        self._post("/promise", item=item, date=day, **{f"amount_{item}": "١٢٣"})
        promise = self.env["ar.promise"].search([("customer_id", "=", self.customer.id)])
        self.assertEqual(promise.amount_total, 123.0)

    def test_texts(self):
        item, day = self._item(self.old).id, (self.TODAY + timedelta(days=5)).isoformat()
        self._assert_polite(self._post("/promise", item=item, date=day, note="a\x00b" + "x" * 1_000_000), 200)
        promise = self.env["ar.promise"].search([("customer_id", "=", self.customer.id)])
        self.assertTrue(promise.note.startswith("abx"))
        self._assert_polite(self._post("/request", call="\x00" * 50, address="\x00@example.com"))

    def test_files_in_place_of_texts(self):
        for field in ("access_token", "item", "text", "date", "note"):
            with self.subTest(field=field):
                files = {field: ("../../x.txt", b"text")}
                self._assert_polite(self._post("/promise", files=files))
                self._assert_polite(self._post("/dispute", files=files))

    def test_bodies_of_the_transaction_route(self):
        route, amount = self._form_of(self._select(self.new))
        bodies = ["", "null", "[]", "1", '"x"', "{", '{"params": []}', '{"params": "x"}', '{"params": null}', "\x00"]
        for body in bodies:
            with self.subTest(body=body):
                response = self.url_open(route, data=body, headers={"Content-Type": "application/json"})
                self._assert_polite(response, 200, 400)
        for name in ("access_token", "provider_id", "payment_method_id", "amount", "flow", "token_id"):
            for value in (None, [], {}, "x", -1, HUGE, True, "\x00"):
                values = {"access_token": self._key(self.customer), "provider_id": self.provider.id}
                values |= {"payment_method_id": self.payment_method_id, "token_id": None, "amount": amount}
                values |= {"flow": "direct", "tokenization_requested": False, "landing_route": "/x"}
                with self.subTest(name=name, value=value), mute_logger("odoo.http"):
                    response = self.url_open(route, json={"params": {**values, name: value}})
                    error = response.json().get("error", {}).get("data", {}).get("name", "odoo.exceptions.")
                    self.assertRegex(error, "^(odoo.exceptions|werkzeug.exceptions|odoo.addons.ar_collections)")

    def test_without_csrf_and_with_the_wrong_method(self):
        data = {"access_token": self._key(self.customer), "call": "now"}
        with mute_logger("odoo.http"):
            self._assert_polite(self.url_open(f"{self.base}/request", data=data), 400)
        self._assert_polite(self._get(f"{self.base}/request"), 405)
