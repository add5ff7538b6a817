import re
from datetime import timedelta
from decimal import Decimal
from html import unescape
from unittest.mock import patch

from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from odoo.addons.ar_collections.models.portal.limits.ar_customer_limits import LimitReached

from .common_portal import ArPortalCommon


class PortalLimitsCase(ArPortalCommon):
    """The forms of the page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env["ar.dispute.reason"].create({"name": "The price is wrong", "user_id": cls.collector.id})
        cls.collector.partner_id.write({"email": "collector@company.example.com", "phone": "+1 555 0100"})

    # === HELPERS === #

    def _post(self, path, **values):
        """Send a form of the page; return the response after its redirects, with its entities resolved."""
        csrf = re.search(r'name="csrf_token" value="([^"]+)"', self._page().text).group(1)
        data = {"access_token": self._key(self.customer), "csrf_token": csrf, **values}
        response = self.url_open(f"/my/receivables/{self.customer.id}{path}", data=data)
        self.env.invalidate_all()
        return unescape(response.text)

    def _report(self, amount="", invoice=None, **values):
        item = self._item(invoice or self.old).id
        values = {"reason": self.reason.id, "text": "Two boxes were broken", "item": item, **values}
        return self._post("/dispute", **{**values, f"amount_{item}": amount})

    def _promise(self, invoice=None, **values):
        day = (self.TODAY + timedelta(days=10)).isoformat()
        return self._post("/promise", item=self._item(invoice or self.old).id, date=day, note="After harvest", **values)

    def _write(self, body="Hello", **values):
        """Post a message as the page's own form does."""
        return self.make_jsonrpc_request(
            "/mail/message/post",
            {
                "thread_model": "ar.customer",
                "thread_id": self.customer.id,
                "post_data": {"body": body, "message_type": "comment", "subtype_xmlid": "mail.mt_comment"},
                "token": self._key(self.customer),
                **values,
            },
        )

    def _assert_refused_with_way_out(self, text, reason):
        self.assertIn(reason, text)
        self.assertIn("Please write or call us: The collector, collector@company.example.com, +1 555 0100", text)

    def _count(self, model):
        return self.env[model].search_count([("customer_id", "=", self.customer.id)])


