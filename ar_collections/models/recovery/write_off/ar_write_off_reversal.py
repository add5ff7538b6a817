from odoo import models


class ArWriteOffReversal(models.Model):
    """Money came after all, or the write-off was wrong: the debt is open again, by an entry of today."""

    _inherit = "ar.write.off"

    def action_reverse(self):
        """Reverse the write-offs: the debts are open again, and the money can be matched with them."""
        for write_off in self:
            write_off._require("manager")
            write_off.line_ids._reverse()
        return True

    def _after_reversal(self, lines, move):
        """Store that items are booked back; the write-off is reversed once all of them are."""
        lines.write({"reversal_move_id": move.id, "date_reversed": move.date})
        if all(line.date_reversed for line in self.line_ids):
            self.state = "reversed"
            self.activity_unlink(
                ["ar_collections.mail_activity_type_tax_relief", "ar_collections.mail_activity_type_recovered"]
            )
        numbers = ", ".join(lines.mapped("name"))
        self._tell(self.env._("Reversed, open again: %s", numbers))
