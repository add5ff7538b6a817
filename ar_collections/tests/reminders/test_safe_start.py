from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools import mute_logger

from odoo.addons.ar_collections.wizards.reminders import ar_activation

from ..common import PROBLEM_LOG, ArCommon


class TestActivation(ArCommon):
    """Before the first customer is contacted a manager sees what would be sent, and limits it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.ar_active = False
        cls.manager = cls._user("manager")
        for partner, late in zip(cls._partners(3), (5, 60, 400), strict=True):
            cls._invoice(partner, late)

    def _wizard(self, user=None, **values):
        with self._on():
            wizard = self.env["ar.activation"].with_user(user or self.manager).create(values)
            wizard.flush_recordset()
            return wizard

    def test_it_counts_what_the_first_night_would_send(self):
        wizard = self._wizard(daily_ramp=2)
        self.assertRecordValues(wizard.line_ids, [{"step_id": self.friendly.id, "message_count": 3}])
        self.assertEqual((wizard.message_count, wizard.night_count), (3, 2))

    def test_it_counts_once_and_in_batches_of_whole_groups(self):
        """Only customers who owe something; what was counted is saved with the form."""
        payer, settled = (self._customer(self._partner(name=name)) for name in ("Payer", "Owes Nothing"))
        members = self.env["ar.customer"].search([("company_id", "=", self.company.id)]) - payer - settled
        members[:2].payer_id = payer
        counted, facts = [], type(self.env["ar.facts"])
        gather, count = facts._gather, type(self.env["ar.activation"])._count_steps

        def gather_noted(reader, customers, *args):
            counted[-1].append(customers)
            return gather(reader, customers, *args)

        def count_noted(activation):
            counted.append([])
            return count(activation)

        with (
            self._on(),
            patch.object(ar_activation, "READ_BATCH", 1),
            patch.object(facts, "_gather", gather_noted),
            patch.object(type(self.env["ar.activation"]), "_count_steps", count_noted),
        ):
            activation = Form(self.env["ar.activation"].with_user(self.manager)).save()
            activation.flush_recordset()
            self.assertEqual(activation.message_count, 2)
        (batches,) = counted
        self.assertEqual(sorted(map(len, batches)), [1, 3])
        self.assertNotIn(settled, self.env["ar.customer"].union(*batches))

    def test_on_a_weekend_it_counts_for_the_next_working_day(self):
        with self._on(date(2026, 6, 13)):
            self.assertEqual(self.env["ar.activation"].create({}).message_count, 3)

    def test_it_counts_what_the_run_then_prepares(self):
        wizard = self._wizard(daily_ramp=0)
        wizard.action_activate()
        self.assertEqual(sum(self._run()["contacted"].values()), wizard.message_count)

    def test_the_cut_off_date_excludes_older_invoices(self):
        wizard = self._wizard()
        with self._on():
            wizard.cutoff_date = date(2026, 1, 1)
            wizard.flush_recordset()
        self.assertEqual(wizard.message_count, 2)
        with self._on():
            wizard.action_activate()
        summary = self._run()
        self.assertEqual((summary["no_contact"], sum(summary["contacted"].values())), ({"before_cutoff": 1}, 2))

    def test_looking_sends_and_writes_nothing(self):
        self._wizard()
        self.assertFalse(self.env["ar.communication"].search([("company_id", "=", self.company.id)]))
        self.assertFalse(self.company.ar_active)

    def test_activated_it_is_on_record_who_did_it(self):
        wizard = self._wizard(daily_ramp=10)
        with self._on():
            wizard.action_activate()
        self.assertRecordValues(
            self.company, [{"ar_active": True, "ar_activated_by_id": self.manager.id, "ar_daily_ramp": 10}]
        )
        self.assertEqual(self.company.ar_activated_on.date(), self.TODAY)
        logged = self.env["ar.setting.change"].search([("res_model", "=", "res.company")], limit=1)
        self.assertEqual((logged.user_id, logged.company_id), (self.manager, self.company))
        self.assertIn("Collections are active: No → Yes", logged.text)
        self.company.write({"ar_cutoff_date": date(2026, 2, 1), "ar_daily_ramp": 7})
        elsewhere = self._create_company(name="Opened from a Problem")
        both = self.env["ar.activation"].with_context(allowed_company_ids=[elsewhere.id, self.company.id])
        other = both.with_context(default_company_id=self.company.id).create({})
        self.assertEqual((other.cutoff_date, other.daily_ramp), (date(2026, 2, 1), 7))

    def test_a_company_that_cannot_sign_is_not_activated(self):
        self.company.partner_id.email = False
        with self.assertRaisesRegex(UserError, "email address"):
            self._wizard().action_activate()

    def test_a_negative_limit_is_refused(self):
        with self.assertRaisesRegex(UserError, "cannot be negative"):
            self._wizard(daily_ramp=-1).action_activate()

    def test_stopped_by_a_manager_at_once(self):
        wizard = self._wizard()
        wizard.action_activate()
        self._run()
        customers = self.env["ar.customer"].search([("company_id", "=", self.company.id)])
        self.assertTrue(any(customers.mapped("next_date")))
        wizard.action_deactivate()
        self.assertEqual(len(self._deliver()), 0)
        self.assertFalse(any(customers.mapped("next_date")))

    def test_before_activation_the_run_only_looks(self):
        summary = self._run()
        self.assertEqual((summary["contacted"], summary["no_contact"]), ({}, {"not_active": 3}))
        self.assertFalse(self.env["ar.communication"].search([("company_id", "=", self.company.id)]))
        customers = self.env["ar.customer"].search([("company_id", "=", self.company.id)])
        self.assertEqual(sum(customers.mapped("overdue")), 300)

    def test_before_activation_no_dates_are_forecast(self):
        self._run()
        customers = self.env["ar.customer"].search([("company_id", "=", self.company.id)])
        self.assertFalse(any(customers.mapped("next_date")) or customers.next_step_id)
        self.assertIn("Collections are not active", customers[0].next_text)

    def test_another_database_waits_until_a_manager_continues(self):
        customer, _invoice = self._late()
        self.company.ar_active = True
        self._run()
        self.env["ir.config_parameter"].sudo().set_param("database.uuid", "a copy")
        self.env.invalidate_all()
        company = self.company
        self.assertEqual((company.ar_active, company.ar_is_elsewhere), (False, True))
        self.assertNotIn(company, company.search([("ar_active", "=", True)]))
        self.assertIn(company, company.search([("ar_active", "!=", True)]))
        self._deliver()
        self.assertEqual(self._communications(customer).state, "planned")
        with mute_logger(PROBLEM_LOG):
            self.env["ar.mail.health"].sudo()._cron_check()
        opened = [("company_id", "=", company.id), ("code", "=", "other_database"), ("solved_on", "=", False)]
        problem = self.env["ar.problem"].search(opened)
        self.assertTrue(problem.sudo().activity_ids.user_id)
        notice = self.env["ar.customer"].with_user(self.manager).get_worklist_notice()
        self.assertIn("another database", notice["text"])
        action = problem.with_user(self.manager).action_open_record()
        dialog = self.env[action["res_model"]].with_context(**action["context"])
        with self.assertRaises(UserError):
            dialog.sudo().create({}).with_user(self.collector).sudo(False).action_continue()
        dialog.with_user(self.manager).create({}).action_continue()
        self.assertEqual((company.ar_active, company.ar_is_elsewhere), (True, False))
        self.assertTrue(problem.solved_on)
        self._deliver()
        self.assertEqual(self._communications(customer).state, "sent")

    def test_the_worklist_states_that_collections_are_not_active(self):
        worklist = self.env["ar.customer"].with_context(allowed_company_ids=self.company.ids)
        for user, can_activate in ((self.manager, True), (self.collector, False)):
            notice = worklist.with_user(user).get_worklist_notice()
            self.assertIn(self.company.name, notice["text"])
            self.assertEqual(notice["can_activate"], can_activate)
        self.company.ar_active = True
        self.assertFalse(worklist.with_user(self.collector).get_worklist_notice())
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_access", "odoo.http"):
            worklist.with_user(self.internal_user).get_worklist_notice()


class TestRamp(ArCommon):
    """The daily limit of the safe start: oldest debt first, the rest on the next days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.ar_daily_ramp = 2
        cls.partners = cls._partners(5)
        for partner, late in zip(cls.partners, (5, 60, 30, 400, 4), strict=True):
            cls._invoice(partner, late)
        with cls._on(cls):
            cls.env["ar.customer"].sudo()._ensure_for_company(cls.company)
        cls.customers = cls.env["ar.customer"].union(*(cls._customer(partner) for partner in cls.partners))
        cls.customers[3].sudo().oldest_due_date = "2025-05-06"
        cls.customers[1].sudo().oldest_due_date = "2026-04-11"

    def test_the_oldest_debts_come_first_and_the_others_are_notified_why_they_wait(self):
        summary = self._run()
        self.assertEqual((summary["contacted"], summary["no_contact"]), ({"Friendly reminder": 2}, {"daily_ramp": 3}))
        contacted = self._communications(self.customers).customer_id
        self.assertEqual(contacted, self.customers[3] | self.customers[1])
        self.assertCode(self.customers[0], "daily_ramp")

    def test_who_waits_is_shown_tomorrow_as_the_next_contact(self):
        self._run()
        self.assertEqual(self.customers[0].next_date, date(2026, 6, 11))

    def test_the_rest_follows_on_the_next_days(self):
        counts = [len(self._day(date(2026, 6, day))) for day in (10, 11, 12)]
        self.assertEqual(counts, [2, 2, 1])
        self.assertEqual([len(self._states(customer)) for customer in self.customers], [1] * 5)

    def test_running_twice_does_not_send_twice_as_many(self):
        self._run()
        self._run()
        self.assertEqual(len(self._deliver()), 2)
        self._run()
        self.assertEqual(len(self._deliver()), 0)

    def test_what_was_left_over_from_yesterday_counts_too(self):
        self._run()  # and the mail server was down
        self.assertEqual(len(self._day(date(2026, 6, 11))), 2)

    def test_without_a_limit_all_go_out(self):
        self.company.ar_daily_ramp = 0
        self.assertEqual(len(self._day()), 5)
