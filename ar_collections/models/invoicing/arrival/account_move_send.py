from odoo import api, models

from ....core.invoicing import arrival
from ...customers.core_flow import ignore_failure


class AccountMoveSend(models.AbstractModel):
    """What happens to invoices besides mails: printed by a person, or not sent for want of an address."""

    _inherit = "account.move.send"

    @api.model
    def _hook_if_success(self, moves_data, from_cron=False):
        """Override of `account` to record what left no mail: Odoo skips invoices without an address silently."""
        result = super()._hook_if_success(moves_data, from_cron=from_cron)
        with ignore_failure(self.env, "the printing of invoices"):
            rows = [row for move, data in moves_data.items() if (row := self._get_arrival_row(move, data))]
            self.env["ar.invoice.arrival"].sudo()._store(rows)  # whoever sends invoices
        return result

    @api.model
    def _get_arrival_row(self, move, data):
        """Return the evidence of an invoice that was printed or skipped, None for others.

        :param dict data: how it was sent, see `account.move.send`
        """
        if not move.is_sale_document(include_receipts=True):
            return None
        row = {"move_id": move.id, "user_id": self.env.uid}
        if "email" in data["sending_methods"]:
            if data.get("mail_partner_ids") or move.partner_id.email:
                return None
            return {**row, "kind": arrival.FAILED, "failure_type": "mail_email_missing"}
        networks = set(data["sending_methods"]) - {"manual", "snailmail"}
        return None if networks else {**row, "kind": arrival.PRINTED}  # a letter that a service prints, too
