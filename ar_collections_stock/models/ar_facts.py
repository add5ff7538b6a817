from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.ar_collections.core.facts import Exclusion
from odoo.addons.ar_collections.core.money import ZERO
from odoo.addons.ar_collections.models.customers.sql import pg_array

from .ar_customer import NOT_DELIVERED


class ArFacts(models.AbstractModel):
    """Which invoices are about goods that were not delivered, as a whole or in part."""

    _inherit = "ar.facts"

    def _read_exclusions(self, customers, lines, today, scope):
        """Override to leave out what was not delivered, where the policy says so."""
        exclusions = super()._read_exclusions(customers, lines, today, scope)
        waiting = {customer.partner_id.id for customer in customers if customer.policy_id.waits_for_delivery}
        concerned = [line for line in lines if line.is_invoice and line.partner_id in waiting]
        if not concerned:
            return exclusions
        missing = self._read_undelivered({line.move_id for line in concerned})
        # Of several installments the last ones: the first may be for what was delivered.
        for line in sorted(concerned, key=lambda line: (line.due_date, line.line_id), reverse=True):
            amount = min(missing.get(line.move_id, ZERO), max(line.residual_currency, ZERO))
            if amount > 0:
                missing[line.move_id] -= amount
                exclusions[line.line_id].append(Exclusion(NOT_DELIVERED, amount))
        return exclusions

    @api.model
    def _select_versions(self, left_out):
        """Override to add the lines of orders, which goods are delivered for."""
        query = SQL(
            """
            SELECT item.account_id, %s
              FROM item
              JOIN account_move_line invoiced ON invoiced.move_id = item.move_id
              JOIN sale_order_line_invoice_rel link ON link.invoice_line_id = invoiced.id
              JOIN sale_order_line ordered ON ordered.id = link.order_line_id
             WHERE ordered.qty_delivered_method = 'stock_move'
            """,
            self._version_of("ordered"),
        )
        return [*super()._select_versions(left_out), query]

    @api.model
    def _read_undelivered(self, move_ids):
        """Return {invoice id: amount in its currency, taxes included} for goods that were not delivered.

        Of several invoices of one order line the earlier ones are delivered first. What was credited is not waited for,
        by its amount: a credit note about the price names the quantity, too, and the goods are still to come. What came
        back was delivered, so that it counts with its quantity, whatever was kept of its price.
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH invoiced AS (%(invoiced)s), credited AS (%(credited)s), counted AS (
                    SELECT invoiced.*, qty_delivered + COALESCE(credited.quantity, 0) AS settled,
                           SUM(invoiced.quantity) FILTER (WHERE move_type = 'out_invoice')
                               OVER (PARTITION BY order_line_id ORDER BY invoice_date, move_id, id) AS up_to
                      FROM invoiced
                 LEFT JOIN credited USING (order_line_id)
                )
                SELECT move_id, currency.decimal_places,
                       SUM(price_total * LEAST(quantity, GREATEST(up_to - settled, 0)) / quantity)::numeric::text
                  FROM counted
                  JOIN res_currency currency ON currency.id = counted.currency_id
                 WHERE move_type = 'out_invoice' AND quantity > 0 AND up_to > settled
                   AND move_id = ANY(%(moves)s::int[])
              GROUP BY move_id, currency.id
                """,
                invoiced=self._select_invoiced(move_ids),
                credited=self._select_credited(),
                moves=pg_array(move_ids),
            )
        )
        found = defaultdict(Decimal)
        for move_id, places, amount in rows:
            found[move_id] = Decimal(amount).quantize(Decimal(1).scaleb(-places))
        return found

    @api.model
    def _select_credited(self):
        """Return the query of what was credited and is not waited for, as a quantity of each line in ``invoiced``.

        Credit notes about no more than what came back are taken to be about it; the others count by their amount.
        """
        return SQL(
            """
            SELECT order_line_id,
                   COALESCE(SUM(worth) FILTER (WHERE quantity > returned), 0)
                   + GREATEST(SUM(worth) FILTER (WHERE quantity <= returned),
                              LEAST(COALESCE(SUM(quantity) FILTER (WHERE quantity <= returned), 0), MAX(returned)))
                   AS quantity
              FROM (SELECT invoiced.*, LEAST(quantity, price_total / NULLIF(price, 0)) AS worth
                      FROM invoiced WHERE move_type = 'out_refund') refunded
          GROUP BY order_line_id
            """
        )

    @api.model
    def _select_invoiced(self, move_ids):
        """Return the query of all invoiced and credited lines of the order lines that the invoices charge.

        Its ``price`` is that of a credited line's invoice, else of all invoices of the order line.
        """
        return SQL(
            """
            WITH concerned AS (
                SELECT DISTINCT link.order_line_id
                  FROM account_move_line item
                  JOIN sale_order_line_invoice_rel link ON link.invoice_line_id = item.id
                 WHERE item.move_id = ANY(%(moves)s::int[])
            ), back AS (%(returned)s)
            SELECT item.move_id, move.currency_id, move.move_type, item.quantity, item.price_total,
                   item.id, move.invoice_date, ordered.id AS order_line_id, ordered.qty_delivered,
                   COALESCE(back.quantity, 0) AS returned, COALESCE(%(own_price)s, %(price)s) AS price
              FROM concerned
              JOIN sale_order_line ordered ON ordered.id = concerned.order_line_id
         LEFT JOIN back ON back.order_line_id = ordered.id
              JOIN sale_order_line_invoice_rel link ON link.order_line_id = ordered.id
              JOIN account_move_line item ON item.id = link.invoice_line_id
              JOIN account_move move ON move.id = item.move_id
             WHERE ordered.qty_delivered_method = 'stock_move' AND ordered.is_downpayment IS NOT TRUE
               AND move.state = 'posted' AND move.move_type IN ('out_invoice', 'out_refund')
            WINDOW of_line AS (PARTITION BY ordered.id),
                   of_invoice AS (PARTITION BY ordered.id, COALESCE(move.reversed_entry_id, move.id))
            """,
            moves=pg_array(move_ids),
            returned=self._select_returned(),
            own_price=self._get_invoiced_price(SQL("of_invoice")),
            price=self._get_invoiced_price(SQL("of_line")),
        )

    @api.model
    def _get_invoiced_price(self, window):
        """Return the SQL of the price of one piece, taxes included, in the invoices of a window."""
        return SQL(
            """
            SUM(item.price_total) FILTER (WHERE move.move_type = 'out_invoice') OVER %(window)s
                / NULLIF(SUM(item.quantity) FILTER (WHERE move.move_type = 'out_invoice') OVER %(window)s, 0)
            """,
            window=window,
        )

    @api.model
    def _select_returned(self):
        """Return the query of what came back of the order lines of ``concerned``, in the units of the orders.

        These are the moves by which Odoo reduces the delivered quantity. Of kits parts are moved, so that what is
        credited of them counts by its amount.
        """
        return SQL(
            """
            SELECT ordered.id AS order_line_id,
                   ROUND(SUM(move.quantity * unit.factor / ordered_unit.factor), %(digits)s) AS quantity
              FROM concerned
              JOIN sale_order_line ordered ON ordered.id = concerned.order_line_id
              JOIN stock_move move ON move.sale_line_id = ordered.id AND move.product_id = ordered.product_id
              JOIN stock_location source ON source.id = move.location_id
              JOIN stock_location target ON target.id = move.location_dest_id
              JOIN uom_uom unit ON unit.id = move.product_uom
              JOIN uom_uom ordered_unit ON ordered_unit.id = ordered.product_uom_id
             WHERE move.state = 'done' AND move.to_refund AND target.usage NOT IN ('customer', 'inventory')
               AND (source.usage = 'customer' OR (source.usage = 'transit' AND source.company_id IS NULL))
          GROUP BY ordered.id
            """,
            digits=self.env["decimal.precision"].precision_get("Product Unit"),
        )
