from datetime import datetime, time, timedelta
from decimal import Decimal

from freezegun import freeze_time

from odoo.tests import tagged

from ..common import ArCommon


@tagged("post_install", "-at_install")
class TestPortalManyAgreements(ArCommon):
    """The cost of the customer page and of the nightly reading grows with the agreements, their queries do not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write({"promise_open_max": 0, "promise_share_max": 100})
        cls.reason = cls.env["ar.dispute.reason"].create({"name": "The price is wrong", "user_id": cls.collector.id})
        cls.few, cls.many = cls._customer_with(2), cls._customer_with(8)

    @classmethod
    def _customer_with(cls, number):
        """Return a customer with so many disputes of one invoice, promises and plans."""
        partner = cls._partner(name=f"With {number}")
        disputed = cls._invoice(partner, overdue_days=9, amount=1000.0)
        others = [cls._invoice(partner, overdue_days=8, amount=100.0) for _number in range(2 * number)]
        customer = cls._customer(partner)
        items = [cls._debt(invoice)[:1].id for invoice in others]
        with freeze_time(datetime.combine(cls.TODAY, time(12))):
            for item, planned in zip(items[:number], items[number:], strict=True):
                cls.env["ar.dispute"].sudo()._raise_dispute(
                    customer, cls.reason, {cls._debt(disputed)[:1].id: Decimal(5)}, "Broken"
                )
                customer._promise(cls.TODAY + timedelta(days=5), {item: None}, bound=False)
                currency = customer.company_id.currency_id
                schedule = customer._get_schedule(Decimal(100), currency, "month", cls.TODAY + timedelta(days=7), 2)
                plan = cls.env["ar.payment.plan"].sudo()._make(customer, {planned: None}, schedule, frequency="month")
                plan._activate()
        return customer

    def _count(self, read, customer):
        """Return the number of queries that something takes for a customer, caches warm but for the records."""
        counts = []
        with self._on():
            for _turn in range(2):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                read(customer)
                counts.append(self.env.cr.sql_log_count - before)
        return counts[-1]

    def test_page_takes_the_same_queries_for_any_number_of_agreements(self):
        read = lambda customer: customer._get_page_values()  # noqa: E731
        self.assertEqual(len(self.few._get_agreement_rows()), 6)
        self.assertEqual(len(self.many._get_agreement_rows()), 24)
        self.assertEqual(self._count(read, self.many), self._count(read, self.few))

    def test_nightly_reading_takes_the_same_queries_for_any_number_of_agreements(self):
        read = lambda customer: self.env["ar.facts"]._gather(customer, self.TODAY)  # noqa: E731
        self.assertEqual(self._count(read, self.many), self._count(read, self.few))
