from odoo import fields, models
from odoo.exceptions import LockError, UserError

from ...core.money import ZERO, to_decimal
from ...core.plans import schedule as plan_schedule
from ...core.plans.plan import Installment, terms_version

#: States of a plan that has not ended.
OPEN_PLAN_STATES = ("draft", "proposed", "active")


class ArCustomer(models.Model):
    """Payment plans of the customer: which items may be planned, how they are split into installments, the portal page.

    On the page, an item that a plan covers in full is neither overdue nor preselected: its installments are due
    instead, see `core.customers.owed`. Inside the policy's limits a plan that the customer requests there becomes
    active at once.
    """

    _inherit = "ar.customer"

    payment_plan_ids = fields.One2many("ar.payment.plan", "customer_id")
    payment_plan_count = fields.Integer(compute="_compute_payment_plan_count")

    def _compute_payment_plan_count(self):
        counts = dict(
            self.env["ar.payment.plan"]._read_group([("customer_id", "in", self.ids)], ["customer_id"], ["__count"])
        )
        for customer in self:
            customer.payment_plan_count = counts.get(customer, 0)

    # === ITEMS AND INSTALLMENTS === #

    def _get_planned_items(self, amounts):
        """Return the items for a plan, in the order of ``amounts``.

        An item of another customer, or one that is not open, has no currency and the free amount 0, so that
        `_check_plan` refuses it.

        :param amounts: {journal item id: Decimal in its currency, or None for all that is free}
        :rtype: list[core.plans.schedule.PlannedItem]
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
        """Return the errors of a plan with these items and installments, and the limits of the policy that it exceeds.

        :param items: list[core.plans.schedule.PlannedItem]
        :param installments: list[core.plans.plan.Installment]
        :rtype: core.plans.schedule.PlanCheck
        """
        currency = self._get_currency(items[0].currency if items else "")
        limits = self.policy_id._get_plan_limits(currency) if self.policy_id else None
        check = plan_schedule.check(items, installments, limits, self.company_id._ar_today())
        veto = "" if check.errors else self._find_veto([item.item_id for item in items], installments[-1].day)
        return plan_schedule.PlanCheck(errors=(plan_schedule.VETOED,), detail=veto) if veto else check

    def _get_currency(self, name):
        """Return the currency of that name; the company's currency where there is none."""
        return self.env["res.currency"]._ar_named(name) or self.currency_id

    def _get_schedule(self, total, currency, frequency, first, count=0, amount=ZERO, down_payment=ZERO):
        """Return the installments of a plan, on working days where the policy requires it.

        :param Decimal total: the sum of the installments, in the currency
        :param str frequency: one of ``PLAN_FREQUENCIES``
        :param date first: the date of the first installment
        :param int count: number of payments, the down payment included; 0: as many as ``amount`` results in
        :param Decimal amount: of each payment, where ``count`` is 0; the last one may be smaller
        :param Decimal down_payment: the first payment; 0: the same amount as the others
        :raise ValueError: where no such plan exists
        :rtype: list[Installment]
        """
        rounding = to_decimal(currency.rounding)
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

    def _read_schedule(self, installments, currency, frequency):
        """Return what `_get_schedule` takes to make these installments: (first date, count, amount, down payment).

        :param installments: [core.plans.plan.Installment], oldest first, at least one
        :rtype: tuple[date, int, Decimal, Decimal]
        """
        amounts, days = [row.amount for row in installments], [row.day for row in installments]
        calendar = self.policy_id._get_plan_calendar(days[0], days[-1]) if self.policy_id else None
        first = plan_schedule.read_first(days, frequency, calendar)
        return first, *plan_schedule.read_split(amounts, to_decimal(currency.rounding))

    # === BUTTONS === #

    def action_open_payment_plans(self):
        """Open the customer's payment plans."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_payment_plan_action")
        return dict(action, domain=[("customer_id", "=", self.id)], context={"default_customer_id": self.id})

    def action_new_payment_plan(self):
        """Open the form that makes a plan for this customer."""
        self.ensure_one()
        return self.env["ar.payment.plan.new"]._open(self)

    # === PORTAL PAGE === #

    def _get_possible_asks(self):
        """Override to add a payment plan where the policy lets customers request one."""
        asks = super()._get_possible_asks()
        if self.policy_id.plan_portal and self.policy_id.plan_installments_max > 1:
            asks["plan"] = self.env._("Pay in installments")
        return asks

    def _get_agreement_rows(self):
        """Override to add the payment plans that have not ended."""
        rows = super()._get_agreement_rows()
        states = dict(self.env["ar.payment.plan"]._fields["state"]._description_selection(self.env))
        for plan in self._get_visible_plans().filtered(lambda plan: plan.state in OPEN_PLAN_STATES):
            rows.append(
                {
                    "name": plan.name,
                    "title": self.env._("Payment plan"),
                    "status": plan._get_page_status() or states[plan.state],
                    "date": plan.next_date,
                    "text": plan._get_page_summary(),
                    "url": plan._get_page_url(),
                }
            )
        return rows

    def _get_visible_plans(self):
        """Return the plans that the customer may see: all but the drafts of staff."""
        # sudo: portal users have no access to plans; their access to the account was checked.
        plans = self.env["ar.payment.plan"].sudo().search([("customer_id", "=", self.id)])
        return plans.filtered(lambda plan: plan._is_visible_to_customer())

    # === REQUESTED BY THE CUSTOMER === #

    def _get_plan_terms(self):
        """Return (terms, their version) of a plan that the customer would request now, in the visitor's language."""
        self.ensure_one()
        plans = self.env["ar.payment.plan"]
        terms = plans._get_terms_for(self, self.policy_id.plan_grace_days, self.policy_id.plan_missed_max or 1)
        return terms, terms_version(terms)

    def _request_plan(self, amounts, schedule, frequency, acceptance, requester=None):
        """Make the plan that the customer requested and accepted; inside the policy's limits it becomes active at once.

        A request that is sent twice, by reloading the page for example, makes one plan.

        :param amounts: see `_get_planned_items`
        :param schedule: list[core.plans.plan.Installment]
        :param acceptance: {name, ip}
        :param requester: `res.users`, a colleague who sent it on the page and does not approve it; may be empty
        :return: the plan
        :raise UserError: where the plan is not possible, or the account is locked by another operation
        """
        self.ensure_one()
        plans = self.env["ar.payment.plan"].sudo()  # portal users: access to the account was checked
        try:
            self._lock_account()
        except LockError as error:
            raise UserError(self.env._("Your account is being updated. Please try again in a moment.")) from error
        terms, version = self._get_plan_terms()
        if waiting := self._find_waiting_request(amounts):
            return waiting
        plan = plans._make(
            self,
            amounts,
            schedule,
            frequency=frequency,
            origin="portal",
            requested_by_id=requester.id if requester else False,
            terms=terms,
            terms_version=version,
            **plans._prepare_acceptance(**acceptance),
        )
        if not plan.needs_approval:
            plan._activate()
        return plan

    def _find_waiting_request(self, amounts):
        """Return the plan that the customer requested on any of these items and that is not answered; empty if none."""
        lines = self.env["ar.payment.plan.line"].sudo()  # as in `_request_plan`
        waiting = lines.search(
            [
                ("move_line_id", "in", list(amounts)),
                ("plan_id.customer_id", "=", self.id),
                ("plan_id.origin", "=", "portal"),
                ("plan_id.state", "in", ("draft", "proposed")),
            ]
        )
        return waiting.plan_id[:1]
