from odoo import api, fields, models

from ....models.recovery.settlements.ar_settlement_offer import NOTICE
from ....notification import notification


class ArSettlementOffer(models.TransientModel):
    """Dialog that shows the offer of a settlement as the customer will read it, and sends it."""

    _name = "ar.settlement.offer"
    _inherit = ["ar.wizard.mixin"]
    _description = "Offer a Settlement"

    settlement_id = fields.Many2one("ar.settlement", required=True, readonly=True, ondelete="cascade")
    customer_id = fields.Many2one(related="settlement_id.customer_id")
    has_choice = fields.Boolean(readonly=True)
    channel = fields.Selection([("email", "Email"), ("letter", "Letter")], "Send as", required=True)
    email_to = fields.Char("To", readonly=True)
    subject = fields.Char(readonly=True)
    email_html = fields.Html(readonly=True, sanitize=False)
    letter_to = fields.Text("Address", readonly=True)
    letter_html = fields.Html(readonly=True, sanitize=False)

    @api.model
    def _open_for(self, settlement):
        """Open the dialog with the texts of all channels that reach the customer; the caller checked the rights."""
        channels = settlement.sudo()._get_offer_channels()  # addresses of the customer, which the user may write to
        values = {"settlement_id": settlement.id, "channel": channels[0], "has_choice": len(channels) > 1}
        for channel in channels:
            values |= self._read_text(settlement, channel)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Offer to the Customer"),
            "res_model": self._name,
            "res_id": self.create(values).id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "large"},
        }

    @api.model
    def _read_text(self, settlement, channel):
        """Return the dialog's values of the offer in a channel: it is created, read and rolled back.

        :param str channel: ``email`` or ``letter``
        """
        with self.env.cr.savepoint() as savepoint:
            # The log is written as superuser; what is rolled back is not even logged.
            offered = settlement.sudo()
            rows = self.env["ar.facts"]._read_recipients(offered.customer_id)[offered.customer_id.id]
            values = self.env["ar.outreach"]._prepare_notice_vals(offered, NOTICE, True, rows, channel)
            communication = self.env["ar.communication"].sudo().create(values)  # as above
            self.env["ar.outreach"]._render(communication)
            shown = self._read_shown(communication)
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        return shown

    @api.model
    def _read_shown(self, communication):
        """Return the dialog's values of a message."""
        if communication._get_channel()._is_printable:
            return self._read_letter(communication)
        addresses = ", ".join((communication.email_to or "").split(","))
        return {"email_to": addresses, "subject": communication.subject, "email_html": communication.body}

    @api.model
    def _read_letter(self, communication):
        lang = communication.lang
        recipient = communication.recipient_ids[:1] or communication.partner_id
        values = {"doc": communication.with_context(lang=lang), "recipient": recipient}
        html = self.env["ir.qweb"].with_context(lang=lang)._render("ar_collections.settlement_letter_text", values)
        lines = [line for line in recipient._display_address().splitlines() if line.strip()]
        return {"letter_to": "\n".join(lines), "letter_html": html}

    def action_send(self):
        """Send the offer as chosen; a letter waits for the next print run."""
        self.ensure_one()
        self.settlement_id._offer(self.channel)
        text = self.env._("The offer is being sent.")
        if self.env["ar.channel"]._get(self.channel)._is_printable:
            text = self.env._("The offer waits among the letters to print.")
        return notification(text)
