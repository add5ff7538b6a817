from datetime import timedelta

from odoo import Command

from ..common_credit import ArCreditCommon


class ArStatusCommon(ArCreditCommon):
    """A policy with the rules that a test names, and customers whose status is evaluated."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.until = cls.TODAY + timedelta(days=30)

    @classmethod
    def _rules(cls, *rules, **values):
        """Replace the rules of the policy: each is a dict of values, overdue by default."""
        defaults = {"code": "overdue", "status": "hold"}
        cls.policy.sudo().write(
            {"rule_ids": [Command.clear(), *(Command.create({**defaults, **rule}) for rule in rules)], **values}
        )

    def _refresh(self, customer, day=None):
        """Evaluate the customer on a day; return its status and the codes of its reasons."""
        with self._on(day):
            customer.sudo()._refresh_exposure()
        self.env.invalidate_all()
        return self._status(customer)

    def _status(self, customer):
        return customer.credit_state, [reason["code"] for reason in customer.sudo().credit_reasons or ()]

    def _exclude(self, customer=None, user=None, **values):
        """Make an exclusion as the credit manager."""
        defaults = {
            "code": "overdue", "reason": "Seasonal business", "until": self.until, "company_id": self.company.id,
            "customer_id": customer.id if customer else False,
            "scope": "customer" if customer else "all",
        }  # fmt: skip
        with self._on():
            return self.env["ar.credit.exclusion"].with_user(user or self.credit_manager).create({**defaults, **values})

    def _decide(self, customer, kind, user=None, **values):
        """Decide in the dialog, as the credit manager, as a browser does."""
        action = {"hold": "action_credit_hold", "end": "action_credit_end_hold"}.get(kind, "action_credit_release")
        with self._on():
            opened = getattr(customer.with_user(user or self.credit_manager), action)()
            dialog = self.env["ar.credit.decide"].with_user(user or self.credit_manager)
            dialog = dialog.with_context(**opened["context"]).create({"reason": "Agreed by phone", **values})
            dialog.action_decide()
        self.env.invalidate_all()
        return dialog

    def _holds(self, customer):
        """Return the customer's holds, the latest first."""
        return self.env["ar.credit.hold"].search([("customer_id", "=", customer.id)])
