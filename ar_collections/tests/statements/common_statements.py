from datetime import timedelta

from ..common import ArCommon


class ArStatementCommon(ArCommon):
    """``TODAY`` is Wednesday; the weekly statements of the policy are sent on Wednesdays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write({"statement_frequency": "weekly", "statement_weekday": "2"})
        cls.policy.sudo().statement_done_for = cls.TODAY - timedelta(days=7)
        cls.customer, cls.invoice = cls._late(overdue_days=-10, amount=100.0)

    def _prepare(self, day=None):
        day = day or self.TODAY
        with self._on(day):
            self.env["ar.customer.statement"].sudo()._prepare_company(self.company, day)
        return self._statements()

    def _statements(self, customer=None):
        self.env.invalidate_all()
        return self.env["ar.customer.statement"].search([("customer_id", "in", (customer or self.customer).ids)])
