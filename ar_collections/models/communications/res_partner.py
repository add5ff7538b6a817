from odoo import api, fields, models

from ..customers.core_flow import ignore_failure

#: What decides whether, and by which channel, a customer can be reached.
ADDRESS_FIELDS = {"active", "city", "email", "phone", "street", "type"}

#: A change of more contacts than this is an import: the next run decides about their accounts.
FEW_CONTACTS = 20


class ResPartner(models.Model):
    """Shows on contacts whether they get the reminders; a corrected address is used at once."""

    _inherit = "res.partner"

    ar_gets_reminders = fields.Boolean(
        "Receives Reminders",
        compute="_compute_ar_gets_reminders",
        groups="ar_collections.ar_collections_group_auditor",
        help=(
            "Recipients of email reminders: all receivables contacts, otherwise the invoice address, otherwise "
            "the company."
        ),
    )

    @api.depends("type", "email", "commercial_partner_id")
    @api.depends_context("company", "ar_company_id")
    def _compute_ar_gets_reminders(self):
        """Compute whether the contact gets e-mail reminders, by `ar.channel.email._choose_recipients`.

        The company is that of the account that is shown (`ar_company_id` in the context), else the current one.
        """
        company_id = self.env.context.get("ar_company_id") or self.env.company.id
        customers = self.env["ar.customer"].search(
            [("partner_id", "in", self.commercial_partner_id.ids), ("company_id", "=", company_id)]
        )
        reminded = set()
        if customers:
            self.env.flush_all()  # addresses are read with plain SQL
            channel = self.env["ar.channel.email"]
            for rows in self.env["ar.facts"]._read_recipients(customers).values():
                reminded |= {row["id"] for row in channel._choose_recipients(rows)}
        for partner in self:
            partner.ar_gets_reminders = partner.id in reminded

    def write(self, vals):
        """Override of `base` to decide anew about customers whose address was corrected or removed."""
        result = super().write(vals)
        if not ADDRESS_FIELDS.isdisjoint(vals) and len(self) <= FEW_CONTACTS:
            accounts = self.env["ar.customer"].sudo()  # a user who works on contacts needs no role of ours
            with ignore_failure(self.env, "deciding about customers with another address"):
                accounts = accounts.search([("partner_id", "in", self.commercial_partner_id.ids)])
            accounts._mark_changed()  # outside, so that many contacts, each written alone, are decided together
        return result
