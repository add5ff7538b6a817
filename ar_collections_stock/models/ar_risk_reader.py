from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.ar_collections.core.credit.risks import NOT_RECEIVED, Risk, is_at_least
from odoo.addons.ar_collections.core.money import ZERO
from odoo.addons.ar_collections.models.customers.sql import IS_OPEN


class ArRiskReader(models.AbstractModel):
    """Customers who have large invoices for goods that were not delivered: they will not pay them."""

    _inherit = "ar.risk.reader"

    @api.model
    def _get_readers(self):
        """Override to add what was not delivered."""
        return [*super()._get_readers(), "_read_not_received"]

    @api.model
    def _read_not_received(self, facts):
        """Yield customers with open invoices of a large amount for goods that were not delivered."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move.id, debtor.commercial_partner_id, move.amount_residual::text,
                       move.amount_residual_signed::text
                  FROM account_move move
                  JOIN res_partner debtor ON debtor.id = move.partner_id
                 WHERE move.company_id = ANY(%s) AND move.move_type = 'out_invoice' AND %s
                   AND move.amount_residual > 0
                   AND EXISTS (SELECT 1 FROM account_move_line item
                                 JOIN sale_order_line_invoice_rel link ON link.invoice_line_id = item.id
                                WHERE item.move_id = move.id)
                """,
                facts.companies.ids,
                IS_OPEN,
            )
        )
        missing = self.env["ar.facts"]._read_undelivered({move_id for move_id, *_rest in rows}) if rows else {}
        found = {}
        for move_id, partner_id, residual, own in rows:
            amount, number = found.get(partner_id, (ZERO, 0))
            if undelivered := min(missing.get(move_id, ZERO), Decimal(residual)):
                found[partner_id] = amount + undelivered * Decimal(own) / Decimal(residual), number + 1
        for partner_id, (amount, number) in found.items():
            if is_at_least(amount, facts.rules.large, facts.total):
                details = {"number": str(number)}
                yield Risk(NOT_RECEIVED, str(partner_id), amount, facts.accounts.get(partner_id), details)
