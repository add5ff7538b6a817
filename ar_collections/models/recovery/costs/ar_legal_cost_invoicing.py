from odoo import Command, models
from odoo.exceptions import UserError

from ....core.money import ZERO, to_decimal
from ....core.recovery.legal_costs import PURSUIT, count_lump_sums
from ....formats import format_date


class ArLegalCostInvoicing(models.Model):
    """Legal costs become ordinary draft invoices, as late charges do; lump sums count against them by the rules."""

    _inherit = "ar.legal.cost"

    def _draft_invoices(self):
        """Draft an invoice for each customer and currency of those that are to be charged, in superuser mode.

        :raise UserError: where nothing is to be charged, or a setting is missing
        """
        self.customer_id.sorted("id")._lock_account()
        self.invalidate_recordset()
        ready = self.filtered(lambda cost: cost.state == "open")
        if not ready:
            raise UserError(self.env._("Nothing here is to be charged: the costs are charged, or cannot be claimed."))
        ready.company_id._ar_check_legal_cost_settings()
        ready._accrue_counted()
        moves = self.env["account.move"]
        for costs in ready._group_for_invoices():
            moves |= costs._draft_invoice(costs.customer_id, costs.currency_id)
        return moves

    def _accrue_counted(self):
        """Compute the late charges anew whose lump sums may count: since the night they may be held."""
        counted = self.customer_id.filtered(lambda customer: customer.policy_id.late_charge_regime_id.lump_sum_counts)
        charges = self.env["ar.late.charge"]
        for company, customers in counted.grouped("company_id").items():
            charges._accrue(company, customers, company._ar_today())
        charges.invalidate_model()

    def _draft_invoice(self, customer, currency):
        """Draft the invoice of one customer's costs in one currency.

        A lump sum that is set off against them and that nothing charged yet is charged by the same invoice: what is
        never charged, or waived later, must not make the costs less.
        """
        counted = self._count_lump_sums(customer, currency)
        charges = self.env["ar.late.charge"].union(*counted).filtered(lambda charge: charge._get_due_lump_sum())
        if charges:
            customer.company_id._ar_check_late_charge_settings()
        commands = [Command.create(cost._prepare_line_vals()) for cost in self.sorted("date")]
        commands += self._prepare_lump_sum_commands(customer, counted) + charges._prepare_lump_sum_lines()
        partner = self.placement_id.line_ids.move_id.sorted("invoice_date")[-1:].partner_id or customer.partner_id
        move = customer._draft_charge(
            currency, partner, commands, ar_legal_costs=True, ar_late_charges=bool(charges)
        )  # fmt: skip
        charges._bill_lump_sums(move)
        return move

    def _group_for_invoices(self):
        """Return these costs as a list of those that are charged together: by customer and currency.

        Extension point: for what else needs an invoice of its own.
        """
        return list(self.grouped(lambda cost: (cost.customer_id, cost.currency_id)).values())

    def _prepare_line_vals(self):
        """Return the values of the invoice line of a cost, in the customer's language."""
        self.ensure_one()
        cost = self.with_context(lang=self.partner_id.lang or self.env.lang)
        kind = dict(cost._fields["kind"]._description_selection(cost.env))[cost.kind]
        return {
            "name": f"{kind}, {format_date(cost.env, cost.date)}: {cost.name}",
            "price_unit": cost.amount,
            "ar_legal_cost_id": cost.id,
            **cost._prepare_common_vals(),
        }

    def _prepare_common_vals(self):
        company = self.company_id
        return {
            "product_id": company._ar_get_legal_cost_product().id,
            "quantity": 1,
            "account_id": company.ar_legal_cost_account_id.id,
            "tax_ids": [Command.set(company.ar_legal_cost_tax_ids.ids)],
        }

    # === LUMP SUMS === #

    def _prepare_lump_sum_commands(self, customer, counted):
        """Return the commands of the lines that set lump sums off against these costs of one customer.

        :param dict counted: {late charge: Decimal}
        """
        commands = []
        for charge, amount in counted.items():
            reader = charge.with_context(lang=customer.partner_id.lang or self.env.lang)
            commands.append(
                Command.create(
                    {
                        "name": reader.env._("Lump sum for the late payment of %s, counted against costs", charge.name),
                        "price_unit": -float(amount),
                        "ar_lump_sum_of_id": charge.id,
                        **self[:1]._prepare_common_vals(),
                    }
                )
            )
        return commands

    def _count_lump_sums(self, customer, currency, claimed=None):
        """Return {late charge: Decimal} of the lump sums that count against these costs of one customer.

        Costs of a case count against the lump sums of its invoices, others against those of all the customer's.

        :param dict claimed: {late charge: Decimal} of the lump sums that a claim has, charged or not; what posted
            invoices charge of others counts, too. Default: for an invoice of the costs.
        """
        if not customer.policy_id.late_charge_regime_id.lump_sum_counts:
            return {}
        domain = [("customer_id", "=", customer.id), ("currency_id", "=", currency.id)]
        charges = self.env["ar.late.charge"].search([*domain, "|", ("left", ">", 0), ("charged", ">", 0)])
        left = charges._read_lump_sums_left(claimed)
        found = {}
        pursuit = self.filtered(lambda cost: cost.kind in PURSUIT)
        for costs, own in pursuit._pair_with_charges(charges):
            amount = sum((to_decimal(currency.round(cost.amount)) for cost in costs), ZERO)
            for charge_id, part in count_lump_sums(amount, [(charge.id, left[charge.id]) for charge in own]).items():
                charge = charges.browse(charge_id)
                found[charge] = found.get(charge, ZERO) + part
                left[charge_id] -= part
        return found

    def _pair_with_charges(self, charges):
        """Return [(costs, late charges whose lump sums count against them)], by case.

        Extension point: for debts that are claimed apart.
        """
        return [
            (costs, charges.filtered(lambda charge, case=case: not case or charge.move_id in case.line_ids.move_id))
            for case, costs in self.grouped("placement_id").items()
        ]
