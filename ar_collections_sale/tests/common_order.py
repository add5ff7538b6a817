from odoo import Command

from odoo.addons.ar_collections.core.credit.effect import BLOCK
from odoo.addons.ar_collections.tests.credit.common_credit import ArCreditCommon


class ArOrderCommon(ArCreditCommon):
    """A customer with a limit of 1,000, whose orders are blocked where it is exceeded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("sales_team.group_sale_manager")
        cls.product = cls._product()
        cls.customer = cls._customer()
        cls.partner = cls.customer.partner_id
        cls.policy.sudo().effect_order = BLOCK

    def setUp(self):
        super().setUp()
        self._limit(self.customer, 1000)

    @classmethod
    def _product(cls, **values):
        return cls.env["product.product"].create(
            {"name": "Work", "type": "service", "invoice_policy": "order", "taxes_id": False, **values}
        )

    @classmethod
    def _order(cls, amount=100.0, partner=None, quantity=1, product=None, **values):
        """Return a quotation."""
        line = Command.create(
            {
                "product_id": (product or cls.product).id,
                "product_uom_qty": quantity,
                "price_unit": amount,
                "tax_ids": values.pop("tax_ids", []),
            }
        )
        return cls.env["sale.order"].create(
            {
                "partner_id": (partner or cls.partner).id,
                "company_id": cls.company.id,
                "require_signature": False,
                "require_payment": False,
                "order_line": [line],
                **values,
            }
        )

    @classmethod
    def _foreign(cls, rate=2, **values):
        """Return the values of an order in another currency, of which so many are one of the company's; 0: no rate."""
        rates = [Command.create({"name": "2020-01-01", "rate": rate, "company_id": cls.company.id})] if rate else []
        currency = cls.env["res.currency"].create({"name": "XFC", "symbol": "F", "rounding": 0.01, "rate_ids": rates})
        pricelist = cls.env["product.pricelist"].create({"name": "Foreign", "currency_id": currency.id})
        return {"pricelist_id": pricelist.id, **values}

    def _confirm(self, orders, user=None):
        """Confirm quotations on the day of the tests; return what the button returns."""
        with self._on():
            return orders.with_user(user or self.env.user).action_confirm()

    def _fresh(self, customer=None):
        """Return the exposure of a customer, computed anew."""
        customer = (customer or self.customer).sudo()
        return float(customer._calculate_exposure(self.TODAY)[customer].total)

    @classmethod
    def _user_of_odoo(cls, login, *groups):
        """Return a user without a role of ours."""
        return cls.env["res.users"].create(
            {
                "name": login,
                "login": login,
                "email": f"{login}@company.example.com",
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [Command.set([cls.env.ref(group).id for group in groups])],
            }
        )
