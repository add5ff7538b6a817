from odoo import models


class ArCommunication(models.Model):
    """The answer to a dispute lists what was not granted, which need not be all that is open of the invoice."""

    _inherit = "ar.communication"

    def _get_total_label(self):
        """Override to say that the total is about the disputed amounts alone."""
        if self.notice != "dispute_resolved":
            return super()._get_total_label()
        return self.with_context(lang=self.lang).env._("Remaining of the disputed amount")

    def _get_total_text(self, table):
        """Override to say that the total is about the disputed amounts alone."""
        if self.notice != "dispute_resolved":
            return super()._get_total_text(table)
        values = {"total": table["total"]}
        return self.with_context(lang=self.lang).env._("Remaining of the disputed amount: %(total)s", **values)
