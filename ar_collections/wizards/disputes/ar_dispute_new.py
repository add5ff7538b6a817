from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools.mimetypes import guess_mimetype

from ...core.disputes import attachment
from ...core.disputes.attachment import File
from ...core.portal.allocation import RequestRefused
from ...messages import DISPUTE_REFUSALS
from ...notification import notification


class ArDisputeNew(models.TransientModel):
    """Dialog in which staff record a dispute that a customer raised by phone, letter or e-mail."""

    _name = "ar.dispute.new"
    _inherit = ["ar.wizard.mixin"]
    _description = "New Dispute"

    customer_id = fields.Many2one("ar.customer", required=True, readonly=True, ondelete="cascade")
    move_id = fields.Many2one("account.move", "Invoice", readonly=True, ondelete="cascade", help="Only its items.")
    company_id = fields.Many2one(related="customer_id.company_id")
    reason_id = fields.Many2one(
        "ar.dispute.reason", required=True, ondelete="cascade", domain="[('company_id', 'in', [company_id, False])]"
    )
    note = fields.Text("Description by the Customer", required=True)
    line_ids = fields.One2many("ar.dispute.new.line", "wizard_id")
    file_ids = fields.Many2many(
        "ir.attachment", string="Attachments", help="What the customer sent, for instance photos or a letter."
    )

    @api.model
    def default_get(self, fields):
        """Override of `base` to list the items that may be disputed.

        The items of a given invoice, or those in the context key ``ar_selected_line_ids``, are filled in with their
        whole open amount.
        """
        values = super().default_get(fields)
        customer = self.env["ar.customer"].browse(values.get("customer_id"))
        if customer and "line_ids" in fields:
            customer.check_access("read")
            values["line_ids"] = [Command.create(line) for line in self._prepare_lines(customer, values.get("move_id"))]
        return values

    @api.model
    def _prepare_lines(self, customer, move_id):
        """Return the values of the lines, see :meth:`default_get`."""
        disputables = {item.item_id: item for item in customer._get_disputables() if item.left}
        items = customer._browse_lines(list(disputables))
        selected = set(self.env.context.get("ar_selected_line_ids") or ())
        return [
            {
                "move_line_id": item.id,
                "open_amount": float(disputables[item.id].left),
                "amount": float(disputables[item.id].left) if move_id or item.id in selected else 0.0,
                "whole": bool(move_id) or item.id in selected,
            }
            for item in items
            if not move_id or item.move_id.id == move_id
        ]

    def action_confirm(self):
        """Create the dispute and return to where the dialog was opened from.

        :raise UserError: when the amounts cannot be disputed, with what to do
        """
        self.ensure_one()
        self.customer_id._require("collector")
        selected = self.line_ids.filtered("amount")
        requested = {line.move_line_id.id: line._get_exact_amount() for line in selected}
        try:
            files = self._read_files()
            dispute = self.env["ar.dispute"]._raise_dispute(
                self.customer_id, self.reason_id, requested, self.note, files=files
            )
        except RequestRefused as refused:
            raise UserError(str(DISPUTE_REFUSALS[refused.code])) from refused
        self.file_ids.unlink()  # the dispute has files of its own
        return self._close(dispute)

    def _read_files(self):
        """Return the attachments as files of the dispute.

        :rtype: list[core.disputes.attachment.File]
        :raise RequestRefused: for too many, too large or unknown files
        """
        attachment.check_sizes([each.file_size for each in self.file_ids])
        files = [File(attachment.safe_name(each.name), each.raw) for each in self.file_ids]
        for file in files:
            attachment.check_kind(file, guess_mimetype(file.content, default="application/octet-stream"))
        return files

    @api.model
    def _close(self, dispute):
        amount = dispute._format_amount(dispute.amount_total)
        message = self.env._("%(number)s: %(amount)s in dispute.", number=dispute.name, amount=amount)
        return notification(message)


class ArDisputeNewLine(models.TransientModel):
    """One open item that may be disputed."""

    _name = "ar.dispute.new.line"
    _inherit = ["ar.wizard.mixin"]
    _description = "New Dispute Item"

    wizard_id = fields.Many2one("ar.dispute.new", required=True, index=True, ondelete="cascade")
    move_line_id = fields.Many2one("account.move.line", required=True, ondelete="cascade")
    move_id = fields.Many2one(related="move_line_id.move_id")
    date_due = fields.Date("Due Date", related="move_line_id.date_maturity")
    currency_id = fields.Many2one(related="move_line_id.currency_id")
    open_amount = fields.Monetary(help="Open amount that is not in dispute.")
    whole = fields.Boolean("Whole Invoice", help="Whether all that is open of the item is disputed.")
    amount = fields.Monetary("Disputed", help="Disputed amount of the item; 0 if it is not disputed.")

    @api.onchange("whole")
    def _onchange_whole(self):
        """Fill in all that is open, or nothing."""
        self.amount = self.open_amount if self.whole else 0

    @api.onchange("amount")
    def _onchange_amount(self):
        """Note that a part is disputed only."""
        self.whole = bool(self.amount) and self.amount == self.open_amount

    def _get_exact_amount(self):
        return self.env["ar.dispute.line"]._to_exact(self.amount, self.currency_id)
