from datetime import timedelta
from decimal import Decimal

from odoo import Command

from ...common import ArCommon


class IdentitiesCommon(ArCommon):
    """Companies with contacts, and entries that an import books on a contact instead of its company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write({"plan_minimum_total": 0, "plan_minimum_installment": 0, "plan_workdays": False})

    @classmethod
    def _contact(cls, parent, name="Ann", **values):
        return cls.env["res.partner"].create({"name": name, "parent_id": parent.id, **values})

    @classmethod
    def _entry(cls, partner, amount, overdue_days=10):
        """Post an entry on the partner as it is given: a debt, or a payment on account where negative."""
        due = cls.TODAY - timedelta(days=overdue_days)
        values = {"account_id": cls.company_data["default_account_receivable"].id, "partner_id": partner.id}
        other = cls.company_data["default_account_revenue"].id
        entry = cls.env["account.move"].create(
            {
                "date": due,
                "line_ids": [
                    Command.create({**values, "balance": amount, "date_maturity": due}),
                    Command.create({"account_id": other, "balance": -amount}),
                ],
            }
        )
        entry.action_post()
        item = entry.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        item.no_followup = False  # Odoo excludes the items of miscellaneous entries by default
        return item

    def _accounts(self, *partners):
        """Return all accounts of the partners, archived ones included."""
        self.env.invalidate_all()
        accounts = self.env["ar.customer"].with_context(active_test=False)
        return accounts.search([("partner_id", "in", [partner.id for partner in partners])])

    def _nights(self, number=2, first=1):
        """Run the whole night, and deliver, on days after today; return the reminders that were sent or planned."""
        log = self.env["ar.communication"]
        last = log.search([], order="id desc", limit=1).id or 0
        for day in (self.TODAY + timedelta(days=days) for days in range(first, first + number)):
            with self._on(day):
                self.env["ar.nightly"].sudo().with_company(self.company)._run_company(self.company)
            self._deliver(day)
        self.env.invalidate_all()
        return log.search([("id", ">", last), ("notice", "=", False), ("state", "!=", "cancelled")], order="id")

    def _promise(self, customer, item, days=14):
        """Record a promise to pay the item in that number of days."""
        with self._on():
            return customer._promise(self.TODAY + timedelta(days=days), {item.id: None})

    def _dispute(self, customer, item, amount=None):
        """Record a dispute about the item, in whole unless an amount is given."""
        reason = self.env["ar.dispute.reason"].search([], limit=1)
        requested = {item.id: None if amount is None else Decimal(str(amount))}
        with self._on():
            disputes = self.env["ar.dispute"].with_user(self.collector)
            dispute = disputes._raise_dispute(customer, requested=requested, reason=reason, note="Wrong price")
        return dispute.with_user(self.env.user)

    def _plan(self, customer, *items):
        """Record a plan that the customer agreed to: four monthly installments, the first in a week."""
        with self._on():
            total = Decimal(str(sum(item.amount_residual_currency for item in items)))
            schedule = customer._get_schedule(
                total, self.company.currency_id, "month", self.TODAY + timedelta(days=7), 4, down_payment=Decimal(0)
            )
            plans = self.env["ar.payment.plan"].with_user(self.collector)
            plan = plans._make(
                customer.with_user(self.collector), {item.id: None for item in items}, schedule,
                frequency="month", requested_by_id=self.collector.id,
            )  # fmt: skip
            plan.sudo()._record_consent("phone", "Patient Payer", "Called back, repeated dates and amounts")
        return plan.with_user(self.env.user)
