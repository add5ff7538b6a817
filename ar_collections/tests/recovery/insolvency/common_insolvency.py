from datetime import date

from ..common_placements import PlacementCommon

OPENED = date(2026, 5, 10)


class InsolvencyCommon(PlacementCommon):
    """A customer with two late invoices from before the opening on 10 May, and one from after it; it is 10 June."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.ar_active = True
        cls.policy.rule_ids.unlink()  # nothing else holds the customer
        cls.later = cls._invoice(cls.partner, overdue_days=5, amount=50.0, invoice_date=date(2026, 5, 20))

    def _open(self, user=None, customer=None, day=None, **values):
        """Record an insolvency as staff does."""
        with self._on(day):
            model = self.env["ar.insolvency"].with_user(user or self.collector)
            found = model.create({"customer_id": (customer or self.customer).id, "opened_on": OPENED, **values})
            self.env.flush_all()
        self.env.invalidate_all()
        return found.with_user(self.env.user)

    def _finish(self, insolvency, outcome, user=None, day=None, reason="Final distribution"):
        with self._on(day):
            wizard = self.env["ar.insolvency.end"].with_user(user or self.manager)
            found = wizard.create({"insolvency_id": insolvency.id, "outcome": outcome, "reason": reason}).action_end()
        self.env.invalidate_all()
        return found

    def _held(self, customer=None, day=None):
        """Return {invoice number: amount} of what is excluded because of the insolvency."""
        customer = customer or self.customer
        with self._on(day):
            items = self.env["ar.facts"]._gather(customer, day or self.TODAY)[customer.id].items
        lines = self.env["account.move.line"]
        found = {
            lines.browse(item.item_id).move_id.name: float(
                sum(part.amount for part in item.exclusions if part.code == "insolvent")
            )
            for item in items
        }
        return {name: amount for name, amount in found.items() if amount}
