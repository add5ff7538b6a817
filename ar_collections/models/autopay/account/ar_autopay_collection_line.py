from odoo import fields, models


class ArAutopayCollectionLine(models.Model):
    """One invoice, or one due date of it, in an automatic payment of an account."""

    _name = "ar.autopay.collection.line"
    _description = "Invoice of an Automatic Payment"
    _order = "id"

    collection_id = fields.Many2one(
        "ar.autopay.collection", required=True, readonly=True, index=True, ondelete="cascade"
    )
    consent_id = fields.Many2one(related="collection_id.consent_id", store=True)
    company_id = fields.Many2one(related="collection_id.company_id", store=True, index=True)
    # Cascade: an invoice that is reset and posted again may get other items; they are announced anew.
    move_line_id = fields.Many2one(
        "account.move.line", "Open Item", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="collection_id.currency_id", store=True)
    amount = fields.Monetary(readonly=True, help="Amount that is charged, as announced.")

    # An invoice may be posted again in another currency: it is announced anew then, and what was before is history.
    _once = models.UniqueIndex("(consent_id, move_line_id, currency_id)", "This invoice was announced already.")
