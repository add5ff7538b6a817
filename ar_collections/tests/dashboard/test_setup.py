"""The panel of the set-up on the dashboard: states by facts, for managers, company by company."""

from odoo.exceptions import UserError

from ..common import ArCommon
from ..migration.common_migration import run_migration

CODES = ["sender", "bounce", "policy", "schedule", "roles", "provider", "activation"]


class TestSetup(ArCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("manager", login="sets-up")
        cls.setup = cls.env.ref("ar_collections.onboarding_setup").sudo().with_company(cls.company)
        cls.domain = cls.env["mail.alias.domain"].create({"name": "setup.example.com"})
        cls.company.alias_domain_id = cls.domain
        cls.env["payment.provider"].sudo().search([]).write({"state": "disabled"})
        cls.provider.write({"state": "enabled", "is_published": True, "company_id": cls.company.id})

    def _panel(self, user=None, **options):
        self.env.invalidate_all()
        dashboard = self.env["ar.dashboard"].with_user(user or self.manager).with_company(self.company)
        return dashboard.get_data(self.company.id, **options)["setup"]

    def _states(self):
        return {step["code"]: step["is_done"] for step in self._panel()["steps"]}

    def _open(self, code):
        dashboard = self.env["ar.dashboard"].with_user(self.manager)
        return dashboard.action_open("setup", self.company.id, code)

    def test_states_follow_the_facts_in_both_directions(self):
        self.company.ar_active = False
        self.assertEqual(self._states(), {code: code != "activation" for code in CODES})
        self.policy.user_id = False
        self.company.alias_domain_id = False
        missing = [code for code, is_done in self._states().items() if not is_done]
        self.assertEqual(missing, ["sender", "bounce", "roles", "activation"])
        state = self.env.ref("ar_collections.onboarding_step_roles").sudo().with_company(self.company)
        self.assertEqual(state.current_step_state, "not_done")
        customer, _invoice = self._late()
        customer.sudo().write({"user_id": self.collector.id, "balance": 100})
        self.assertTrue(self._states()["roles"])

    def test_each_step_says_what_is_and_what_is_missing(self):
        self.company.ar_active = False
        texts = {step["code"]: step["text"] for step in self._panel()["steps"]}
        self.assertIn(self.company.partner_id.email_normalized, texts["sender"])
        self.assertIn(self.domain.bounce_email, texts["bounce"])
        self.assertIn("no incoming mail server", texts["bounce"])
        self.assertIn("Test policy", texts["policy"])
        self.provider.state = "test"
        self.schedule.step_ids.active = False
        self.company.alias_domain_id = False
        texts = {step["code"]: step["text"] for step in self._panel()["steps"]}
        self.assertIn("test mode", texts["provider"])
        self.assertIn("no steps", texts["schedule"])
        self.assertIn("replies do not reach Odoo", texts["sender"])
        self.assertIn("no alias domain", texts["bounce"])

    def test_it_says_once_that_all_is_done_and_can_be_opened_again(self):
        self.company.ar_active = False
        self.assertFalse(self._panel()["completed"])
        self.company.ar_active = True
        dashboard = self.env["ar.dashboard"].with_user(self.manager)
        self.manager.group_ids |= self.env.ref("base.group_allow_export")
        dashboard.action_open("workbook", self.company.id)  # which nobody sees the panel in
        self.assertTrue(self._panel()["completed"])
        self.assertEqual(self._panel(), {"is_shown": False})
        panel = dashboard.set_setup_closed(self.company.id, False)
        self.assertEqual((panel["is_shown"], panel["completed"]), (True, ""))
        self.assertTrue(self._panel()["is_shown"])
        self.assertEqual(dashboard.set_setup_closed(self.company.id, True), {"is_shown": False})

    def test_only_managers_see_it_and_change_it(self):
        for group in ("auditor", "collector"):
            user = self._user(group, login=f"sets-up-{group}")
            self.assertIsNone(self._panel(user=user))
            dashboard = self.env["ar.dashboard"].with_user(user)
            for call in (
                lambda dashboard=dashboard: dashboard.set_setup_closed(self.company.id, True),
                lambda dashboard=dashboard: dashboard.action_open("setup", self.company.id, "policy"),
                lambda user=user: self.env["onboarding.onboarding"].with_user(user).action_close_panel_ar_collections(),
            ):
                with self.assertRaises(UserError):
                    call()
        self.assertTrue(self._panel()["is_shown"])

    def test_what_only_administrators_may_is_said(self):
        self.company.ar_active = False
        can_open = {step["code"]: step["can_open"] for step in self._panel()["steps"]}
        self.assertEqual([code for code in CODES if not can_open[code]], ["bounce", "provider"])
        administrator = self._user("manager", login="administers")
        administrator.group_ids |= self.env.ref("base.group_system")
        self.assertTrue(all(step["can_open"] for step in self._panel(user=administrator)["steps"]))

    def test_every_step_leads_to_its_place(self):
        places = {
            "sender": "res.partner",
            "bounce": "mail.alias.domain",
            "policy": "ar.credit.policy",
            "schedule": "ar.reminder.schedule",
            "roles": "ar.credit.policy",
            "provider": "payment.provider",
            "activation": "ar.activation",
        }
        self.assertEqual({code: self._open(code)["res_model"] for code in CODES}, places)
        self.assertEqual(self._open("schedule")["res_id"], self.schedule.id)
        customer, _invoice = self._late()
        self.policy.user_id = False
        customer.sudo().balance = 100
        self.assertEqual(self._open("roles")["res_model"], "ar.customer")
        with self.assertRaisesRegex(UserError, "reload"):
            self._open("nowhere")

    def test_each_company_has_its_own(self):
        other = self._create_company(name="Second Company")
        other.ar_active = False
        self.manager.company_ids |= other
        dashboard = self.env["ar.dashboard"].with_user(self.manager)
        dashboard = dashboard.with_context(allowed_company_ids=[self.company.id, other.id])
        dashboard.set_setup_closed(self.company.id, True)
        self.assertEqual(dashboard.get_data(self.company.id)["setup"], {"is_shown": False})
        shown = dashboard.get_data(other.id)["setup"]
        self.assertFalse({step["code"]: step["is_done"] for step in shown["steps"]}["activation"])

    def test_companies_that_collect_already_start_without_it(self):
        other = self._create_company(name="Second Company")
        other.ar_active = False
        self.setup.progress_ids.unlink()
        run_migration(self.env, "19.0.1.10.0/post-onboarding.py", "19.0.1.9.0")
        self.assertEqual(self._panel(), {"is_shown": False})
        self.assertFalse(self.setup.with_company(other).is_onboarding_closed)
