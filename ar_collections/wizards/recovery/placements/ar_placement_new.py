from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ....core.facts import ITEMS_ONLY
from ....core.money import ZERO
from ....core.recovery.eligibility import LIMITATION_NEAR
from ....messages import ELIGIBILITY_TEXTS
from ....models.customers.sql import DUE_DATE, JOIN_DEBTOR

#: Customers whose facts are read together.
BATCH = 500

#: At least so many days late is whatever is proposed because its limitation date is near.
LIMITATION_DAYS = 300


class ArPlacementNew(models.TransientModel):
    """Dialog that proposes placements: of all customers by their policies, or of one customer."""

    _name = "ar.placement.new"
    _inherit = ["ar.wizard.mixin"]
    _description = "Propose Placements"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    line_ids = fields.One2many("ar.placement.new.line", "wizard_id", "Customers")
    hint = fields.Text(readonly=True)

    # === OPENING === #

    @api.model
    def action_open(self):
        """Open the dialog with all that the policies of the current company propose.

        :raise UserError: without the collector's role
        """
        self.env["ar.access.mixin"]._require("collector")
        company = self.env.company
        lines = []
        customers = self._find_candidates(company)
        for start in range(0, len(customers), BATCH):
            lines += self._prepare_lines(customers[start : start + BATCH])
        return self._open(company, lines)

    @api.model
    def _open_for(self, customer):
        """Open the dialog for one customer; managers may propose what the policy does not propose yet.

        :raise UserError: without the collector's role, or where nothing can be handed over
        """
        self.env["ar.access.mixin"]._require("collector")
        customer.check_access("read")
        lines = self._prepare_lines(customer)
        is_manual = not lines and self.env["ar.access.mixin"]._has_role("manager")
        if is_manual:
            lines = self._prepare_manual(customer)
        if not lines:
            raise UserError(self._get_reasons(customer))
        return self._open(customer.company_id, lines, self._get_reasons(customer) if is_manual else "")

    @api.model
    def _open(self, company, lines, hint=""):
        wizard = self.create(
            {"company_id": company.id, "line_ids": [Command.create(line) for line in lines], "hint": hint}
        )
        return {
            "name": self.env._("Propose Placements"),
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _find_candidates(self, company):
        """Return the customers of policies that propose placements with an item that is late enough for it."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT account.id
                  FROM account_move_line line
                  %(join_debtor)s
                  JOIN ar_customer account ON account.partner_id = debtor.commercial_partner_id
                       AND account.company_id = line.company_id AND account.merged_into_id IS NULL AND account.active
                  JOIN ar_credit_policy policy ON policy.id = account.policy_id AND policy.proposes_placements
                 WHERE line.company_id = %(company)s AND line.parent_state = 'posted' AND NOT line.reconciled
                   AND line.account_id = ANY(%(accounts)s) AND line.amount_residual_currency > 0
                   AND %(due)s <= %(today)s - LEAST(policy.placement_days, %(days)s)
              ORDER BY account.id
                """,
                join_debtor=JOIN_DEBTOR,
                due=DUE_DATE,
                accounts=list(self.env["ar.facts"]._get_receivable_account_ids(company)),
                company=company.id,
                today=company._ar_today(),
                days=LIMITATION_DAYS,
            )
        )
        return self.env["ar.customer"].search([("id", "in", [row[0] for row in rows])], order="id")

    @api.model
    def _prepare_lines(self, customers):
        """Return the values of the lines of these customers by their policies, one for each currency."""
        lines = []
        for company, own in customers.grouped("company_id").items():
            facts = self.env["ar.facts"]._gather(own, company._ar_today(), ITEMS_ONLY)
            for customer in own:
                for name, answers in customer._get_placement_answers(facts[customer.id]).items():
                    eligible = {key: answer for key, answer in answers.items() if answer.is_eligible}
                    if eligible:
                        lines.append(self._prepare_line(customer, name, eligible))
        return self._drop_proposed(lines)

    @api.model
    def _prepare_line(self, customer, currency_name, eligible):
        """Return the values of a line.

        :param eligible: {journal item id: core.recovery.eligibility.Answer}
        """
        near = any(answer.code == LIMITATION_NEAR for answer in eligible.values())
        first = next(iter(eligible.values())).code
        return {
            "customer_id": customer.id,
            "currency_id": self.env["res.currency"]._ar_named(currency_name).id,
            "agency_id": customer.policy_id.placement_agency_id.id,
            "code": LIMITATION_NEAR if near else first,
            "move_line_ids": [Command.set(list(eligible))],
            "amount": float(sum((answer.amount for answer in eligible.values()), ZERO)),
            "limitation_date": min(customer._read_limitation_dates(eligible).values(), default=False),
        }

    @api.model
    def _prepare_manual(self, customer):
        """Return the values of the lines of all late items of a customer of which something is free."""
        lines = []
        for currency in self.env["res.currency"]._ar_by_name(self._get_currencies(customer)).values():
            items = customer._get_placeable_items(currency)
            if items:
                lines.append(
                    {
                        "customer_id": customer.id,
                        "currency_id": currency.id,
                        "agency_id": customer.policy_id.placement_agency_id.id,
                        "code": "manual",
                        "move_line_ids": [Command.set(list(items))],
                        "amount": float(sum(map(customer._get_free_to_place, items.values()), ZERO)),
                        "limitation_date": min(customer._read_limitation_dates(items).values(), default=False),
                    }
                )
        return lines

    @api.model
    def _get_currencies(self, customer):
        return list({item.currency for item in customer._get_facts().items})

    @api.model
    def _drop_proposed(self, lines):
        """Return the lines without items that are in a proposal already."""
        ids = [item_id for line in lines for item_id in line["move_line_ids"][0][2]]
        live = self.env["ar.placement.line"].sudo()  # proposals count, whoever may read them
        taken = set(live.search([("move_line_id", "in", ids), ("is_live", "=", True)]).move_line_id.ids)
        return [line for line in lines if not taken & set(line["move_line_ids"][0][2])]

    @api.model
    def _get_reasons(self, customer):
        """Return why nothing of a customer is proposed by its policy, a line for each reason."""
        answers = customer._get_placement_answers(customer._get_facts()).values()
        codes = {answer.code for group in answers for answer in group.values() if not answer.is_eligible}
        texts = [self.env._(ELIGIBILITY_TEXTS[code]) for code in sorted(codes)]
        title = self.env._("Nothing of %s can be handed over by its policy:", customer.display_name)
        return "\n".join([title, *(texts or [self.env._("No open items, or no policy")])])

    # === PROPOSING === #

    def action_propose(self):
        """Propose what is selected; a credit manager other than the user approves it.

        :raise UserError: where something is missing or cannot be handed over any more; nothing is proposed then
        """
        self.ensure_one()
        self.env["ar.access.mixin"]._require("collector")
        lines = self.line_ids.filtered("ticked")
        if not lines:
            raise UserError(self.env._("Nothing is selected. Select at least one customer."))
        placements = self.env["ar.placement"].browse(line._propose().id for line in lines)
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_placement_action")
        return dict(action, domain=[("id", "in", placements.ids)], context={})
