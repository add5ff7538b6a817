from odoo import models


class AccountMoveSendBatchWizard(models.TransientModel):
    """Odoo's dialog that sends a selection of invoices in the background."""

    _inherit = "account.move.send.batch.wizard"

    def action_send_and_print(self, force_synchronous=False, allow_fallback_pdf=False):
        """Override of `account` to refuse invoices that are being sent by themselves, as where one is sent alone.

        :raise UserError: where there are any
        """
        self._refuse_busy(self._find_busy(self.move_ids))
        return super().action_send_and_print(force_synchronous=force_synchronous, allow_fallback_pdf=allow_fallback_pdf)
