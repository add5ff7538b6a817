from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.tools import mute_logger

from ..common import PROBLEM_LOG, ArCommon


class TestNotices(ArCommon):
    """Notices about agreements share the queue, the contact limits and the one message a day with reminders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        template = cls._template(subject="About your plan", body_html="<p>News <t t-out='object.agreement_html'/></p>")
        cls.env["ir.model.data"]._update_xmlids(
            [{"xml_id": "ar_collections.mail_template_plan_broken", "record": template}]
        )
        cls.customer, cls.invoice = cls._late(overdue_days=4)
        cls.plan = cls._bare_plan(cls.customer, cls.invoice)

    @classmethod
    def _bare_plan(cls, customer, invoice):
        """Create a plan that nobody agreed on yet, as the subject of a notice."""
        line = cls._debt(invoice)
        values = {"move_line_id": line.id, "amount": 50, "residual_before": 100}
        return (
            cls.env["ar.payment.plan"]
            .sudo()
            .create(
                {
                    "customer_id": customer.id,
                    "currency_id": line.currency_id.id,
                    "amount_total": 50,
                    "line_ids": [Command.create(values)],
                }
            )
        )

    def _send_notice(self, *plans, is_manual=False, day=None):
        plans = self.env["ar.payment.plan"].sudo().union(*plans) or self.plan
        with self._on(day), patch.object(type(self.plan), "_is_notice_valid", lambda _plan, _notice: True):
            return self.env["ar.outreach"]._notify(plans, "plan_broken", is_manual=is_manual)

    def _deliver(self, day=None, holds=True):
        """Work the queue while the notices are still valid, or no longer."""
        with patch.object(type(self.plan), "_is_notice_valid", lambda _plan, _notice: holds):
            return super()._deliver(day)

    def _day_after(self, days):
        return self.TODAY + timedelta(days=days)

    def _log_entries(self):
        """Return [(notice or step's days, state)] of what was sent or prepared, oldest first."""
        return [(c.notice or c.step_id.days, c.state) for c in self._communications(self.customer)]

    # === TEMPLATE === #

    def test_without_its_template_nothing_is_sent_and_nothing_fails(self):
        template = self.env.ref("ar_collections.mail_template_plan_broken")
        opened = [("company_id", "=", self.company.id), ("code", "=", "templates")]
        template.active = False
        self.assertFalse(self._send_notice())  # an administrator does not want it
        self.assertFalse(self.env["ar.problem"].search(opened))
        restored = template.copy()
        (template | self.env.ref("ar_collections.mail_template_promise_due")).unlink()
        self.assertFalse(self._send_notice())
        with mute_logger(PROBLEM_LOG):
            self.env["ar.mail.health"].sudo()._cron_check()
        problem = self.env["ar.problem"].search(opened)
        self.assertIn("deleted: Promise: due tomorrow; Payment plan: ended, not kept.", problem.message)
        names = ("promise_due", "plan_broken")
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": f"ar_collections.mail_template_{name}", "record": restored} for name in names]
        )
        with mute_logger(PROBLEM_LOG):
            self.env["ar.mail.health"].sudo()._cron_check()
        self.assertTrue(problem.solved_on)

    # === DELIVERY === #

    def test_it_is_mailed_and_logged(self):
        with patch.object(
            type(self.plan), "_get_notice_html", lambda _plan, communication: f"<b>{communication.id}</b>"
        ):
            notice = self._send_notice()
        mails = self._deliver()
        self.assertEqual([mail["subject"] for mail in mails], ["About your plan"])
        self.assertIn(f"<b>{notice.id}</b>", mails[0]["body"])
        self.assertEqual(
            (notice.state, notice.date_sent, notice.email_to), ("sent", self.TODAY, "payer@customer.example.com")
        )
        self.assertEqual(notice._get_agreement(), self.plan)
        self.assertIn("News", self.customer.message_ids[0].body)

    def test_it_is_no_reminder_to_be_ignored(self):
        notice = self._send_notice()
        self.assertIn("Just reply to this message", notice.contact_html)
        self.assertNotIn("ignore this reminder", notice.contact_html)
        self.assertIn("Please contact us, and", notice.copy({"channel": "letter"}).contact_html)  # no reply to paper
        reminder = notice.copy({"notice": False})
        self.assertIn("ignore this reminder", reminder.contact_html)

    def test_it_lists_the_contents_of_the_agreement(self):
        line = self._debt(self.invoice)
        with patch.object(type(self.plan), "_get_notice_lines", lambda _plan, _notice: [(line, 30.0)]):
            notice = self._send_notice()
        self.assertEqual(
            [(row.move_line_id, row.amount_left, row.step_id.id) for row in notice.line_ids], [(line, 30.0, False)]
        )

    # === ONE MESSAGE A DAY === #

    def test_the_reminder_of_the_day_waits_for_tomorrow(self):
        self._send_notice()
        self._run()
        self.assertCode(self.customer, "too_soon")
        self.assertEqual(len(self._deliver()), 1)
        self.assertEqual(len(self._day(self._day_after(1))), 1)
        self.assertEqual(self._log_entries(), [("plan_broken", "sent"), (3, "sent")])

    def test_after_a_reminder_it_waits_for_tomorrow(self):
        self._day()
        self._send_notice()
        self.assertEqual(self._deliver(), [])
        self.assertEqual(len(self._deliver(self._day_after(1))), 1)
        self.assertEqual(self._log_entries(), [(3, "sent"), ("plan_broken", "sent")])

    def test_a_reminder_that_waits_in_the_queue_gives_way(self):
        self._run()
        self._send_notice()
        mails = self._deliver()
        self.assertEqual([mail["subject"] for mail in mails], ["About your plan"])
        self.assertEqual(self._log_entries(), [(3, "planned"), ("plan_broken", "sent")])

    def test_two_notices_are_notified_on_two_days(self):
        other = self._bare_plan(self.customer, self._invoice(self.customer.partner_id, -20))
        self._send_notice(self.plan, other)
        self.assertEqual([len(self._deliver(self._day_after(day))) for day in range(3)], [1, 1, 0])

    def test_a_weekend_holds_it_and_monday_is_its_day(self):
        saturday, monday = self._day_after(3), self._day_after(5)
        self._send_notice(day=saturday)
        self.assertEqual(self._deliver(saturday), [])
        self._run(monday)
        self.assertCode(self.customer, "too_soon")
        self.assertEqual(len(self._deliver(monday)), 1)
        self.assertEqual(self._communications(self.customer).date_sent, monday)

    def test_contact_limits_hold_it(self):
        self.policy.minimum_gap_days = 3
        self._day()
        self._send_notice(day=self._day_after(1))
        self.assertEqual([len(self._deliver(self._day_after(day))) for day in (1, 2, 5)], [0, 0, 1])

    def test_a_paused_customer_is_notified_afterwards(self):
        self.customer.write({"pause_until": self._day_after(1), "pause_reason": "Talks"})
        self._send_notice()
        self.assertEqual([len(self._deliver(self._day_after(day))) for day in (0, 1)], [0, 1])

    # === ANSWERS TO REQUESTS === #

    def test_an_answer_goes_out_at_once(self):
        self._day()
        sunday = self._day_after(4)
        self._send_notice(is_manual=True)
        self._send_notice(is_manual=True, day=sunday)
        self.assertEqual([len(self._deliver()), len(self._deliver(sunday))], [2, 0])

    def test_an_answer_counts_as_a_contact(self):
        self.policy.minimum_gap_days = 2
        self._send_notice(is_manual=True)
        self._deliver()
        self._run(self._day_after(1))
        self.assertCode(self.customer, "too_soon")

    # === NOT SENT === #

    def test_what_is_no_longer_true_is_cancelled(self):
        notice = self._send_notice()
        self.assertEqual(self._deliver(holds=False), [])
        self.assertEqual((notice.state, notice.cancel_reason), ("cancelled", "outdated"))

    def test_nothing_before_activation(self):
        self.company.ar_active = False
        self.assertFalse(self._send_notice())
        self.assertFalse(self._send_notice(is_manual=True))

    def test_nothing_automatic_for_who_is_never_reminded(self):
        self.customer.write({"excluded": True, "exclusion_reason": "Family"})
        self.assertFalse(self._send_notice())
        self.assertTrue(self._send_notice(is_manual=True))

    def test_without_an_address_the_collector_is_asked(self):
        self.customer.partner_id.email = False
        self.assertFalse(self._send_notice())
        self.assertIn(self.plan.name, self._tasks(self.customer, "address").summary)

    def test_the_night_run_leaves_notices_alone(self):
        notice = self._send_notice()
        for _twice in range(2):
            self._run(self._day_after(1))
        self.assertEqual(notice.state, "planned")

    def test_where_collections_were_stopped_it_waits(self):
        notice = self._send_notice()
        self.company.ar_active = False
        self.assertEqual(self._deliver(), [])
        self.assertEqual(notice.state, "planned")


class TestAgreement(ArCommon):
    """What promises, disputes and plans have in common."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late()
        cls.plan = TestNotices._bare_plan.__func__(cls, cls.customer, cls.invoice)

    def test_it_has_a_number_and_belongs_to_company_and_partner(self):
        self.assertRegex(self.plan.name, r"^PLAN/\d{5}$")
        self.assertEqual((self.plan.company_id, self.plan.partner_id), (self.company, self.customer.partner_id))

    def test_illegal_moves_are_refused(self):
        self.assertFalse(self.plan._set_state("completed"))
        self.assertEqual(self.plan.state, "draft")
        self.assertEqual(self.plan._set_state("active"), self.plan)

    def test_it_is_kept(self):
        with self.assertRaisesRegex(Exception, "cannot be deleted"):
            self.plan.unlink()

    def test_the_history_is_on_the_customers_thread(self):
        self.plan._log_on_thread("Agreed <b>today</b>")
        body = self.customer.message_ids[0].body
        self.assertIn(self.plan.name, body)
        self.assertIn("Agreed &lt;b&gt;today&lt;/b&gt;", body)
