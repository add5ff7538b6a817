from odoo import api, models


class ArMessageNew(models.TransientModel):
    """The invitation to automatic payments is one of the messages that a person sends."""

    _inherit = "ar.message.new"

    @api.model
    def _get_title(self, kind):
        """Override to name the invitation."""
        if kind == "autopay_invite":
            return self.env._("Invite to Autopay")
        return super()._get_title(kind)

    def action_send(self):
        """Override to check once more that the invitation leads somewhere: the dialog may have been open for long."""
        for wizard in self.filtered(lambda wizard: wizard.kind == "autopay_invite"):
            wizard.customer_id._require("collector")
            wizard.customer_id._check_autopay_invitation()
        return super().action_send()
