from decimal import Decimal

from ...matching.common_matching import ArMatchingCommon
from ..status.common_status import ArStatusCommon


class ArRisksCommon(ArStatusCommon, ArMatchingCommon):
    """The risk register of a company with one customer who owes 10,000, and what a test adds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, cls.invoice = cls._late(10, amount=10_000.0, name="Large Payer")

    def _book(self, move=None, day=None, hour=12):
        """Make an entry one of another day; without one, run the scheduled action that computes exposures."""
        return ArMatchingCommon._book(self, move, day, hour) if move else super()._book()

    def _rebuild(self, day=None):
        """Make the register anew, also where it was made for the day."""
        self.company.sudo().ar_risks_on = False
        with self._on(day):
            self.env["ar.credit.risk"].sudo().with_company(self.company)._rebuild_company(
                self.company, day or self.TODAY
            )
        self.env.invalidate_all()
        problems = self.env["ar.problem"].sudo().search([("code", "=", "risks"), ("solved_on", "=", False)])
        self.assertFalse(problems.mapped("message"))

    def _risks(self, kind=None, day=None, user=None):
        """Make the register and return its rows, of a kind."""
        self._rebuild(day)
        domain = [("company_id", "=", self.company.id), *([("kind", "=", kind)] if kind else ())]
        return self.env["ar.credit.risk"].with_user(user or self.credit_manager).search(domain)

    def _small(self, number=9, amount=1000.0):
        """Add customers with invoices that are not late; return their accounts."""
        moves = self._invoices(self._partners(number), 0, amount)
        return self.env["ar.customer"].union(*(self._customer(partner) for partner in moves.partner_id))

    def _amounts(self, risks):
        return [Decimal(str(risk.amount)) for risk in risks]
