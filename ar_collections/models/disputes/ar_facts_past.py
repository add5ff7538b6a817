from odoo import api, models
from odoo.tools import SQL

from ...core.disputes.dispute import OPEN_STATES, PARTLY, REJECTED
from ...core.disputes.limits import PastDisputes
from ..customers.sql import pg_array


class ArFactsPast(models.AbstractModel):
    """The disputes so far, of which the policy's limits allow so many."""

    _inherit = "ar.facts"

    @api.model
    def _select_past(self, customers, item_ids, today):
        """Override to add the number of open disputes of each customer, and what became of those about the items."""
        self.env["ar.dispute"].flush_model()
        self.env["ar.dispute.line"].flush_model()
        of_customers = SQL(
            """
            SELECT 'dispute', customer_id, NULL::int, jsonb_build_array(COUNT(*))
              FROM ar_dispute
             WHERE customer_id = ANY(%s::int[]) AND state IN %s
          GROUP BY customer_id
            """,
            pg_array(customers.ids),
            OPEN_STATES,
        )
        of_items = SQL(
            """
            SELECT 'dispute', NULL::int, item.id,
                   jsonb_build_array(
                       COUNT(DISTINCT agreement.id) FILTER (WHERE agreement.state IN %s),
                       COUNT(DISTINCT agreement.id) FILTER (
                           WHERE agreement.state IN %s AND COALESCE(part.amount_accepted, 0) < part.amount),
                       COUNT(DISTINCT agreement.id) FILTER (WHERE agreement.withdrawn_by_customer))
              FROM %s
             WHERE item.id = ANY(%s::int[])
          GROUP BY item.id
            """,
            OPEN_STATES,
            (REJECTED, PARTLY),
            self._join_past(self.env["ar.dispute.line"]),
            pg_array(item_ids),
        )
        return [*super()._select_past(customers, item_ids, today), of_customers, of_items]

    @api.model
    def _sort_past(self, rows):
        """Override to add ``dispute``: ({customer id: number of open ones}, {item id: PastDisputes}).

        See `core.disputes.limits`.
        """
        own = [row[1:] for row in rows if row[0] == "dispute"]
        open_counts = {customer_id: values[0] for customer_id, _item_id, values in own if customer_id}
        past = {item_id: PastDisputes(*values) for _customer_id, item_id, values in own if item_id}
        return {**super()._sort_past(rows), "dispute": (open_counts, past)}
