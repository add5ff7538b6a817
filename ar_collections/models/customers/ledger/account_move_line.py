from odoo import models


class AccountMoveLine(models.Model):
    """The index of open items, with all that reports read of most of them."""

    _inherit = "account.move.line"

    #: By account and contact, so that amounts of customers are added up in this order; without the lines themselves,
    #: which are several times as large. Lines are added when they are posted, and leave it when they are settled.
    _ar_open_idx = models.Index(
        "(account_id, partner_id)"
        " INCLUDE (id, company_id, journal_id, currency_id, date, date_maturity,"
        " amount_residual, amount_residual_currency)"
        " WHERE reconciled IS NOT TRUE AND parent_state = 'posted'"
        " AND (amount_residual <> 0 OR amount_residual_currency <> 0)"
    )
