from ast import literal_eval
from datetime import timedelta

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from ..common import ArCommon


class TestWorklist(ArCommon):
    """What the collector sees first, and actions on several customers at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("manager", login="worklist-manager")
        cls.first, _invoice = cls._late(40, 500, name="First")
        cls.second, _invoice = cls._late(20, 300, name="Second")
        cls.customers = cls.first | cls.second
        cls.later = cls.TODAY + timedelta(days=7)

    def _filter(self, *names, user=None):
        """Return our customers that match the search view's filters together."""
        view = self.env["ar.customer"].get_view(view_type="search")["arch"]
        tree, domain = etree.fromstring(view), []
        user = user or self.collector
        for name in names:
            (node,) = tree.xpath(f"//filter[@name='{name}']")
            domain += literal_eval(node.get("domain").replace("uid", str(user.id)))
        with self._on():
            return self.env["ar.customer"].with_user(user).search([("id", "in", self.customers.ids), *domain])

    def _bulk(self, user, task, **values):
        """Fill the dialog for both customers and press its button."""
        with self._on():
            wizard = (
                self.env["ar.customer.bulk"]
                .with_user(user)
                .with_context(active_model="ar.customer", active_ids=self.customers.ids)
                .create({"task": task, **values})
            )
            wizard.action_apply()
        self.env.invalidate_all()

    # === FILTERS === #

    def test_mine_my_team_and_nobodys(self):
        self.first.user_id = self.manager
        self.policy.manager_id = self.manager
        self.assertEqual(self._filter("mine"), self.second)
        self.assertEqual(self._filter("mine", user=self.manager), self.first)
        self.assertEqual(self._filter("my_team", user=self.manager), self.customers)
        self.assertFalse(self._filter("my_team"))
        self.assertFalse(self._filter("unassigned"))
        self.policy.user_id = False
        self.assertEqual(self._filter("unassigned"), self.second)

    def test_without_a_policy_it_is_nobodys_unless_somebody_was_assigned(self):
        self.first.user_id = self.manager
        self.customers.sudo().policy_id = False
        self.assertEqual(self._filter("unassigned"), self.second)
        self.assertFalse(self._filter("mine"))

    def test_collectors_are_found_by_name_and_by_absence(self):
        customers = self.env["ar.customer"]
        for domain, expected in [
            ([("collector_id", "ilike", self.collector.name)], self.second),
            ([("collector_id", "=", False)], customers),
            ([("collector_id", "!=", self.collector.id)], self.first),
            ([("collector_id", "in", [self.manager.id, self.collector.id])], self.customers),
        ]:
            self.first.user_id = self.manager
            with self.subTest(domain=domain), self._on():
                self.assertEqual(customers.search([("id", "in", self.customers.ids), *domain]), expected)

    def test_to_work_on_is_what_is_late_or_has_points(self):
        self._run()
        self.assertEqual(self._filter("to_work_on"), self.customers)
        self.first.sudo().write({"overdue": 0, "priority_score": 0})
        self.second.sudo().write({"overdue": 0, "priority_score": 4})
        self.assertEqual(self._filter("to_work_on"), self.second)

    def test_worked_today_is_what_the_user_did_today(self):
        with self._on():
            self.first.with_user(self.collector).write({"internal_note": "Called, calls back"})
            self.env.cr.precommit.run()
        self.assertEqual(self._filter("worked_today"), self.first)
        self.assertEqual(self._filter("not_worked_today"), self.second)
        self.assertFalse(self._filter("worked_today", user=self.manager))
        with self._on(self.later):
            found = self.env["ar.customer"].with_user(self.collector).search([("worked_on", ">=", "today")])
        self.assertFalse(found & self.customers)

    # === SNOOZE === #

    def test_snoozed_customers_leave_the_list_until_their_day(self):
        self._bulk(self.collector, "snooze", until=self.later, reason="They call back")
        self.assertFalse(self._filter("awake"))
        self.assertEqual(self._filter("snoozed"), self.customers)
        self.first.snooze_until = self.TODAY
        self.assertEqual(self._filter("awake"), self.first)
        with self._on():
            self.second.with_user(self.collector).action_end_snooze()
        self.assertEqual(self._filter("awake"), self.customers)

    def test_snoozed_customers_are_reminded_all_the_same(self):
        self._bulk(self.collector, "snooze", until=self.later)
        self._run()
        self.assertEqual(len(self._communications(self.customers)), 2)

    # === BULK === #

    def test_pause_many_without_shortening_anybodys_pause(self):
        longer = self.later + timedelta(days=7)
        self.first.write({"pause_until": longer, "pause_reason": "Flooded"})
        self._bulk(self.collector, "pause", until=self.later, reason="Talks")
        self.assertEqual(self.customers.mapped("pause_until"), [longer, self.later])
        self.assertEqual(self.customers.mapped("pause_reason"), ["Flooded", "Talks"])
        self._run()
        self.assertFalse(self._communications(self.customers))

    def test_assign_many_and_take_the_collector_away_again(self):
        self._bulk(self.manager, "assign", user_id=self.manager.id)
        self.assertEqual(self.customers.user_id, self.manager)
        self._bulk(self.manager, "assign")
        self.assertFalse(self.customers.user_id)
        self.assertEqual(self.customers.collector_id, self.collector)

    def test_what_is_missing_is_stated(self):
        for task, values in [
            ("pause", {"until": self.later}),
            ("pause", {"until": self.TODAY, "reason": "Talks"}),
            ("snooze", {}),
            ("snooze", {"until": self.TODAY}),
        ]:
            with self.subTest(task=task, values=values), self.assertRaises(UserError):
                self._bulk(self.collector, task, **values)

    def test_without_a_selection_it_is_refused(self):
        with self.assertRaises(UserError):
            self.env["ar.customer.bulk"].create({"task": "assign"}).action_apply()

    def test_who_may_do_what(self):
        users = {role: self._user(role, login=f"bulk-{role}") for role in ("auditor", "collector", "manager")}
        orders = {
            "assign": ({"user_id": self.manager.id}, {"manager"}),
            "pause": ({"until": self.later, "reason": "Talks"}, {"collector", "manager"}),
            "snooze": ({"until": self.later}, {"collector", "manager"}),
        }
        for task, (values, allowed) in orders.items():
            for role, user in users.items():
                with self.subTest(task=task, role=role):
                    if role in allowed:
                        self._bulk(user, task, **values)
                    else:
                        with self.assertRaises(UserError):  # AccessError is one, too
                            self._bulk(user, task, **values)

    def test_customers_of_another_company_are_out_of_reach(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._user("manager", login="bulk-far", company_id=other.id, company_ids=[Command.set(other.ids)])
        with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(AccessError):
            self._bulk(stranger, "snooze", until=self.later)

    # === REMIND === #

    def test_remind_shows_first_and_sends_then(self):
        with self._on():
            action = self.first.with_user(self.collector).action_preview_reminders()
            lines = self.env["ar.preview.line"].with_user(self.collector).search(action["domain"])
            self.assertEqual(lines.customer_id, self.first)
            self.assertFalse(self._communications(self.first))
            lines.action_send_now()
        self.assertEqual(len(self._communications(self.first)), 1)
        self.assertFalse(self._communications(self.second))

    def test_auditors_remind_nobody(self):
        with self.assertRaises(UserError):
            self.first.with_user(self._user("auditor", login="bulk-auditor")).action_preview_reminders()

    def test_the_worklist_opens_on_what_is_to_be_done(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_customer_action")
        context = literal_eval(action["context"])
        self.assertEqual(context, {"search_default_to_work_on": 1, "search_default_awake": 1})
