from datetime import timedelta
from decimal import Decimal

from ..common import ArCommon


class ArPlanCommon(ArCommon):
    """Two late invoices of 300 and 100, and factories for plans over them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write({"plan_workdays": False, "plan_grace_days": 3, "plan_missed_max": 2})
        cls.customer, cls.old = cls._late(overdue_days=40, amount=300.0)
        cls.new = cls._invoice(cls.customer.partner_id, 10, 100.0)
        cls.manager = cls._user("manager")
        cls.credit_manager = cls._user("credit_manager")

    @classmethod
    def _amounts(cls, *invoices):
        """Return the open amounts that a plan takes of these invoices: everything that is free."""
        return dict.fromkeys(cls._debts(*invoices).ids)

    @classmethod
    def _debts(cls, *invoices):
        return cls.env["account.move.line"].union(*(cls._debt(invoice) for invoice in invoices))

    def _in_days(self, days):
        return self.TODAY + timedelta(days=days)

    def _draft(self, *invoices, count=4, first=7, frequency="month", user=None, customer=None, day=None, **values):
        """Draft a plan over the invoices as a collector would; ``first``: days from today to the first installment."""
        invoices = invoices or (self.old, self.new)
        customer = customer or self.customer
        user = user or self.collector
        with self._on(day):
            lines = self._debts(*invoices)
            total = Decimal(str(round(sum(lines.mapped("amount_residual_currency")), 3)))
            start = (day or self.TODAY) + timedelta(days=first)
            down = values.pop("down_payment", Decimal(0))
            schedule = customer._get_schedule(total, lines[:1].currency_id, frequency, start, count, down_payment=down)
            plans = self.env["ar.payment.plan"].with_user(user)
            values = {"frequency": frequency, "requested_by_id": user.id, **values}
            return plans._make(customer.with_user(user), self._amounts(*invoices), schedule, **values).with_user(user)

    def _active(self, *invoices, day=None, **values):
        """Return a plan that the customer agreed to by telephone; 100 a month from in a week, four times."""
        plan = self._draft(*invoices, day=day, **values)
        with self._on(day):
            plan.sudo()._record_consent("phone", "Patient Payer", "Called back, repeated dates and amounts")
        return plan

    def _night(self, day):
        """Judge the plans on that date."""
        with self._on(day):
            self.env["ar.payment.plan"].sudo()._advance_company(self.company, day)
        self.env.invalidate_all()

    def _notices(self, plan):
        """Return the notices about the plan, oldest first."""
        log = self.env["ar.communication"].search([("agreement_id", "=", plan.id)], order="id")
        return log.filtered(lambda c: c.agreement_model == plan._name).mapped("notice")

    def _installments(self, plan):
        """Return [(date, amount, paid, state)], oldest first."""
        self.env.invalidate_all()
        rows = plan.installment_ids.sorted("number")
        return [(row.date, row.amount, row.amount_paid, row.state) for row in rows]


class ArDisputedPlanCommon(ArPlanCommon):
    """Invoices of plans and promises of which a part is disputed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env["ar.dispute.reason"].create({"name": "The price is wrong", "user_id": cls.manager.id})
        cls.company.ar_write_off_alone = 100_000  # one user records disputes and grants them

    def _dispute(self, invoice, amount=None, day=None):
        with self._on(day):
            requested = {self._debt(invoice).id: amount and Decimal(amount)}
            return self.env["ar.dispute"].sudo()._raise_dispute(self.customer, self.reason, requested, "Too dear")

    def _resolve(self, dispute, granted, day=None):
        with self._on(day):
            dispute._resolve({dispute.line_ids: Decimal(granted)}, "We looked into it", draft_credit=bool(granted))
            dispute.credit_note_ids.action_post()

    def _judge(self, day):
        with self._on(day):
            self.env["ar.promise"].sudo()._judge_company(self.company, day)
        self.env.invalidate_all()
