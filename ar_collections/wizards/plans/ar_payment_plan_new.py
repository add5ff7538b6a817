from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...const import PLAN_FREQUENCIES
from ...core.money import ZERO, to_decimal
from ...core.plans.plan import Installment
from ...core.plans.schedule import BAD_COUNT, BAD_SUM
from ...messages import PLAN_ERRORS, PLAN_EXCESSES


class ArPaymentPlanNew(models.TransientModel):
    """Form to negotiate a plan: select items and installments, see dates and limits while typing.

    The plan is then saved as a draft, proposed to the customer, or activated with the customer's acceptance.
    """

    _name = "ar.payment.plan.new"
    _inherit = ["ar.wizard.mixin"]
    _description = "New Payment Plan"

    customer_id = fields.Many2one("ar.customer", "Customer Account", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="customer_id.company_id")
    plan_id = fields.Many2one("ar.payment.plan", readonly=True, help="Draft or proposal to change.")
    currency_id = fields.Many2one("res.currency", required=True, domain="[('id', 'in', open_currency_ids)]")
    open_currency_ids = fields.Many2many(
        "res.currency", compute="_compute_open_currency_ids", context={"active_test": False}
    )
    line_ids = fields.One2many(
        "ar.payment.plan.new.line", "wizard_id", compute="_compute_line_ids", store=True, readonly=False
    )
    amount_total = fields.Monetary("Total", compute="_compute_amount_total")
    split_by = fields.Selection(
        [("count", "Number of installments"), ("amount", "Amount of each installment")], required=True, default="count"
    )
    count = fields.Integer("Installments", default=3, help="Number of payments, including the down payment.")
    amount = fields.Monetary(
        "Each Installment", help="Amount of each installment; the last one takes the rounding difference."
    )
    down_payment = fields.Monetary(help="Amount of the first payment. Empty: same amount as the other installments.")
    frequency = fields.Selection(PLAN_FREQUENCIES, required=True, default="month")
    first_date = fields.Date("First Installment on", required=True)
    installment_ids = fields.One2many(
        "ar.payment.plan.new.installment", "wizard_id", compute="_compute_preview", store=True, readonly=True
    )
    errors = fields.Text(compute="_compute_preview", store=True)
    warnings = fields.Text("Exceeds Policy Limits", compute="_compute_preview", store=True)
    note = fields.Text(help="Internal note on the agreement.")

    # === OPENING === #

    @api.model
    def _open(self, customer, moves=None, plan=None, lines=None):
        """Return the action that opens the form.

        :param moves: invoices to preselect; default: all overdue items
        :param plan: a draft or proposal to change
        :param lines: items to preselect
        """
        self.env["ar.access.mixin"]._require("collector")
        wizard = self.create(self._prepare_opening(customer, lines or (moves.line_ids if moves else None), plan))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Payment Plan"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _prepare_opening(self, customer, lines, plan):
        """Return the first values of the form: preselected items, and a first date in a week.

        :param lines: items to preselect, else those of the plan, else all overdue ones
        """
        facts = customer._get_facts()
        today = customer.company_id._ar_today()
        if plan:
            ticked = {line.move_line_id.id: to_decimal(line.amount) for line in plan.line_ids if line.move_line_id}
        else:
            ticked = dict.fromkeys(lines.ids if lines else ())
        ticked = ticked or dict.fromkeys(item.item_id for item in facts.items if item.due_date < today)
        names = [item.currency for item in facts.items if item.item_id in ticked] or [customer.currency_id.name]
        currency = customer._get_currency(names[0])
        values = {
            "customer_id": customer.id,
            "currency_id": currency.id,
            "first_date": fields.Date.add(today, days=7),
            "line_ids": self._prepare_lines(customer, currency, ticked),
        }
        if plan:
            values.update(self._prepare_agreed(plan, today))
        return values

    @api.model
    def _prepare_agreed(self, plan, today):
        """Return the values that make the installments of a plan again; those of the past begin today."""
        rows = plan.installment_ids.sorted(lambda row: (row.date, row.number))
        schedule = [Installment(row.number, row.date, to_decimal(row.amount)) for row in rows]
        first, count, amount, down_payment = plan.customer_id._read_schedule(schedule, plan.currency_id, plan.frequency)
        return {
            "plan_id": plan.id,
            "frequency": plan.frequency,
            "split_by": "count" if count else "amount",
            "count": len(rows),
            "amount": float(amount),
            "down_payment": float(down_payment),
            "first_date": first if schedule[0].day >= today else today,
            "note": plan.note,
        }

    @api.model
    def _prepare_lines(self, customer, currency, ticked):
        """Return the commands for the customer's items in one currency that are free for an agreement.

        :param ticked: {id of an item to preselect: Decimal, or None for all that is free}
        """
        free = customer._get_free_amounts()
        lines = customer._browse_lines(list(free)).filtered(lambda line: line.currency_id == currency)
        return [Command.clear()] + [
            Command.create(
                {
                    "move_line_id": line.id,
                    "date_due": line.date_maturity or line.date,
                    "ticked": line.id in ticked,
                    "free": float(free[line.id]),
                    "amount": float(min(ticked.get(line.id) or free[line.id], free[line.id])),
                }
            )
            for line in lines
        ]

    # === COMPUTES === #

    @api.depends("customer_id")
    def _compute_open_currency_ids(self):
        for wizard in self:
            names = {item.currency for item in wizard.customer_id._get_facts().items} if wizard.customer_id else set()
            currencies = self.env["res.currency"]
            wizard.open_currency_ids = currencies.union(*currencies._ar_by_name(names).values())

    @api.depends("currency_id")
    def _compute_line_ids(self):
        """Show the items of the chosen currency; after a change of the currency none is selected."""
        for wizard in self:
            if wizard.line_ids.move_line_id.currency_id != wizard.currency_id or not wizard.line_ids:
                wizard.line_ids = wizard._prepare_lines(wizard.customer_id, wizard.currency_id, {})

    @api.depends("line_ids.ticked", "line_ids.amount")
    def _compute_amount_total(self):
        for wizard in self:
            wizard.amount_total = float(wizard._get_total())

    @api.depends(
        "line_ids.ticked", "line_ids.amount", "split_by", "count", "amount", "down_payment", "frequency", "first_date"
    )
    def _compute_preview(self):
        """Compute installments, errors and exceeded limits from what the user has typed so far."""
        for wizard in self:
            schedule, errors, beyond, detail = wizard._get_preview()
            wizard.installment_ids = [Command.clear()] + [
                Command.create({"number": row.number, "date": row.day, "amount": float(row.amount)}) for row in schedule
            ]
            texts = [self.env._(PLAN_ERRORS[code]) for code in errors]
            wizard.errors = "\n".join([*texts, detail] if detail else texts)
            wizard.warnings = "\n".join(self.env._(PLAN_EXCESSES[code]) for code in beyond)

    def _get_preview(self):
        """Return (schedule, error codes, codes of exceeded limits, detail of a veto).

        The schedule is empty where the input makes none.
        """
        items = self.customer_id._get_planned_items(self._get_amounts())
        try:
            schedule = self._get_schedule()
        except ValueError:
            schedule = []
        check = self.customer_id._check_plan(items, schedule)
        errors = tuple(BAD_SUM if code == BAD_COUNT else code for code in check.errors)
        return schedule, errors, check.beyond, check.detail

    def _get_amounts(self):
        """Return {journal item id: Decimal} of the selected items."""
        return {line.move_line_id.id: to_decimal(line.amount) for line in self.line_ids if line.ticked}

    def _get_total(self):
        return sum(self._get_amounts().values(), ZERO)

    def _get_schedule(self):
        """Return the installments that the input makes.

        :rtype: list[core.plans.plan.Installment]
        :raise ValueError: where it makes none
        """
        by_count = self.split_by == "count"
        if not self.first_date or (by_count and self.count < 1):
            raise ValueError("There is no date or no number yet.")
        return self.customer_id._get_schedule(
            self._get_total(),
            self.currency_id,
            self.frequency,
            self.first_date,
            count=self.count if by_count else 0,
            amount=to_decimal(self.amount),
            down_payment=to_decimal(self.down_payment),
        )

    # === BUTTONS === #

    def _make_plan(self):
        """Draft the plan, or change the one that was opened."""
        self.ensure_one()
        self.env["ar.access.mixin"]._require("collector")
        try:
            schedule = self._get_schedule()
        except ValueError:
            schedule = []
        values = {"frequency": self.frequency, "note": self.note}
        if self.plan_id:
            plan = self.plan_id._allowed("collector")
            if plan.customer_id != self.customer_id:  # never from the form, but possible by RPC
                raise UserError(self.env._("%(plan)s belongs to another customer.", plan=plan.name))
            plan._change(self._get_amounts(), schedule, **values)
            return plan
        return self.env["ar.payment.plan"]._make(
            self.customer_id, self._get_amounts(), schedule, requested_by_id=self.env.uid, **values
        )

    def action_draft(self):
        """Save the plan as a draft and open it."""
        return self._make_plan()._get_form_action()

    def action_propose(self):
        """Send the plan to the customer, who accepts it on the portal page; a draft where it needs approval first."""
        plan = self._make_plan()
        if not plan.needs_approval:
            plan.action_propose()
        return plan._get_form_action()

    def action_activate(self):
        """Open the dialog that records the customer's acceptance; a draft where it needs approval first."""
        plan = self._make_plan()
        if plan.needs_approval:
            return plan._get_form_action()
        return self.env["ar.payment.plan.decide"]._open(plan, "activate")


