from odoo import api, fields, models

from .ar_communication import MENTIONED


class ArCustomerLateCharges(models.Model):
    """The late charges of a customer."""

    _inherit = "ar.customer"

    late_charge_ids = fields.One2many("ar.late.charge", "customer_id", "Late Charges", readonly=True)
    late_charge_count = fields.Integer("Late Charges to Invoice", compute="_compute_late_charge_count")

    @api.depends("late_charge_ids.left")
    def _compute_late_charge_count(self):
        rows = self.env["ar.late.charge"]._read_group(
            [("customer_id", "in", self.ids), ("left", ">", 0)], ["customer_id"], ["__count"]
        )
        counts = {customer.id: count for customer, count in rows}
        for customer in self:
            customer.late_charge_count = counts.get(customer.id, 0)

    def _draft_charge(self, currency, partner, commands, **values):
        """Draft an ordinary invoice that charges what is no sale: late charges, or the costs of legal steps.

        :param partner: `res.partner` to which it is addressed
        :param commands: of its invoice lines
        :param values: further values of the invoice
        """
        self.ensure_one()
        company = self.company_id
        return self.env["account.move"].with_company(company).create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "company_id": company.id,
                "currency_id": currency.id,
                "journal_id": company._ar_get_late_charge_journal().id,
                "invoice_line_ids": commands,
                **values,
            }
        )  # fmt: skip

    def action_open_late_charges(self):
        """Open the late charges of the customer."""
        self.ensure_one()
        self._require("auditor")
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_late_charge_action")
        return {**action, "domain": [("customer_id", "=", self.id)], "context": {}}

    def _get_late_charge_page_values(self):
        """Return what the customer's page says about late charges; empty where there are none.

        :return: {rows: [{name, days, amount, currency, free_until}] of open items, paid: total of the others, as text}
        """
        self.ensure_one()
        customer = self.sudo()  # for the visitor of the page, whose access was checked
        if not customer.policy_id.late_charge_regime_id:
            return {}
        charges = customer.late_charge_ids.filtered(lambda charge: charge.state in MENTIONED and charge.left)
        today = customer.company_id._ar_today()
        rows = [
            {
                "name": charge.name,
                "days": charge.days,
                "amount": charge.left,
                "currency": charge.currency_id,
                "free_until": charge.free_until if charge.free_until and charge.free_until >= today else False,
            }
            for charge in charges.filtered("residual")
        ]
        paid = charges.filtered(lambda charge: not charge.residual)._get_left_texts()
        return {"rows": rows, "paid": " + ".join(paid)} if charges else {}

    def action_claim(self):
        """Open the dialog that computes the claim against the customer as of a day."""
        self.ensure_one()
        self._require("auditor")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Claim as of a Day"),
            "res_model": "ar.late.charge.claim",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_customer_id": self.id},
        }

    def _needs_second_for_waiver(self, parts):
        """Return whether the policy wants a second person for waiving so much.

        :param parts: [(currency, float)]
        """
        self.ensure_one()
        company, policy = self.company_id, self.policy_id
        foreign = self.env["res.currency"].union(*(currency for currency, _amount in parts)) - company.currency_id
        if foreign and not self.env.user._ar_have_rates(foreign, company):
            return True  # nobody knows how much it is
        today = company._ar_today()
        own = sum(currency._convert(amount, company.currency_id, company, today) for currency, amount in parts)
        return company.currency_id.compare_amounts(own, policy.late_charge_second_above) > 0
