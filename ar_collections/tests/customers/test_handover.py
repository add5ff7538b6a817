from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.tools import mute_logger

from ..common import PROBLEM_LOG, ArCommon


class TestHandover(ArCommon):
    """Whoever leaves, or loses the company or the role: somebody else does the work, nothing is lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leaver = cls._user("collector", login="leaver", name="The leaver")
        cls.manager = cls._user("manager", login="stays", name="The manager")
        cls.company.ar_activated_by_id = cls.manager
        cls.step, cls.next_step = cls._on_schedule({"days": 3, "channel": "call"}, {"days": 10})
        cls.customer, cls.invoice = cls._late()
        cls.customer.user_id = cls.leaver

    def setUp(self):
        super().setUp()
        self._run()
        self.call = self._communications(self.customer)
        self.task = self._tasks(self.customer, "call")
        self.assertEqual((self.call.state, self.task.user_id), ("planned", self.leaver))

    # === HOW USERS LEAVE === #

    def _archive(self):
        self.leaver.action_archive()

    def _delete(self):
        self.leaver.sudo().unlink()

    def _become_portal_user(self):
        self.leaver.group_ids = [Command.set(self.env.ref("base.group_portal").ids)]

    def _change_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.leaver.write({"company_id": other.id, "company_ids": [Command.set(other.ids)]})

    def _lose_the_role(self):
        self.leaver.group_ids = [Command.set(self.env.ref("ar_collections.ar_collections_group_auditor").ids)]

    def _be_deactivated(self):
        self.leaver.active = False

    def _each_way(self):
        """Yield each way to leave; what it changed is undone."""
        for leave in (self._archive, self._delete, self._become_portal_user, self._change_company,
                      self._lose_the_role, self._be_deactivated):  # fmt: skip
            with self.subTest(leave=leave.__name__), self.env.cr.savepoint() as savepoint, self._on():
                yield leave
                savepoint.rollback()
                self.env.invalidate_all()
                self.env.registry.clear_cache()

    # === AT ONCE === #

    def test_the_planned_call_stays_planned_and_goes_to_the_default_collector(self):
        for leave in self._each_way():
            leave()
            self.env.invalidate_all()
            self.assertEqual((self.call.state, self.call.activity_id), ("planned", self.task))
            self.assertEqual((self.task.user_id, self.call.user_id), (self.collector, self.collector))

    def test_a_new_collector_comes_before_the_default_one(self):
        new = self._user("collector", login="new")
        self.customer.user_id = new
        for leave in self._each_way():
            leave()
            self.assertEqual(self.task.user_id, new)

    def test_the_substitute_of_an_absence_takes_over(self):
        cover = self._user("collector", login="cover")
        today = self.TODAY
        dates = {"date_from": today, "date_to": today + timedelta(days=5)}
        self.env["ar.absence"].create({"user_id": self.leaver.id, "cover_id": cover.id, **dates})
        with self._on():
            self._archive()
            self.assertEqual((self.customer.collector_id, self.task.user_id), (cover, cover))

    def test_without_a_default_collector_a_manager_gets_the_task_and_the_company_signs(self):
        self.policy.user_id = False
        for leave in self._each_way():
            leave()
            self.env.invalidate_all()
            self.assertFalse(self.customer.collector_id)
            self.assertEqual(self.task.user_id, self.manager)

    def test_whichever_company_the_administrator_works_in(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        with self._on():
            self.leaver.with_context(allowed_company_ids=other.ids).with_company(other).action_archive()
        self.assertEqual((self.call.state, self.task.user_id), ("planned", self.collector))

    def test_tasks_entered_by_a_person_stay_too(self):
        with self._on():
            mine = self.customer.activity_schedule("mail.mail_activity_data_todo", user_id=self.leaver.id)
            self._archive()
            self.assertEqual(mine.exists().user_id, self.collector)

    def test_the_salesperson_keeps_a_call_that_the_step_gives_to_salespeople(self):
        seller = self._user("auditor", login="seller", group_ids=[Command.set(self.env.ref("base.group_user").ids)])
        self.customer.partner_id.user_id = self.task.user_id = seller
        self.env["ar.handover"].sudo()._hand_over_company(self.company, self.TODAY)
        self.assertEqual(self.task.user_id, seller)
        with self._on():
            seller.action_archive()
        self.assertEqual(self.task.user_id, self.leaver)

    @mute_logger(PROBLEM_LOG)
    def test_the_task_of_a_problem_goes_to_another_manager(self):
        first = self._user("manager", login="first-manager")
        problem = self.env["ar.problem"].sudo()._report(self.company, "forecast", "It failed", company=self.company)
        task = problem.activity_schedule("ar_collections.mail_activity_type_problem", user_id=first.id)
        first.action_archive()
        self.assertEqual(task.user_id, self.company._ar_get_manager())
        self.assertTrue(task.user_id.active)

    def test_many_tasks_cost_as_many_statements_as_one(self):
        """But for the follower that the new user becomes, whom `mail` looks for on each record."""
        tasks, costs = self.env["mail.activity"].sudo(), []
        for _each in range(9):
            account = self._customer(self._partner(), user_id=self.leaver.id)
            tasks |= account.activity_schedule("mail.mail_activity_data_todo", user_id=self.leaver.id)
        self.env.cr.execute("UPDATE res_users SET active = FALSE WHERE id = %s", [self.leaver.id])
        subscribing = patch.object(self.registry["ar.customer"], "message_subscribe", lambda *_args, **_kwargs: True)
        for batch in (tasks[:1], tasks[1:]):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with self._on(), subscribing:
                self.env["ar.handover"]._reassign(batch)
                self.env.flush_all()
            costs.append(self.env.cr.sql_log_count - before)
        self.assertEqual(tasks.user_id, self.collector)
        self.assertLessEqual(costs[1], costs[0] + 1)

    def test_other_activities_are_deleted_as_odoo_does_it(self):
        activity = self.customer.partner_id.activity_schedule("mail.mail_activity_data_todo", user_id=self.leaver.id)
        self._archive()
        self.assertFalse(activity.exists())

    # === RESPONSIBILITY === #

    def test_nothing_is_signed_by_who_left_and_the_search_agrees(self):
        accounts = self.env["ar.customer"]
        for default in (self.collector, self.env["res.users"]):
            self.policy.user_id = default
            for leave in self._each_way():
                leave()
                self.env.invalidate_all()
                self.assertEqual(self.customer.collector_id, default)
                found = accounts.search([("collector_id", "=", default.id), ("id", "=", self.customer.id)])
                self.assertEqual(found, self.customer)
                gone = [("collector_id", "in", self.leaver.exists().ids), ("id", "=", self.customer.id)]
                self.assertFalse(accounts.search(gone))

    def test_a_queued_mail_is_sent_in_the_name_of_who_took_over(self):
        self._on_schedule({"days": 3})
        customer, _invoice = self._late(name="Queued Payer")
        customer.user_id = self.leaver
        self._run()
        self._be_deactivated()
        mails = [mail for mail in self._deliver() if "payer@customer.example.com" in str(mail["email_to"])]
        self.assertTrue(mails)
        for mail in mails:
            self.assertIn("collector@company.example.com", mail["email_from"])
            self.assertNotIn(self.leaver.name, mail["email_from"])

    # === BACKSTOP === #

    def test_the_nightly_run_passes_on_what_got_past(self):
        self.env.cr.execute("UPDATE res_users SET active = FALSE WHERE id = %s", [self.leaver.id])
        self.env.invalidate_all()
        with self._on():
            self.env["ar.nightly"].sudo()._run_company(self.company)
        self.assertEqual((self.call.state, self.task.user_id), ("planned", self.collector))

    def test_the_nightly_run_makes_lost_tasks_of_calls_again(self):
        self.env.cr.execute("DELETE FROM mail_activity WHERE id = %s", [self.task.id])
        self.env.invalidate_all()
        with self._on():
            self.env["ar.nightly"].sudo()._run_company(self.company)
        self.assertEqual((self.call.state, self.call.activity_id.user_id), ("planned", self.leaver))
        self.assertEqual(self._states(self.customer), [(3, "planned")])

    def test_what_everybody_can_do_stays_where_it_is(self):
        self.task.user_id = self.manager
        with self._on():
            self.env["ar.nightly"].sudo()._run_company(self.company)
        self.assertEqual(self.task.user_id, self.manager)
