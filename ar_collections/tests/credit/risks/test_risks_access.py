from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from .common_risks import ArRisksCommon


class TestRisksAccess(ArRisksCommon):
    """All roles read the register of their companies, credit managers enter owner, next look and note."""

    def test_all_roles_read_it(self):
        risk = self._risks("concentration")
        for role in ("auditor", "manager"):
            own = risk.with_user(self._user(role))
            self.assertTrue(own.action_open(), role)
            self.assertTrue(own.text, role)
        self.assertTrue(risk.with_user(self.collector).action_open())

    def test_credit_managers_enter_what_they_found(self):
        risk = self._risks("concentration")
        risk.with_user(self.credit_manager).write({"note": "Fine", "look_on": self.until})
        for values in ({"amount": 1}, {"kind": "unmatched"}, {"customer_id": False}, {"details": {}}):
            with self.assertRaises(AccessError):
                risk.with_user(self.credit_manager).write(values)
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            risk.with_user(self.collector).write({"note": "Fine"})

    def test_companies_do_not_mix(self):
        self._rebuild()
        other = self._create_company(name="Elsewhere")
        stranger = self._user("auditor", company_id=other.id, company_ids=[(6, 0, other.ids)])
        self.assertFalse(self.env["ar.credit.risk"].with_user(stranger).search([]))

    def test_a_branch_reads_the_register_of_its_root(self):
        branch = self.company.create({"name": "Branch", "parent_id": self.company.id})
        self._rebuild()
        user = self._user("auditor", company_id=branch.id, company_ids=[(6, 0, branch.ids)])
        self.assertTrue(self.env["ar.credit.risk"].with_user(user).search([]))

    def test_branches_have_no_register_of_their_own(self):
        branch = self.company.create({"name": "Branch", "parent_id": self.company.id})
        self.assertTrue(self.env["ar.credit.risk"].sudo()._rebuild_company(branch, self.TODAY))
        self.assertFalse(self.env["ar.credit.risk"].sudo().search([("company_id", "=", branch.id)]))
