from odoo import api, fields, models

from ....core.money import ZERO
from ....core.recovery.eligibility import HOLDING_CODES, select
from ....core.recovery.placement import WITH_AGENCY
from ....formats import format_amount


class ArCustomer(models.Model):
    """Placements of the customer: what may be handed over, and what its page says about the agency."""

    _inherit = "ar.customer"

    placement_ids = fields.One2many("ar.placement", "customer_id", "Placements")
    placement_count = fields.Integer("Number of Placements", compute="_compute_placement_count")

    def _compute_placement_count(self):
        groups = self.env["ar.placement"]._read_group([("customer_id", "in", self.ids)], ["customer_id"], ["__count"])
        counts = {customer.id: number for customer, number in groups}
        for customer in self:
            customer.placement_count = counts.get(customer.id, 0)

    @api.model
    def _drop_twice(self, sources, target):
        """Override to merge the agencies that these contacts are: one remains, with the cases of both."""
        result = super()._drop_twice(sources, target)
        self.env["ar.agency"].sudo()._merge_for(sources, target)  # who merges contacts needs no right on agencies
        return result

    # === WHAT MAY BE HANDED OVER === #

    def _get_free_to_place(self, item):
        """Return how much of an open item is neither agreed on, being paid, placed nor excluded, in its currency.

        :param item: core.facts.OpenItem
        :rtype: Decimal
        """
        held = sum((part.amount for part in item.exclusions if part.code in HOLDING_CODES), ZERO)
        return max(item.residual_currency - held, ZERO)

    def _get_placeable_items(self, currency, placement=None):
        """Return {journal item id: OpenItem}: late items of a currency of which something is free, oldest first.

        What another placement proposes is left out.

        :param placement: `ar.placement` that proposes some of them
        """
        self.ensure_one()
        today = self.company_id._ar_today()
        items = {
            item.item_id: item
            for item in self._get_facts().items
            if item.currency == currency.name and item.due_date < today and self._get_free_to_place(item) > ZERO
        }
        lines = self.env["ar.placement.line"].sudo()  # proposals count, whoever may read them
        domain = [("move_line_id", "in", list(items)), ("is_live", "=", True)]
        proposed = lines.search(domain).filtered(lambda line: line.placement_id != placement)
        return {item_id: item for item_id, item in items.items() if item_id not in proposed.move_line_id.ids}

    def _get_placement_answers(self, facts):
        """Return {currency: {journal item id: core.recovery.eligibility.Answer}} by the policy; empty without one.

        :param facts: `core.facts.AccountFacts` of this customer
        """
        self.ensure_one()
        if not self.policy_id:
            return {}
        today = self.company_id._ar_today()
        rules = self.policy_id._get_placement_rules(is_person=self._get_debtor_kind() == "person")
        items = [item for item in facts.items if item.is_debt]
        ids = [item.item_id for item in items]
        limits, demanded = self._read_limitation_dates(ids), self._read_answer_days(ids)
        return {
            name: select([item for item in items if item.currency == name], rules, limits, today, demanded)
            for name in {item.currency for item in items}
        }

    def _read_limitation_dates(self, item_ids):
        """Return {journal item id: last day on which it can be claimed in court}; empty where no rule is known.

        :param item_ids: ids of journal items of this customer
        """
        self.ensure_one()
        # Who may read the account may not read every policy; the country alone is used.
        country = self.policy_id.sudo().limitation_country_id or self.company_id.sudo().country_id
        return self.env["ar.limitation"]._read_dates(list(item_ids), country)

    # === BUTTONS === #

    def action_place(self):
        """Open the dialog that proposes to hand over debts of the customer."""
        self.ensure_one()
        return self.env["ar.placement.new"]._open_for(self)

    def action_open_placements(self):
        """Open the customer's placements."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_placement_action")
        return dict(action, domain=[("customer_id", "=", self.id)], context={})

    # === PORTAL === #

    def _get_agreement_rows(self):
        """Override to name the agencies that have debts of the customer."""
        rows = super()._get_agreement_rows()
        placements = self.env["ar.placement"].sudo()  # the caller checked the visitor's access
        domain = [("customer_id", "=", self.id), ("state", "in", WITH_AGENCY)]
        for placement in placements.search(domain, order="placed_on, id").filtered("amount_left"):
            left = format_amount(self.env, placement.amount_left, placement.currency_id)
            numbers = ", ".join(placement.line_ids.filtered("amount_left").mapped("name"))
            agency = placement.agency_id.partner_id
            contact = ", ".join(filter(None, (agency.phone, agency.email)))
            text = self.env._(
                "%(amount)s for %(invoices)s, since %(day)s",
                amount=left,
                invoices=numbers,
                day=self._format_date(placement.placed_on),
            )
            rows.append(
                {
                    "name": placement.name,
                    "title": self.env._("With %s", agency.name),
                    "status": self.env._("Please contact the agency, or pay here"),
                    "date": False,  # nothing of it is announced for a day
                    "text": ". ".join(filter(None, (text, contact))),
                    "url": False,
                }
            )
        return rows
