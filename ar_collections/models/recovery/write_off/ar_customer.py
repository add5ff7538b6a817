from odoo import models


class ArCustomer(models.Model):
    """Write-offs of the customer's debts."""

    _inherit = "ar.customer"

    def action_write_off(self):
        """Open the dialog to write off what the customers owe."""
        self._require("collector")
        facts = self.env["ar.facts"]
        lines = [
            line.line_id
            for company, accounts in self.grouped("company_id").items()
            for line in facts._read_open_lines(company, accounts.partner_id.ids)
            if line.residual_currency > 0 and not line.is_our_payment
        ]
        return self.env["ar.write.off.new"]._open(self.env["account.move.line"].browse(lines))

    def action_open_write_offs(self):
        """Open the write-offs of the customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_write_off_action")
        domain = [("line_ids.partner_id", "child_of", self.partner_id.ids), ("company_id", "=", self.company_id.id)]
        return dict(action, domain=domain, context={})
