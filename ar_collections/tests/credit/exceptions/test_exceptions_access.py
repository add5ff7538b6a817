from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from .common_exceptions import ArExceptionsCommon


class TestExceptionsAccess(ArExceptionsCommon):
    """All roles read the exceptions of their companies; nobody writes the history."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(10, amount=500.0)
        with cls._on(cls):
            cls.customer.with_user(cls.collector).write({"pause_until": cls.until, "pause_reason": "Flood"})

    def test_all_roles_read_them(self):
        for role in ("auditor", "collector", "manager", "credit_manager"):
            known = {"collector": self.collector, "credit_manager": self.credit_manager}
            user = known.get(role) or self._user(role)
            found = self._exceptions(self.customer, user=user)
            self.assertEqual(found.kind, "pause", role)
            self.assertTrue(found.action_open(), role)

    def test_others_do_not(self):
        biller = self._user("auditor", login="biller", group_ids=self.env.ref("account.group_account_invoice").ids)
        for model in ("ar.credit.exception", "ar.customer.exception"):
            with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
                self.env[model].with_user(biller).search([])

    def test_companies_do_not_mix(self):
        other = self._create_company(name="Elsewhere")
        stranger = self._user("credit_manager", company_id=other.id, company_ids=[(6, 0, other.ids)])
        self.assertFalse(self.env["ar.credit.exception"].with_user(stranger).search([]))
        self.assertFalse(self.env["ar.customer.exception"].with_user(stranger).search([]))

    def test_nobody_writes_the_history(self):
        row = self.env["ar.customer.exception"].search([("customer_id", "=", self.customer.id)])
        for values in ({"reason": "Nothing"}, {"ended_on": self.TODAY}):
            with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
                row.with_user(self.credit_manager).write(values)

    def test_the_list_is_read_with_few_queries(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["ar.credit.exception"].with_user(self.credit_manager).web_search_read(
                [], {"kind": {}, "partner_id": {"fields": {"display_name": {}}}, "about": {}, "reason": {},
                     "user_id": {"fields": {"display_name": {}}}, "until": {}, "state": {}}
            )  # fmt: skip
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for partner in self._partners(10):
            self._write(self._customer(partner), self.collector, pause_until=self.until, pause_reason="Flood")
        self.assertLessEqual(count(), few + 3)
