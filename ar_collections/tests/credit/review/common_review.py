from datetime import date

from ...common import ArCommon

#: Findings that depend on what is customary in the company, or on the default data of the tests.
QUIET = {"phone": "+32 2 555 12 34"}


class ReviewCommon(ArCommon):
    """A company in Belgium, and a customer about whose data there is nothing to say."""

    TODAY = date(2026, 6, 10)
    VAT = "BE0477472701"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.belgium = cls.env.ref("base.be")
        cls.usa = cls.env.ref("base.us")
        cls.partner = cls._client("Clean", "clean@customer.example.com", vat=cls.VAT)
        cls.invoice = cls._invoice(cls.partner, 4)
        cls.invoice.is_move_sent = True
        cls.customer = cls._customer(cls.partner)

    @classmethod
    def _client(cls, name, email, **values):
        return cls._partner(name=name, email=email, **{"country_id": cls.belgium.id, **QUIET, **values})

    def _open_account(self, partner, **values):
        """Return the account of a partner with an invoice that was sent."""
        invoice = self._invoice(partner, 4, **values)
        invoice.is_move_sent = True
        return self._customer(partner, company=invoice.company_id)

    def _review(self, day=None, company=None):
        """Run the nightly step of the review, also where it was run for the day."""
        company, day = company or self.company, day or self.TODAY
        company.sudo().ar_reviewed_on = False
        with self._on(day):
            self.env["ar.customer"].sudo().with_company(company)._review_data_company(company, day)
        self.env.invalidate_all()

    def _findings(self, customer=None, *states):
        """Return the findings about a customer in these states: open ones."""
        customer = customer or self.customer
        return self.env["ar.data.finding"].search(
            [("customer_id", "in", customer.ids), ("state", "in", states or ("open",))]
        )

    def _codes(self, customer=None, day=None):
        """Review, and return the codes of what is open about the customer."""
        self._review(day, (customer or self.customer).company_id)
        return set(self._findings(customer).mapped("code"))
