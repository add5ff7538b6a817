from odoo import api, fields, models


class ResPartnerReminded(models.Model):
    _inherit = "res.partner"

    ar_gets_reminders = fields.Boolean(
        "Gets Reminders",
        compute="_compute_ar_gets_reminders",
        groups="ar_collections.ar_collections_group_auditor",
        help="Reminders by e-mail go here: to all receivables contacts, else the invoice address, else the company.",
    )

    @api.depends("type", "email", "commercial_partner_id")
    @api.depends_context("company")
    def _compute_ar_gets_reminders(self):
        """As `ar.outreach` chooses whom to write to, in the current company."""
        customers = self.env["ar.customer"].search(
            [("partner_id", "in", self.commercial_partner_id.ids), ("company_id", "=", self.env.company.id)]
        )
        reminded = set()
        if customers:
            self.env.flush_all()  # addresses are read with plain SQL
            for rows in self.env["ar.facts"]._read_recipients(customers).values():
                reminded |= {row["id"] for row in self.env["ar.outreach"]._choose_recipients(rows)}
        for partner in self:
            partner.ar_gets_reminders = partner.id in reminded
