from odoo import fields, models


class AccountMoveLine(models.Model):
    """Open items on the customer's account: how each stands, and what a collector does about those that are ticked."""

    _inherit = "account.move.line"

    ar_status = fields.Char(
        "Collection Status", compute="_compute_ar_status", groups="ar_collections.ar_collections_group_auditor",
        help="Reason why the item (or part of it) is not reminded, and the last step sent for it.",
    )  # fmt: skip

    def _compute_ar_status(self):
        """For the items of a customer together: one reading of the facts each company."""
        texts = {}
        for company, lines in self.grouped("company_id").items():
            customers = lines._get_ar_customers().with_company(company)
            if customers:
                texts.update(customers._get_item_status_texts(company._ar_today()))
        for line in self:
            line.ar_status = texts.get(line.id, "")

    # === BUTTONS OF THE OPEN ITEMS === #

    def action_ar_pay_link(self):
        """Show the link to the customer's page with the ticked items, to be handed out."""
        return self.env["ar.pay.link"]._open_for(self._check_selected(), self)

    def action_ar_promise(self):
        """Record a promise about the ticked items."""
        return self.env["ar.promise.new"]._open_for(self._check_selected(), lines=self)

    def action_ar_dispute(self):
        """Record that the customer contests the ticked items."""
        action = self._check_selected().action_new_dispute()
        return {**action, "context": {**action["context"], "ar_selected_line_ids": self.ids}}

    def action_ar_plan(self):
        """Make a payment plan of the ticked items."""
        return self.env["ar.payment.plan.new"]._open(self._check_selected(), lines=self)
