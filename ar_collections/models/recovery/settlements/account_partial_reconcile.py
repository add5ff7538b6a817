from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ....core.recovery import settlement as rules
from ...customers.core_flow import ignore_failure

JUDGED = (rules.OPEN, rules.PAID, rules.MISSED)


class AccountPartialReconcile(models.Model):
    """Reconciliations mark the settlements about their items, to be judged again."""

    _inherit = "account.partial.reconcile"

    @api.model
    def _select_concerned(self, items):
        """Override to find settlements about the items, also those that are marked, see `_mark_to_judge`."""
        line, settlement = self.env["ar.settlement.line"]._fields, self.env["ar.settlement"]._fields
        condition = SQL(
            """
            EXISTS (SELECT FROM ar_settlement_line line
                      JOIN ar_settlement settlement ON settlement.id = line.settlement_id
                     WHERE line.move_line_id = ANY(%s) AND settlement.state IN %s)
            """,
            items.ids,
            JUDGED,
            to_flush=(line["move_line_id"], line["settlement_id"], settlement["state"]),
        )
        return {**super()._select_concerned(items), "settlements": condition}

    @api.model
    def _act_on_reconciled(self, partials, items, concerned):
        """Override to mark the settlements about the items to be judged."""
        result = super()._act_on_reconciled(partials, items, concerned)
        if "settlements" in concerned:
            # Accountants who reconcile need no right on settlements.
            touched = (
                self.env["ar.settlement"]
                .sudo()
                .search(Domain("line_ids.move_line_id", "in", items.ids) & Domain("state", "in", JUDGED))
            )
            with ignore_failure(self.env, "marking settlements whose items were reconciled"):
                touched._mark_to_judge()
        return result
