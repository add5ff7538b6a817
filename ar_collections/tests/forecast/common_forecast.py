from datetime import timedelta

from ..metrics.common_ledger import LedgerCommon


class ForecastCommon(LedgerCommon):
    """Factories for forecasts: invoices by due date and payment day; the week of TODAY began on Monday, 8 June."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.forecast = cls.env["ar.cash.forecast"]
        cls.behavior = cls.env["ar.payment.behavior"]
        cls.partner = cls._partner()

    def _day(self, offset):
        return self.TODAY + timedelta(days=offset)

    def _open(self, due, amount=100, partner=None, **values):
        """Post an invoice of 90 days ago that is due in that many days."""
        return self._bill(partner or self.partner, self._day(-90), amount, self._day(due), **values)

    def _paid(self, late, amount=100, partner=None, ago=60):
        """Post an invoice and its payment that many days after the due date, that many days ago."""
        partner = partner or self.partner
        invoice = self._bill(partner, self._day(-ago - 30 - late), amount, self._day(-ago - late))
        return self._settle(invoice, self._day(-ago))

    def _read(self, today=None, company=None):
        return self.forecast._read_weeks(company or self.company, today or self.TODAY)

    def _parts(self, today=None, known=None):
        """Return [(kind, days from today or None, amount)] of all parts, in the order of their dates."""
        today = today or self.TODAY
        self.env.flush_all()
        query = self.forecast._select_parts(self.company, today, known or today)
        rows = [(row[5], row[6] and (row[6] - today).days, float(row[7])) for row in self.env.execute_query(query)]
        return sorted(rows, key=lambda row: (row[1] is None, row[1], row[0], row[2]))