class ArPaymentPlanNewLine(models.TransientModel):
    """An open item of the form, selected or not."""

    _name = "ar.payment.plan.new.line"
    _inherit = ["ar.wizard.mixin"]
    _description = "New Payment Plan: Item"
    _order = "date_due, id"

    wizard_id = fields.Many2one("ar.payment.plan.new", required=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    move_line_id = fields.Many2one("account.move.line", "Open Item", readonly=True, ondelete="cascade")
    move_id = fields.Many2one(related="move_line_id.move_id", string="Invoice")
    date_due = fields.Date("Due Date", readonly=True)
    free = fields.Monetary(
        "Open Amount", readonly=True, help="Amount due, less amounts promised, disputed or being paid."
    )
    ticked = fields.Boolean("In the Plan")
    amount = fields.Monetary("Planned", help="Amount of the item covered by the plan.")


class ArPaymentPlanNewInstallment(models.TransientModel):
    """An installment of the previewed plan."""

    _name = "ar.payment.plan.new.installment"
    _inherit = ["ar.wizard.mixin"]
    _description = "New Payment Plan: Installment"
    _order = "number"

    wizard_id = fields.Many2one("ar.payment.plan.new", required=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    number = fields.Integer("No.")
    date = fields.Date()
    amount = fields.Monetary()
