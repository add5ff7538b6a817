from contextlib import suppress

from psycopg2.errors import SerializationFailure

from odoo import Command
from odoo.exceptions import LockError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ar_collections.tests.common_committed import CommittedCase


@tagged("post_install", "-at_install")
class TestOrderWorkers(CommittedCase):
    """Two workers confirm 600 each against a limit of 1,000; real cursors, real commits."""

    CUSTOMERS = 1

    def setUp(self):
        super().setUp()
        with self._transaction() as env:
            company = env["res.company"].browse(self.company_id)
            self.partner_id = self.partner_ids[0]
            env["account.move"].search([("partner_id", "=", self.partner_id)]).button_draft()
            env["account.move"].search([("partner_id", "=", self.partner_id)]).unlink()
            account = env["ar.customer"].search([("partner_id", "=", self.partner_id), ("company_id", "=", company.id)])
            account.write({"credit_limit_kind": "amount", "credit_limit": 1000})
            account.policy_id.effect_order = "block"
            self.product_id = env["product.product"].create({"name": "Work", "type": "service"}).id
            line = {"product_id": self.product_id, "price_unit": 600, "tax_ids": []}
            values = {"partner_id": self.partner_id, "company_id": company.id, "order_line": [Command.create(line)]}
            self.order_ids = env["sale.order"].create([dict(values), dict(values)]).ids
        # Before the customers are deleted.
        self.addCleanup(self._wipe_orders)

    def _wipe_orders(self):
        with self._transaction() as env:
            env["sale.order"].browse(self.order_ids).write({"state": "draft", "locked": False})
            env["sale.order"].browse(self.order_ids).unlink()
            env["product.product"].browse(self.product_id).unlink()

    def _states(self):
        with self._transaction() as env:
            return sorted(env["sale.order"].browse(self.order_ids).mapped("state"))

    def test_the_second_waits_for_the_first_and_is_held(self):
        first_id, second_id = self.order_ids
        with self._impatient(), mute_logger("odoo.sql_db"):
            with self._transaction() as first:
                first["sale.order"].browse(first_id).action_confirm()
                with self.assertRaises(LockError), self._transaction() as second:
                    second["sale.order"].browse(second_id).action_confirm()
            with self.assertRaises(UserError), self._transaction() as second:
                second["sale.order"].browse(second_id).action_confirm()
        self.assertEqual(self._states(), ["draft", "sale"])

    def test_a_worker_with_an_old_view_of_the_database_is_refused(self):
        first_id, second_id = self.order_ids
        with suppress(SerializationFailure, UserError), self._transaction() as late, mute_logger("odoo.sql_db"):
            late["sale.order"].search_count([])  # the snapshot of its transaction starts here
            with self._transaction() as first:
                first["sale.order"].browse(first_id).action_confirm()
            late["sale.order"].browse(second_id).action_confirm()
        self.assertEqual(self._states(), ["draft", "sale"])
