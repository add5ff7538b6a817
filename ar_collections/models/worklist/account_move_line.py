from odoo import api, fields, models


class AccountMoveLine(models.Model):
    """Open items on the customer account: status, and the buttons for the selected ones."""

    _inherit = "account.move.line"

    ar_status = fields.Char(
        "Collection Status", compute="_compute_ar_status", groups="ar_collections.ar_collections_group_auditor",
        help="Reason why the item (or part of it) is not reminded, and the last step sent for it.",
    )  # fmt: skip

    ar_days_overdue = fields.Integer(
        "Days Overdue", compute="_compute_ar_days_overdue", help="Number of days since the due date.",
        groups="ar_collections.ar_collections_group_auditor",
    )  # fmt: skip

    @api.depends("date_maturity", "amount_residual_currency", "journal_id.type", "ar_follow_up")
    def _compute_ar_days_overdue(self):
        """Compute the days late of debts: credits, and what we paid to the customer, are never overdue."""
        for company, lines in self.grouped("company_id").items():
            today = company._ar_today()
            for line in lines:
                due = line.date_maturity or line.date
                is_debt = line.amount_residual_currency > 0 and not line._is_our_payment()
                line.ar_days_overdue = max((today - due).days, 0) if due and is_debt else 0

    def _compute_ar_status(self):
        """Compute the status of the items company by company, because facts are read per company."""
        texts = {}
        for company, lines in self.grouped("company_id").items():
            customers = lines._get_ar_customers().with_company(company)
            if customers:
                texts.update(customers._get_item_status_texts(company._ar_today()))
        for line in self:
            line.ar_status = texts.get(line.id, "")

    # === BUTTONS === #

    def action_ar_pay_link(self):
        """Open the dialog with a link to the portal page that preselects these items."""
        return self.env["ar.pay.link"]._open_for(self._check_selected(), self)

    def action_ar_promise(self):
        """Open the form that records a promise about these items."""
        return self.env["ar.promise.new"]._open_for(self._check_selected(), lines=self)

    def action_ar_dispute(self):
        """Open the form that records a dispute of these items."""
        action = self._check_selected().action_new_dispute()
        return {**action, "context": {**action["context"], "ar_selected_line_ids": self.ids}}

    def action_ar_plan(self):
        """Open the form that makes a payment plan of these items."""
        return self.env["ar.payment.plan.new"]._open(self._check_selected(), lines=self)
