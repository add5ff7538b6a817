from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .common_review import ReviewCommon


class TestDataFindingsStaff(ReviewCommon):
    """What people do with findings: correct, check again, let rest."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor = cls._user("auditor")
        cls.partner.phone = False

    def setUp(self):
        super().setUp()
        self._review()
        self.finding = self._findings().with_user(self.collector)

    def _ignore(self, until, reason="Is reached by email"):
        with self._on():
            action = self.finding.action_ignore()
            dialog = self.env[action["res_model"]].with_user(self.collector).with_context(**action["context"])
            dialog.create({"until": until, "reason": reason}).action_apply()

    def test_ignored_until_a_day_with_a_reason(self):
        until = self.TODAY + timedelta(days=30)
        self._ignore(until)
        self.assertEqual(self._codes(), set())
        ignored = self._findings(None, "ignored")
        self.assertEqual((ignored.ignored_by_id, ignored.ignored_until), (self.collector, until))
        self.assertEqual(self._codes(day=until - timedelta(days=1)), set())
        self.assertEqual(self._codes(day=until), {"no_phone"})
        self.assertFalse(self._findings().ignored_reason)

    def test_what_was_ignored_is_over_when_it_is_corrected(self):
        self._ignore(self.TODAY + timedelta(days=30))
        self.partner.phone = "555"
        self._review()
        self.assertFalse(self._findings(None, "open", "ignored"))

    def test_what_was_ignored_is_listed_again(self):
        self._ignore(self.TODAY + timedelta(days=30))
        self.finding.action_list_again()
        self.assertEqual(self.finding.state, "open")

    def test_a_past_day_and_an_empty_reason_are_refused(self):
        for until, reason in ((self.TODAY, "Why"), (self.TODAY + timedelta(days=1), "  ")):
            with self.assertRaises(UserError):
                self._ignore(until, reason)
        self.assertEqual(self.finding.state, "open")

    def test_checked_again_after_it_was_corrected(self):
        self.partner.phone = "555"
        with self._on():
            self.finding.action_check_again()
        self.assertEqual(self.finding.state, "solved")

    def test_the_button_leads_to_the_contact(self):
        action = self.finding.action_fix()
        self.assertEqual((action["res_model"], action["res_id"]), ("res.partner", self.partner.id))

    def test_auditors_read_and_change_nothing(self):
        finding = self.finding.with_user(self.auditor)
        self.assertTrue(finding.text is False and finding.advice)
        for button in (finding.action_ignore, finding.action_check_again, finding.action_list_again,
                       self.customer.with_user(self.auditor).action_confirm_data):  # fmt: skip
            with self.assertRaises(UserError):
                button()

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_nobody_writes_a_finding_or_a_confirmation(self):
        user = self._user("credit_manager")
        for record, values in (
            (self.finding.with_user(user), {"state": "solved"}),
            (self.customer.with_user(user), {"data_confirmed_on": self.TODAY}),
        ):
            with self.assertRaises(AccessError):
                record.write(values)

    def test_the_customer_shows_how_many(self):
        self.assertEqual(self.customer.with_user(self.auditor).data_finding_count, 1)
        action = self.customer.with_user(self.auditor).action_open_data_findings()
        self.assertEqual(action["domain"], [("customer_id", "=", self.customer.id)])
