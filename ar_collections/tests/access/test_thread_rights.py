import contextlib

from odoo import Command
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ..common import ArCommon

RULE_LOGS = ("odoo.addons.base.models.ir_rule", "odoo.models", "odoo.addons.base.models.ir_model")

SECRET = "The owner is bankrupt"

#: They do nothing, without an error, where the user may not read the tasks or change them.
QUIET = ("activity_feedback", "activity_unlink")


class TestThreadRights(ArCommon):
    """Who may read messages and tasks, find records by them, and act by them; every way that RPC has is tried."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = cls._user("salesperson")
        cls.auditor = cls._user("auditor")
        cls.customer, cls.invoice = cls._late(overdue_days=12, amount=500, user_id=cls.salesperson.id)

    def setUp(self):
        super().setUp()
        reason = self.env["ar.dispute.reason"].create({"name": "Wrong price"})
        first, second = (self._debt(self._invoice(self.customer.partner_id, 5, amount)) for amount in (40, 60))
        with self._on():
            self.promise = self.customer._promise(self.TODAY, {first.id: None})
            self.dispute = self.env["ar.dispute"]._raise_dispute(self.customer, reason, {second.id: None}, "Wrong")
        for record in (thread.sudo() for thread in self.threads()):
            record.message_post(body=SECRET, subtype_xmlid="mail.mt_comment")
            record.activity_schedule("mail.mail_activity_data_todo", summary=SECRET, user_id=self.collector.id)
            record.message_subscribe(self.collector.partner_id.ids)
        self.env.flush_all()

    def threads(self):
        return self.customer, self.promise, self.dispute

    # === FINDING === #

    def _ways_to_find(self, records, path):
        """Return {name: function that searches by a field}, as RPC can call them."""
        domain = [(path, "ilike", "bankrupt")]
        return {
            "search": lambda: records.search(domain),
            "search_count": lambda: records.search_count(domain),
            "search_read": lambda: records.search_read(domain, ["id"]),
            "read_group": lambda: records.formatted_read_group(domain, [], ["__count"])[0]["__count"],
            "filtered_domain": lambda: records.search([]).filtered_domain(domain),
            "order": lambda: records.search([], order=f"{path.partition('.')[0]} desc") and False,
        }

    def _finds(self, function):
        self.env.invalidate_all()  # as in a call of its own: users share the cache of a transaction
        try:
            with mute_logger(*RULE_LOGS), self.env.cr.savepoint():
                return bool(function())
        except (UserError, ValueError):
            return False

    def test_messages_and_tasks_find_nothing_for_salespeople(self):
        found = []
        for record in self.threads():
            records = self.env[record._name].with_user(self.salesperson)
            self.assertTrue(records.search([]))
            for path in (
                "message_ids.body", "message_ids", "website_message_ids.body", "message_ids.preview",
                "activity_ids.summary", "activity_summary", "activity_ids",
            ):  # fmt: skip
                ways = self._ways_to_find(records, path)
                found += [(record._name, path, name) for name, function in ways.items() if self._finds(function)]
        self.assertEqual(found, [])

    def test_messages_find_something_for_who_may_read_them(self):
        for user in (self.auditor, self.collector):
            for record in self.threads():
                ways = self._ways_to_find(self.env[record._name].with_user(user), "message_ids.body")
                del ways["order"]
                for name, function in ways.items():
                    with self.subTest(user=user.login, model=record._name, way=name):
                        self.assertTrue(self._finds(function))

    def test_nor_along_a_path_from_another_model(self):
        for model, path in (
            ("ar.promise", "customer_id.message_ids.body"),
            ("ar.communication", "customer_id.message_ids.body"),
            ("ar.communication", "customer_id.activity_ids.summary"),
            ("ar.dispute", "customer_id.promise_ids.message_ids.body"),
        ):
            ways = self._ways_to_find(self.env[model].with_user(self.salesperson), path)
            self.assertEqual([name for name, function in ways.items() if self._finds(function)], [], path)

    def test_nor_by_followers_groups_or_export(self):
        customers = self.env["ar.customer"].with_user(self.salesperson)
        follower = self.collector.partner_id.id
        ways = (
            lambda: customers.search([("message_partner_ids", "in", [follower])]),
            lambda: customers.search([("message_follower_ids.partner_id", "=", follower)]),
            lambda: customers.formatted_read_group([], ["message_partner_ids"], ["__count"]),
            lambda: customers.formatted_read_group([], ["activity_type_id"], ["__count"]),
            lambda: customers.search([]).export_data(["message_ids/body"])["datas"],
            lambda: customers.search([]).read(["message_ids"]),
            lambda: customers.search_read([], ["activity_summary"]),
            lambda: self.env["mail.message"].with_user(self.salesperson).search([("body", "ilike", "bankrupt")]),
            lambda: self.env["mail.activity"].with_user(self.salesperson).search([("summary", "=", SECRET)]),
        )
        self.assertEqual([number for number, function in enumerate(ways) if self._finds(function)], [])

    def test_salespeople_find_the_tasks_they_have_themselves(self):
        self.customer.activity_schedule(
            "mail.mail_activity_data_call", summary="Call them", user_id=self.salesperson.id
        )
        customers = self.env["ar.customer"].with_user(self.salesperson)
        self.assertEqual(customers.search([("activity_ids.user_id", "=", self.salesperson.id)]), self.customer)

    # === ACTING === #

    def _ways_to_act(self, record):
        """Return {name: function that writes to somebody, or changes something, with the right to read alone}."""
        partner, template = self.customer.partner_id.ids, self.env.ref("ar_collections.mail_template_new_link")
        compose = self.env["mail.compose.message"].with_env(record.env)
        values = {
            "model": record._name, "res_ids": str(record.ids), "body": SECRET, "subject": SECRET,
            "partner_ids": [Command.set(partner)],
        }  # fmt: skip
        return {
            "message_post": lambda: record.message_post(body=SECRET, partner_ids=partner),
            "message_notify": lambda: record.message_notify(body=SECRET, subject=SECRET, partner_ids=partner),
            "message_post_with_source": lambda: record.message_post_with_source(template),
            "message_mail_with_source": lambda: record.message_mail_with_source(template),
            "message_subscribe": lambda: record.message_subscribe(partner),
            "message_unsubscribe": lambda: record.message_unsubscribe(self.collector.partner_id.ids),
            "message_update": lambda: record.message_update({}, {"note": SECRET}),
            "activity_schedule": lambda: record.activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.collector.id
            ),
            "activity_send_mail": lambda: record.activity_send_mail(template.id),
            "activity_feedback": lambda: record.activity_feedback(
                ["mail.mail_activity_data_todo"], only_automated=False
            ),
            "activity_unlink": lambda: record.activity_unlink(["mail.mail_activity_data_todo"], only_automated=False),
            "write": lambda: record.write({"message_ids": [Command.clear()]}),
            "comment": lambda: compose.create({**values, "composition_mode": "comment"})._action_send_mail(),
            "mass_mail": lambda: compose.create({**values, "composition_mode": "mass_mail"})._action_send_mail(),
        }

    def test_auditors_and_salespeople_act_by_none_of_odoos_methods(self):
        done = []
        for user in (self.auditor, self.salesperson):
            for record in self.threads():
                for name, act in self._ways_to_act(record.with_user(user)).items():
                    with contextlib.suppress(UserError), mute_logger(*RULE_LOGS), self.env.cr.savepoint():
                        act()
                        done.append((user.login, record._name, name))
        kept = self.env["mail.activity"].sudo().search_count([("summary", "=", SECRET)])
        self.assertEqual(([way for way in done if way[2] not in QUIET], kept), ([], 3))
        self.assertFalse(self.env["mail.mail"].sudo().search([("subject", "=", SECRET)]))

    def test_auditors_may_follow_what_they_may_read_and_salespeople_may_not(self):
        own = self.customer.with_user(self.auditor)
        self.assertTrue(own.message_subscribe(self.auditor.partner_id.ids))
        with mute_logger(*RULE_LOGS), self.assertRaises(UserError):
            self.customer.with_user(self.salesperson).message_subscribe(self.salesperson.partner_id.ids)

    def test_collectors_write_to_their_customers(self):
        customer = self.customer.with_user(self.collector)
        for name in ("message_post", "message_notify", "message_subscribe", "activity_schedule", "comment"):
            with self.subTest(way=name):
                self._ways_to_act(customer)[name]()

    # === THE CUSTOMER PAGE === #

    def test_no_role_gets_a_key_by_a_call(self):
        for user in (self.auditor, self.collector, self._user("credit_manager")):
            customer = self.customer.with_user(user).with_context(ar_page_key="x", access_token="x")
            for url in (customer.get_portal_url(), customer._get_share_url(), customer._get_share_url(redirect=True)):
                self.assertEqual(url.rstrip("?"), f"/my/receivables/{customer.id}")
            self.assertFalse(customer.read(["access_token"])[0]["access_token"])
        self.assertFalse(self.env["ar.portal.link"].search([("customer_id", "=", self.customer.id)]))
