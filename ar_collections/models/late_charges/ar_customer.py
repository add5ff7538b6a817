from odoo import api, fields, models


class ArCustomerLateCharges(models.Model):
    """The late charges of a customer."""

    _inherit = "ar.customer"

    late_charge_ids = fields.One2many("ar.late.charge", "customer_id", "Late Charges", readonly=True)
    late_charge_count = fields.Integer("Late Charges to Invoice", compute="_compute_late_charge_count")

    @api.depends("late_charge_ids.left")
    def _compute_late_charge_count(self):
        rows = self.env["ar.late.charge"]._read_group(
            [("customer_id", "in", self.ids), ("left", ">", 0)], ["customer_id"], ["__count"]
        )
        counts = {customer.id: count for customer, count in rows}
        for customer in self:
            customer.late_charge_count = counts.get(customer.id, 0)

    def action_open_late_charges(self):
        """Open the late charges of the customer."""
        self.ensure_one()
        self._require("auditor")
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_late_charge_action")
        return {**action, "domain": [("customer_id", "=", self.id)], "context": {}}
