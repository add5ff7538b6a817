from odoo import api, models
from odoo.exceptions import UserError

from ....core.invoicing.sending import states
from .claim import Claim


class AccountMoveSend(models.AbstractModel):
    """Odoo's own sending, by a person or its scheduled action, beside ours: an invoice is sent by one of them."""

    _inherit = "account.move.send"

    @api.model
    def _generate_and_send_invoices(
        self, moves, from_cron=False, allow_raising=True, allow_fallback_pdf=False, **custom_settings
    ):
        """Override of `account` to lock what waits to be sent by itself, and to leave out what is being sent.

        :raise UserError: where one of the invoices is being sent at this moment, and a person asks
        """
        if not isinstance(self.env.context.get("ar_claim"), Claim):  # of this process
            busy = self.env["ar.invoice.sending"].sudo()._lock_for_person(moves)  # whoever sends needs no role of ours
            if busy and not from_cron:
                raise UserError(
                    self.env._(
                        "These invoices are being sent automatically at this moment: %(names)s. Look at them again in "
                        "a few minutes.",
                        names=", ".join(busy.mapped("display_name")),
                    )
                )
            moves -= busy
            if busy and not moves:
                return self.env["ir.attachment"]
        return super()._generate_and_send_invoices(
            moves,
            from_cron=from_cron,
            allow_raising=allow_raising,
            allow_fallback_pdf=allow_fallback_pdf,
            **custom_settings,
        )

    @api.model
    def _hook_if_success(self, moves_data, from_cron=False):
        """Override of `account` to note what a person sent, in the same transaction; a download is no sending."""
        result = super()._hook_if_success(moves_data, from_cron=from_cron)
        if not isinstance(self.env.context.get("ar_claim"), Claim):
            for move, data in moves_data.items():
                methods = {
                    method
                    for method in data["sending_methods"]
                    if method != states.MANUAL and self._is_applicable_to_move(method, move, **data)
                }
                # sudo: as above.
                self.env["ar.invoice.sending"].sudo()._note_sent(move, methods, data.get("author_user_id"))
        return result
