from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ....core.credit.effect import Release
from ....core.credit.limit import CreditRefused, check_reason
from ....core.money import to_decimal
from ....formats import format_amount
from ....messages import CREDIT_REFUSALS


class ArCreditRelease(models.Model):
    """A credit manager's decision to let one document pass although its customer is on hold.

    It is valid for the customer and up to the amount that were released: a document that gets another customer, or
    becomes larger, is held again. Rows are only added; who released what is read from them.
    """

    _name = "ar.credit.release"
    _inherit = ["ar.access.mixin"]
    _description = "Credit Release"
    _order = "id DESC"
    _rec_name = "document_name"

    res_model = fields.Char("Model of the Document", required=True, readonly=True)
    res_id = fields.Many2oneReference("Document ID", model_field="res_model", required=True, readonly=True)
    document_name = fields.Char(
        "Name at Release", required=True, readonly=True, help="What the document was called when it was released."
    )
    document_type = fields.Char("Type", compute="_compute_document_type")
    present_name = fields.Char("Document", compute="_compute_present_name")
    customer_id = fields.Many2one(
        "ar.customer", "Customer Account", required=True, readonly=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, ondelete="set null", help="Empty where the contact was deleted."
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(readonly=True, aggregator="sum", help="Up to this amount, in the currency of the company.")
    document_currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    document_amount = fields.Monetary(
        currency_field="document_currency_id", readonly=True, aggregator=None,
        help="In the currency of the document, so that another exchange rate does not hold it again.",
    )  # fmt: skip
    hold_text = fields.Text("Held for", readonly=True, help="Why the document was held.")
    reason = fields.Char(required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Released by", required=True, readonly=True, ondelete="restrict")

    _document_idx = models.Index("(res_model, res_id)")

    @api.depends("res_model")
    def _compute_document_type(self):
        names = self.env["ir.model"].sudo()  # the name is shown, whatever the user may read
        for release in self:
            release.document_type = names._get(release.res_model).name or release.res_model

    @api.depends("res_model", "res_id", "document_name")
    def _compute_present_name(self):
        """Compute the name of the document as it is now: an invoice has its number since; deleted ones keep theirs."""
        for model, releases in self.grouped("res_model").items():
            # The name is shown, whatever the user may read, as the stored one is; the add-on of the model may be gone.
            documents = self.env[model].sudo().browse(releases.mapped("res_id")).exists() if model in self.env else ()
            names = {document.id: document.display_name for document in documents}
            for release in releases:
                release.present_name = names.get(release.res_id) or release.document_name

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Prevent deletion: who released what is part of the audit trail."""
        raise UserError(self.env._("Credit releases are part of the audit trail and cannot be deleted."))

    # === RELEASE === #

    @api.model
    def _release(self, document, reason, hold_text):
        """Release a document up to its present amount; return the release.

        :param document: a record of a model that inherits `ar.credit.document.mixin`
        :param str reason: why, in words
        :param str hold_text: why it was held
        :raise UserError: without the role of credit manager, or without a reason
        """
        self._require("credit_manager")
        document.check_access("read")
        if not document._ar_is_pending():
            raise UserError(
                self.env._("%s is confirmed or canceled: there is nothing to release.", document.display_name)
            )
        try:
            check_reason(reason or "")
        except CreditRefused as refused:
            raise UserError(self.env._(CREDIT_REFUSALS[refused.code])) from refused
        self._check_allowed(document)
        # sudo: releases are added by this method alone; the account is that of the root company.
        release = self.sudo().create(document.sudo()._ar_prepare_release(reason.strip(), hold_text, self.env.user))
        document.sudo()._ar_clear_hold()
        release._log(document)
        return release

    @api.model
    def _check_allowed(self, document):
        """Check that the user may release the document. Extension point.

        :raise UserError: with the way out
        """

    def _log(self, document):
        """Say on the document and on the customer's account what was released."""
        text = self.env._(
            "Released by %(user)s up to %(amount)s: %(reason)s",
            user=self.user_id.name,
            amount=format_amount(self.env, self.document_amount, self.document_currency_id),
            reason=self.reason,
        )
        document.sudo()._message_log(body=text)  # who releases a document need not have the right to write it
        self.customer_id._message_log(body=self.env._("%(document)s: %(text)s", document=self.document_name, text=text))

    @api.model
    def _read_for(self, documents):
        """Return {document: core.credit.effect.Release} of the valid releases of these documents of one model."""
        ids = [number for number in documents._origin.ids if number]
        if not ids:
            return {}
        releases = self.sudo().search([("res_model", "=", documents._name), ("res_id", "in", ids)])  # of the caller
        by_id = releases.grouped("res_id")
        found = {document: by_id[document._origin.id] for document in documents if document._origin.id in by_id}
        return {
            document: release
            for document, made in found.items()
            if (release := max(filter(None, (each._get_valid(document) for each in made)), default=None, key=_amount))
        }

    def _get_valid(self, document):
        """Return the release as the rules read it, ``None`` where the document belongs to another customer now.

        In the currency that was released the amount is compared in that currency, also where it has no exchange rate.
        """
        self.ensure_one()
        partner = self.partner_id.commercial_partner_id
        if not partner or partner != document._ar_get_credit_partner()._origin:
            return None
        total, currency = document._ar_get_credit_total()
        amount = to_decimal(self.amount)
        if currency == self.document_currency_id:
            if currency.compare_amounts(total, self.document_amount) > 0:
                return None
            known = document._ar_get_credit_amount()
            amount = Decimal("Infinity") if known is None else max(amount, known)
        return Release(amount, self.reason, self.user_id.id)

    def action_open_document(self):
        """Open the document.

        :raise UserError: where it does not exist any more
        """
        self.ensure_one()
        self._require("auditor")
        document = self.env[self.res_model].browse(self.res_id).exists() if self.res_model in self.env else None
        if not document:
            raise UserError(self.env._("%s does not exist any more.", self.document_name))
        document.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }


def _amount(release):
    return release.amount
