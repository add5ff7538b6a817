from datetime import timedelta

from odoo.tools import mute_logger

from ..common import PROBLEM_LOG
from ..common_committed import CommittedCase


class TestLockedInvoice(CommittedCase):
    """Somebody works on an invoice whose "do not chase" ends: that customer waits, the others do not."""

    def setUp(self):
        super().setUp()
        with self._transaction() as env:
            moves = env["account.move"].search([("partner_id", "in", self.partner_ids)], order="id")
            self.move_ids = moves.ids
            moves.write({"no_followup": True, "ar_no_chase_until": self.TODAY, "ar_no_chase_reason": "Talks"})

    def _excluded(self):
        with self._transaction() as env:
            return env["account.move"].browse(self.move_ids).mapped("no_followup")

    def _run_beside(self, statement, *values):
        """Run the day while another transaction holds what the statement locked."""
        with self._transaction() as other, mute_logger(PROBLEM_LOG):
            other.cr.execute(statement, values)
            return self._run_committed()

    def test_a_locked_invoice_waits_and_the_others_are_reminded(self):
        summary = self._run_beside("SELECT FROM account_move WHERE id = %s FOR UPDATE", self.move_ids[0])
        self.assertEqual(self._excluded(), [True, False, False])
        self.assertEqual((summary["failed"], self._states()), (0, ["planned"] * 2))
        self._run_committed(self.TODAY + timedelta(days=1))
        self.assertEqual(self._excluded(), [False] * 3)

    def test_a_locked_item_of_an_invoice_waits_too(self):
        with self._transaction() as env:
            lines = env["account.move"].browse(self.move_ids[0]).line_ids
            line = lines.filtered(lambda line: line.display_type == "payment_term")
        self._run_beside("SELECT FROM account_move_line WHERE id = %s FOR UPDATE", line.id)
        self.assertEqual(self._excluded(), [True, False, False])
        self.assertEqual(self._states(), ["planned"] * 2)
