from odoo import fields, models

from ....core.recovery.settlement import HOLDING, REJECTED


class ArCustomer(models.Model):
    """Settlements of the customer, and what was noted on its ability to pay."""

    _inherit = "ar.customer"

    settlement_ids = fields.One2many("ar.settlement", "customer_id", "Settlements")
    settlement_count = fields.Integer("Number of Settlements", compute="_compute_settlement_count")
    ability_ids = fields.One2many("ar.payment.ability", "customer_id", "Ability to Pay")
    ability_count = fields.Integer("Notes on the Ability to Pay", compute="_compute_ability_count")

    def _compute_settlement_count(self):
        for customer, number in self._count_of("ar.settlement").items():
            customer.settlement_count = number

    def _compute_ability_count(self):
        for customer, number in self._count_of("ar.payment.ability").items():
            customer.ability_count = number

    def _count_of(self, model):
        """Return {customer: number of records of the model}."""
        groups = self.env[model]._read_group([("customer_id", "in", self.ids)], ["customer_id"], ["__count"])
        counts = {customer.id: number for customer, number in groups}
        return {customer: counts.get(customer.id, 0) for customer in self}

    # === BUTTONS === #

    def action_settle(self):
        """Open the dialog that requests a settlement of the customer's overdue debts."""
        self.ensure_one()
        return self.env["ar.settlement.new"]._open_for(self)

    def action_open_settlements(self):
        """Open the customer's settlements."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_settlement_action")
        return dict(action, domain=[("customer_id", "=", self.id)], context={})

    def action_open_abilities(self):
        """Open what was noted on the customer's ability to pay, to read it or add a note."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_payment_ability_action")
        return dict(action, domain=[("customer_id", "=", self.id)], context={"default_customer_id": self.id})

    def action_new_ability(self):
        """Open the form in which staff notes why the customer cannot pay."""
        self.ensure_one()
        self._require("collector")
        return {
            "name": self.env._("Note Ability to Pay"),
            "type": "ir.actions.act_window",
            "res_model": "ar.payment.ability",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_customer_id": self.id},
        }

    # === PORTAL === #

    def _get_portal_settlement(self, settlement_id):
        """Return the settlement of this customer with that id, as superuser; empty for one that it does not know."""
        self.ensure_one()
        settlements = self.env["ar.settlement"].sudo()  # the caller checked the visitor's access, by token or partner
        domain = [("id", "=", settlement_id), ("customer_id", "=", self.id), ("decided_by_id", "!=", False)]
        return settlements.search([*domain, ("state", "!=", REJECTED)])

    def _get_agreement_rows(self):
        """Override to name the settlements that can still be paid, with a button, and those whose rest is credited."""
        rows = super()._get_agreement_rows()
        settlements = self.env["ar.settlement"].sudo()  # the caller checked the visitor's access
        found = settlements.search([("customer_id", "=", self.id), ("state", "in", HOLDING)], order="id")
        for settlement in found.filtered(lambda one: one._is_shown()):
            amount = settlement._get_amount_to_pay()
            rows.append(
                {
                    "name": settlement.name,
                    "title": self.env._("Settlement"),
                    "status": settlement._get_page_status(amount),
                    "date": False,
                    "text": settlement._get_offer_text(),
                    "url": settlement._get_page_url(),
                    "pay_url": amount and settlement._get_page_url("/pay"),
                    "pay_amount": settlement._format_amount(amount),
                }
            )
        return rows
