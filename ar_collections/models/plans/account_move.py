from odoo import api, fields, models

from ..customers.core_flow import ignore_failure


class AccountMove(models.Model):
    """The payment plans of an invoice, and what happens to them when it is reset to draft."""

    _inherit = "account.move"

    ar_payment_plan_ids = fields.Many2many(
        "ar.payment.plan",
        string="Payment Plans",
        compute="_compute_ar_payment_plan_ids",
        search="_search_ar_payment_plan_ids",
        groups="ar_collections.ar_collections_group_auditor",
    )
    ar_in_plan = fields.Boolean(
        "In payment plan",
        compute="_compute_ar_payment_plan_ids",
        search="_search_ar_in_plan",
        groups="ar_collections.ar_collections_group_auditor",
    )

    def _compute_ar_payment_plan_ids(self):
        lines = self.env["ar.payment.plan.line"].search([("move_id", "in", self.ids)])
        by_move = lines.grouped("move_id")
        for move in self:
            found = by_move.get(move, lines.browse())
            move.ar_payment_plan_ids = found.plan_id
            move.ar_in_plan = any(found.mapped("is_live"))

    @api.model
    def _search_ar_payment_plan_ids(self, operator, value):
        if operator != "in":
            return NotImplemented
        lines = self.env["ar.payment.plan.line"]._search([("plan_id", "in", value)])
        return [("id", "in", lines.subselect("move_id"))]

    @api.model
    def _search_ar_in_plan(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        lines = self.env["ar.payment.plan.line"]._search([("is_live", "=", True)])
        return [("id", "in", lines.subselect("move_id"))]

    def button_draft(self):
        """Override of `account` to tell who looks after the active plans of the invoices.

        The plan waits: it is not judged before the invoice is posted again, and then it holds the same amount.
        """
        result = super().button_draft()
        # sudo: bookkeepers may have no access to plans.
        lines = self.env["ar.payment.plan.line"].sudo().search([("move_id", "in", self.ids), ("is_live", "=", True)])
        if lines:
            with ignore_failure(self.env, "tasks about invoices in payment plans"):
                for line in lines:
                    line.plan_id._add_plan_task(
                        self.env._(
                            "%(plan)s: %(invoice)s was reset to draft",
                            plan=line.plan_id.name,
                            invoice=line.move_id.name,
                        )
                    )
        return result

    def action_new_payment_plan(self):
        """Open the form that makes a plan, with the items of this invoice selected."""
        self.ensure_one()
        return self.env["ar.payment.plan.new"]._open(self._get_ar_account(), self)
