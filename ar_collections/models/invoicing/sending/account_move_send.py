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
            busy = self._find_busy(moves)
            if not from_cron:
                self._refuse_busy(busy)
            moves -= busy
            # Else Odoo sends a second copy as soon as ours has left; what is locked at this moment is left for later.
            busy.try_lock_for_update(allow_referencing=True).sending_data = False
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
            self._note_sent_by_person(moves_data)
        return result

    @api.model
    def _find_busy(self, moves):
        """Lock what waits to be sent by itself; return the invoices that are being sent already."""
        return self.env["ar.invoice.sending"].sudo()._lock_for_person(moves)  # whoever sends needs no role of ours

    @api.model
    def _refuse_busy(self, busy):
        """Tell a person which invoices are being sent.

        :raise UserError: where there are any
        """
        if busy:
            raise UserError(
                self.env._(
                    "These invoices are being sent automatically at this moment: %(names)s. Look at them again in "
                    "a few minutes.",
                    names=", ".join(busy.mapped("display_name")),
                )
            )

    @api.model
    def _note_sent_by_person(self, moves_data):
        """Note what a person sent, and how.

        :param dict moves_data: as in `_hook_if_success`
        """
        sent = {}
        for move, data in moves_data.items():
            methods = {
                method
                for method in data["sending_methods"]
                if method != states.MANUAL and self._is_applicable_to_move(method, move, **data)
            }
            sent[move] = methods, data.get("author_user_id")
        self.env["ar.invoice.sending"].sudo()._note_sent(sent)  # as in `_find_busy`
