from datetime import datetime, time, timedelta

from freezegun import freeze_time

from odoo.tools import mute_logger

from ...common import MAIL_LOGS, PROBLEM_LOG, TEMPLATE_LOGS, ArCommon
from ...migration.common_migration import run_migration

QWEB_LOG = "odoo.addons.base.models.ir_qweb"


class TestRefusedDaily(ArCommon):
    """The same address is refused every day, while others get their messages: it is not tried for ever."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(email="refused@customer.example.com")
        cls.partner = cls.customer.partner_id

    def _refuse(self, days, others=True):
        """Run these days; the mail server refuses the text to the customer, the others get theirs."""
        for number in days:
            day = self.TODAY + timedelta(days=number)
            if others:
                self._invoice(self._partner(name=f"Other {number}", email=f"o{number}@example.com"), 4, today=day)
            self._run(day)
            with self._smtp() as server, mute_logger(*MAIL_LOGS):
                server.replies = {"refused": "554 5.7.1 not accepted"}
                self._work_queue(day)

    def _failures(self):
        return self._communications(self.customer).sudo().address_ids.mapped("failure")

    def test_after_the_policys_number_it_stops_with_a_task(self):
        self._refuse((0, 1, 2, 5, 6, 7))
        self.assertEqual(self._failures(), ["technical"] * 3)
        self.assertCode(self.customer, "no_address")
        self.assertEqual(len(self._tasks(self.customer, "address")), 1)

    def test_another_address_is_used_at_once(self):
        self._refuse((0, 1, 2))
        self.partner.email = "new@customer.example.com"
        self.assertEqual(len(self._day(self.TODAY + timedelta(days=5))), 1)

    def test_a_person_confirms_and_it_is_tried_again(self):
        self._refuse((0, 1, 2))
        with self._on(self.TODAY + timedelta(days=2)):
            self.customer.action_confirm_address()
        self.customer.sudo().address_confirmed_on = "2026-06-12 13:00:00"
        self.assertEqual(len(self._day(self.TODAY + timedelta(days=5))), 1)

    def test_the_number_is_the_policys(self):
        self.policy.failed_deliveries_max = 0
        self._refuse((0, 1, 2, 5))
        self.assertEqual(len(self._failures()), 4)

    def test_where_nobody_gets_anything_the_addresses_are_not_blamed(self):
        self._refuse((0, 1, 2, 5), others=False)
        self.assertEqual(len(self._failures()), 4)


class TestServerRefuses(ArCommon):
    """The mail server refuses all messages, because of us: no address is blamed, and the others wait."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = [cls._late(email=f"ap@domain{number}.example.com")[0] for number in range(6)]

    def _states(self):
        self.env.invalidate_all()
        rows = self.env["ar.communication.recipient"].sudo().search([("company_id", "=", self.company.id)], order="id")
        return [(row.state, row.failure) for row in rows]

    def _problem(self):
        domain = [("code", "=", "mail_refused"), ("company_id", "=", self.company.id), ("solved_on", "=", False)]
        return self.env["ar.problem"].sudo().search(domain)

    def _turn(self, hour, reply):
        """Work the queue at this hour; return the number of messages that the server took."""
        moment = datetime.combine(self.TODAY, time(hour))
        with freeze_time(moment), self._smtp() as server, mute_logger(*MAIL_LOGS, PROBLEM_LOG):
            server.replies = {"example": reply} if reply else {}
            self.env["mail.mail"].sudo().process_email_queue()
            return len(server.messages)

    def test_the_turn_ends_and_the_next_one_finds_out(self):
        self._run()
        denied = "554 5.7.1 Relay access denied"
        self.assertEqual(self._turn(12, denied), 0)
        failed, waiting = ("failed", "technical"), ("planned", False)
        self.assertEqual(self._states(), [failed] * 2 + [waiting] * 4)
        self.assertIn("Relay access denied", self._problem().message)
        self.assertEqual(self._turn(13, denied), 0)
        self.assertEqual(self._states(), [failed] * 2 + [waiting] * 4)
        attempts = self.env["ar.communication.recipient"].sudo().search([("state", "=", "planned")]).mapped("attempts")
        self.assertEqual(sum(attempts), 2, "one refusal ends the turn")
        self.assertEqual(self._turn(16, None), 4)
        self.assertEqual(self._states(), [failed] * 2 + [("sent", False)] * 4)
        self.assertFalse(self._problem())
        self._run(self.TODAY + timedelta(days=1))
        self.assertFalse(self.env["ar.customer"].union(*self.customers).filtered(
            lambda customer: customer.decision_code == "no_address"))  # fmt: skip


