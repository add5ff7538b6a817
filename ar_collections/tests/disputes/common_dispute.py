from decimal import Decimal

from ..common import ArCommon


class ArDisputeCommon(ArCommon):
    """A customer with an invoice of 100 that is four days late, and helpers to record and answer disputes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late()
        cls.owner = cls._user("auditor", login="owner", name="The owner")
        cls.manager = cls._user("manager")
        cls.reason = cls.env["ar.dispute.reason"].create(
            {"name": "The price is wrong", "user_id": cls.owner.id, "manager_id": cls.manager.id, "sla_days": 5}
        )

    def _dispute(self, *invoices, amount=None, day=None, customer=None, **values):
        """Let the collector record a dispute over invoices, in whole unless an amount is given."""
        requested = {
            self._debt(invoice)[:1].id: None if amount is None else Decimal(str(amount))
            for invoice in invoices or [self.invoice]
        }
        values = {"reason": self.reason, "note": "The price is not what we agreed", **values}
        with self._on(day):
            return (
                self.env["ar.dispute"]
                .with_user(self.collector)
                ._raise_dispute(customer or self.customer, requested=requested, **values)
                .with_user(self.env.user)
            )

    def _resolve(self, dispute, *accepted, day=None, draft_credit=False, user=None):
        """Answer the dispute through the wizard, granting that amount of each item."""
        with self._on(day):
            wizard = (
                self.env["ar.dispute.resolve"]
                .with_user(user or self.owner)
                .with_context(default_dispute_id=dispute.id)
                .create({"answer": "We looked into it", "draft_credit": draft_credit})
            )
            for line, amount in zip(wizard.line_ids, accepted, strict=True):
                line.amount_accepted = amount
            wizard.action_resolve()
        self.env.invalidate_all()

    def _excluded(self, day=None, customer=None):
        """Return [(amount, until)] of what disputes exclude of the customer's items."""
        customer = customer or self.customer
        with self._on(day):
            facts = self.env["ar.facts"]._gather(customer, day or self.TODAY)[customer.id]
        return [
            (float(exclusion.amount), exclusion.until)
            for item in facts.items
            for exclusion in item.exclusions
            if exclusion.code == "disputed"
        ]

    def _notices(self, customer=None):
        """Return the codes of the notices to the customer, oldest first."""
        return [c.notice for c in self._communications(customer or self.customer) if c.notice]
