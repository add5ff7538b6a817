from lxml import html
from markupsafe import Markup, escape

from odoo import api, fields, models

from ...customers.core_flow import ignore_failure

#: Class of the block with the computation in the text beneath the lines of an invoice.
COMPUTATION = "o_ar_late_charge_computation"


class AccountMove(models.Model):
    """Invoices that charge late payment."""

    _inherit = "account.move"

    ar_late_charges = fields.Boolean("Has Late Charges", readonly=True, copy=False)
    ar_late_charge_annex_id = fields.Many2one(
        "ir.attachment", "Computation of Late Charges", readonly=True, copy=False, ondelete="set null"
    )

    # === PEOPLE CHANGE WHAT IS CHARGED === #

    def _post(self, soft=True):
        """Override of `account` to charge what the lines say that are posted, whatever was drafted."""
        posted = super()._post(soft)
        moves = posted.filtered("ar_late_charges")
        if moves:
            with ignore_failure(self.env, "late charges of posted invoices"):
                moves._get_late_charge_billings()._follow_lines()
                invoices = moves.filtered(lambda move: move.move_type == "out_invoice")
                invoices.filtered(lambda move: not move.ar_late_charge_annex_id)._add_computation()
        return posted

    def _ar_get_posted(self, soft):
        """Override to leave out invoices of late charges alone: they give no credit, so that no hold concerns them."""
        marked = self.filtered("ar_late_charges")
        only = marked.filtered(lambda move: move._has_only_late_charges()) if marked else marked
        return super(AccountMove, self - only)._ar_get_posted(soft)

    def _has_only_late_charges(self):
        """Return whether the invoice charges no more than what we drafted for late payment."""
        self.ensure_one()
        if any(not line.ar_late_charge_id for line in self.invoice_line_ids if line.display_type == "product"):
            return False
        drafted = sum(self._get_late_charge_billings().mapped("amount"))
        return self.currency_id.compare_amounts(self.amount_untaxed, drafted) <= 0

    @api.ondelete(at_uninstall=False)
    def _unlink_late_charge_billings(self):
        """Let late charges be open again whose draft invoice is deleted, and charged whose credit note is."""
        moves = self.filtered(lambda move: move.ar_late_charges or move.reversed_entry_id.ar_late_charges)
        if moves:
            billings = moves._get_late_charge_billings()
            charges = billings.charge_id
            billings.unlink()
            charges._refresh_left()

    def _get_late_charge_billings(self):
        """Return what these documents charge for late payment, in superuser mode."""
        # sudo: whoever changes a draft may not write late charges.
        return self.env["ar.late.charge.billing"].sudo().search([("move_id", "in", self.ids)])

    def copy_data(self, default=None):
        """Override of `account` to copy no computation: a copy or a reversal charges nothing of what it explains."""
        vals_list = super().copy_data(default)
        for move, vals in zip(self, vals_list, strict=True):
            if vals.get("narration") and COMPUTATION in vals["narration"]:
                vals["narration"] = move._get_own_narration()
        return vals_list

    def _get_copy_message_content(self, default):
        """Override of `account` to name the lines that a copy does not have, see `copy_data` of the lines."""
        text = super()._get_copy_message_content(default)
        if self.env.context.get("include_business_fields"):
            return text
        left_out = self.invoice_line_ids.filtered(lambda line: line._ar_is_charged_once())
        if not left_out:
            return text
        names = ", ".join(line.name or "" for line in left_out)
        return Markup("%s<br/>%s") % (text, self.env._("Not copied, because it is charged once: %s", names))

    # === COMPUTATION === #

    def _add_computation(self):
        """Add how the late charges are computed, beneath the lines and as an attachment."""
        for move in self:
            charges = move._get_late_charges()
            move._drop_computation()
            if charges:
                move = move.with_context(lang=move.partner_id.lang or self.env.lang)
                charges = charges.with_context(lang=move.env.lang)
                text = charges._render_computation()
                move.narration = (move.narration or "") + Markup('<div class="%s">%s</div>') % (COMPUTATION, text)
                charges._attach_computation(move)

    def _drop_computation(self):
        """Remove a computation that is outdated; posting adds the present one."""
        self.ensure_one()
        annex = self.sudo().ar_late_charge_annex_id  # the attachment is ours, whoever changes the draft
        annex = annex.filtered(lambda file: (file.res_model, file.res_id) == (self._name, self.id))  # RPC writes any
        self.sudo().ar_late_charge_annex_id = False
        if not (self.posted_before and self.company_id.restrictive_audit_trail):
            annex.unlink()  # else it is part of the audit trail
        self.narration = self._get_own_narration()

    def _get_own_narration(self):
        """Return the text beneath the lines without our computation."""
        self.ensure_one()
        if not self.narration or COMPUTATION not in self.narration:
            return self.narration
        root = html.fragment_fromstring(self.narration, create_parent="div")
        for block in root.find_class(COMPUTATION):
            block.drop_tree()
        inner = "".join(html.tostring(child, encoding="unicode") for child in root)
        return escape(root.text or "") + Markup(inner)  # as it was stored

    def _get_late_charges(self):
        """Return the late charges that this invoice charges, for the printed computation."""
        self.ensure_one()
        return self._get_late_charge_billings().charge_id

    def _get_late_charge_action(self):
        """Return the action that opens these invoices."""
        action = {"type": "ir.actions.act_window", "res_model": "account.move", "name": self.env._("Late Charges")}
        if len(self) == 1:
            return {**action, "res_id": self.id, "views": [(False, "form")]}
        return {**action, "domain": [("id", "in", self.ids)], "views": [(False, "list"), (False, "form")]}
