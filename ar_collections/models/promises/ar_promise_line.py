from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from ...core.promises import judgement as rules
from ..customers.core_flow import ignore_failure


class ArPromiseLine(models.Model):
    """An open item in a promise: the promised amount, and the item's residual when it was promised."""

    _name = "ar.promise.line"
    _inherit = ["ar.agreement.line"]
    _description = "Promised Item"
    _order = "promise_id, date_due, id"

    _agreement = "promise_id"

    promise_id = fields.Many2one("ar.promise", required=True, index=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="promise_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="promise_id.currency_id")
    state = fields.Selection(related="promise_id.state")
    move_line_id = fields.Many2one(
        "account.move.line",
        "Open Item",
        index="btree_not_null",
        readonly=True,
        # A promise must not block the correction of an invoice; it follows to the items that it is posted with again.
        ondelete="set null",
    )
    move_id = fields.Many2one("account.move", "Invoice", index="btree_not_null", readonly=True, ondelete="set null")
    name = fields.Char("Number", readonly=True)
    date_due = fields.Date("Due Date", readonly=True)
    amount = fields.Monetary("Promised", required=True, readonly=True)
    residual_before = fields.Monetary(
        "Previously Open", required=True, readonly=True, help="Open amount when the promise was made."
    )
    credited_before = fields.Monetary(readonly=True, help="Amount credited on the item before it was promised.")
    amount_open = fields.Monetary(
        "Remaining", compute="_compute_amount_open", help="Amount of the promise that is still open."
    )
    number = fields.Integer(
        "Promise No.",
        compute="_compute_number",
        help="Number of this promise among those for the item; withdrawn promises are not counted.",
    )
    is_live = fields.Boolean(readonly=True, help="Whether the promise is open.")

    _one_open_promise = models.UniqueIndex(
        "(move_line_id) WHERE is_live", "An item can be in one open promise at a time."
    )
    _amount_positive = models.Constraint("CHECK (amount > 0)", "The promised amount must be positive.")

    @api.depends("move_line_id.amount_residual_currency", "move_line_id.parent_state", "amount", "residual_before")
    def _compute_amount_open(self):
        books = self.env["ar.facts"]._read_promise_books(self.promise_id)
        for line in self:
            own = [book.left for book in books.get(line.promise_id.id, ()) if book.line_id == line.move_line_id.id]
            line.amount_open = float(sum(own))

    def _compute_number(self):
        """Compute the promise's number among those about the item; withdrawn ones are not counted."""
        siblings = self.search([("move_line_id", "in", self.move_line_id.ids)])
        siblings.promise_id.fetch(["state"])
        by_item = defaultdict(list)
        for line in siblings:
            by_item[line.move_line_id].append(line.promise_id)
        for line in self:
            earlier = [promise for promise in by_item[line.move_line_id] if promise.id < line.promise_id.id]
            line.number = rules.number_of(promise.state for promise in earlier)

    @api.model
    def _get_holding_domain(self):
        """Override to return the lines of open promises."""
        return [("is_live", "=", True)]

    @api.model
    def _mark_to_judge(self, move_lines):
        """Mark the promises about these items to be judged: their reconciliations changed.

        :param move_lines: `account.move.line`, also without any promise
        """
        if not move_lines:
            return
        # Accountants who reconcile need no right on promises.
        promises = self.env["ar.promise"].sudo()
        about = Domain("line_ids.move_line_id", "in", move_lines.ids)
        touched = promises.search(about & Domain("state", "!=", rules.WITHDRAWN))
        if touched:
            with ignore_failure(self.env, "marking promises whose items were reconciled"):
                touched._mark_to_judge()
