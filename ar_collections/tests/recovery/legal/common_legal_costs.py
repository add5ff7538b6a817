from ..common_placements import PlacementCommon


class LegalCostCommon(PlacementCommon):
    """A customer with two very late invoices, and the accounts on which late charges and legal costs are charged."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.income = cls.company_data["default_account_revenue"]
        cls.company.ar_legal_cost_account_id = cls.company.ar_late_charge_account_id = cls.income
        cls.regime = cls.env.ref("ar_collections.late_charge_regime_eu").copy({"name": "Test rules"})
        cls.regime.write({"currency_id": cls.company.currency_id.id, "lump_currency_id": cls.company.currency_id.id})

    def _cost(self, amount=100.0, user=None, **values):
        values = {"customer_id": self.customer.id, "name": "Fee", "date": self.TODAY, "amount": amount, **values}
        with self._on():
            return self.env["ar.legal.cost"].with_user(user or self.collector).create(values)

    def _draft(self, costs):
        """Draft the invoice as a manager does; return it."""
        with self._on():
            action = costs.with_user(self.manager).action_invoice()
        self.env.invalidate_all()
        return self.env["account.move"].browse(action["res_id"])

    def _accrue(self, **policy):
        self.policy.write({"late_charge_regime_id": self.regime.id, "late_charge_since": "2023-01-01", **policy})
        self.env["ar.late.charge"].sudo()._accrue(self.company, self.customer, self.TODAY)
        self.env.invalidate_all()
        return self.env["ar.late.charge"].search([("customer_id", "=", self.customer.id)], order="date_due, id")
