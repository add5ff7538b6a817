from datetime import timedelta
from unittest.mock import patch

from ...common import PROBLEM_LOG
from .common_risks import ArRisksCommon


class TestRiskRegister(ArRisksCommon):
    """The register is made anew each night; what people entered stays with what stays."""

    def test_the_largest_amount_comes_first(self):
        self._limit(self.customer, 4000)
        self._night()
        self.assertEqual(self._amounts(self._risks()), [10_000, 6000])

    def test_what_people_entered_stays(self):
        risk = self._risks("concentration")
        later = self.TODAY + timedelta(days=20)
        risk.write({"look_on": later, "note": "Parent company is sound", "user_id": self.collector.id})
        self._small(2)
        again = self._risks("concentration", self.TODAY + timedelta(days=1))
        self.assertEqual(again, risk)
        self.assertEqual((again.look_on, again.note, again.user_id), (later, "Parent company is sound", self.collector))
        self.assertEqual(again.since, self.TODAY)
        self.assertIn("83 %", again.text)

    def test_what_is_gone_disappears(self):
        risk = self._risks("concentration")
        self._pay(self.invoice)
        self.assertFalse(self._risks("concentration"))
        self.assertFalse(risk.exists())

    def test_credit_managers_own_credit_and_collectors_the_rest(self):
        self.assertIn(self._risks("concentration").user_id, self.company._ar_get_credit_contacts())

    def test_what_waits_leaves_the_list_until_its_day(self):
        risk = self._risks("concentration")
        risk.look_on = self.TODAY + timedelta(days=20)
        listed = ["|", ("look_on", "=", False), ("look_on", "<=", "today")]
        for days, is_listed in ((0, False), (19, False), (20, True)):
            with self._on(self.TODAY + timedelta(days=days)):
                self.assertEqual(bool(risk.search([*listed, ("id", "=", risk.id)])), is_listed)

    def test_a_merge_keeps_what_people_entered(self):
        self._limit(self.customer, 4000)
        self._night()
        risk = self._risks("over_limit")
        risk.note = "Guarantee is coming"
        kept, _invoice = self._late(10, name="Kept")
        with self._on():
            kept.sudo()._absorb(self.customer.sudo())
        self.invoice.button_draft()
        self.invoice.partner_id = kept.partner_id
        self.invoice.action_post()
        self._night()
        again = self._risks("over_limit")
        self.assertEqual((again, again.customer_id, again.note), (risk, kept, "Guarantee is coming"))

    def test_a_night_that_changes_nothing_writes_nothing(self):
        self._rebuild()
        risks = type(self.env["ar.credit.risk"])
        with (
            patch.object(risks, "write", side_effect=AssertionError),
            patch.object(
                risks, "create", autospec=True, side_effect=lambda model, rows: self.assertFalse(rows) or model.browse()
            ),
        ):
            self._rebuild()

    def test_a_kind_that_fails_keeps_its_rows_and_the_others_are_made(self):
        self._rebuild()
        reader = type(self.env["ar.risk.reader"])
        self._limit(self.customer, 4000)
        self._night()
        self.company.sudo().ar_risks_on = False
        failing = patch.object(reader, "_read_concentration", side_effect=ValueError("broken"))
        with self._on(), failing, self.assertLogs(PROBLEM_LOG, "WARNING"):
            self.env["ar.credit.risk"].sudo()._rebuild_company(self.company, self.TODAY)
        kinds = self.env["ar.credit.risk"].search([("company_id", "=", self.company.id)]).mapped("kind")
        self.assertEqual(sorted(kinds), ["concentration", "over_limit"])
        problem = self.env["ar.problem"].sudo().search([("code", "=", "risks"), ("solved_on", "=", False)])
        self.assertEqual(len(problem), 1)

    def test_a_second_turn_of_the_day_does_nothing(self):
        self._rebuild()
        with self._on(), patch.object(type(self.env["ar.risk.reader"]), "_read_facts", side_effect=AssertionError):
            self.env["ar.credit.risk"].sudo()._rebuild_company(self.company, self.TODAY)

    def test_a_turn_without_time_left_still_comes_to_an_end(self):
        self.company.sudo().ar_risks_on = False
        no_time = patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_options: 0)
        with self._on(), no_time:
            register = self.env["ar.credit.risk"].sudo()
            self.assertTrue(register._rebuild_company(self.company, self.TODAY, auto_commit=True))
        self.assertEqual(self.company.sudo().ar_risks_on, self.TODAY)
        self.assertTrue(register.search_count([("company_id", "=", self.company.id)]))

    def test_statements_do_not_grow_with_the_customers(self):
        def count():
            self.company.sudo().ar_risks_on = False
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with self._on():
                self.env["ar.credit.risk"].sudo()._rebuild_company(self.company, self.TODAY)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self._small(2, 10.0)
        count()
        few = count()
        self._small(48, 10.0)
        count()
        self.assertLessEqual(count(), few + 1)