@tagged("post_install", "-at_install")
class TestPortalLimits(PortalLimitsCase):
    """What a link can start on a day is limited, for each account and each visitor; staff are not limited."""

    # === EACH KIND === #

    def test_promises_of_a_day_are_limited_and_the_entries_stay(self):
        self.policy.portal_agreements_per_day = 1
        self.assertIn("You promised", self._promise())
        text = self._promise(self.new)
        self._assert_refused_with_way_out(text, "as many promises as possible today (1).")
        self.assertIn("After harvest", text)
        self.assertEqual(self._count("ar.promise"), 1)

    def test_a_change_beyond_the_limit_is_refused_on_the_page_of_the_promise(self):
        self.policy.portal_agreements_per_day = 1
        self._promise()
        promise = self.env["ar.promise"].search([("customer_id", "=", self.customer.id)])
        day = (self.TODAY + timedelta(days=12)).isoformat()
        text = self._post(f"/promise/{promise.id}/date", date=day)
        self._assert_refused_with_way_out(text, "as many promises as possible today (1).")
        self.assertIn(f"Your promise {promise.name}", text)
        self.assertIn(f'value="{day}"', text)

    def test_a_date_that_is_changed_again_and_again_is_confirmed_by_few_mails(self):
        self.policy.portal_confirmations_per_day = 2
        self._promise()
        promise = self.env["ar.promise"].search([("customer_id", "=", self.customer.id)])
        for days in (11, 12, 13):
            self._post(f"/promise/{promise.id}/date", date=(self.TODAY + timedelta(days=days)).isoformat())
        self.assertEqual(promise.date, self.TODAY + timedelta(days=13))
        sent = self.env["ar.communication"].search(
            [("customer_id", "=", self.customer.id), ("notice", "=", "promise_confirmed")]
        )
        self.assertEqual(len(sent), 2)

    def test_refused_entries_do_not_use_up_the_limit(self):
        self.policy.portal_agreements_per_day = 1
        for _attempt in range(3):
            self.assertIn("greater than zero", self._report("-1"))
        self.assertIn("We have recorded your dispute", self._report("5.00"))

    def test_disputes_and_their_withdrawals_of_a_day_are_limited(self):
        self.policy.portal_agreements_per_day = 1
        self._report("5.00")
        text = self._report("6.00")
        self._assert_refused_with_way_out(text, "as many problems as possible today (1).")
        self.assertIn("Two boxes were broken", text)
        first = self.env["ar.dispute"].search([("customer_id", "=", self.customer.id)])
        self._post(f"/dispute/{first.id}/withdraw")
        self.assertEqual(first.state, "withdrawn")
        second = first.sudo()._raise_dispute(self.customer, self.reason, {self._item(self.old).id: None}, "A mistake")
        self._assert_refused_with_way_out(
            self._post(f"/dispute/{second.id}/withdraw"), "already withdrawn as many disputes"
        )
        self.assertEqual(second.state, "new")

    def test_payment_plans_of_a_day_are_limited(self):
        self.policy.write({"portal_agreements_per_day": 1, "plan_portal": True})
        self.assertTrue(self.customer._may_start("plan"))
        item = self._item(self.old).id
        page = self.url_open(
            f"/my/receivables/{self.customer.id}/plan?access_token={self._key(self.customer)}&item={item}&count=2"
        ).text
        fields = dict(re.findall(r'name="(version|first|frequency)" value="([^"]*)"', page))
        text = self._post("/plan", item=item, count=2, name="Jo", accept="1", **{"frequency": "month", **fields})
        self._assert_refused_with_way_out(text, "as many payment plans as possible today (1).")
        self.assertIn('value="Jo"', text)
        self.assertEqual(self._count("ar.payment.plan"), 0)

    def test_requests_of_a_day_are_limited_and_the_entries_stay(self):
        self.policy.portal_messages_per_day = 1
        self._post("/request", call="At noon")
        text = self._post("/request", call="In the evening", address="new@customer.example.com")
        self._assert_refused_with_way_out(text, "as many requests as possible today (1).")
        self.assertIn("In the evening", text)
        self.assertIn("new@customer.example.com", text)

    def test_messages_of_a_day_are_limited(self):
        self.policy.portal_messages_per_day = 1
        self._write("First")
        with self.assertRaises(JsonRpcException) as refused, mute_logger("odoo.http"):
            self._write("Second")
        self.assertIn("LimitReached", str(refused.exception))
        self.assertNotIn("Second", "".join(self.customer.message_ids.mapped("body")))

    def test_message_without_access_is_not_counted(self):
        counts = self.env["ar.portal.count"].search([])
        for token in ("wrong", "é", ["x"], {"a": 1}, "x" * 5000):
            with self.assertRaises(JsonRpcException) as refused, mute_logger("odoo.http"):
                self._write(token=token)
            self.assertIn("NotFound", str(refused.exception))
        self.assertEqual(counts.search([]), counts)

    def test_selections_payments_and_credits_of_a_day_are_limited(self):
        self.policy.portal_payments_per_day = 1
        first = self._select(self.new)
        text = unescape(self._select(self.old, amounts={self.old: "12.34"}).text)
        self._assert_refused_with_way_out(text, "selected items to pay as often as possible today (1).")
        self.assertIn('value="12.34"', text)
        self._submit(first)
        with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
            self._submit(first)

    def test_documents_of_a_day_are_limited(self):
        self.policy.portal_documents_per_day = 1
        url = f"/my/receivables/{self.customer.id}/statement.xlsx?access_token={self._key(self.customer)}"
        self.assertIn("spreadsheet", self.url_open(url).headers["Content-Type"])
        self._assert_refused_with_way_out(unescape(self.url_open(url).text), "already downloaded as many documents")

    def test_size_of_files_of_a_day_is_limited(self):
        self.policy.portal_upload_mb_per_day = 1
        csrf = re.search(r'name="csrf_token" value="([^"]+)"', self._page().text).group(1)
        data = {"access_token": self._key(self.customer), "csrf_token": csrf, "text": "See the photos"}
        data |= {"reason": self.reason.id, "item": self._item(self.old).id}
        files = [("files", ("long.txt", b"All boxes were broken. " * 90_000, "text/plain"))]
        response = self.url_open(f"/my/receivables/{self.customer.id}/dispute", data=data, files=files)
        self._assert_refused_with_way_out(unescape(response.text), "you can still send today (in total: 1 MB)")
        self.assertEqual(self._count("ar.dispute"), 0)
        upload = self.url_open(
            "/mail/attachment/upload",
            data={"thread_model": "ar.customer", "thread_id": self.customer.id, "csrf_token": csrf,
                  "token": self._key(self.customer)},
            files={"ufile": ("long.txt", b"x" * 2_000_000)},
        )  # fmt: skip
        self._assert_refused_with_way_out(upload.json()["error"], "you can still send today (in total: 1 MB)")

    def test_no_limit_where_the_setting_is_zero(self):
        self.policy.portal_messages_per_day = 0
        for number in range(25):
            self.assertTrue(self.customer._may_start("request"), number)

    def test_customer_without_a_policy_has_the_default_limits(self):
        self.policy.active = False
        self.customer.sudo()._compute_policy_id()
        self.assertFalse(self.customer.policy_id)
        self.assertEqual([self.customer._may_start("promise") for _ in range(11)], [True] * 10 + [False])

    def test_staff_who_look_at_the_page_are_not_limited(self):
        self.policy.portal_documents_per_day = 1
        self.authenticate(self.collector.login, self.collector.login)
        url = f"/my/receivables/{self.customer.id}/statement.xlsx?access_token={self._key(self.customer)}"
        for _download in range(2):
            self.assertIn("spreadsheet", self.url_open(url).headers["Content-Type"])

    # === ACCOUNTS, VISITORS, DAYS === #

    def test_another_account_and_another_day_have_counts_of_their_own(self):
        self.policy.portal_messages_per_day = 1
        other = self._customer(self._partner(name="Other Payer"))
        self.assertTrue(self.customer._may_start("request"))
        self.assertTrue(other._may_start("request"))
        self.assertFalse(self.customer._may_start("request"))
        tomorrow = self.TODAY + timedelta(days=1)
        with patch.object(type(self.company), "_ar_today", lambda _company: tomorrow):
            self.assertTrue(self.customer._may_start("request"))

    def test_visitor_is_limited_in_all_accounts_together(self):
        self.policy.portal_visitor_per_day = 2
        other = self._customer(self._partner(name="Other Payer"))
        self.customer._count_start("request", "93.184.215.14")
        other._count_start("promise", "93.184.215.14")
        with self.assertRaises(LimitReached):
            self.customer._count_start("dispute", "93.184.215.14")
        self.customer._count_start("dispute", "93.184.215.15")
        for _start in range(3):  # a proxy that does not pass on addresses
            self.customer._count_start("dispute", "10.0.0.1")

    def test_what_is_refused_does_not_count_for_the_visitor(self):
        self.policy.write({"portal_documents_per_day": 1, "portal_visitor_per_day": 2})
        self.customer._count_start("document", "93.184.215.14")
        for _attempt in range(3):
            with self.assertRaises(LimitReached):
                self.customer._count_start("document", "93.184.215.14")
        self.customer._count_start("request", "93.184.215.14")

    def test_payments_are_not_limited_by_the_visitors_address(self):
        self.policy.portal_visitor_per_day = 1
        self.customer._count_start("request", "93.184.215.14")
        for kind in ("choice", "transaction", "credit"):
            self.customer._count_start(kind, "93.184.215.14")
        visits = self.env["ar.portal.count"].search([("kind", "=", "visitor")])
        self.assertEqual(visits.mapped("number"), [1])

    def test_withdrawing_a_dispute_that_is_resolved_counts_nothing(self):
        self._report("5.00")
        dispute = self.env["ar.dispute"].search([("customer_id", "=", self.customer.id)])
        for _time in range(2):
            self._post(f"/dispute/{dispute.id}/withdraw")
        self.assertEqual(self.env["ar.portal.count"].search([("kind", "=", "withdrawal")]).mapped("number"), [1])

    def test_addresses_are_not_stored(self):
        self.customer._count_start("request", "93.184.215.14")
        self.assertNotIn("93.184", " ".join(self.env["ar.portal.count"].search([]).mapped("key")))

    def test_counts_of_past_days_are_deleted(self):
        counts = self.env["ar.portal.count"]
        for ago in (0, 1, 3):
            counts._add(self.company, self.TODAY - timedelta(days=ago), "request", "account 1", 1, 9)
        counts._gc_old_days()
        self.assertEqual(len(counts.search([])), 2)

    # === MAILS AND TASKS === #

    def test_twelve_of_everything_on_a_day_make_one_task_each_and_few_mails(self):
        self.policy.dispute_item_open_max = 0
        self.policy.portal_agreements_per_day = 0
        before = self._communications(self.customer)
        for number in range(12):
            self._report(f"{number + 1}.00")
            self._post("/request", call=f"At {number + 8} o'clock")
            self._write(f"Message {number}")
        disputes = self.env["ar.dispute"].search([("customer_id", "=", self.customer.id)])
        self.assertEqual(len(disputes), 12)
        self.assertEqual(len(disputes.activity_ids), 1)
        self.assertIn(disputes.sorted("id")[-1].name, disputes.activity_ids.note)
        kinds = self.customer.activity_ids.activity_type_id
        self.assertEqual(len(self.customer.activity_ids), len(kinds))
        notes = " ".join(task.note or "" for task in self.customer.activity_ids)
        self.assertIn("At 19 o'clock", unescape(notes))
        self.assertIn("Message 11", notes)
        self.assertEqual(len(self._communications(self.customer) - before), 3)

    def test_the_shared_task_stays_until_the_last_dispute_is_answered(self):
        for amount in ("5.00", "6.00", "7.00"):
            self._report(amount)
        disputes = self.env["ar.dispute"].search([("customer_id", "=", self.customer.id)]).sorted("id")
        first, second, third = disputes
        self.assertEqual([len(d.activity_ids) for d in disputes], [1, 0, 0])
        first.sudo()._withdraw()
        self.assertEqual([len(d.activity_ids) for d in disputes], [0, 1, 0])
        self.assertIn(third.name, second.activity_ids.note)
        (second + third).sudo()._withdraw()
        self.assertFalse(disputes.activity_ids)


