from datetime import date

from odoo.exceptions import UserError

from ..common import ArCommon


class TestPreview(ArCommon):
    """The preview uses the same decision: what it shows is what the run does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write({"review_above": 5000, "minimum_balance": 20})
        cls.customers = {}
        for name, late, amount in [
            ("due", 5, 100),
            ("review", 5, 9000),
            ("small", 5, 10),
            ("fresh", 1, 100),
            ("unreachable", 5, 100),
            ("paused", 5, 100),
            ("not due", -60, 100),
        ]:
            email = name != "unreachable" and f"{name.replace(' ', '')}@customer.example.com"
            cls.customers[name], _invoice = cls._late(late, amount, name=name, email=email)
        cls.customers["paused"].write({"pause_until": date(2026, 6, 30), "pause_reason": "Talks"})

    def _preview(self, day=None):
        """Return {customer's name: its line}."""
        with self._on():
            preview = (
                self.env["ar.preview"]
                .with_user(self.collector)
                .create({"company_id": self.company.id, "date": day or self.TODAY})
            )
            preview.action_preview()
        return {line.customer_id.display_name: line for line in preview.line_ids}

    def test_the_preview_equals_the_run(self):
        for day in (self.TODAY, date(2026, 6, 13)):
            with self.subTest(day=day):
                shown = {name: line.code for name, line in self._preview(day).items()}
                self._run(day)
                self.env.invalidate_all()
                done = {name: customer.decision_code for name, customer in self.customers.items()}
                self.assertEqual(done.pop("not due"), "nothing_due")
                self.assertEqual(shown, done)

    def test_every_code_is_explained(self):
        codes = {name: line.code for name, line in self._preview().items()}
        self.assertEqual(
            codes,
            {
                "due": "step_reached",
                "review": "needs_review",
                "small": "below_minimum",
                "fresh": "already_sent",
                "unreachable": "no_address",
                "paused": "paused",
            },
        )

    def test_it_writes_nothing(self):
        self._preview()
        self.assertFalse(self.env["ar.communication"].search([("company_id", "=", self.company.id)]))
        self.assertFalse(any(customer.decision_date for customer in self.customers.values()))

    def test_it_shows_amounts_items_and_steps(self):
        customer = self.customers["due"]
        self._invoice(customer.partner_id, 4, 70)
        self._invoice(customer.partner_id, 1, 50, move_type="out_refund")
        line = self._preview()["due"]
        self.assertEqual((line.amount, line.item_count, line.step_id, line.has_message), (120, 2, self.friendly, True))

    def test_it_works_before_activation(self):
        self.company.ar_active = False
        self.assertEqual(self._preview()["due"].code, "step_reached")

    def test_what_waits_from_the_night_is_shown_as_due(self):
        self._run()
        self.assertEqual(self._preview()["due"].code, "step_reached")

    def test_an_auditor_looks_and_sends_nothing(self):
        self.collector = self._user("auditor", login="previewing")
        line = self._preview()["due"].with_user(self.collector)
        self.assertEqual((line.code, line.outcome), ("step_reached", "sent"))
        for button in (line.action_send_now, line.action_skip, line.action_edit):
            with self._on(), self.assertRaises(UserError):
                button()
        self.assertFalse(self._communications(self.customers["due"]))

    # === SEND NOW, SKIP === #

    def test_sent_now_it_goes_out_once(self):
        line = self._preview()["due"]
        with self._on():
            line.action_send_now()
            line.action_send_now()
        self.assertEqual((line.done, len(self._deliver())), ("sent", 1))
        self._run()
        self.assertEqual(len(self._deliver()), 0)
        self.assertEqual(self._communications(self.customers["due"]).is_manual, True)

    def test_sent_now_replaces_what_the_night_prepared(self):
        self._run()
        line = self._preview()["due"]
        with self._on():
            line.action_send_now()
        states = self._states(self.customers["due"])
        self.assertEqual(states, [(3, "cancelled"), (3, "planned")])
        mails = [mail for mail in self._deliver() if "due@" in mail["email_to"][0]]
        self.assertEqual(len(mails), 1)

    def test_a_manual_order_needs_no_review_and_no_working_day(self):
        line = self._preview()["review"]
        saturday = date(2026, 6, 13)
        with self._on(saturday):
            line.action_send_now()
        self.assertEqual(len(self._deliver(saturday)), 1)

    def test_what_cannot_be_sent_is_refused_with_its_reason(self):
        for name, reason in [
            ("paused", "Paused"),
            ("unreachable", "No usable address"),
            ("fresh", "Waiting for next step"),
        ]:
            line = self._preview()[name]
            with self.subTest(name=name), self._on(), self.assertRaisesRegex(UserError, reason):
                line.action_send_now()

    def test_skipped_its_step_is_used_up(self):
        line = self._preview()["due"]
        with self._on():
            line.action_skip()
        self.assertEqual((line.done, self._states(self.customers["due"])), ("skipped", [(3, "skipped")]))
        self._run()
        self.assertCode(self.customers["due"], "already_sent")

    def test_a_refused_manual_order_leaves_what_the_night_prepared(self):
        self._run()
        customer = self.customers["due"]
        line = self._preview()["due"]
        customer.write({"pause_until": date(2026, 7, 1), "pause_reason": "Talks"})
        with self._on(), self.assertRaises(UserError):
            line.action_send_now()
        self.assertEqual(self._states(customer), [(3, "planned")])

    def test_it_is_offered_only_where_it_is_possible(self):
        offered = {name: line.outcome for name, line in self._preview().items()}
        self.assertEqual(
            {name: offered[name] for name in ("due", "review", "fresh", "unreachable", "paused")},
            {"due": "sent", "review": "sent", "fresh": False, "unreachable": False, "paused": False},
        )

    def test_the_preview_of_a_later_day_offers_what_can_be_sent_today(self):
        lines = self._preview(date(2026, 6, 15))
        self.assertEqual((lines["due"].outcome, lines["fresh"].step_id, lines["fresh"].outcome),
                         ("sent", self.friendly, False))  # fmt: skip

    def test_a_call_becomes_a_task_once(self):
        self._on_schedule({"days": 3, "channel": "call"})
        customer = self.customers["due"]
        line = self._preview()["due"]
        with self._on():
            line.action_send_now()
            line.action_send_now()
        self.assertEqual((line.done, len(self._tasks(customer, "call"))), ("task", 1))
        self.assertEqual(self._states(customer), [(3, "planned")])

    def test_a_call_that_the_night_planned_is_shown_as_planned_and_stays(self):
        self._on_schedule({"days": 3, "channel": "call"})
        self._run()
        customer = self.customers["due"]
        line = self._preview()["due"]
        self.assertEqual(line.done, "task")
        with self._on():
            line.action_send_now()
        self.assertEqual((self._states(customer), len(self._tasks(customer, "call"))), ([(3, "planned")], 1))

    def test_a_letter_is_prepared(self):
        self._on_schedule({"days": 3, "channel": "letter", "letter_text": "<p>Please pay.</p>"})
        self.customers["due"].partner_id.write({"street": "1 Quay", "city": "Cork"})
        line = self._preview()["due"]
        with self._on():
            line.action_send_now()
        self.assertEqual(line.done, "letter")

    def test_a_later_day_offers_what_is_sent_today(self):
        self._on_schedule({"days": 3}, {"days": 10, "channel": "letter", "letter_text": "<p>Please pay.</p>"})
        self.customers["due"].partner_id.write({"street": "1 Quay", "city": "Cork"})
        line = self._preview(date(2026, 6, 15))["due"]
        self.assertEqual((line.channel, line.outcome), ("letter", "sent"))
        with self._on():
            line.action_send_now()
        self.assertEqual((line.done, self._communications(line.customer_id).channel), ("sent", "email"))

    def test_an_edited_letter_is_shown_as_a_letter(self):
        self._on_schedule({"days": 3, "channel": "letter", "letter_text": "<p>Please pay.</p>"})
        self.customers["due"].partner_id.write({"street": "1 Quay", "city": "Cork"})
        line = self._preview()["due"]
        with self._on():
            action = line.action_edit()
            self.env[action["res_model"]].with_user(self.collector).browse(action["res_id"]).action_send()
        self.assertEqual(line.done, "letter")

    def test_nothing_is_sent_before_activation(self):
        self.company.ar_active = False
        line = self._preview()["due"]
        with self._on(), self.assertRaisesRegex(UserError, "not active"):
            line.action_send_now()
