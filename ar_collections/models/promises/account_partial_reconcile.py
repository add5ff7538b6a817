from odoo import api, models
from odoo.tools import SQL

from ...core.promises import judgement as rules


class AccountPartialReconcile(models.Model):
    """Reconciliations mark the promises about their items, to be judged again."""

    _inherit = "account.partial.reconcile"

    #: For reports as of a day, which read the reconciliations after a day or within a period.
    _ar_max_date_idx = models.Index("(max_date)")

    @api.model
    def _select_concerned(self, items):
        """Override to find promises about the items, also those that are marked, see `_mark_to_judge`."""
        line, promise = self.env["ar.promise.line"]._fields, self.env["ar.promise"]._fields
        condition = SQL(
            """
            EXISTS (SELECT FROM ar_promise_line line
                      JOIN ar_promise promise ON promise.id = line.promise_id
                     WHERE line.move_line_id = ANY(%s) AND promise.state <> %s)
            """,
            items.ids,
            rules.WITHDRAWN,
            to_flush=(line["move_line_id"], line["promise_id"], promise["state"]),
        )
        return {**super()._select_concerned(items), "promises": condition}

    @api.model
    def _act_on_reconciled(self, partials, items, concerned):
        """Override to mark the promises about the items to be judged."""
        result = super()._act_on_reconciled(partials, items, concerned)
        if "promises" in concerned:
            self.env["ar.promise.line"]._mark_to_judge(items)
        return result
