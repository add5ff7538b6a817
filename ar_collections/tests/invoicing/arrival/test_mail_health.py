from datetime import timedelta

from odoo import fields
from odoo.tools import mute_logger

from ...common import PROBLEM_LOG
from .common_arrival import ArrivalCommon


class TestMailHealth(ArrivalCommon):
    """What keeps messages from getting through becomes a problem of the company, and ends with its cause."""

    def setUp(self):
        super().setUp()
        self.company.ar_run_ended_on = fields.Datetime.now()  # the stored company may be older

    def _check(self):
        """Check the company; return {code: problem} of what is open."""
        with mute_logger(PROBLEM_LOG):
            self.env["ar.mail.health"].sudo()._cron_check()
        opened = self.env["ar.problem"].search([("company_id", "=", self.company.id), ("solved_on", "=", False)])
        return {problem.code: problem for problem in opened}

    def test_without_anything_wrong_there_is_no_problem(self):
        self.company.alias_domain_id = self.mail_alias_domain
        self.assertEqual(self._check(), {})

    def test_no_bounce_address_and_no_sender(self):
        self.company.write({"alias_domain_id": False, "email": False})
        problem = self._check()["mail_setup"]
        self.assertIn("no alias domain", problem.message)
        self.assertIn("no email address", problem.message)
        self.assertTrue(problem.advice)
        self.assertEqual(self._check()["mail_setup"].times, 1)  # once a day
        self.company.write({"alias_domain_id": self.mail_alias_domain.id, "email": "books@company.example.com"})
        self.assertNotIn("mail_setup", self._check())
        self.assertTrue(problem.solved_on)

    def test_the_mail_queue_stands_still(self):
        mail = self.env["mail.mail"].sudo().create({"body_html": "<p>Hello</p>", "email_to": "a@b.example.com"})
        self.assertNotIn("mail_queue", self._check())
        mail.scheduled_date = fields.Datetime.now() + timedelta(days=2)
        self.env.cr.execute("UPDATE mail_mail SET create_date = %s", [fields.Datetime.now() - timedelta(hours=5)])
        self.assertNotIn("mail_queue", self._check())
        mail.scheduled_date = False
        self.assertIn("emails waiting: 1", self._check()["mail_queue"].message)
        mail.unlink()
        self.assertNotIn("mail_queue", self._check())
        self._run()
        recipient = self._communications(self.customer).address_ids
        self.env.flush_all()
        waits = "UPDATE mail_mail SET scheduled_date = NULL, create_date = %s WHERE id = %s"
        self.env.cr.execute(waits, [fields.Datetime.now() - timedelta(hours=5), recipient.mail_mail_id.id])
        self.assertIn("emails waiting: 1", self._check()["mail_queue"].message)
        elsewhere = self._create_company(name="Deactivated")
        elsewhere.ar_active = False
        self.env.flush_all()
        moved = "UPDATE ar_communication_recipient SET company_id = %s WHERE id = %s"
        self.env.cr.execute(moved, [elsewhere.id, recipient.id])
        self.env.invalidate_all()
        self.assertNotIn("mail_queue", self._check())  # its messages wait on purpose

    def test_no_nightly_run(self):
        cron = self.env.ref("ar_collections.ir_cron_nightly").sudo()
        self.company.ar_run_ended_on = fields.Datetime.now() - timedelta(hours=30)
        # It is called each hour, and ended by a limit each time.
        cron.lastcall = fields.Datetime.now()
        self.env["ir.cron.progress"].sudo().create({"cron_id": cron.id, "timed_out_counter": 2})
        problem = self._check()["nightly_run"]
        self.assertIn("has not come to its end", problem.message)
        self.assertEqual(problem.sudo().activity_ids.user_id, self.company._ar_get_manager())
        self.assertTrue(problem.told_on)  # the night, which tells of other problems, does not run
        problem.with_user(self._user("manager")).action_solve()
        self.assertNotIn("nightly_run", self._check())
        problem.sudo().solved_on -= timedelta(hours=21)  # a dead night is never on purpose
        self.assertIn("nightly_run", self._check())
        self.company.ar_active = True  # saved anew in the dialog: that is no run
        self.assertIn("nightly_run", self._check())
        _code, model, method = self.env["ar.nightly"]._get_phases()[0][-1]
        self.assertTrue(getattr(self.env[model].sudo(), method)(self.company, self.TODAY))
        self.assertNotIn("nightly_run", self._check())
        cron.active = False
        self.assertIn("switched off", self._check()["nightly_run"].message)

    def test_scheduled_actions_that_do_not_run_are_named(self):
        now = fields.Datetime.now()
        health = self.env["ar.mail.health"].sudo().with_context(lastcall=now - timedelta(hours=1))
        actions = health._get_actions()
        actions.write({"active": True, "nextcall": now, "failure_count": 0})
        self.assertEqual(health._find_actions(), "")
        off, late, failing = actions.sorted("name")[:3]
        off.active = False
        late.nextcall = now - timedelta(days=2)
        failing.write({"failure_count": 3, "first_failure_date": now - timedelta(days=1)})
        with mute_logger(PROBLEM_LOG):
            health._check_actions()
        problem = self._check()["scheduled_actions"]
        for text in (f"Switched off: {off.name}.", f"failing: {late.name}, {failing.name}."):
            self.assertIn(text, problem.message)
        problem.with_user(self._user("manager")).action_solve()
        health._check_actions()  # marked as solved: it is on purpose
        self.assertNotIn("scheduled_actions", self._check())
        failing.failure_count = 0
        with mute_logger(PROBLEM_LOG):
            health._check_actions()
        again = self._check()["scheduled_actions"]
        again.with_user(self._user("manager", login="accepts")).action_solve()
        (off | late).write({"active": True, "nextcall": now})
        health._check_actions()  # the cause is gone, and with it what was accepted
        off.active, late.nextcall = False, now - timedelta(days=2)
        with mute_logger(PROBLEM_LOG):
            health._check_actions()
        self.assertEqual(self._check()["scheduled_actions"].message, again.message)
        self.assertIn(self.env.ref("mail.ir_cron_mail_scheduler_action").sudo(), actions)

    def _store(self, kind, *addresses):
        """Store outcomes of mails of invoices, as they are read from Odoo's notifications."""
        rows = [
            {"move_id": self.invoice.id, "kind": kind, "address": address, "route": address, "reason": "nobody there"}
            for address in addresses
        ]
        self.env["ar.invoice.arrival"].sudo()._store(rows)

    def test_failures_are_grouped_by_mail_domain(self):
        self._store("failed", *(f"p{number}@full.example.com" for number in range(3)), "one@customer.example.com")
        self._store("sent", *(f"p{number}@fine.example.com" for number in range(5)))
        message = self._check()["mail_domains"].message
        self.assertEqual(message, "full.example.com: 3 not delivered (nobody there)")
        self._store("sent", *(f"q{number}@full.example.com" for number in range(4)))
        self.assertNotIn("mail_domains", self._check())

    def test_one_failure_at_each_of_many_domains_is_our_own_server(self):
        self._store("failed", *(f"books@number{number}.example.com" for number in range(3)))
        self.assertEqual(self._check()["mail_domains"].message.count("1 not delivered"), 3)
