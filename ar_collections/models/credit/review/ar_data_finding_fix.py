from odoo import models
from odoo.exceptions import UserError

#: Where a finding is corrected: code -> method that returns the action. All others: the contact.
FIXES = {
    "archived_contact": "_open_archived",
    "same_vat": "_open_merge",
    "same_email": "_open_merge",
    "same_name": "_open_merge",
    "other_name": "_open_invoices",
    "not_sent": "_open_invoices",
    "sending_failed": "_open_invoices",
    "old_credit": "_open_match",
    "no_review": "_open_account",
    "review_late": "_open_account",
    "not_confirmed": "_open_account",
}

#: Odoo merges so many contacts at once.
MERGED_AT_ONCE = 3


class ArDataFindingFix(models.Model):
    """The button of a finding that leads to where it is corrected."""

    _inherit = "ar.data.finding"

    def action_fix(self):
        """Open what is to be corrected: the contact, the merge of contacts, invoices, payments or the account."""
        self.ensure_one()
        self._require("auditor")
        return getattr(self, FIXES.get(self.code, "_open_contact"))()

    def action_check_again(self):
        """Review the customers of these findings now, after something was corrected."""
        self._require("collector")
        # sudo: findings are stored by the review alone; role and access were checked.
        self.customer_id.sudo()._review_now()

    def action_open_customer(self):
        """Open the customer's account."""
        self.ensure_one()
        self._require("auditor")
        return self.customer_id._get_form_action()

    # === WHERE IT IS CORRECTED === #

    def _get_ids(self):
        return list((self.details or {}).get("ids", ()))

    def _get_form(self, model, record_id):
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": record_id,
            "views": [(False, "form")],
        }

    def _open_contact(self):
        return self._get_form("res.partner", self.partner_id.id)

    def _open_account(self):
        return self.customer_id._get_form_action()

    def _open_archived(self):
        found = self.env["res.partner"].with_context(active_test=False).browse(self._get_ids()).exists()
        return self._get_form("res.partner", (found or self.partner_id)[:1].id)

    def _open_invoices(self):
        """Open the invoice, or the list of several: they are sent from there."""
        ids = self._get_ids()
        if len(ids) == 1:
            return self._get_form("account.move", ids[0])
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "account.move",
            "views": [(self.env.ref("account.view_out_invoice_tree").id, "list"), (False, "form")],
            "domain": [("id", "in", ids)],
        }

    def _open_match(self):
        """Open the queue of payments to match, with those of the customer."""
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_unmatched_payment_action")
        return dict(action, domain=[("partner_id", "=", self.partner_id.id)], context={})

    def _open_merge(self):
        """Open Odoo's merge of contacts with this customer and the others.

        :raise UserError: where the user may not merge contacts, or the others do not exist any more
        """
        wizard = self.env["base.partner.merge.automatic.wizard"]
        if not wizard.has_access("create"):
            raise UserError(self.env._("You are not allowed to merge contacts; ask a collector."))
        others = self.env["res.partner"].browse(self._get_ids()).exists()._filtered_access("read")
        if not others:
            raise UserError(self.env._("The other contacts do not exist any more. Check the finding again."))
        partners = (self.partner_id | others)[:MERGED_AT_ONCE]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge Contacts"),
            "res_model": wizard._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {"active_model": "res.partner", "active_ids": partners.ids, "active_test": False},
        }
