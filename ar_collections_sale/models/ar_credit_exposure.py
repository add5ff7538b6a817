from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.ar_collections.core.credit.exposure import ORDERS, UnknownAmount
from odoo.addons.ar_collections.core.money import ZERO
from odoo.addons.ar_collections.models.customers.sql import JOIN_DEBTOR, pg_array

#: What was invoiced as down payments of an order and is not deducted on another invoice, in the order's currency.
DOWN_PAYMENTS = SQL(
    """
    SELECT SUM(CASE move.move_type WHEN 'out_refund' THEN -invoiced.price_total ELSE invoiced.price_total END
               * CASE WHEN move.currency_id = line.currency_id THEN 1
                      ELSE line.currency_rate / COALESCE(NULLIF(move.invoice_currency_rate, 0), 1) END)
      FROM sale_order_line item
      JOIN sale_order_line_invoice_rel link ON link.order_line_id = item.id
      JOIN account_move_line invoiced ON invoiced.id = link.invoice_line_id
      JOIN account_move move ON move.id = invoiced.move_id
     WHERE item.order_id = line.id AND item.is_downpayment AND move.state <> 'cancel'
    """
)

#: What is authorized for an order, so that only the capture is missing.
AUTHORIZED = SQL(
    """
    SELECT SUM(paid.amount)
      FROM sale_order_transaction_rel link
      JOIN payment_transaction paid ON paid.id = link.transaction_id
     WHERE link.sale_order_id = line.id AND paid.state = 'authorized' AND paid.currency_id = line.currency_id
    """
)


