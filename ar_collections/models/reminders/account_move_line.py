from odoo import fields, models
from odoo.exceptions import UserError


class AccountMoveLine(models.Model):
    """Open items that a person selected: reminded of, or left without follow-up until a day."""

    _inherit = "account.move.line"

    #: An invoice has its own day; this one is of items in other entries.
    #: An invoice has its own day; this one is of items in other entries.
    ar_no_chase_until = fields.Date(
        "No follow-up until", copy=False, index="btree_not_null", readonly=True, groups="base.group_user"
    )

    def _get_ar_customers(self):
        """Return the accounts that these items belong to."""
        return self.env["ar.customer"].search(
            [("partner_id", "in", self.partner_id.ids), ("company_id", "in", self.company_id.ids)]
        )

    def _check_selected(self):
        """Check that the user may work on the ticked items; the view hides the button, this refuses the call.

        :return: the customer whose open items they are
        :raise UserError: with what to do instead
        """
        self.env["ar.customer"]._require("collector")
        self.check_access("read")
        customer = self._get_ar_customers()
        if len(customer) != 1:
            raise UserError(self.env._("Select open items of one customer first."))
        customer.check_access("write")
        self.env.flush_all()  # the ledger is read with plain SQL, and anew
        customer.invalidate_recordset(["open_line_ids"])
        if self - customer.open_line_ids:
            raise UserError(self.env._("Some of these items are no longer open. Reload the page."))
        return customer

    def action_ar_remind(self):
        """Show what would be said about the ticked items now, to be sent from there."""
        return self.env["ar.remind"]._open_for(self._check_selected(), self)

    def action_ar_no_chase(self):
        """Ask why the ticked items are not to be chased."""
        return self.env["ar.no.chase"]._open_for(self._check_selected(), self)

    def action_ar_resume_reminders(self):
        """Take up the ticked items again."""
        self._check_selected()._resume_items(self)
        return True

    def _resume_reminders(self):
        """Chase these items again; an invoice with all its parts, as Odoo does it."""
        invoices = self.move_id.filtered(lambda move: move.is_invoice())
        invoices.write({"no_followup": False, "ar_no_chase_until": False, "ar_no_chase_reason": False})
        (self - invoices.line_ids).write({"no_followup": False, "ar_no_chase_until": False})
