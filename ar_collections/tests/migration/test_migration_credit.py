"""The migration to 19.0.1.5.0: the limits of Odoo become those of the accounts, and nothing is held."""

from ..common import ArCommon
from .common_migration import run_migration


class TestMigrationCredit(ArCommon):
    def _migrate(self, version="19.0.1.4.0"):
        with self._on():
            run_migration(self.env, "19.0.1.5.0/post-credit.py", version)

    def test_limits_of_odoo_are_taken_over_once(self):
        self.company.account_use_credit_limit = True
        customer, invoice = self._late(10, 300)
        partner = invoice.partner_id.with_company(self.company)
        partner.credit_limit = 200
        self._migrate()
        self.assertEqual((customer.credit_limit, customer.exposure), (200, 300))
        customer.sudo().credit_limit = 250
        self._migrate()
        self.assertEqual((customer.credit_limit, partner.credit_limit), (250, 250))
        self._invoice(partner, 1, 500).button_draft()  # over the limit, and booked all the same

    def test_companies_that_do_not_use_limits_and_new_databases_are_left_alone(self):
        customer, invoice = self._late(10, 300)
        invoice.partner_id.with_company(self.company).credit_limit = 200
        self._migrate()
        self.company.account_use_credit_limit = True
        self._migrate(version=None)
        self.assertEqual(customer.credit_limit_kind, "none")
