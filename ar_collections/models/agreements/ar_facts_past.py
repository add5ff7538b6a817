from odoo import api, models
from odoo.tools import SQL


class ArFactsPast(models.AbstractModel):
    """The agreements so far of many customers, of which the policy's limits allow so many; read by one query."""

    _inherit = "ar.facts"

    @api.model
    def _read_past(self, customers, item_ids, today):
        """Return {kind of agreement: what `_sort_past` makes of it}.

        :param item_ids: ids of journal items
        :param date today: what failed counts for a year before it
        """
        selects = self._select_past(customers, item_ids, today)
        rows = self.env.execute_query(SQL(" UNION ALL ").join(selects)) if selects else []
        return self._sort_past(rows)

    @api.model
    def _select_past(self, customers, item_ids, today):
        """Return queries of rows (kind, customer id or NULL, item id or NULL, JSON array); parameters: `_read_past`.

        Extension point: an override adds its own to those of `super()`.

        :rtype: list[SQL]
        """
        return []

    @api.model
    def _sort_past(self, rows):
        """Return {kind: what limits are compared with}.

        Extension point: an override adds what its rows say to the result of `super()`.

        :param list rows: those of all kinds, see `_select_past`
        """
        return {}

    @api.model
    def _join_past(self, parts):
        """Return the tables of agreements, of their lines and of the items they are about: ``agreement, part, item``.

        What ended does not follow an invoice that is posted again: a line whose item is gone is about all items of the
        invoice, as in `ar.agreement.line._find_by_item`.
        """
        return SQL(
            "%s JOIN account_move_line item"
            " ON item.id = part.move_line_id OR (part.move_line_id IS NULL AND item.move_id = part.move_id)",
            self._join_agreements(parts),
        )
