from decimal import Decimal

from odoo import fields, models

from ..core import plan_schedule
from ..core.money import ZERO
from ..core.plan import Installment


class ArCustomerPlans(models.Model):
    """The customer's payment plans: what may be planned, and how. The page tells its part in a room of its own."""

    _inherit = "ar.customer"

    payment_plan_ids = fields.One2many("ar.payment.plan", "customer_id")
    payment_plan_count = fields.Integer(compute="_compute_payment_plan_count")

    def _compute_payment_plan_count(self):
        counts = dict(
            self.env["ar.payment.plan"]._read_group([("customer_id", "in", self.ids)], ["customer_id"], ["__count"])
        )
        for customer in self:
            customer.payment_plan_count = counts.get(customer, 0)

    # === WHAT MAY BE PLANNED === #

    def _get_planned_items(self, amounts):
        """Return the items for a plan. What is not the customer's own, or not open, is returned without a free amount.

        :param amounts: {journal item id: Decimal, or None for all that is free}
        :rtype: list[core.plan_schedule.PlannedItem]
        """
        self.ensure_one()
        own = {item.item_id: item for item in self._get_facts().items}
        items = []
        for line_id, amount in amounts.items():
            free = self._free_amount(own[line_id]) if line_id in own else ZERO
            currency = own[line_id].currency if line_id in own else ""
            items.append(plan_schedule.PlannedItem(line_id, currency, free, free if amount is None else amount))
        return items

    def _check_plan(self, items, installments):
        """Return what stands against a plan of these items and installments.

        :rtype: core.plan_schedule.PlanCheck
        """
        currency = self._get_currency(items[0].currency if items else "")
        limits = self.policy_id._get_plan_limits(currency) if self.policy_id else None
        return plan_schedule.check(items, installments, limits, self.company_id._ar_today())

    def _get_currency(self, name):
        """Return the currency of that name, else the company's."""
        return self.env["res.currency"].search([("name", "=", name)], limit=1) or self.currency_id

    def _get_schedule(self, total, currency, frequency, first, count=0, amount=ZERO, down_payment=ZERO):
        """Return the installments of a plan, on working days where the policy says so.

        :param Decimal total: exactly what the installments add up to, in the currency
        :param int count: of payments, the down payment included; 0: as many as ``amount`` makes
        :raise ValueError: where no such plan can be made
        :rtype: list[Installment]
        """
        rounding = Decimal(str(currency.rounding))
        if down_payment % rounding or amount % rounding:
            raise ValueError("There are no such small coins.")
        if count:
            if not 0 < count <= plan_schedule.MOST_INSTALLMENTS:
                raise ValueError("There are too many payments.")
            amounts = plan_schedule.split(total, count, down_payment, rounding)
        else:
            amounts = plan_schedule.split_by_amount(total, amount, down_payment)
        last = plan_schedule.dates(first, len(amounts), frequency)[-1]
        calendar = self.policy_id._get_plan_calendar(first, last) if self.policy_id else None
        days = plan_schedule.dates(first, len(amounts), frequency, calendar)
        return [Installment(number, *row) for number, row in enumerate(zip(days, amounts, strict=True), 1)]

    # === BUTTONS === #

    def action_open_payment_plans(self):
        """Open the customer's payment plans."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_payment_plan_action")
        return dict(action, domain=[("customer_id", "=", self.id)], context={"default_customer_id": self.id})

    def action_new_payment_plan(self):
        """Open the form that makes a plan with this customer."""
        self.ensure_one()
        return self.env["ar.payment.plan.new"]._open(self)
