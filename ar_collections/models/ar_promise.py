from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_amount, format_date

from ..const import PROMISE_STATES
from ..core import promise as rules


class ArPromise(models.Model):
    """What a customer said it will pay, and by when. Its items are silent until then; the books tell how it ended.

    How it is judged stands in `ar_promise_judge`, what the customer is told in `ar_promise_notice`.
    """

    _name = "ar.promise"
    _inherit = ["ar.agreement"]
    _description = "Promise to Pay"
    _order = "date desc, id desc"

    _moves = {
        rules.OPEN: {rules.KEPT, rules.PARTLY, rules.BROKEN, rules.WITHDRAWN},
        # A payment is taken back, or one arrives with an earlier date.
        rules.KEPT: {rules.OPEN, rules.PARTLY, rules.BROKEN},
        rules.PARTLY: {rules.OPEN, rules.KEPT, rules.BROKEN},
        rules.BROKEN: {rules.OPEN, rules.KEPT, rules.PARTLY},
        rules.WITHDRAWN: set(),
    }

    state = fields.Selection(
        PROMISE_STATES, required=True, default=rules.OPEN, readonly=True, index=True, tracking=True, copy=False
    )
    date = fields.Date("Promised for", required=True, readonly=True, index=True)
    tolerance_days = fields.Integer(readonly=True, help="As the policy said when it was promised.")
    date_deadline = fields.Date(
        "Kept until", compute="_compute_date_deadline", store=True, index=True, help="The last day that keeps it."
    )
    promised_on = fields.Date("Promised on", readonly=True)
    ended_on = fields.Date("Ended on", readonly=True, copy=False, help="Since when the promise is not open any more.")
    end_note = fields.Text("Why Withdrawn", readonly=True, copy=False)
    user_id = fields.Many2one(
        "res.users", "Collector", compute="_compute_user_id", store=True, index=True, help="As on the customer."
    )
    line_ids = fields.One2many("ar.promise.line", "promise_id", "Items", readonly=True)
    amount_total = fields.Monetary("Promised", readonly=True)
    amount_kept = fields.Monetary("Paid in Time", readonly=True, copy=False)
    amount_open = fields.Monetary("Left", compute="_compute_amount_open", help="What of the promise is still open.")
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    amount_company = fields.Monetary(
        "Promised (Company Currency)",
        currency_field="company_currency_id",
        readonly=True,
        help="At the items' booked rates.",
    )
    to_judge = fields.Boolean(readonly=True, index=True, copy=False, help="Payments changed since the last judgement.")

    @api.depends("date", "tolerance_days")
    def _compute_date_deadline(self):
        for promise in self:
            promise.date_deadline = promise.date and rules.deadline(promise.date, promise.tolerance_days)

    @api.depends("customer_id.user_id", "customer_id.policy_id.user_id")
    def _compute_user_id(self):
        for promise in self:
            promise.user_id = promise.customer_id.collector_id

    @api.depends("line_ids.amount_open")
    def _compute_amount_open(self):
        for promise in self:
            promise.amount_open = sum(promise.line_ids.mapped("amount_open"))

    def _set_state(self, state, **values):
        """Override of `ar.agreement` to keep one open promise an item, by the database's own index."""
        moved = super()._set_state(state, **values)
        moved.line_ids.write({"is_live": state == rules.OPEN})
        moved.line_ids.flush_recordset(["is_live"])
        return moved

    # === BUTTONS === #

    def action_withdraw(self):
        """Ask why the promise is withdrawn."""
        self._allowed("collector")
        return {
            "name": self.env._("Withdraw"),
            "type": "ir.actions.act_window",
            "res_model": "ar.promise.withdraw",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_promise_ids": self.ids},
        }

    def _withdraw(self, reason):
        """End open promises early: they count neither as kept nor as broken, and the schedule goes on.

        :param str reason: for colleagues
        :raise UserError: where one of them has ended already
        """
        ended = self.filtered(lambda promise: promise.state != rules.OPEN)
        if ended:
            raise UserError(
                self.env._(
                    "Only open promises can be withdrawn; %(numbers)s ended already.",
                    numbers=", ".join(ended.mapped("name")),
                )
            )
        for company, promises in self.grouped("company_id").items():
            promises._set_state(rules.WITHDRAWN, ended_on=company._ar_today(), end_note=reason)
        self._tell_story(self.env._("Withdrawn: %(reason)s", reason=reason))

    # === WORDS === #

    def _format_amount(self, amount, lang=None):
        return format_amount(self.env, amount, self.currency_id, lang_code=lang)

    def _format_day(self, day, lang=None):
        return format_date(self.env, day, lang_code=lang, date_format="long")
