from odoo import api, fields, models
from odoo.fields import Domain

from ....core.recovery import insolvency as rules
from ....formats import format_date


class ArCustomer(models.Model):
    """Insolvencies of the customer, and what the form says about them."""

    _inherit = "ar.customer"

    insolvency_ids = fields.One2many("ar.insolvency", "customer_id", "Insolvencies", readonly=True)
    insolvency_count = fields.Integer("Number of Insolvencies", compute="_compute_insolvency_count")
    insolvency_text = fields.Char("Insolvency", compute="_compute_insolvency_count")

    @api.depends("insolvency_ids.state", "insolvency_ids.opened_on", "insolvency_ids.filing_deadline")
    @api.depends_context("lang")
    def _compute_insolvency_count(self):
        """Compute the number, and the sentence about open proceedings."""
        for customer in self:
            customer.insolvency_count = len(customer.insolvency_ids)
            opened = customer.insolvency_ids.filtered(lambda insolvency: insolvency.state == rules.OPEN)
            customer.insolvency_text = customer._get_insolvency_text(opened[:1]) if opened else False

    def _get_insolvency_text(self, insolvency):
        """Return what stops, and until when the claim is to be filed."""
        kinds = dict(insolvency._fields["kind"]._description_selection(self.env))
        text = self.env._(
            "%(kind)s since %(day)s: nothing is asked for from before.",
            kind=kinds[insolvency.kind],
            day=format_date(self.env, insolvency.opened_on),
        )
        if insolvency.until:
            text += " " + self.env._("Last day: %s.", format_date(self.env, insolvency.until))
        if insolvency.filed_on:
            text += " " + self.env._("Claim filed on %s.", format_date(self.env, insolvency.filed_on))
        elif insolvency.filing_deadline:
            text += " " + self.env._("File the claim until %s.", format_date(self.env, insolvency.filing_deadline))
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
        """Return the open proceedings of the debtor in all branches of the root company, in superuser mode."""
        self.ensure_one()
        insolvencies = self.env["ar.insolvency"].sudo()  # they count, whoever may read them
        if not insolvencies._is_used():
            return insolvencies
        domain = Domain("partner_id", "in", self.partner_id.ids) & Domain("state", "=", rules.OPEN)
        return insolvencies.search(domain & Domain("company_id", "child_of", self.company_id.root_id.ids))

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
