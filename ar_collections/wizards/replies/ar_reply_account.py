from odoo import api, fields, models

from ...const import REPLY_KINDS


class ArReplyAccount(models.TransientModel):
    """Dialog in which staff choose whose items a payer's reply is about, where several accounts owe them.

    What is recorded belongs to one account; the next one is chosen by opening the dialog again.
    """

    _name = "ar.reply.account"
    _inherit = ["ar.wizard.mixin"]
    _description = "Account That a Reply Is About"

    reply_id = fields.Many2one("ar.reply", required=True, readonly=True, ondelete="cascade")
    kind = fields.Selection(REPLY_KINDS, required=True, readonly=True)
    sentence = fields.Char(compute="_compute_sentence")
    choice_ids = fields.Many2many("ar.customer", compute="_compute_choice_ids")
    customer_id = fields.Many2one("ar.customer", domain="[('id', 'in', choice_ids)]", ondelete="cascade")

    @api.depends("reply_id", "kind")
    def _compute_sentence(self):
        for dialog in self:
            dialog.sentence = dialog.reply_id._get_summary(dialog.kind)

    @api.depends("reply_id")
    def _compute_choice_ids(self):
        """Compute the accounts that owe what the reply may be about."""
        for dialog in self:
            dialog.choice_ids = dialog.reply_id._get_debtors()

    @api.model
    def _open_for(self, reply, kind):
        """Return the action that opens the dialog for one thing that a reply is about; the caller checked the rights.

        :param str kind: one of ``const.REPLY_KINDS``
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Choose the Customer"),
            "res_model": self._name,
            "res_id": self.create({"reply_id": reply.id, "kind": kind}).id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_continue(self):
        """Open the dialog to record it on the account that was chosen.

        :raise UserError: where none was chosen, or as `ar.reply.action_propose`
        """
        self.ensure_one()
        self.reply_id.check_access("read")
        return self.reply_id._propose(self.kind, self.customer_id)