@tagged("post_install", "-at_install")
class TestPortalDisputeLimits(PortalLimitsCase):
    """The policy limits the disputes that customers raise themselves."""

    def test_open_disputes_of_an_item_and_of_a_customer_are_limited(self):
        self.policy.write({"dispute_item_open_max": 2, "dispute_open_max": 3})
        self._report("5.00")
        self._report("5.00")
        text = self._report("5.00")
        self.assertIn("already in several open disputes", text)
        self.assertIn("Two boxes were broken", text)
        self._report("5.00", self.new)
        self.assertIn("as many open disputes as possible", self._report("5.00", self.new))
        self.assertEqual(self._count("ar.dispute"), 3)

    def test_amounts_below_the_minimum_are_refused_except_all_that_is_left(self):
        self.policy.dispute_minimum_amount = 1
        for amount in ("0.01", "0.99", "0.001", "0.004"):
            with self.subTest(amount=amount):
                self.assertIn('role="alert"', self._report(amount))
        self.assertEqual(self._count("ar.dispute"), 0)
        self.assertIn("We have recorded your dispute", self._report("199.50"))
        self.assertIn("We have recorded your dispute", self._report("0.50"))

    def test_staff_may_record_more_and_less(self):
        self.policy.write({"dispute_item_open_max": 1, "dispute_open_max": 1, "dispute_minimum_amount": 50})
        for _dispute in range(2):
            item = self._item(self.old).id
            self.env["ar.dispute"]._raise_dispute(self.customer, self.reason, {item: Decimal(5)}, "On the phone")
        self.assertEqual(self._count("ar.dispute"), 2)
