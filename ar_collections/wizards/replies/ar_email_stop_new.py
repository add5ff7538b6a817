from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class ArEmailStopNew(models.TransientModel):
    """Dialog in which staff choose which addresses get no e-mails any more, as a reply asks for."""

    _name = "ar.email.stop.new"
    _inherit = ["ar.wizard.mixin"]
    _description = "No more emails"

    reply_id = fields.Many2one("ar.reply", required=True, readonly=True, ondelete="cascade")
    line_ids = fields.One2many("ar.email.stop.new.line", "wizard_id")

    @api.model
    def _open_for(self, reply):
        """Return the action that opens the dialog, with the sender's address ticked; the caller checked the rights."""
        rows = [{"address": each, "ticked": each == reply.email_from} for each in reply._get_stop_addresses()]
        dialog = self.create({"reply_id": reply.id, "line_ids": [Command.create(row) for row in rows]})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("No more emails"),
            "res_model": self._name,
            "res_id": dialog.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_confirm(self):
        """Record the request for the chosen addresses, and close the inquiry.

        :raise UserError: where none is chosen, or the reply does not ask for it
        """
        self.ensure_one()
        reply = self.reply_id
        reply.check_access("read")
        reply._check_stop()
        chosen = self.line_ids.filtered("ticked").mapped("address")
        addresses = [each for each in reply._get_stop_addresses() if each in chosen]  # none but these
        if not addresses:
            raise UserError(self.env._("Choose a recipient with an email address."))
        self.env["ar.email.stop"]._record(reply, addresses)
        reply.inquiry_ids.filtered(lambda inquiry: inquiry.state == "open").action_close()


class ArEmailStopNewLine(models.TransientModel):
    """An address that may be chosen."""

    _name = "ar.email.stop.new.line"
    _inherit = ["ar.wizard.mixin"]
    _description = "Address for No More Emails"

    wizard_id = fields.Many2one("ar.email.stop.new", required=True, readonly=True, ondelete="cascade")
    address = fields.Char("Email Address", readonly=True)
    ticked = fields.Boolean("Stop")
