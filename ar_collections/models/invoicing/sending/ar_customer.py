from odoo import Command, api, fields, models

from ....core.invoicing.sending import states


class ArCustomer(models.Model):
    """What the customer requires of invoices."""

    _inherit = "ar.customer"

    _writable = {"collector": ("billing_requirement_ids",)}

    billing_requirement_ids = fields.One2many("ar.billing.requirement", "customer_id", "Billing Requirements")

    def _drop_duplicates(self, others):
        """Override to keep each billing requirement once; it is enforced where one of the accounts enforced it."""
        result = super()._drop_duplicates(others)
        own = {requirement._get_identity(): requirement for requirement in self.billing_requirement_ids}
        dropped = self.env["ar.billing.requirement"]
        for requirement in others.billing_requirement_ids:
            kept = own.setdefault(requirement._get_identity(), requirement)
            if kept != requirement:
                kept.is_enforced |= requirement.is_enforced
                dropped |= requirement
        for requirement in dropped:
            checks = self.env["ar.invoice.check"].search([("requirement_id", "=", requirement.id)])
            checks.requirement_id = own[requirement._get_identity()]
        dropped.unlink()
        return result

    def _get_copied_vals(self, source):
        """Override to copy the billing requirements to the account of a contact that left the customer."""
        copies = [Command.create(requirement._get_copied_vals()) for requirement in source.billing_requirement_ids]
        return {**super()._get_copied_vals(source), "billing_requirement_ids": copies}

    @api.model
    def _find_sent_before(self, moves):
        """Override to leave out what waits for something, or a person decided not to send."""
        domain = [("move_id", "in", moves.ids), ("state", "!=", states.SENT)]
        rows = self.env["ar.invoice.sending"].sudo().search(domain)  # whoever asks needs no role of ours
        return super()._find_sent_before(moves - rows.move_id)
