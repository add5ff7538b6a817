from odoo import api, fields, models


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
    currency_id = fields.Many2one(related="collection_id.currency_id")
    amount = fields.Monetary(readonly=True, help="Amount that is charged, as announced.")

    _once = models.UniqueIndex("(consent_id, move_line_id)", "This invoice was announced already.")

    @api.model
    def _drop_outdated(self, consent, batches):
        """Delete these items from what was announced before: their invoices were in another currency then.

        :param batches: list of `core.autopay.selection.Batch`, about to be announced
        """
        item_ids = [item.item_id for batch in batches for item in batch.items]
        # sudo: no role writes what was announced; the run does.
        self.sudo().search([("consent_id", "=", consent.id), ("move_line_id", "in", item_ids)]).unlink()
