from odoo import fields, models

GROUP_AUDITOR = "ar_collections.ar_collections_group_auditor"


class ArCustomerConfirmed(models.Model):
    """When somebody confirmed the data of a customer: name, addresses, VAT number, terms."""

    _inherit = "ar.customer"

    data_confirmed_on = fields.Date(
        readonly=True, copy=False, tracking=True, groups=GROUP_AUDITOR,
        help="Day on which somebody last confirmed name, addresses, VAT number and terms of the customer.",
    )  # fmt: skip
    data_confirmed_by_id = fields.Many2one(
        "res.users", "Data Confirmed by", readonly=True, copy=False, tracking=True, groups=GROUP_AUDITOR
    )
    data_finding_ids = fields.One2many(
        "ar.data.finding", "customer_id", "Data Findings", domain=[("state", "=", "open")], groups=GROUP_AUDITOR
    )
    data_finding_count = fields.Integer(compute="_compute_data_finding_count", groups=GROUP_AUDITOR)

    def _compute_data_finding_count(self):
        counts = dict(
            self.env["ar.data.finding"]._read_group(
                [("customer_id", "in", self.ids), ("state", "=", "open")], ["customer_id"], ["__count"]
            )
        )
        for customer in self:
            customer.data_finding_count = counts.get(customer, 0)

    def action_confirm_data(self):
        """Confirm that the data of the customers are right, today and by this user; the finding is over."""
        self._require("collector")
        self.check_access("write")
        for company, customers in self.grouped("company_id").items():
            today = company._ar_today()
            # sudo: by this button only; the role was checked.
            customers.sudo().write({"data_confirmed_on": today, "data_confirmed_by_id": self.env.uid})
            customers.sudo().data_finding_ids.filtered(lambda finding: finding.code == "not_confirmed")._solve(today)

    def action_open_data_findings(self):
        """Open the findings about the customer's data."""
        self.ensure_one()
        self._require("auditor")
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_data_finding_action")
        return dict(action, domain=[("customer_id", "=", self.id)], context={})
