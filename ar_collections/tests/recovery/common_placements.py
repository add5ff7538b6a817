from odoo import Command

from ..common import ArCommon


class PlacementCommon(ArCommon):
    """A customer with two very late invoices, an agency, and helpers to place them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._partner(name="Late Payer")
        cls.old = cls._invoice(cls.partner, overdue_days=120, amount=300.0)
        cls.new = cls._invoice(cls.partner, overdue_days=100, amount=100.0)
        cls.customer = cls._customer(cls.partner)
        cls.agency = cls._agency()
        cls.policy.write(
            {"proposes_placements": True, "placement_agency_id": cls.agency.id, "placement_needs_steps": False}
        )
        cls.credit_manager = cls._user("credit_manager", login="recovery-approves")
        cls.manager = cls._user("manager", login="recovery-manager")

    @classmethod
    def _agency(cls, rates=((0, 20),), **values):
        partner = cls.env["res.partner"].create(
            {"name": "Fair Collect", "is_company": True, "email": "cases@agency.example.com", "phone": "+1 555 0100"}
        )
        rows = [Command.create({"kind": "rate", "start": start, "percent": percent}) for start, percent in rates]
        values = {"partner_id": partner.id, "company_id": cls.company.id, "rate_ids": rows, **values}
        return cls.env["ar.agency"].create(values)

    def _propose(self, *invoices, user=None, day=None, customer=None, code="all_steps_sent", agency=None):
        """Propose to place these invoices, by default both."""
        items = [self._debt(invoice).id for invoice in invoices] or None
        customer = customer or self.customer
        with self._on(day):
            return (
                self.env["ar.placement"]
                .with_user(user or self.collector)
                ._propose(
                    customer.with_user(user or self.collector),
                    agency or self.agency,
                    self.company.currency_id,
                    code,
                    items,
                )
                .with_user(self.env.user)
            )

    def _place(self, *invoices, day=None, **values):
        """Propose and approve the placement of these invoices."""
        placement = self._propose(*invoices, day=day, **values)
        with self._on(day):
            placement.with_user(self.credit_manager).action_approve()
        self.env.invalidate_all()
        return placement

    def _judge(self, day=None):
        """Judge the company's placements on that day, as the nightly run does."""
        with self._on(day):
            self.env["ar.placement"].sudo()._judge_company(self.company, day or self.TODAY)
        self.env.invalidate_all()

    def _end(self, placement, state, day=None, user=None, **values):
        with self._on(day):
            wizard = self.env["ar.placement.end"].with_user(user or self.collector)
            wizard.create(
                {"placement_id": placement.id, "state": state, "reason": "The customer agreed", **values}
            ).action_end()
        self.env.invalidate_all()

    def _excluded(self, customer=None, day=None):
        """Return {invoice number: placed amount} of the customer's open items."""
        customer = customer or self.customer
        with self._on(day):
            items = self.env["ar.facts"]._gather(customer, day or self.TODAY)[customer.id].items
        lines = self.env["account.move.line"]
        return {
            lines.browse(item.item_id).move_id.name: float(sum(x.amount for x in item.exclusions if x.code == "placed"))
            for item in items
        }