class ArCreditExposure(models.AbstractModel):
    """Orders as a part of exposures, with two queries for a batch of customers."""

    _inherit = "ar.credit.exposure"

    @api.model
    def _read_orders(self, partners, companies):
        """Override to read the confirmed orders.

        A quantity is invoiced once a draft has it, so that orders and drafts do not count twice. A draft credit note
        gives the quantity back to the order, while its invoice is still open: that is deducted here.
        """
        totals, unknown = super()._read_orders(partners, companies)
        totals, unknown = defaultdict(dict, totals), defaultdict(tuple, unknown)
        if not partners:
            return totals, unknown
        for partner_id, invoices, refunds in self._select_drafted_orders(partners, companies):
            totals[partner_id] = {"drafted_orders": Decimal(invoices), "orders": -Decimal(refunds)}
        for partner_id, currency, has_rate, amount, foreign in self._select_orders(partners, companies):
            if has_rate:
                parts = totals[partner_id]
                parts["orders"] = parts.get("orders", ZERO) + Decimal(amount)
            elif Decimal(foreign) > 0:
                unknown[partner_id] += (UnknownAmount(ORDERS, currency, Decimal(foreign)),)
        for parts in totals.values():
            parts["orders"] = max(parts.get("orders", ZERO), ZERO)
        return totals, unknown

    @api.model
    def _select_orders(self, partners, companies):
        """Return [(partner id, currency name, whether it has a rate, amount, amount in currency)] of orders."""
        return self.env.execute_query(
            SQL(
                """
                SELECT debtor.commercial_partner_id, currency.name, %(has_rate)s,
                       SUM(found.amount / COALESCE(NULLIF(line.currency_rate, 0), 1))::numeric::text,
                       SUM(found.amount)::numeric::text
                  FROM sale_order line
                  JOIN res_partner debtor ON debtor.id = line.partner_invoice_id
                  JOIN res_currency currency ON currency.id = line.currency_id
                  CROSS JOIN LATERAL (
                       SELECT GREATEST(COALESCE((%(to_invoice)s), 0) - COALESCE((%(down_payments)s), 0)
                                       - COALESCE((%(authorized)s), 0), 0)::numeric AS amount
                  ) found
                 WHERE line.state = 'sale' AND line.invoice_status <> 'invoiced'
                   AND line.company_id = ANY(%(companies)s)
                   AND %(of_customers)s
              GROUP BY debtor.commercial_partner_id, currency.id, currency.name
              ORDER BY currency.name
                """,
                has_rate=self._get_rate_condition(companies.root_id),
                to_invoice=self._select_to_invoice(),
                down_payments=DOWN_PAYMENTS,
                authorized=AUTHORIZED,
                companies=companies.ids,
                of_customers=self._of_invoiced(partners),
            )
        )

    @api.model
    def _select_to_invoice(self):
        """Return the query of what is still to be invoiced of an order, taxes and discount included.

        Whether it is delivered or not: Odoo's own amount leaves out what is not delivered yet. An item without an
        ordered quantity has no total; what is taken back in exchange has a negative one.
        """
        return SQL(
            """
            SELECT SUM(CASE WHEN item.product_uom_qty < 0
                            THEN LEAST(LEAST(item.product_uom_qty, item.qty_delivered)
                                       - COALESCE(item.qty_invoiced, 0), 0)
                            ELSE GREATEST(GREATEST(%(expected)s, item.qty_delivered, 0)
                                          - COALESCE(item.qty_invoiced, 0), 0) END
                       * COALESCE(item.price_total / NULLIF(item.product_uom_qty, 0),
                                  item.price_unit * (1 - COALESCE(item.discount, 0) / 100)))
              FROM sale_order_line item
             WHERE item.order_id = line.id AND item.display_type IS NULL AND item.is_downpayment IS NOT TRUE
            """,
            expected=self._get_expected_quantity(),
        )

    @api.model
    def _get_expected_quantity(self):
        """Return the SQL expression of the quantity of an order line, `item`, that is expected to be invoiced.

        Extension point: an override knows what will not be delivered any more.
        """
        return SQL("item.product_uom_qty")

    @api.model
    def _of_invoiced(self, partners):
        """Return the SQL condition that an order is invoiced to one of the customers."""
        contacts = SQL(
            "SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%s::int[])", pg_array(partners.ids)
        )
        return SQL("line.partner_invoice_id = ANY(ARRAY(%s))", contacts)

    @api.model
    def _select_drafted_orders(self, partners, companies):
        """Return [(partner id, amount on draft invoices, amount on draft credit notes)] of what belongs to orders."""
        return self.env.execute_query(
            SQL(
                """
                SELECT debtor.commercial_partner_id,
                       COALESCE(SUM(drafted.amount) FILTER (WHERE line.move_type = 'out_invoice'), 0)::numeric::text,
                       COALESCE(SUM(drafted.amount) FILTER (WHERE line.move_type = 'out_refund'), 0)::numeric::text
                  FROM account_move line
                  %(join_debtor)s
                  JOIN res_currency currency ON currency.id = line.currency_id
                  CROSS JOIN LATERAL (
                       SELECT SUM(item.price_total) / COALESCE(NULLIF(line.invoice_currency_rate, 0), 1) AS amount
                         FROM account_move_line item
                        WHERE item.move_id = line.id
                          AND EXISTS (SELECT 1 FROM sale_order_line_invoice_rel link
                                       WHERE link.invoice_line_id = item.id)
                  ) drafted
                 WHERE line.journal_id IN (SELECT id FROM account_journal WHERE company_id = ANY(%(companies)s))
                   AND line.company_id = ANY(%(companies)s)
                   AND line.state = 'draft'
                   AND line.move_type IN ('out_invoice', 'out_refund')
                   AND %(counting)s
                   AND debtor.commercial_partner_id = ANY(%(partners)s::int[])
                   AND %(has_rate)s
              GROUP BY debtor.commercial_partner_id
                """,
                join_debtor=JOIN_DEBTOR,
                companies=companies.ids,
                partners=pg_array(partners.ids),
                counting=self._get_counting_drafts(),
                has_rate=self._get_rate_condition(companies.root_id),
            )
        )
