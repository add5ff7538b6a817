import datetime
from dataclasses import replace

from odoo import fields, models

from ...core import decision as codes
from ...core.disputes.dispute import ACCEPTED, OPEN_STATES, PARTLY, REJECTED, Disputable
from ...core.money import ZERO

#: An answer stays on the page so long.
ANSWERS_SHOWN_DAYS = 30


class ArCustomer(models.Model):
    """What the customer contests, and what it may contest.

    Disputes on the customer's page.
    """

    _inherit = "ar.customer"

    dispute_ids = fields.One2many("ar.dispute", "customer_id")
    dispute_count = fields.Integer("Open Disputes", compute="_compute_dispute_count")
    dispute_total_count = fields.Integer("Disputes", compute="_compute_dispute_count")

    def _compute_dispute_count(self):
        groups = self.env["ar.dispute"]._read_group(
            [("customer_id", "in", self.ids)], ["customer_id", "state"], ["__count"]
        )
        for customer in self:
            own = [(state, number) for account, state, number in groups if account == customer]
            customer.dispute_count = sum(number for state, number in own if state in OPEN_STATES)
            customer.dispute_total_count = sum(number for _state, number in own)

    def _get_disputables(self, also=()):
        """Return what may be disputed of each open item, oldest due date first.

        :param also: ids of items that are wanted; those of the customer that are paid are told apart from foreign ones
        :rtype: list[core.dispute.Disputable]
        """
        self.ensure_one()
        open_items = [
            Disputable(item.item_id, item.currency, item.residual_currency, self._disputed_amount(item))
            for item in self._get_facts().items
        ]
        known = {disputable.item_id for disputable in open_items}
        paid = self._browse_lines([]).search(
            [
                ("id", "in", [item_id for item_id in also if item_id not in known]),
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("account_id", "in", self.env["ar.facts"]._get_receivable_account_ids(self.company_id)),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", True),
            ]
        )
        return open_items + [Disputable(line.id, line.currency_id.name, ZERO) for line in paid]

    def _disputed_amount(self, item):
        """Return how much of the item is under dispute; the grace of a rejected one does not count."""
        disputed = (s.amount for s in item.exclusions if s.code == codes.DISPUTED and s.until is None)
        return min(sum(disputed, ZERO), item.residual_currency)

    def _free_amount(self, item):
        """Override to let what was disputed in vain be promised or planned at once, in its time of grace."""
        exclusions = tuple(s for s in item.exclusions if s.code != codes.DISPUTED or s.until is None)
        return super()._free_amount(replace(item, exclusions=exclusions))

    # === BUTTONS === #

    def action_open_disputes(self):
        """Open what the customer contests."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_dispute_action")
        return dict(action, domain=[("customer_id", "=", self.id)], context={})

    def action_new_dispute(self):
        """Ask what the customer contests and why."""
        self.ensure_one()
        return {
            "name": self.env._("New Dispute"),
            "type": "ir.actions.act_window",
            "res_model": "ar.dispute.new",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_customer_id": self.id},
        }

    # === PORTAL === #

    def _may_dispute(self):
        """Tell whether the policy lets the customer dispute on the page."""
        self.ensure_one()
        return not self.policy_id or self.policy_id.dispute_portal

    def _get_possible_asks(self):
        """Override to offer a dispute of what is ticked."""
        asks = super()._get_possible_asks()
        if self._may_dispute():
            asks["dispute"] = self.env._("Report a problem")
        return asks

    def _get_agreement_rows(self):
        """Override to list what is in dispute, and for a while how we answered."""
        since = self.company_id._ar_today() - datetime.timedelta(days=ANSWERS_SHOWN_DAYS)
        # Shown to a visitor whose right was checked by the account's token or partner.
        disputes = (
            self.env["ar.dispute"]
            .sudo()
            .search(
                [
                    ("customer_id", "=", self.id),
                    "|",
                    ("state", "in", OPEN_STATES),
                    "&",
                    ("state", "in", (ACCEPTED, PARTLY, REJECTED)),
                    ("date_resolved", ">=", since),
                ]
            )
        )
        return super()._get_agreement_rows() + [dispute._get_portal_row() for dispute in disputes]

    def _get_portal_dispute(self, dispute_id):
        """Return the customer's own dispute with that id, empty for others: "not yours" looks like "not there"."""
        return self.env["ar.dispute"].sudo().search([("id", "=", dispute_id), ("customer_id", "=", self.id)])

    def _get_dispute_reasons(self):
        """Return the reasons that customers may choose."""
        reasons = self.env["ar.dispute.reason"].sudo()  # their names, for a visitor whose right was checked
        return reasons._get_for(self.company_id).filtered("portal")
