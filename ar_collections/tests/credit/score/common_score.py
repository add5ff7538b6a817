from datetime import timedelta

from ..common_credit import ArCreditCommon


class ArScoreCommon(ArCreditCommon):
    """Customers whose score is known; each invoice is paid so many days after its due date."""

    #: The example of the scale: amounts, and days beyond terms.
    EXAMPLE = ((10000, 0), (5000, 20), (1000, 60), (4000, -5))

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._customer(cls._partner(name="Scored"))
        cls.partner = cls.customer.partner_id

    def _paid(self, amount, days, ago=10, partner=None, **values):
        """Create an invoice that was paid so many days after its due date, as many days ago."""
        invoice = self._invoice(partner or self.partner, ago + days, amount, **values)
        self._pay(invoice, day=self.TODAY - timedelta(days=ago))
        return invoice

    def _example(self, partner=None, **values):
        """Create the invoices of the example, all paid in the last three months."""
        return [self._paid(amount, days, partner=partner, **values) for amount, days in self.EXAMPLE]

    def _only_payment_days(self):
        """Let nothing but payment days count."""
        scoring = self.env["ar.credit.scoring"].search([("company_id", "=", self.company.id)])
        self.assertTrue(scoring)
        for feature in scoring.feature_ids.sorted(lambda feature: feature.code != "payment_days"):
            feature.weight = 100 if feature.code == "payment_days" else 0

    def _behavior(self, customer=None, day=None):
        """Return the customer's behavior as it is read."""
        customer = (customer or self.customer).sudo()
        with self._on(day):
            return self.env["ar.credit.behavior"].sudo()._read(customer, day or self.TODAY)[customer][0]

    def _days(self, customer=None, day=None):
        """Return the payment experiences: [(amount, days)], smallest days first."""
        found = self._behavior(customer, day).experiences
        return sorted(((float(one.amount), one.days) for one in found), key=lambda pair: (pair[1], pair[0]))

    def _score(self, day=None, again=True):
        """Run the nightly step of the score."""
        day = day or self.TODAY
        if again:
            self.company.sudo().ar_scores_on = False
        with self._on(day):
            self.env["ar.customer"].sudo().with_company(self.company)._refresh_scores_company(self.company, day)
        self.env.invalidate_all()

    def _history(self, customer=None):
        """Return the rows of the customer's history, the oldest first."""
        rows = self.env["ar.credit.score"].search([("customer_id", "=", (customer or self.customer).id)])
        return rows.sorted("date")