class TestMigrationRefusals(ArCommon):
    def test_refusals_of_our_server_blame_no_address_any_more(self):
        """Addresses that replies about our server had marked as wrong are used again."""
        customers = [self._late(email=f"ap{number}@customer.example.com")[0] for number in range(4)]
        self._run()
        log = self._communications(self.env["ar.customer"].union(*customers)).sudo()
        for recipient, reply in zip(
            log.address_ids.sorted("id"),
            ("5.7.1 Relay access denied", "5.1.1 unknown", "nobody of that name", "5.1.10 no such domain"),
            strict=True,
        ):
            recipient._set_state("sending")
            recipient._set_failed("address", str({recipient.address: (550, reply.encode())}))
        log._follow_recipients()
        for _twice in range(2):
            run_migration(self.env, "19.0.1.11.0/post-refusals.py", "19.0.1.10.0")
            expected = ["technical", "address", "address", "address"]
            self.assertEqual(log.address_ids.sorted("id").mapped("failure"), expected)
            self.assertEqual(log.sorted("id").mapped("failure"), expected)


class TestNothingEmpty(ArCommon):
    """Templates, layouts and senders that are broken: a problem, a task once, and nothing empty is sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls._template()
        cls._on_schedule({"days": 3, "mail_template_id": cls.template.id})
        cls.customer, cls.invoice = cls._late()

    def assertStored(self, text):
        """Assert that nothing is sent, by two nights, that the reason is stored, and a manager has one task."""
        for number in (0, 1):
            with mute_logger(PROBLEM_LOG, QWEB_LOG, *TEMPLATE_LOGS, *MAIL_LOGS):
                day = self.TODAY + timedelta(days=number)
                self.assertFalse(self._day(day))
                with self._on(day):
                    self.env["ar.problem"].sudo()._notify_new(self.company, day)
        problems = self.env["ar.problem"].sudo().search([("customer_id", "=", self.customer.id)])
        self.assertEqual(len(problems), 1)
        self.assertIn(text, problems.message)
        self.assertEqual(len(problems.activity_ids), 1)
        self.assertFalse(self._communications(self.customer).filtered(lambda c: c.state == "sent"))

    def test_a_template_that_gives_only_whitespace(self):
        for body in ("<p>  </p>", "<div><br/> &nbsp; </div>", "<t t-if='False'>Pay</t>"):
            with self.subTest(body=body), self.env.cr.savepoint() as savepoint:
                self.template.body_html = body
                self.assertStored("would be empty")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_an_empty_subject(self):
        self.template.subject = "{{ '' }}"
        self.assertStored("would be empty")

    def test_a_template_that_cannot_be_rendered(self):
        self.env.cr.execute(
            "UPDATE mail_template SET body_html = %s WHERE id = %s",
            ['{"en_US": "<p t-out=\'object.gone.name\'/>"}', self.template.id],
        )
        self.env.invalidate_all()
        self.assertStored("gone")

    def test_a_layout_that_is_broken_or_empty(self):
        layout = self.env.ref("ar_collections.communication_mail_layout").sudo()
        for arch, text in (
            ("<t t-name='x'><t t-out='object.gone'/></t>", "gone"),
            ("<t t-name='x'><p> </p></t>", "would be empty"),
        ):
            with self.subTest(arch=arch), self.env.cr.savepoint() as savepoint:
                layout.arch = arch
                self.assertStored(text)
                savepoint.rollback()
                self.env.invalidate_all()
                self.env.registry.clear_cache("templates")

    def test_a_template_that_was_removed(self):
        self.env.cr.execute("UPDATE ar_reminder_step SET mail_template_id = NULL WHERE mail_template_id = %s",
                            [self.template.id])  # fmt: skip
        self.env.invalidate_all()
        self.assertStored("was removed")

    def test_a_company_without_an_email_address(self):
        self.company.email = self.collector.email = False
        self.assertStored("No sender")

    def test_a_language_that_has_gone_is_replaced(self):
        self.env.cr.execute("UPDATE res_partner SET lang = 'xx_XX' WHERE id = %s", [self.customer.partner_id.id])
        self.env.invalidate_all()
        self.assertEqual(len(self._day()), 1)

    def test_it_is_sent_when_the_template_is_corrected(self):
        self.template.body_html = " "
        with mute_logger(PROBLEM_LOG):
            self._run()
        self.template.body_html = "<p>Please pay</p>"
        self.assertEqual(len(self._day(self.TODAY + timedelta(days=1))), 1)
        self.assertFalse(self.customer.run_error)


class TestUnclear(ArCommon):
    """While nobody knows whether a message was delivered, the next one waits for a person's answer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late()

    def _unclear(self):
        """Let the delivery of the customer's last message be unknown."""
        message = self._communications(self.customer)[-1:].sudo()
        message.address_ids._set_state("sending")
        message._set_state("sending", date_sent=self.TODAY)
        message.address_ids._settle_unknown()
        message._follow_recipients()
        return message

    def test_the_next_step_waits_for_the_answer(self):
        self._run()
        first = self._unclear()
        self.assertEqual(first.state, "unknown")
        later = self.TODAY + timedelta(days=7)
        self.assertFalse(self._day(later))
        self.assertCode(self.customer, "delivery_unknown")
        with self._on(later):
            first.with_user(self.collector).action_mark_delivered()
        self.assertFalse(self._tasks(self.customer, "unknown"))
        self.assertEqual(len(self._day(later + timedelta(days=1))), 1)
        self.assertEqual(self._states(self.customer), [(3, "sent"), (10, "sent")])

    def test_one_task_lists_both(self):
        self._run()
        first = self._unclear()
        values = {"customer_id": self.customer.id, "channel": "email", "tone": "firm", "subject": "Another message"}
        dates = {"date": self.TODAY, "date_sent": self.TODAY}
        second = self.env["ar.communication"].sudo().create({**values, **dates})
        second._set_state("sending")
        with self._on():
            second._settle_unknown()
        (task,) = self._tasks(self.customer, "unknown")
        self.assertIn(first.subject, task.summary)
        self.assertIn("Another message", task.summary)
        first.with_user(self.collector).action_mark_not_delivered()
        (task,) = self._tasks(self.customer, "unknown")
        self.assertNotIn(first.subject, task.summary)
        self._run(self.TODAY + timedelta(days=1))
        self.assertCode(self.customer, "delivery_unknown")
        second.with_user(self.collector).action_mark_delivered()
        self.assertFalse(self._tasks(self.customer, "unknown"))

    def test_a_person_may_send_by_hand(self):
        self._run()
        self._unclear()
        self.invoice = self._invoice(self.customer.partner_id, 11, 50)
        with self._on():
            lines = self._debt(self.invoice)
            verdict = self.customer.sudo()._decide_for_items(lines, self.TODAY)
        self.assertTrue(verdict.decision.has_message)


class TestArchivedOnce(ArCommon):
    def test_one_decision_and_one_task_that_does_not_come_back(self):
        customer, _invoice = self._late()
        customer.partner_id.active = False
        for number in range(3):
            self._run(self.TODAY + timedelta(days=number))
            self.assertCode(customer, "archived")
            tasks = self._tasks(customer, "next")
            self.assertEqual(len(tasks), 0 if number else 1)
            tasks.action_feedback()
