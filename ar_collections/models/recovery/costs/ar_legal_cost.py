from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ....const import LEGAL_COST_KINDS, LEGAL_COST_STATES

#: What must not change while a document charges the cost.
FIXED = frozenset(
    ("customer_id", "placement_id", "date", "kind", "name", "amount", "currency_id", "is_claimable", "active")
)


class ArLegalCost(models.Model):
    """What a legal step against a customer cost: recorded with its proof, then charged by an ordinary draft invoice.

    The cost itself is booked by the bill of the court or lawyer, as any other; this says what of it the debtor owes.
    Invoices: `ar_legal_cost_invoicing`.
    """

    _name = "ar.legal.cost"
    _inherit = ["ar.access.mixin"]
    _description = "Legal Cost"
    _order = "date desc, id desc"
    _logs_changes = True
    _logged_parent = "customer_id"

    _writable = {
        "collector": (
            "customer_id", "placement_id", "date", "kind", "name", "amount", "currency_id", "is_claimable", "proof",
            "proof_name",
        ),
    }  # fmt: skip

    customer_id = fields.Many2one("ar.customer", "Customer Account", required=True, index=True, ondelete="restrict")
    partner_id = fields.Many2one(related="customer_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="customer_id.company_id", store=True, index=True)
    placement_id = fields.Many2one(
        "ar.placement", domain="[('customer_id', '=', customer_id)]", index="btree_not_null", ondelete="restrict",
        help="The case that caused the cost.",
    )  # fmt: skip
    date = fields.Date(required=True, default=lambda self: self.env.company._ar_today())
    kind = fields.Selection(LEGAL_COST_KINDS, required=True, default="court")
    name = fields.Char("Description", required=True, help="As it is printed on the invoice.")
    currency_id = fields.Many2one(
        "res.currency", required=True, compute="_compute_currency_id", store=True, readonly=False, precompute=True
    )
    amount = fields.Monetary(required=True, help="What the debtor owes of it, without recoverable VAT.")
    is_claimable = fields.Boolean("Claimable", default=True, help="Whether the debtor has to pay it.")
    proof = fields.Binary(attachment=True, copy=False, help="Receipt or bill.")
    proof_name = fields.Char(copy=False)
    invoice_line_ids = fields.One2many("account.move.line", "ar_legal_cost_id", "Charged by", readonly=True)
    move_id = fields.Many2one("account.move", "Charged with", compute="_compute_state", store=True)
    state = fields.Selection(LEGAL_COST_STATES, "Status", compute="_compute_state", store=True, index=True)

    _amount_positive = models.Constraint("CHECK (amount > 0)", "The amount must be positive.")

    @api.depends("customer_id")
    def _compute_currency_id(self):
        """Suggest the currency of the case, else of the company; what was stored stays, also when customers merge."""
        for cost in self:
            suggested = cost.placement_id.currency_id or cost.company_id.currency_id or cost.currency_id
            cost.currency_id = cost._origin.currency_id or suggested

    @api.depends("is_claimable", "invoice_line_ids.parent_state")
    def _compute_state(self):
        """Compute the document that charges the cost; canceled ones charge nothing."""
        for cost in self:
            line = cost.invoice_line_ids.filtered(lambda row: row.parent_state != "cancel")[:1]
            cost.move_id = line.move_id
            if line:
                cost.state = "charged" if line.parent_state == "posted" else "draft"
            else:
                cost.state = "open" if cost.is_claimable else "own"

    @api.constrains("placement_id", "customer_id", "date")
    def _check_placement(self):
        """Check that the case is the customer's, and that the cost is no plan."""
        for cost in self:
            if cost.placement_id and cost.placement_id.customer_id != cost.customer_id:
                raise ValidationError(
                    self.env._("%(case)s is no case of %(customer)s.", case=cost.placement_id.name,
                               customer=cost.customer_id.display_name)
                )  # fmt: skip
            if cost.date > cost.company_id._ar_today():
                raise ValidationError(self.env._("The day of the cost is in the future: enter it once it was paid."))

    # === WHAT IS CHARGED IS FIXED === #

    def write(self, vals):
        """Override of `base` to keep what a document charges.

        :raise UserError: with the way out
        :raise AccessError: for an account that the user may not read
        """
        if FIXED & vals.keys():
            self._check_not_charged()
        if "customer_id" in vals:
            self.env["ar.customer"].browse(vals["customer_id"]).check_access("read")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_charged(self):
        """Prevent the deletion of what a document charges."""
        self._check_not_charged()

    def _check_not_charged(self):
        for cost in self:
            move = cost.sudo().move_id  # whoever may write the cost
            if move:
                raise UserError(
                    self.env._(
                        "“%(cost)s” is charged with %(invoice)s: delete its line there, or cancel the invoice, first.",
                        cost=cost.name,
                        invoice=move.display_name,
                    )
                )

    # === BUTTONS === #

    @api.model
    def _open_new(self, **defaults):
        """Return the action of an empty form.

        :param defaults: ``default_<field>`` values
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Legal Cost"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": defaults,
        }

    def action_invoice(self):
        """Draft invoices of these costs: one for each customer and currency."""
        self._require("manager")
        moves = self.sudo()._draft_invoices()  # no role needs rights on invoices for it; the role was checked
        action = {"type": "ir.actions.act_window", "res_model": "account.move", "name": self.env._("Legal Costs")}
        if len(moves) == 1:
            return {**action, "res_id": moves.id, "views": [(False, "form")]}
        return {**action, "domain": [("id", "in", moves.ids)], "views": [(False, "list"), (False, "form")]}

    def action_open_invoice(self):
        """Open the invoice that charges the cost."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.sudo().move_id.id,  # Odoo checks the right to open it
            "views": [(False, "form")],
        }
