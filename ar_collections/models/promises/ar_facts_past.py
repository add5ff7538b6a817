from collections import defaultdict
from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL

from ...core.promises import judgement as rules
from ...core.promises import request
from ..customers.sql import pg_array

#: The state of an `agreement`: an open promise whose payments changed counts as kept until it is judged. A new request
#: has it judged first, so that what was paid today bars nothing; what is not paid of it is not free anyway.
PAST_STATE = SQL("CASE WHEN agreement.state = 'open' AND agreement.to_judge THEN 'kept' ELSE agreement.state END")


class ArFactsPast(models.AbstractModel):
    """The promises so far, of which the policy's limits allow so many."""

    _inherit = "ar.facts"

    @api.model
    def _select_past(self, customers, item_ids, today):
        """Override to add the number of promises of each customer that count, and all promises about the items."""
        self.env["ar.promise"].flush_model()
        self.env["ar.promise.line"].flush_model()
        of_customers = SQL(
            """
            SELECT 'promise', customer_id, NULL::int, jsonb_build_array(state, COUNT(*))
              FROM ar_promise
             WHERE customer_id = ANY(%s::int[])
               AND ((state = 'open' AND to_judge IS NOT TRUE) OR (state IN %s AND date_deadline >= %s))
          GROUP BY customer_id, state
            """,
            pg_array(customers.ids),
            tuple(rules.NOT_KEPT),
            fields.Date.subtract(today, days=365),
        )
        of_items = SQL(
            """
            SELECT DISTINCT 'promise', NULL::int, item.id,
                            jsonb_build_array(
                                agreement.id, COALESCE(agreement.promised_on, agreement.create_date::date),
                                %s, agreement.origin = 'staff', agreement.withdrawn_by_customer IS TRUE)
              FROM %s
             WHERE item.id = ANY(%s::int[])
            """,
            PAST_STATE,
            self._join_past(self.env["ar.promise.line"]),
            pg_array(item_ids),
        )
        return [*super()._select_past(customers, item_ids, today), of_customers, of_items]

    @api.model
    def _sort_past(self, rows):
        """Override to add ``promise``: ({customer id: PromiseStatus}, {item id: [PastPromise], the latest last}).

        Of the status only the numbers of promises are known; see `core.promises.request`.
        """
        counts, past = defaultdict(dict), defaultdict(list)
        for kind, customer_id, item_id, values in rows:
            if kind == "promise" and customer_id:
                counts[customer_id][values[0]] = values[1]
            elif kind == "promise":
                past[item_id].append(values)
        statuses = {
            customer_id: request.PromiseStatus(
                open_count=of_customer.get(rules.OPEN, 0),
                broken_count=sum(number for state, number in of_customer.items() if state != rules.OPEN),
            )
            for customer_id, of_customer in counts.items()
        }
        promises = {
            item_id: [request.PastPromise(date.fromisoformat(day), *rest) for _id, day, *rest in sorted(found)]
            for item_id, found in past.items()
        }
        return {**super()._sort_past(rows), "promise": (statuses, promises)}
