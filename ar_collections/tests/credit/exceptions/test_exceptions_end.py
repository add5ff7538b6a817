from datetime import timedelta
from unittest.mock import patch

from ...common import PROBLEM_LOG
from .common_exceptions import ArExceptionsCommon

KIND = "exception_ends"


class TestExceptionsEnd(ArExceptionsCommon):
    """Exceptions end by themselves on the day after their last one, and say so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("manager")
        cls.customer, cls.invoice = cls._late(10, amount=500.0)
        cls.after = cls.until + timedelta(days=1)

    def _assert_ends(self, night, kind, note):
        """Assert that the exception holds through its last day and is over in the next night, with a note."""
        night(self.until)
        self.assertEqual(self._kinds(self.customer, self.until), [kind])
        night(self.after)
        self.assertEqual(self._kinds(self.customer, self.after), [])
        self.assertEqual(self._exceptions(self.customer, kind=kind).ended_on, self.after)
        self.assertIn(note, self._notes(self.customer))

    def test_pauses(self):
        self._write(self.customer, self.collector, pause_until=self.after, pause_reason="Flood")
        self._assert_ends(self._end, "pause", "Reason: Flood")

    def test_policies_set_manually(self):
        other = self._policy(name="Another")
        self._write(self.customer, self.manager, policy_override_id=other.id, policy_override_reason="Wants letters",
                    policy_override_until=self.until)  # fmt: skip
        self.assertEqual(self.customer.policy_id, other)
        self._assert_ends(self._end, "policy", "Another")
        self.assertFalse(self.customer.policy_override_id)
        self.assertFalse(self.customer.policy_override_until)
        self.assertEqual(self.customer.policy_id, self.policy)

    def test_temporary_limits(self):
        self._limit(self.customer, 100, temporary_limit_kind="amount", temporary_limit=900, temporary_until=self.until)
        self._assert_ends(self._end, "temporary_limit", "900")
        self.assertFalse(self.customer.sudo().temporary_limit_kind)
        self.assertEqual(self.customer.sudo().credit_limit, 100)
        self.assertEqual(self.customer.partner_id.with_company(self.company).credit_limit, 100)

    def test_consents_of_the_insurer(self):
        self._write(self.customer, self.credit_manager, insurer_consent_until=self.until)
        self._assert_ends(self._end, "insurer_consent", "has ended by itself")

    def test_exclusions(self):
        self._exclude(self.customer)
        self._assert_ends(self._night, "exclusion", "has ended")

    def test_holds_by_a_person(self):
        self._decide(self.customer, "hold", until=self.until)
        self._assert_ends(self._night, "hold", "has ended")

    def test_risk_classes(self):
        account = self.customer.with_user(self.credit_manager).sudo()
        with self._on():
            account._override_class("A", "New owner", self.until)

        def night(day):
            self.company.sudo().ar_scores_on = False
            with self._on(day):
                self.env["ar.customer"].sudo()._refresh_scores_company(self.company, day)
            self.env.invalidate_all()

        self._assert_ends(night, "risk_class", "has ended")

    def test_what_ended_while_no_night_ran_ended_on_its_day(self):
        self._write(self.customer, self.collector, pause_until=self.after, pause_reason="Flood")
        self._end(self.after + timedelta(days=20))
        self.assertEqual(self._exceptions(self.customer).ended_on, self.after)

    def test_without_end_nothing_ends(self):
        self._write(self.customer, self.collector, excluded=True, exclusion_reason="Our own branch")
        self._end(self.TODAY + timedelta(days=3650))
        self.assertEqual(self._kinds(self.customer), ["no_reminders"])

    def test_what_another_transaction_held_is_ended_by_the_next_turn_of_the_day(self):
        other, _invoice = self._late(10, name="Other")
        self._write(self.customer, self.collector, pause_until=self.after, pause_reason="Flood")
        self._exclude(other, until=self.after + timedelta(days=6))
        with patch.object(type(self.customer), "try_lock_for_update", lambda batch: batch.browse()):
            self._end(self.after)
        self.assertEqual(self._kinds(self.customer, self.after), ["pause"])
        self.assertFalse(self.company.ar_exceptions_on == self.after)
        self._end(self.after)
        self.assertEqual(self._kinds(self.customer, self.after), [])
        self.assertEqual((self.company.ar_exceptions_on, len(self._tasks(other, KIND))), (self.after, 1))

    # === BEFORE THE END === #

    def test_who_granted_it_is_told_a_week_before_once(self):
        self._exclude(self.customer)
        self._end(self.until - timedelta(days=8))
        self.assertFalse(self._tasks(self.customer, KIND))
        self._end(self.until - timedelta(days=7))
        task = self._tasks(self.customer, KIND)
        self.assertEqual((task.user_id, task.date_deadline), (self.credit_manager, self.until))
        self.assertIn("Overdue", task.summary)
        task.unlink()
        for days in (6, 3, 0):
            self._end(self.until - timedelta(days=days))
        self.assertFalse(self._tasks(self.customer, KIND))

    def test_nights_left_out_are_made_up_for(self):
        self._end(self.TODAY)
        self._exclude(self.customer)
        self._end(self.until - timedelta(days=2))
        self.assertEqual(self._tasks(self.customer, KIND).date_deadline, self.until)

    def test_several_are_one_task(self):
        self._exclude(self.customer)
        self._exclude(self.customer, code="broken_promise")
        self._end(self.until - timedelta(days=7))
        self.assertEqual(len(self._tasks(self.customer, KIND)), 1)
        self.assertIn("Broken promises", self._tasks(self.customer, KIND).note)

    def test_a_manager_is_told_where_who_granted_it_has_left(self):
        self._exclude(self.customer)
        self.credit_manager.sudo().active = False
        self._end(self.until - timedelta(days=7))
        self.assertEqual(self._tasks(self.customer, KIND).user_id, self.company._ar_get_manager())

    def test_one_that_fails_stops_no_other(self):
        other, _invoice = self._late(10, name="Other")
        self._exclude(self.customer)
        self._exclude(other)
        customers, add_task = type(self.customer), type(self.customer)._add_task

        def fail_once(customer, *args, **options):
            if customer == self.customer:
                raise ValueError("broken")
            return add_task(customer, *args, **options)

        with patch.object(customers, "_add_task", fail_once), self.assertLogs(PROBLEM_LOG, "WARNING"):
            self._end(self.until - timedelta(days=7))
        self.assertTrue(self._tasks(other, KIND))

    def test_exclusions_for_all_are_told_by_a_message(self):
        exclusion = self._exclude()
        self._end(self.until - timedelta(days=7))
        messages = (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", exclusion._name),
                    ("res_id", "=", exclusion.id),
                    ("message_type", "=", "user_notification"),
                ]
            )
        )
        self.assertEqual(messages.partner_ids, self.credit_manager.partner_id)

    def test_the_step_costs_nothing_more_for_many(self):
        def count():
            self.company.sudo().ar_exceptions_on = self.TODAY - timedelta(days=1)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._end()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        few = count()
        for partner in self._partners(20):
            self._write(self._customer(partner), self.collector, pause_until=self.until, pause_reason="Flood")
        self.assertLessEqual(count(), few + 1)
