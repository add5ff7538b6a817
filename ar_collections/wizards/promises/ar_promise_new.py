from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.promises.request import PromiseRefused


class ArPromiseNew(models.TransientModel):
    """Dialog in which staff record a promise to pay: items, amounts and date."""

    _name = "ar.promise.new"
    _inherit = ["ar.agreement.new"]
    _description = "New Promise to Pay"

    date = fields.Date("Will be paid on")
    line_ids = fields.One2many("ar.promise.new.line", "wizard_id")

    @api.model
    def _get_amounts(self, customer):
        """Override to return what is free for a promise."""
        return customer._get_free_amounts()

    @api.model
    def _get_first_date(self, customer, today):
        """Override to propose a week from today; where nobody works then, the last working day before."""
        day = fields.Date.add(today, days=7)
        calendar = customer.policy_id._get_work_calendar(today)
        return day if calendar.is_workday(day) else max(calendar.previous_workday(day), today)

    @api.model
    def _get_title(self):
        """Override to name the promise."""
        return self.env._("Promise to Pay")

    @api.model
    def _get_nothing_text(self):
        """Override to say why nothing can be promised."""
        return self.env._(
            "None of these items can be promised: they are paid, being paid, or part of another agreement."
        )

    def _record(self):
        """Override to record the promise; the customer gets a confirmation.

        The policy's limits apply to collectors, not to collections managers.
        """
        manager = self.env["ar.access.mixin"]._has_role("manager")
        amounts = self._get_ticked_amounts()
        try:
            promise = self.customer_id._promise(self.date, amounts, self.note or "", bound=not manager)
        except PromiseRefused as refused:
            hint = self.env._("A collections manager can still record it.")
            text = self.customer_id._get_promise_refusal(refused.code, hint)
            raise UserError(f"{text} {refused.detail}".strip()) from refused
        return self.env._(
            "%(number)s: %(amount)s promised for %(day)s.",
            number=promise.name,
            amount=promise._format_amount(promise.amount_total),
            day=promise._format_date(promise.date),
        )


class ArPromiseNewLine(models.TransientModel):
    """One open item that may be promised."""

    _name = "ar.promise.new.line"
    _inherit = ["ar.agreement.new.line"]
    _description = "Item of a New Promise"

    wizard_id = fields.Many2one("ar.promise.new", required=True, index=True, ondelete="cascade")
    ticked = fields.Boolean("Promise")
    amount = fields.Monetary("Promised")
