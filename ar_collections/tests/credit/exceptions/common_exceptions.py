from ..status.common_status import ArStatusCommon


class ArExceptionsCommon(ArStatusCommon):
    """The list of exceptions, and the nightly step that ends them."""

    def _exceptions(self, customer=None, user=None, day=None, **values):
        """Return the exceptions listed on a day, of a customer, with these values."""
        self.env.flush_all()
        self.env.invalidate_all()
        domain = [("company_id", "=", self.company.id), *((name, "=", value) for name, value in values.items())]
        if customer is not None:
            domain.append(("customer_id", "=", customer.id))
        with self._on(day):
            found = self.env["ar.credit.exception"].with_user(user or self.credit_manager).search(domain)
            found.mapped("state")
        return found

    def _kinds(self, customer, day=None, **values):
        """Return the kinds of the customer's open exceptions on a day."""
        return sorted(self._exceptions(customer, day=day, state="open", **values).mapped("kind"))

    def _end(self, day=None):
        """Run the nightly step."""
        day = day or self.TODAY
        with self._on(day):
            self.env["ar.credit.exception"].sudo().with_company(self.company)._end_company(self.company, day)
        self.env.invalidate_all()

    def _write(self, customer, user, day=None, **values):
        with self._on(day):
            customer.with_user(user).write(values)

    def _notes(self, customer):
        """Return the texts of the customer's thread."""
        return "\n".join(customer.sudo().message_ids.mapped("body"))
