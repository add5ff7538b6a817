from odoo import api, fields, models
from odoo.exceptions import UserError

from ....const import ARRIVAL_STATES, GROUP_AUDITOR
from ....core.invoicing import arrival


class AccountMoveLine(models.Model):
    """The arrival of open items: of their invoice, or of their own where the entry is none."""

    _inherit = "account.move.line"

    ar_arrival_state = fields.Selection(
        ARRIVAL_STATES, "Arrival", compute="_compute_ar_arrival_state", groups=GROUP_AUDITOR,
        help="Whether the customer has the document, by what happened to it.",
    )  # fmt: skip

    def _compute_ar_arrival_state(self):
        states = self._get_arrivals()
        for line in self:
            line.ar_arrival_state = states[line.id].state if line.id in states else False

    def _get_arrivals(self):
        """Return {item id: core.invoicing.arrival.Arrival} of receivable items, all read together, as of today."""
        evidence = self.env["ar.invoice.arrival"].sudo()  # shown as a state
        debts = self.filtered(lambda line: line.id and line.account_id.account_type == "asset_receivable")
        invoiced = debts.filtered(lambda line: line._is_item_of_invoice())
        found = evidence._read_evidence(invoiced.move_id.ids, (debts - invoiced).ids) if debts else {}
        days = self._get_arrival_days(debts)
        today = {company: company._ar_today() for company in debts.company_id}
        states = {}
        for line in debts:
            key = ("move", line.move_id.id) if line in invoiced else ("item", line.id)
            number = days.get((line.partner_id.commercial_partner_id, line.company_id), arrival.DEFAULT_DAYS)
            states[line.id] = arrival.judge(found.get(key, ()), today[line.company_id], number)
        return states

    @api.model
    def _get_arrival_days(self, lines):
        """Return {(customer, company): days after which what was sent counts as delivered}."""
        # sudo: who sees the item sees whether it counts as delivered, which one number of the policy decides.
        customers = self.env["ar.customer"].sudo()
        accounts = customers.search(
            [
                ("partner_id", "in", lines.partner_id.commercial_partner_id.ids),
                ("company_id", "in", lines.company_id.ids),
                ("policy_id", "!=", False),
            ]
        )
        return {(account.partner_id, account.company_id): account.policy_id.arrival_days for account in accounts}

    def _is_item_of_invoice(self):
        """Return whether the item is one of an invoice, whose arrival is that of the whole."""
        self.ensure_one()
        return self.display_type == "payment_term"

    def _get_arrival_row(self, kind, **values):
        """Return the values of evidence about the item or its invoice, see `ar.invoice.arrival._store`."""
        self.ensure_one()
        item = {} if self._is_item_of_invoice() else {"move_line_id": self.id}
        return {"move_id": self.move_id.id, "kind": kind, "user_id": self.env.uid, **item, **values}

    # === BUTTONS === #

    def action_ar_mark_delivered(self):
        """Mark the documents of these open items as delivered: on paper, from another system, told by the customer.

        :raise UserError: for who is no collector, and for items that are no posted receivables
        """
        self.env["ar.customer"]._require("collector")
        self.check_access("read")
        debts = self.filtered(
            lambda line: line.account_id.account_type == "asset_receivable" and line.parent_state == "posted"
        )
        if not debts or debts != self:
            raise UserError(self.env._("Select posted invoices or open items of customers first."))
        return debts._mark_delivered()

    def _mark_delivered(self):
        """Store that a person says so; an invoice is marked once with all its installments.

        The caller checked the user's role.

        :raise AccessError: where the user may not write on the account of one of the customers
        """
        self._check_own_customers()
        rows = {}
        for line in self:
            row = line._get_arrival_row(arrival.MARKED)
            rows[row["move_id"], row.get("move_line_id")] = row
        self.env["ar.invoice.arrival"].sudo()._store(list(rows.values()))  # nobody has the right to create it
        self.env["ar.customer"]._mark_arrivals(self)
        return True

    def _check_own_customers(self):
        """Check that the user may write on the accounts of these items.

        :raise AccessError: where not
        """
        debtors = self.partner_id.commercial_partner_id
        # sudo: one that is hidden from the user must be found, too, to be refused in the next line.
        customers = self.env["ar.customer"].sudo()
        accounts = customers.search([("partner_id", "in", debtors.ids), ("company_id", "in", self.company_id.ids)])
        accounts.sudo(False).check_access("write")
