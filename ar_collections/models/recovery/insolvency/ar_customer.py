from odoo import api, fields, models
from odoo.fields import Domain

from ....const import GROUP_AUDITOR
from ....core import decision as codes
from ....core.money import ZERO
from ....core.recovery import insolvency as rules
from ....formats import format_date


class ArCustomer(models.Model):
    """Insolvencies of the customer, and what the form says about them."""

    _inherit = "ar.customer"

    insolvency_ids = fields.One2many("ar.insolvency", "customer_id", "Insolvencies", readonly=True)
    insolvency_count = fields.Integer("Number of Insolvencies", compute="_compute_insolvency_count")
    insolvency_text = fields.Char("Insolvency", compute="_compute_insolvency_text", groups=GROUP_AUDITOR)
    is_all_insolvent = fields.Boolean(
        "All Claimed in Insolvency", compute="_compute_is_all_insolvent", groups=GROUP_AUDITOR,
        help="Whether everything that is owed is from before the opening: nothing is left to agree on or to place.",
    )  # fmt: skip

    @api.depends("insolvency_ids")
    def _compute_insolvency_count(self):
        for customer in self:
            customer.insolvency_count = len(customer.insolvency_ids)

    @api.depends(
        "insolvency_ids.state", "insolvency_ids.opened_on", "insolvency_ids.until", "insolvency_ids.filing_deadline"
    )
    @api.depends_context("lang")
    def _compute_insolvency_text(self):
        """Compute the sentence about open proceedings, also those that another branch of the company recorded."""
        found = self._read_open_insolvencies()
        for customer in self:
            insolvency = found.get(customer)
            customer.insolvency_text = customer._get_insolvency_text(insolvency) if insolvency else False

    @api.depends("insolvency_text")
    def _compute_is_all_insolvent(self):
        """Compute it from the facts, which are read for customers in proceedings only."""
        self.is_all_insolvent = False
        found = self.browse([customer.id for customer in self._read_open_insolvencies()])
        for company, customers in found.grouped("company_id").items():
            facts = self.env["ar.facts"]._gather(customers, company._ar_today())
            for customer in customers:
                customer.is_all_insolvent = not any(map(self._get_unclaimed, facts[customer.id].items))

    @api.model
    def _get_unclaimed(self, item):
        """Return how much of an open item is not claimed in proceedings, in its currency; credits do not count."""
        claimed = sum((part.amount for part in item.exclusions if part.code == codes.INSOLVENT), ZERO)
        return max(item.residual_currency - claimed, ZERO)

    def _get_insolvency_text(self, insolvency):
        """Return what stops, and until when the claim is to be filed."""
        kinds = dict(insolvency._fields["kind"]._description_selection(self.env))
        text = self.env._(
            "%(kind)s since %(day)s: nothing from before is asked for, settled or placed, and the customer stays on "
            "hold.",
            kind=kinds[insolvency.kind],
            day=format_date(self.env, insolvency.opened_on),
        )
        if insolvency.until:
            text += " " + self.env._("Last day: %s.", format_date(self.env, insolvency.until))
        if insolvency.filed_on:
            text += " " + self.env._("Claim filed on %s.", format_date(self.env, insolvency.filed_on))
        elif insolvency.filing_deadline:
            text += " " + self.env._("File the claim by %s.", format_date(self.env, insolvency.filing_deadline))
        return text

    # === MERGED, OR BELOW A PARENT === #

    def _take_over_records(self, others):
        """Override to stop what is agreed on about debts that are held by the proceedings of any of the accounts."""
        result = super()._take_over_records(others)
        self._find_open_insolvencies()._stop()
        return result

    def _set_debtor(self, debtor):
        """Override to stop what is agreed on about the debts of the debtor from before the opening."""
        result = super()._set_debtor(debtor)
        self._find_open_insolvencies()._stop()
        return result

    def _find_open_insolvencies(self):
        """Return the open proceedings of the debtors in all branches of their root companies, in superuser mode.

        Without moratoria whose last day has passed, which the night ends.
        """
        insolvencies = self.env["ar.insolvency"].sudo()  # they count, whoever may read them
        if not insolvencies._is_used():
            return insolvencies
        domain = Domain("partner_id", "in", self.partner_id.ids) & Domain("state", "=", rules.OPEN)
        found = insolvencies.search(domain & Domain("company_id", "child_of", self.company_id.root_id.ids))
        return found.filtered(lambda one: one._get_proceedings().holds(one.company_id._ar_today()))

    def _read_open_insolvencies(self):
        """Return {customer: `ar.insolvency`} of those in open proceedings, its own ones first."""
        opened = self._find_open_insolvencies().grouped(lambda found: (found.company_id.root_id, found.partner_id))
        found = {}
        for customer in self:
            for insolvency in opened.get((customer.company_id.root_id, customer.partner_id), ()):
                if customer not in found or insolvency.customer_id == customer:
                    found[customer] = insolvency
        return found

    # === BUTTONS === #

    def action_insolvency(self):
        """Open the form in which the customer's insolvency is recorded."""
        self.ensure_one()
        self._require("collector")
        return {
            "name": self.env._("Record an Insolvency"),
            "type": "ir.actions.act_window",
            "res_model": "ar.insolvency",
            "views": [(False, "form")],
            "context": {"default_customer_id": self.id},
        }

    def action_open_insolvencies(self):
        """Open the customer's insolvencies."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_insolvency_action")
        return dict(action, domain=[("customer_id", "=", self.id)], context={"default_customer_id": self.id})
