from concurrent.futures import ThreadPoolExecutor
from datetime import date

from psycopg2.errors import SerializationFailure

from odoo import Command
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ...core.credit.effect import BLOCK
from ..common_committed import CommittedCase


class TestPostingAtOnce(CommittedCase):
    """Two workers post invoices of one customer: together they do not get past the limit; real cursors and commits."""

    CUSTOMERS = 1

    def _prepare(self, env):
        result = super()._prepare(env)
        account = env["ar.customer"].search([("partner_id", "in", self.partner_ids)])
        account.write({"credit_limit_kind": "amount", "credit_limit": 1000})
        account.policy_id.effect_invoice = BLOCK
        line = Command.create({"name": "Work", "price_unit": 600, "tax_ids": []})
        values = {
            "move_type": "out_invoice", "partner_id": self.partner_ids[0], "invoice_date": date(2026, 6, 10),
            "invoice_line_ids": [line],
        }  # fmt: skip
        self.draft_ids = env["account.move"].create([values, values]).ids
        return result

    def _wipe(self):
        with self._transaction() as env:
            env.cr.execute("DELETE FROM ar_credit_stale")
        self.registry.clear_cache()
        return super()._wipe()

    def _post(self, draft_id):
        """Post a draft as a request does: again where the database refuses the transaction."""
        for _attempt in range(5):
            try:
                with self._transaction() as env:
                    env["account.move"].browse(draft_id).action_post()
            except SerializationFailure:
                continue
            except UserError:
                return "held"
            return "posted"
        return "refused"

    def _read(self):
        with self._transaction() as env:
            return [(move.state, bool(move.ar_held_on)) for move in env["account.move"].browse(self.draft_ids)]

    def test_of_two_invoices_of_600_one_is_posted(self):
        with mute_logger("odoo.sql_db"), ThreadPoolExecutor(2) as pool:
            results = list(pool.map(self._post, self.draft_ids))
        self.assertEqual(results, ["posted", "held"])
        self.assertEqual(self._read(), [("posted", False), ("draft", True)])

    def test_a_worker_that_began_before_the_other_one_posted_is_refused(self):
        with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"), self._transaction() as late:
            late["account.move"].search_count([])  # the snapshot of its transaction starts here
            self.assertEqual(self._post(self.draft_ids[0]), "posted")
            late["account.move"].browse(self.draft_ids[1]).action_post()
        self.assertEqual(self._read()[1][0], "draft")

    def test_a_customer_whose_account_is_in_use_is_waited_for_and_not_let_through(self):
        with self._transaction() as other, self._impatient(), mute_logger("odoo.sql_db"):
            other["ar.customer"].search([("partner_id", "in", self.partner_ids)])._lock_rows()
            self.assertEqual(self._post(self.draft_ids[0]), "held")
        self.assertEqual(self._read(), [("draft", False), ("draft", False)])
