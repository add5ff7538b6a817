from odoo import models


class ArCustomerIdentity(models.Model):
    """What becomes of the consent when the account is archived or merged, or its contact gets a company.

    A consent never reaches further than the customer who gave it: not to invoices of a company that it joins.
    """

    _inherit = "ar.customer"

    def write(self, vals):
        """Override to stop automatic payments of accounts that are archived."""
        if "active" in vals and not vals["active"]:
            self._stop_autopay(self._in_staff_language().env._("the account was archived"))
        return super().write(vals)

    def _drop_duplicates(self, others):
        """Override to keep one consent: the own one, else the newest of the others, of the same debtor."""
        result = super()._drop_duplicates(others)
        consents = (self | others)._get_live_autopay()
        kept = consents.filtered(lambda consent: consent.customer_id == self) or consents[:1]
        (consents - kept).customer_id._stop_autopay(
            self._in_staff_language().env._("merged with an account that has a consent of its own")
        )
        if kept.customer_id & others:  # moved before the others are archived, which ends what is theirs
            kept.customer_id = self
            kept.flush_recordset()
        return result

    def _carry_over(self):
        """Override to stop automatic payments of accounts whose contact belongs to a company now."""
        joined = self.filtered(
            lambda account: (
                not account.merged_into_id and account.partner_id.commercial_partner_id != account.partner_id
            )
        )
        joined._stop_autopay(joined._in_staff_language().env._("the contact belongs to another company now"))
        return super()._carry_over()
