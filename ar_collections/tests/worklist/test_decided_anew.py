from contextlib import contextmanager
from datetime import date, timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, Command
from odoo.tests import tagged

from ..common import ArCommon
from ..disputes.common_dispute import ArDisputeCommon
from ..matching.common_matching import ArMatchingCommon
from ..plans.common_plans import ArPlanCommon
from ..promises.common_promise import PromiseCommon


class AnewCommon(ArCommon):
    """Actions of a collector, after which worklist and form show what holds at this moment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = cls._user("manager", login="anew-colleague")

    @contextmanager
    def _acting(self, user=None):
        """Act as the collector in a transaction of its own."""
        self.env.cr.precommit.run()
        with self._on():
            yield self.customer.with_user(user or self.collector)
            self.env.flush_all()
            self.env.cr.precommit.run()
        self.env.invalidate_all()

    def assertDecided(self, code, step=None):
        """Assert decision and next step as stored, that they are those of a new decision, and who worked on it."""
        self.assertCode(self.customer, code)
        with self._on():
            verdict = self.customer._decide(self.TODAY)[self.customer]
        self.assertEqual(verdict.decision.code, code)
        if step is not None:
            self.assertEqual(self.customer.next_step_id, step)
        self.assertEqual(self.customer.worked_by_id, self.collector)
        with self._on():
            self.assertTrue(self.customer.with_user(self.collector).worked_today)
            self.assertFalse(self.customer.with_user(self.colleague).worked_today)


class TestPromisesDecidedAnew(PromiseCommon, AnewCommon):
    """Promises and calls."""

    def test_a_promise_of_all_that_is_late_waits_at_once(self):
        self._run(self.TODAY - timedelta(days=1))
        before = self.customer.priority_score
        with self._acting() as customer:
            wizard = self.env["ar.promise.new"].browse(customer.action_promise()["res_id"]).with_user(self.collector)
            action = wizard.action_record()
        self.assertDecided("promise_open")
        self.assertEqual(action["params"]["next"]["type"], "ir.actions.act_window_close")
        self.assertLess(self.customer.priority_score, before)
        self.assertEqual(self.customer.decision_date, self.TODAY - timedelta(days=1))
        days = [wizard._get_first_date(self.customer, date(2026, 6, number)) for number in (14, 15)]
        self.assertEqual(days, [date(2026, 6, 19), date(2026, 6, 22)])  # a week later is a Sunday, a Monday

    def test_a_withdrawn_promise_no_longer_waits(self):
        promise = self._promise({self.old: None, self.new: None})
        with self._acting():
            self.env["ar.promise.withdraw"].with_user(self.collector).create(
                {"promise_ids": [Command.set(promise.ids)], "reason": "Mistake"}
            ).action_withdraw()
        self.assertCode(self.customer, "too_soon")  # the confirmation of the promise was sent today
        self.assertEqual(self.customer.worked_by_id, self.collector)

    def test_a_call_counts_at_once(self):
        with self._acting() as customer:
            customer._log_call("not_reached", self.partner, "", self.TODAY + timedelta(days=1))
        self.assertEqual(self.customer.last_contact_date, self.TODAY)
        self.assertIn("not_reached", [part["code"] for part in self.customer.priority_parts])
        self.assertDecided("too_soon")

    def test_nobody_has_worked_on_what_the_system_did(self):
        self.env.cr.precommit.run()
        self.customer.sudo().worked_by_id = False
        nightly = self.env["ar.customer"].with_user(SUPERUSER_ID)
        with self._on():
            nightly._run_day(self.TODAY, companies=self.company)
        self.env.cr.precommit.run()
        self.assertFalse(self.customer.worked_by_id)

    def test_a_failure_leaves_what_was_done(self):
        broken = patch.object(type(self.customer), "_decide_anew", side_effect=ValueError)
        with broken, self._acting() as customer:
            customer._log_call("reached", self.partner)
        self.assertEqual(self._communications(self.customer).call_result, "reached")

    def test_a_failure_does_not_prevent_an_exclusion(self):
        broken = patch.object(type(self.customer), "_get_result_vals", side_effect=ValueError)
        with broken, self._acting() as customer:
            customer.write({"excluded": True, "exclusion_reason": "Lawyer"})
        self.assertTrue(self.customer.excluded)

    def test_what_a_failure_had_begun_is_undone_and_the_exclusion_stays(self):
        def fail(customers, *_arguments):
            customers.sudo().write({"balance": 7, "decision_code": "paused"})
            raise ValueError

        with patch.object(type(self.customer), "_get_result_vals", fail), self._acting() as customer:
            customer.write({"excluded": True, "exclusion_reason": "Lawyer"})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(self.customer.excluded)
        self.assertNotEqual(self.customer.balance, 7)

    def test_contacts_written_one_by_one_are_decided_together(self):
        contact = self._partner(name="Second", parent_id=self.partner.id, is_company=False)
        other, _invoice = self._late(10, name="Other")
        decided = []
        model = type(self.customer)
        counted = patch.object(model, "_decide_anew", lambda customers: decided.append(customers.ids))
        with counted, self._acting():
            contact.email = "second@elsewhere.example.com"
            self.partner.city = "Shelbyville"
            other.partner_id.city = "Shelbyville"
        self.assertEqual(decided, [(self.customer | other).ids])

    def test_many_are_decided_together(self):
        partners = self._partners(6)
        self._invoices(partners, 10)
        customers = self.env["ar.customer"].search([("partner_id", "in", [p.id for p in partners])])
        counts = []
        for some in (customers[:2], customers[2:]):
            self.env.cr.precommit.run()
            self.env.flush_all()
            self.env.invalidate_all()
            with self._on():
                some._mark_changed()
                start = self.env.cr.sql_log_count
                self.env.cr.precommit.run()
                counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 4)


class TestExclusionsDecidedAnew(PromiseCommon, AnewCommon):
    """Exclusions of customers and items, in the form and from the list."""

    def test_the_form_that_excludes_shows_it_when_it_is_saved(self):
        with self._acting() as customer:
            values = {"excluded": True, "exclusion_reason": "Lawyer"}
            (shown,) = customer.web_save(values, {"decision_code": {}, "next_text": {}, "next_step_id": {}})
            self.assertEqual((shown["decision_code"], shown["next_step_id"]), ("excluded", False))
            self.assertIn("Excluded from reminders: Lawyer.", shown["next_text"])
        self.assertDecided("excluded")
        with self._acting() as customer:
            customer.action_resume()
        self.assertDecided("step_reached")
        self.assertFalse(self.customer.exclusion_reason)

    def test_from_the_list_until_a_day_and_resumed(self):
        wizard = self.env["ar.customer.bulk"].with_user(self.collector)
        with self._acting():
            values = {"task": "pause", "until": self.TODAY + timedelta(days=3), "reason": "Talks"}
            wizard.create({**values, "customer_ids": [Command.set(self.customer.ids)]}).action_apply()
        self.assertDecided("paused")
        with self._on():
            self.assertTrue(self.customer.is_excluded)
        with self._acting() as customer:
            customer.action_resume()
        self.assertDecided("step_reached")

    def test_no_follow_up_of_all_items_and_back(self):
        lines = self._debt(self.old) | self._debt(self.new)
        with self._acting() as customer:
            customer._set_no_chase(lines, "Under audit")
        self.assertDecided("excluded")
        with self._acting():
            lines.with_user(self.collector).action_ar_resume_reminders()
        self.assertDecided("step_reached")

    def test_resuming_the_list_changes_only_who_was_excluded(self):
        other, _invoice = self._late(10, name="Other")
        self.customer.write({"excluded": True, "exclusion_reason": "Lawyer"})
        with self._acting() as customer:
            (customer | other.with_user(self.collector)).action_resume()
        self.assertEqual((self.customer.excluded, self.customer.pause_until), (False, self.TODAY))
        self.assertFalse(other.pause_until)

    def test_a_corrected_address_is_used_at_once(self):
        self.partner.email = False
        with self._acting() as customer:
            customer._mark_changed()
        self.assertDecided("no_address")
        with self._acting():
            self.partner.email = "right@customer.example.com"
        self.assertCode(self.customer, "step_reached")

    def test_a_snooze_is_work_but_decides_nothing(self):
        with self._acting() as customer:
            customer.write({"snooze_until": self.TODAY + timedelta(days=2)})
        self.assertEqual(self.customer.worked_by_id, self.collector)
        self.assertFalse(self.customer.decision_code)

    def test_a_reminder_that_was_sent(self):
        with self._acting() as customer:
            action = customer.action_remind_now()
            self.env[action["res_model"]].with_user(self.collector).browse(action["res_id"]).action_send()
        self.assertDecided("already_sent")

    def test_a_reminder_sent_from_the_preview(self):
        with self._acting() as customer:
            action = customer.action_preview_reminders()
            self.env["ar.preview.line"].with_user(self.collector).search(action["domain"]).action_send_now()
        self.assertDecided("already_sent")


class TestDisputesDecidedAnew(ArDisputeCommon, AnewCommon):
    """Disputes."""

    def test_a_dispute_waits_at_once_and_its_answer_ends_it(self):
        with self._acting():
            dispute = self._dispute()
        self.assertDecided("disputed")
        with self._acting():
            self._resolve(dispute, 0)
        self.assertNotEqual(self.customer.decision_code, "step_reached")  # rejected: some days of grace


class TestPlansDecidedAnew(ArPlanCommon, AnewCommon):
    """Payment plans."""

    def test_a_plan_waits_at_once(self):
        with self._acting():
            self._active()
        self.assertCode(self.customer, "plan_active")
        with self._on():
            self.assertEqual(self.customer._decide(self.TODAY)[self.customer].decision.code, "plan_active")


class TestMatchesDecidedAnew(ArMatchingCommon, AnewCommon):
    """Payments applied from *Match First*, messages in review and letters."""

    def test_a_matched_payment_settles_the_account_at_once(self):
        self.customer, invoice = self._late(20, 300)
        self._run()
        self.assertEqual(self.customer.overdue, 300)
        self._payment(self.customer.partner_id, 300.0, memo=invoice.name)
        with self._acting():
            self._rows(self.customer.partner_id, self.collector).action_apply()
        self.assertDecided("nothing_due")
        self.assertEqual((self.customer.balance, self.customer.priority_score), (0, 0))

    def _settle(self, invoice):
        """Pay the invoice, and decide about the account anew, as some action of a colleague does."""
        self._pay(invoice)
        with self._acting() as customer:
            customer._mark_changed()
        self.assertCode(self.customer, "nothing_due")
        self.assertFalse(self.customer.balance)

    def test_the_night_ends_what_waits_for_a_customer_who_settled_all(self):
        cases = {"review": ("email", 10), "planned": ("letter", 0), "call": ("call", 0)}
        for kind, (channel, review_above) in cases.items():
            with self.subTest(kind=kind):
                self._on_schedule({"days": 3, "channel": channel, "letter_text": "<p>Please pay.</p>"})
                self.policy.review_above = review_above
                self.customer, invoice = self._late(4, 300, name=kind)
                self._run()
                message = self._communications(self.customer)
                self.assertIn(message.state, ("review", "planned"))
                self._settle(invoice)
                self._run(self.TODAY + timedelta(days=1))
                self.assertEqual((message.state, message.cancel_reason), ("cancelled", "nothing_due"))
                self.assertFalse(self._tasks(self.customer, "review") | self._tasks(self.customer, "call"))

    def test_the_night_ends_the_task_to_match_of_a_customer_who_settled_all(self):
        self.customer, invoice = self._late(4, 300)
        line = self._statement_line(300.0, partner_id=self.customer.partner_id.id)
        self._run()
        self.assertTrue(self._tasks(self.customer, "match"))
        line.action_undo_reconciliation()
        line.unlink()
        self._settle(invoice)
        self._run(self.TODAY + timedelta(days=1))
        self.assertFalse(self._tasks(self.customer, "match"))
        self.assertFalse(self.customer.match_task_date)

    def test_a_message_in_review_stays_due_until_it_is_approved(self):
        self.customer, _invoice = self._late(4, 300)
        self.policy.review_above = 10
        self._run()
        with self._acting() as customer:
            customer._log_call("not_reached", customer.partner_id, "", self.TODAY + timedelta(days=1))
        self.assertIn(self.customer.decision_code, ("needs_review", "too_soon"))
        with self._acting():
            self._communications(self.customer)[0].with_user(self.colleague).action_approve()
        self.assertCode(self.customer, "already_sent")
        self.assertEqual(self.customer.worked_by_id, self.colleague)

    @tagged("at_install", "ar_print")
    def test_a_printed_letter_counts_at_once(self):
        self._on_schedule({"days": 3, "channel": "letter", "letter_text": "<p>Please pay.</p>"}, {"days": 40})
        self.customer, _invoice = self._late(4, 300)
        self._run()
        with self._acting():
            letter = self._communications(self.customer).with_user(self.collector)
            action = letter.with_context(force_report_rendering=True).action_print()
        self.assertEqual(action["tag"], "ar_download")  # the list is read again
        self.assertDecided("already_sent")
