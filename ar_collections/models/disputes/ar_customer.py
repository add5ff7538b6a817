import datetime
from dataclasses import replace

from odoo import fields, models

from ...core import decision as codes
from ...core.disputes.dispute import ACCEPTED, OPEN_STATES, PARTLY, REJECTED, Disputable
from ...core.disputes.limits import PastDisputes, find_item_limit, find_limit
from ...core.money import ZERO

#: Days for which a resolved dispute stays on the customer's page.
ANSWERS_SHOWN_DAYS = 30


class ArCustomer(models.Model):
    """Disputes of the customer: their number, what may be disputed, and the disputes on the portal page."""

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
        """Return how much of each open item may be disputed, oldest due date first.

        :param also: ids of requested items; those of the customer that are paid are returned with zero, so that the
            caller can distinguish them from items of others
        :rtype: list[core.disputes.dispute.Disputable]
        """
        self.ensure_one()
        open_items = [
            Disputable(item.item_id, item.currency, item.residual_currency, self._disputed_amount(item))
            for item in self._get_facts().items
        ]
        open_ids = {disputable.item_id for disputable in open_items}
        paid = self._browse_lines([]).search(
            [
                ("id", "in", [item_id for item_id in also if item_id not in open_ids]),
                ("partner_id.commercial_partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("account_id", "in", self.env["ar.facts"]._get_receivable_account_ids(self.company_id)),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", True),
            ]
        )
        return open_items + [Disputable(line.id, line.currency_id.name, ZERO) for line in paid]

    def _disputed_amount(self, item):
        """Return how much of the item is disputed, in its currency; a rejected dispute in its grace period is not."""
        disputed = (s.amount for s in item.exclusions if s.code == codes.DISPUTED and s.until is None)
        return min(sum(disputed, ZERO), item.residual_currency)

    def _free_amount(self, item):
        """Override to free amounts of rejected disputes for a promise or plan already in their grace period."""
        exclusions = tuple(s for s in item.exclusions if s.code != codes.DISPUTED or s.until is None)
        return super()._free_amount(replace(item, exclusions=exclusions))

    # === BUTTONS === #

    def action_open_disputes(self):
        """Open the customer's disputes."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_dispute_action")
        return dict(action, domain=[("customer_id", "=", self.id)], context={})

    def action_new_dispute(self):
        """Open the dialog to record a dispute."""
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
        """Return whether the policy allows the customer to raise disputes on the portal page."""
        self.ensure_one()
        return not self.policy_id or self.policy_id.dispute_portal

    def _find_dispute_obstacles(self, item_ids, past=None):
        """Return {item id: code} of those items about which the page takes no dispute at present.

        Whether a part of them is in dispute already is not looked at.

        :param item_ids: ids of journal items
        :param past: what `ar.facts._read_past` returned; default: it is read now
        """
        self.ensure_one()
        if not item_ids:
            return {}
        policy = self.policy_id
        rules = policy._get_dispute_rules(policy.company_id.currency_id)  # no amount is compared
        past = past or self.env["ar.facts"]._read_past(self, item_ids, self.company_id._ar_today())
        open_counts, disputes = past["dispute"]
        code = find_limit(open_counts.get(self.id, 0), rules)
        codes = {item_id: code or find_item_limit(disputes.get(item_id, PastDisputes()), rules) for item_id in item_ids}
        return {item_id: code for item_id, code in codes.items() if code}

    def _get_possible_asks(self):
        """Override to offer a dispute, where the policy allows it."""
        asks = super()._get_possible_asks()
        if self._may_dispute():
            asks["dispute"] = self.env._("Report a problem")
        return asks

    def _get_agreement_rows(self):
        """Override to list the open disputes, and the resolved ones of the last days."""
        since = self.company_id._ar_today() - datetime.timedelta(days=ANSWERS_SHOWN_DAYS)
        # The caller checked the visitor's access, by token or partner.
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
        """Return the customer's own dispute with this id; empty for others, which must look like unused ids."""
        # sudo: visitors have no right on disputes; their access to the account was checked, and only its own are found.
        return self.env["ar.dispute"].sudo().search([("id", "=", dispute_id), ("customer_id", "=", self.id)])

    def _get_dispute_reasons(self):
        """Return the reasons that customers may select on the portal page."""
        reasons = self.env["ar.dispute.reason"].sudo()  # visitors have no right on them; only names are shown
        return reasons._get_for(self.company_id).filtered("portal")
