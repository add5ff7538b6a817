from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .common_arrival import ArrivalCommon


class TestArrivalRule(ArrivalCommon):
    """Only what was delivered or viewed is reminded, where the policy says so; the collector gets one task."""

    TASK = "not_arrived"

    def _remind(self, day=None):
        """Run the day; return the documents that a new reminder lists."""
        before = self._communications(self.customer)
        self._run(day)
        return (self._communications(self.customer) - before).line_ids.mapped("name")

    def test_off_is_as_before(self):
        self.assertEqual(self._remind(), [self.invoice.name])
        self.assertFalse(self._communications(self.customer).line_ids.arrival_state)
        self.assertFalse(self._tasks(self.customer, self.TASK))

    def test_never_sent_waits_with_one_task_until_it_is_delivered(self):
        self.policy.arrival_rule = "wait"
        self.assertEqual(self._remind(), [])
        self.assertCode(self.customer, "not_arrived")
        task = self._tasks(self.customer, self.TASK)
        self.assertEqual((len(task), task.user_id), (1, self.collector))
        self.assertIn(f"{self.invoice.name} (Not sent)", task.summary)
        task.unlink()  # done, and the invoice was not sent
        self.assertEqual(self._remind(self.tomorrow), [])
        self.assertFalse(self._tasks(self.customer, self.TASK))
        self._send(self.invoice, self.tomorrow)
        self.assertEqual(self._remind(self.tomorrow), [])
        self.assertEqual(self._remind(self.tomorrow + timedelta(days=1)), [self.invoice.name])

    def test_a_bounce_before_the_delivery_stops_the_reminder_and_adds_to_the_task(self):
        self.policy.arrival_rule = "wait"
        (message,) = self._send(self.invoice, self.TODAY - timedelta(days=2))
        other = self._invoice(self.customer.partner_id, 40)
        self.assertEqual(self._remind(), [self.invoice.name])
        self._bounce_of(message)
        self.assertEqual(self._deliver(), [])
        self.assertEqual(self._states(self.customer)[-1][1], "cancelled")
        self._run(self.tomorrow)
        task = self._tasks(self.customer, self.TASK)
        self.assertEqual(len(task), 1)
        self.assertIn(other.name, task.summary)
        self.assertIn(f"{self.invoice.name} (Bounced)", task.note)

    def test_the_task_ends_when_a_person_marks_it_as_delivered(self):
        self.policy.arrival_rule = "wait"
        self._remind()
        with self._on(), mute_logger("odoo.addons.base.models.ir_rule"):
            with self.assertRaises(UserError):
                self.invoice.with_user(self._user("auditor", login="arrival-auditor")).action_ar_mark_delivered()
            self.invoice.with_user(self.collector).action_ar_mark_delivered()
        fact = self.invoice.ar_arrival_ids[0]
        self.assertEqual((fact.kind, fact.user_id), ("marked", self.collector))
        self.assertEqual(self._state(self.invoice), "delivered")
        self.assertEqual(self._remind(), [self.invoice.name])
        self.assertFalse(self._tasks(self.customer, self.TASK))
        self.assertFalse(self.customer.arrival_task_date)

    def test_opening_balances_are_marked_item_by_item_and_in_bulk(self):
        self.policy.arrival_rule = "wait"
        others = self._partners(2)
        entry = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "date": self.TODAY - timedelta(days=30),
                "line_ids": [
                    Command.create({
                        "account_id": self.company_data["default_account_receivable"].id, "partner_id": partner.id,
                        "debit": 50, "date_maturity": self.TODAY - timedelta(days=5), "name": "Opening",
                    })
                    for partner in others
                ] + [Command.create({"account_id": self.company_data["default_account_revenue"].id, "credit": 100})],
            }
        )  # fmt: skip
        entry.action_post()
        first, second = (self._customer(partner) for partner in others)
        lines = entry.line_ids.filtered("debit").sorted("id")
        self._run()
        self.assertCode(first, "not_arrived")
        with self._on():
            lines[:1].with_user(self.collector).action_ar_mark_delivered()
        self._run()
        self.assertCode(first, "step_reached")
        self.assertCode(second, "not_arrived")
        with self._on():
            (lines[1:] | self._debt(self.invoice)).with_user(self.collector).action_ar_mark_delivered()
        self.assertEqual(lines.mapped("ar_arrival_state"), ["delivered", "delivered"])
        self.assertEqual(self._state(self.invoice), "delivered")
        with self.assertRaises(UserError):
            entry.line_ids.with_user(self.collector).action_ar_mark_delivered()

    def test_nobody_marks_documents_of_another_company(self):
        elsewhere = self._create_company(name="Elsewhere")
        values = {"company_id": elsewhere.id, "company_ids": [Command.set(elsewhere.ids)]}
        stranger = self._user("collector", login="arrival-stranger", **values)
        with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(AccessError):
            self.invoice.with_user(stranger).action_ar_mark_delivered()
        self.assertEqual(self._kinds(self.invoice), [])

    def test_assumed_is_reminded_and_the_log_says_why(self):
        self.policy.arrival_rule = "assume"
        self._send(self.invoice, self.TODAY - timedelta(days=3))
        other = self._invoice(self.customer.partner_id, 4)
        self._remind()
        lines = self._communications(self.customer).line_ids
        self.assertEqual({line.move_id: line.arrival_state for line in lines}, {self.invoice: False, other: "not_sent"})
        self.assertFalse(self._tasks(self.customer, self.TASK))

    def test_a_person_may_remind_all_the_same(self):
        self.policy.arrival_rule = "wait"
        self._run()
        with self._on():
            action = self._debt(self.invoice).with_user(self.collector).action_ar_remind()
            self.env["ar.remind"].with_user(self.collector).browse(action["res_id"]).action_send()
        self.assertEqual(self._communications(self.customer).line_ids.mapped("name"), [self.invoice.name])
        self.assertTrue(self._tasks(self.customer, self.TASK))
        self._run()
        self.assertEqual(len(self._deliver()), 1)

    def test_what_no_policy_asks_for_is_not_read(self):
        """The facts cost two more statements where a policy of the batch waits, and none where it does not."""
        partners = self._partners(12)
        self._invoices(partners, 4)
        customers = self.env["ar.customer"].union(*(self._customer(partner) for partner in partners)).sudo()

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            with self._on():
                before = self.env.cr.sql_log_count
                customers._decide(self.TODAY)
                return self.env.cr.sql_log_count - before

        count()
        off = count()
        self.policy.arrival_rule = "wait"
        wait = count()
        self.policy.arrival_rule = "assume"
        assume = count()
        self.assertEqual((wait - off, assume - off), (2, 1))
