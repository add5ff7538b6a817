from odoo import api, fields, models
from odoo.exceptions import UserError

from ...formats import format_amount


class ArCreditReleaseNew(models.TransientModel):
    """Dialog in which a credit manager releases one document on hold: an invoice, an order or a delivery."""

    _name = "ar.credit.release.new"
    _inherit = ["ar.wizard.mixin"]
    _description = "Release a Document"

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True, readonly=True)
    document_name = fields.Char("Document", compute="_compute_document")
    customer_name = fields.Char("Customer", compute="_compute_document")
    amount_text = fields.Char("Amount", compute="_compute_document")
    hold_text = fields.Text("Held for", compute="_compute_document")
    reason = fields.Char(required=True, help="Why the document may pass; kept with the release.")

    @api.model
    def _open_for(self, document):
        """Return the action that opens the dialog; the caller checked the user's rights."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Release"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_res_model": document._name, "default_res_id": document.id},
        }

    @api.depends("res_model", "res_id")
    def _compute_document(self):
        for dialog in self:
            document = dialog._get_document()
            total, currency = document._ar_get_credit_total()
            dialog.document_name = document.display_name
            dialog.customer_name = document._ar_get_credit_partner().display_name
            dialog.amount_text = format_amount(self.env, total, currency)
            dialog.hold_text = dialog._read_hold(document)

    def _get_document(self):
        """Return the document, which the user may read.

        :raise UserError: for what credit control does not hold, or does not exist any more
        """
        self.ensure_one()
        self.env["ar.customer"]._require("credit_manager")
        kinds = self.env.registry["ar.credit.document.mixin"]
        model = self.env.registry.get(self.res_model)
        if model is None or not issubclass(model, kinds) or model._abstract:
            raise UserError(self.env._("Only documents that credit control holds can be released."))
        document = self.env[self.res_model].browse(self.res_id).exists()
        if not document:
            raise UserError(self.env._("The document does not exist any more."))
        document.check_access("read")
        return document

    @api.model
    def _read_hold(self, document):
        """Return why the document is held at this moment; empty where it is not."""
        effects = document._ar_check_documents(lock=False)
        return document._ar_get_reason_text(effects) if document._ar_get_blocked(effects) else ""

    def _release(self):
        """Release the document; return it.

        :raise UserError: where it is not on hold
        """
        document = self._get_document()
        hold_text = self._read_hold(document)
        if document._ar_is_pending() and not hold_text:
            raise UserError(self.env._("%s is not on hold any more: it can be confirmed.", document.display_name))
        self.env["ar.credit.release"]._release(document, self.reason, hold_text)
        return document

    def action_release(self):
        """Release the document; whoever it belongs to confirms it."""
        self._release()
        return {"type": "ir.actions.act_window_close"}

    def action_release_and_confirm(self):
        """Release the document and confirm it."""
        return self._release()._ar_confirm_released() or {"type": "ir.actions.act_window_close"}
