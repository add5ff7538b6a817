from datetime import date
from decimal import Decimal

from odoo.addons.ar_collections.core.reported_payments.report import ReportRefused

from ..matching.common_matching import ArMatchingCommon


class ReportedCommon(ArMatchingCommon):
    """A customer with two late invoices, and helpers to report and judge payments. ``TODAY`` is a Wednesday."""

    #: With five working days the money is expected until the next Wednesday.
    LAST_DAY = date(2026, 6, 17)
    DAY_AFTER = date(2026, 6, 18)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._partner()
        cls.old = cls._invoice(cls.partner, overdue_days=12, amount=300.0)
        cls.new = cls._invoice(cls.partner, overdue_days=5, amount=100.0)
        cls.customer = cls._customer(cls.partner)

    def _report(self, amounts=None, paid_on=None, on=None, **options):
        """Report a payment on that day.

        :param amounts: {invoice: amount, or None for all of it}; default: all of the old invoice
        """
        amounts = amounts if amounts is not None else {self.old: None}
        request = {
            self._debt(move).id: None if amount is None else Decimal(str(amount)) for move, amount in amounts.items()
        }
        with self._on(on):
            return self.customer._report_payment(paid_on or self.TODAY, request, **options)

    def _judge(self, day):
        """Judge the company's reports on that day, as the nightly run does."""
        with self._on(day):
            self.env["ar.reported.payment"].sudo()._judge_company(self.company, day)
        self.env.invalidate_all()

    def _notices(self):
        return self._communications(self.customer).filtered(lambda c: c.notice == "payment_not_found")

    def _codes(self, day=None):
        """Return {invoice: codes of its exclusions} on that day."""
        with self._on(day):
            items = {item.item_id: item for item in self.customer._get_facts().items}
        found = {}
        for move in (self.old, self.new):
            item = items.get(self._debt(move).id)
            found[move] = [exclusion.code for exclusion in item.exclusions] if item else None
        return found

    def assertRefused(self, code, *args, **options):
        with self.assertRaises(ReportRefused) as caught:
            self._report(*args, **options)
        self.assertEqual(caught.exception.code, code)
