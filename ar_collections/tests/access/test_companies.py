from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError

from ..common import ArCommon


class TestCompanies(ArCommon):
    """Law 9: companies never mix; a customer of two companies is contacted by each of them separately."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        data = cls.setup_other_company(name="Second Company")
        cls.second = data["company"]
        cls.second.write({"ar_active": True, "email": "books@second.example.com"})
        cls.env["ar.credit.policy"].search([("company_id", "=", cls.second.id)]).unlink()
        cls.other_collector = cls._user(
            "collector",
            name="Other collector",
            email="other@second.example.com",
            company_id=cls.second.id,
            company_ids=[Command.set(cls.second.ids)],
        )
        steps = {"days": 7, "mail_template_id": cls._template(subject="Second speaks").id}
        cls.other_policy = cls._policy(
            company_id=cls.second.id,
            schedule_id=cls._schedule(steps).id,
            entry_step_id=False,
            user_id=cls.other_collector.id,
            calendar_id=False,
        )
        cls.partner = cls._partner()
        cls.invoice = cls._invoice(cls.partner, 8, 100)
        cls.other_invoice = cls._invoice(cls.partner, 8, 900, company=cls.second)
        cls.mine = cls._customer(cls.partner)
        cls.theirs = cls._customer(cls.partner, cls.second)

    def _run_both(self, day=None):
        return self._run(day, companies=self.company | self.second)

    def test_each_company_has_its_own_account_of_the_customer(self):
        self.assertNotEqual(self.mine, self.theirs)
        self.assertEqual((self.mine.policy_id, self.theirs.policy_id), (self.policy, self.other_policy))

    def test_each_sends_with_its_own_sender_rules_and_amounts(self):
        self._run_both()
        mails = {mail["subject"]: mail for mail in self._deliver()}
        self.assertEqual(len(mails), 2)
        self.assertIn("other@second.example.com", mails["Second speaks"]["email_from"])
        mine, theirs = self._communications(self.mine), self._communications(self.theirs)
        self.assertEqual((mine.amount_total, theirs.amount_total), (100, 900))
        self.assertEqual((mine.line_ids.move_id, theirs.line_ids.move_id), (self.invoice, self.other_invoice))
        self.assertEqual((mine.step_id.days, theirs.step_id.days), (3, 7))
        self.assertNotIn("900.00", mine.body)

    def test_a_contact_of_one_company_is_none_of_the_other(self):
        self._run()
        self._deliver()
        self._run_both()
        self.assertEqual(self._states(self.theirs), [(7, "planned")])

    def test_a_credit_in_one_company_covers_nothing_in_the_other(self):
        self._invoice(self.partner, 1, 900, move_type="out_refund", company=self.second)
        self._run_both()
        self.assertCode(self.theirs, "covered_by_credit")
        self.assertCode(self.mine, "step_reached")
        self.assertEqual(self._communications(self.mine).amount_total, 100)

    def test_a_branch_that_shares_the_accounts_is_a_company_of_its_own(self):
        branch = self.env["res.company"].sudo().create({"name": "Branch", "parent_id": self.company.id})
        self.env.user.company_ids |= branch
        partner = self._partner(name="Customer of both", email="both@customer.example.com")
        shared = self.company_data["default_account_receivable"]
        partner.with_company(branch).property_account_receivable_id = shared
        values = {"journal_id": self.company_data["default_journal_sale"].id}
        there = self._invoice(partner, 8, 700, company=branch, **values)
        here = self._invoice(partner, 8, 50)
        self.assertEqual(self._debt(there).account_id, self._debt(here).account_id)
        self._run()
        self.assertEqual(self._communications(self._customer(partner)).amount_total, 50)
        self.assertEqual(self._customer(partner, branch).company_id, branch)

    def test_only_the_company_that_runs_is_touched(self):
        self._run()
        self.assertEqual(self._states(self.theirs), [])
        self.assertFalse(self.theirs.decision_date)

    def test_a_company_that_is_not_active_sends_nothing(self):
        self.second.ar_active = False
        self._run_both()
        self.assertEqual((self._states(self.mine), self._states(self.theirs)), ([(3, "planned")], []))
        self.assertCode(self.theirs, "not_active")
        self.assertEqual(self.theirs.balance, 900)

    def test_a_pause_of_one_company_binds_that_one_alone(self):
        self.mine.write({"pause_until": date(2026, 7, 1), "pause_reason": "Talks"})
        self._run_both()
        self.assertCode(self.mine, "paused")
        self.assertEqual(self._states(self.theirs), [(7, "planned")])

    def test_collectors_see_their_own_company_alone(self):
        self._run_both()
        for model in ("ar.customer", "ar.communication", "ar.communication.line", "ar.credit.policy"):
            with self.subTest(model=model):
                found = self.env[model].with_user(self.other_collector).search([])
                self.assertEqual(found.company_id, self.second)

    def test_a_schedule_of_another_company_cannot_be_selected(self):
        self.other_policy.schedule_id.company_id = self.second
        with self.assertRaisesRegex(Exception, "company"):
            self.policy.write({"entry_step_id": False, "schedule_id": self.other_policy.schedule_id.id})

    def test_a_setting_that_another_company_uses_stays(self):
        with self.assertRaisesRegex(UserError, "create one for Second Company instead"):
            self.policy.company_id = self.second
        with self.assertRaisesRegex(UserError, "Credit Policy: "):
            self.policy.schedule_id.company_id = self.second
        self.other_policy.schedule_id.company_id = self.second
        reason = self.env["ar.dispute.reason"].create({"name": "Price"})
        dispute = {self._debt(self.invoice).id: None}
        with self._on():
            self.env["ar.dispute"]._raise_dispute(self.mine, reason, dispute, "Too much")
        with self.assertRaisesRegex(UserError, "Dispute: 1"):
            reason.company_id = self.second
        reason.company_id = self.company

    def test_each_company_lives_in_its_own_day(self):
        self.second.resource_calendar_id = self.env["resource.calendar"].create(
            {"name": "Far", "tz": "Pacific/Auckland"}
        )
        self.assertEqual(self._at("2026-06-10 13:00:00"), (date(2026, 6, 10), date(2026, 6, 11)))

    def _at(self, moment):
        with freeze_time(moment):
            return self.company._ar_today(), self.second._ar_today()

    def test_a_new_company_gets_a_policy_and_is_not_active(self):
        company = self.env["res.company"].create({"name": "Third"})
        self.assertEqual(len(company.ar_policy_ids), 1)
        self.assertFalse(company.ar_active)
