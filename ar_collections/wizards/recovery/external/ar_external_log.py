from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

from ....const import CALL_RESULTS
from ....core.money import ZERO, to_decimal
from ....core.plans.plan import Installment
from ....core.plans.schedule import dates, split
from ....core.promises.request import PromiseRefused

KINDS = [("call", "Call"), ("promise", "Promise to pay"), ("plan", "Proposal of a payment plan")]

#: A proposal has at most so many installments; the policy's limits are checked besides.
MOST_INSTALLMENTS = 60


class ArExternalLog(models.TransientModel):
    """The dialog of external collectors: a call, a promise, or a proposal that staff decides about."""

    _name = "ar.external.log"
    _inherit = ["ar.wizard.mixin"]
    _description = "Contact by an External Collector"

    customer_id = fields.Many2one("ar.customer", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="customer_id.currency_id")
    kind = fields.Selection(KINDS, "What Happened", required=True, default="call")
    call_result = fields.Selection(CALL_RESULTS, "Result", default="reached")
    note = fields.Text(help="Summary of the conversation.")
    date = fields.Date("First Payment on", help="Date of the promised payment or of the first installment.")
    amount = fields.Monetary(help="Amount that the customer will pay. Empty: all of the items")
    count = fields.Integer("Installments", default=3)

    def action_record(self):
        """Record what happened.

        :raise AccessError: for who is no external collector of the account
        :raise UserError: where it is not possible, with the reason
        """
        self.ensure_one()
        account = self.customer_id._check_external()
        if not (self.note or "").strip():
            raise UserError(self.env._("Enter a summary of the conversation."))
        getattr(self, f"_record_{self.kind}")(account)
        return {"type": "ir.actions.act_window_close"}

    def _record_call(self, account):
        if not self.call_result:
            raise UserError(self.env._("Enter the result of the call."))
        account._log_call(self.call_result, account.partner_id, self.note, None)

    def _record_promise(self, account):
        amounts = self._get_amounts(account)
        try:
            account._promise(self._get_day(), amounts, self.note)
        except PromiseRefused as refused:
            text = account._get_promise_refusal(refused.code)
            raise UserError(f"{text} {refused.detail}".strip()) from refused
        except LockError as error:
            raise UserError(self.env._("This account is in use; try again in a moment.")) from error

    def _record_plan(self, account):
        if not 1 < self.count <= MOST_INSTALLMENTS:
            raise UserError(self.env._("A payment plan has 2 to %s installments.", MOST_INSTALLMENTS))
        amounts = self._get_amounts(account)
        unit = to_decimal(self.currency_id.rounding)
        parts = split(sum(amounts.values(), ZERO), self.count, rounding=unit)
        days = dates(self._get_day(), self.count, "month")
        schedule = [Installment(n, day, part) for n, (day, part) in enumerate(zip(days, parts, strict=True), start=1)]
        plans = self.env["ar.payment.plan"].sudo()  # a draft; staff decides about it
        plans._make(account, amounts, schedule, frequency="month", note=self.note, requested_by_id=self.env.uid)

    def _get_day(self):
        if not self.date:
            raise UserError(self.env._("Enter the date of the payment."))
        return self.date

    @api.model
    def _get_amounts(self, account):
        """Return {journal item id: amount} of the user's items in the currency of the company, oldest first.

        :raise UserError: where nothing is free, or more is promised than is open
        """
        customer = account.with_user(self.env.user)
        items = {
            item_id: account._free_amount(item)
            for item_id, item in customer._get_external_items().items()
            if item.currency == self.currency_id.name
        }
        left = to_decimal(self.currency_id.round(self.amount)) if self.amount else sum(items.values(), ZERO)
        if left <= ZERO or left > sum(items.values(), ZERO):
            raise UserError(
                self.env._("Enter an amount above 0, at most what is open and not part of another agreement.")
            )
        amounts = {}
        for item_id, free in items.items():
            if part := min(free, left):
                amounts[item_id] = part
                left -= part
        return amounts
