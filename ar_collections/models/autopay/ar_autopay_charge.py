import datetime
from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models

from ...core.autopay import outcomes as rules
from ...core.autopay.declines import outcome_of_decline
from ...core.facts import ITEMS_ONLY
from ...core.money import ZERO, to_decimal

#: Outcome of an attempt by the state of its transaction; the outcome of an ``error`` depends on the decline code.
OUTCOMES = {
    "draft": rules.UNKNOWN,
    "pending": rules.PENDING,
    "authorized": rules.PENDING,
    "done": rules.DONE,
    "cancel": rules.FINAL,
}

#: Providers keep idempotency keys for a day; after that a repeated request would charge again. One hour of margin.
REPEAT_WITHIN = datetime.timedelta(hours=23)


class ArAutopayCharge(models.Model):
    """One attempt to charge an installment or invoices of an account, with a payment transaction of its own.

    It is committed before the request to the provider, so that a crash leaves a trace. The outcome is computed from
    the transaction, whatever changes that: the request, a webhook days later, or a user.
    """

    _name = "ar.autopay.charge"
    _description = "Attempt of an Automatic Payment"
    _order = "id desc"

    installment_id = fields.Many2one("ar.payment.plan.installment", index=True, readonly=True, ondelete="restrict")
    collection_id = fields.Many2one(
        "ar.autopay.collection", "Automatic Payment of the Account", index=True, readonly=True, ondelete="restrict"
    )
    plan_id = fields.Many2one(related="installment_id.plan_id", store=True, index=True)
    company_id = fields.Many2one(related="consent_id.company_id", store=True, index=True)
    customer_id = fields.Many2one(related="consent_id.customer_id", store=True, index=True)
    consent_id = fields.Many2one("ar.autopay.consent", required=True, readonly=True, ondelete="restrict")
    number = fields.Integer("Attempt", required=True, readonly=True)
    date = fields.Date(required=True, readonly=True)
    announced_on = fields.Date(readonly=True)
    transaction_id = fields.Many2one(
        "payment.transaction", required=True, index=True, readonly=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="transaction_id.currency_id", store=True)
    amount = fields.Monetary(related="transaction_id.amount", store=True)
    reference = fields.Char(related="transaction_id.reference")
    requested_at = fields.Datetime(required=True, readonly=True, help="Time of the first request to the provider.")
    outcome = fields.Selection(
        [
            (rules.UNKNOWN, "No answer yet"),
            (rules.PENDING, "Being processed"),
            (rules.DONE, "Paid"),
            (rules.SOFT_DECLINE, "Declined"),
            (rules.FINAL, "Declined permanently"),
        ],
        compute="_compute_outcome",
        store=True,
    )
    settled_on = fields.Date(compute="_compute_outcome", store=True, string="Outcome Date", help="Date of the outcome.")
    code = fields.Char("Reason", related="transaction_id.ar_decline_code")
    message = fields.Text(related="transaction_id.state_message")
    can_settle = fields.Boolean(compute="_compute_can_settle")

    _attempt_once = models.UniqueIndex("(installment_id, number)", "This attempt was already made.")
    _one_in_flight = models.UniqueIndex(
        f"(installment_id) WHERE outcome IN {rules.IN_FLIGHT}",
        "An automatic payment of this installment is already in progress.",
    )
    _one_account_charge_in_flight = models.UniqueIndex(
        f"(consent_id, currency_id) WHERE collection_id IS NOT NULL AND outcome IN {rules.IN_FLIGHT}",
        "An automatic payment of this customer is already in progress.",
    )
    _collection_attempt_once = models.UniqueIndex("(collection_id, number)", "This attempt was already made.")
    _of_one_unit = models.Constraint(
        "CHECK (num_nonnulls(installment_id, collection_id) = 1)",
        "An automatic payment belongs to an installment or to an account.",
    )

    @api.depends("transaction_id.state", "transaction_id.ar_decline_code", "transaction_id.last_state_change")
    def _compute_outcome(self):
        for charge in self:
            transaction = charge.transaction_id
            code = transaction._ar_decline_code()
            charge.outcome = OUTCOMES.get(transaction.state) or outcome_of_decline(code)
            charge.settled_on = charge.company_id._ar_day(transaction.last_state_change or fields.Datetime.now())

    @api.depends("outcome")
    def _compute_can_settle(self):
        unanswered = self.filtered(lambda charge: charge.outcome == rules.UNKNOWN)
        repeatable = unanswered._filter_repeatable()
        for charge in self:
            charge.can_settle = charge in unanswered and charge not in repeatable

    # === REQUEST === #

    def _filter_repeatable(self):
        """Return those that may be requested again with the same transaction without a second charge.

        The provider must still recognize the transaction by its idempotency key. The consent must be valid and the
        amount still owed: if the first request never arrived, the repeated one charges.
        """
        return self.filtered(lambda charge: charge._is_agreed() and charge._is_recognized())._filter_owed()

    def _is_recognized(self):
        """Return whether the provider recognizes a repeated request of the transaction."""
        self.ensure_one()
        transaction = self.transaction_id
        young = fields.Datetime.now() - self.requested_at < REPEAT_WITHIN
        return young and transaction.provider_id.state != "disabled" and transaction._ar_is_idempotent()

    def _is_agreed(self):
        """Return whether the consent is still valid, and that of its unit."""
        self.ensure_one()
        plan = self.plan_id
        if not self.consent_id.token_id.active:
            return False
        if not plan:
            return not self.consent_id.ended_on
        return plan.state == "active" and plan.autopay_consent_id == self.consent_id

    def _get_unit(self):
        """Return what is charged: an installment or a payment of an account."""
        self.ensure_one()
        return self.installment_id or self.collection_id

    def _get_repeatable_units(self):
        """Return the set of installments or collections with a charge without an answer that may be requested again."""
        unanswered = self.filtered(lambda charge: charge.outcome == rules.UNKNOWN)
        return {charge._get_unit() for charge in unanswered._filter_repeatable()}

    def _filter_owed(self):
        """Return those whose amount may still be charged, by the same facts as for a first request.

        Left out is what became disputed, promised, placed, excluded or paid meanwhile, or is being paid.
        """
        owed = self.browse()
        for company, charges in self.grouped("company_id").items():
            left = self._read_left(company, charges)
            owed |= charges.filtered(lambda charge, left=left: charge._is_covered(left))
        return owed

    @api.model
    def _read_left(self, company, charges):
        """Return {unit: (Decimal left to charge, {item id: Decimal that may be charged of it})} without these charges.

        :param charges: of the company
        """
        facts, today = self.env["ar.facts"].with_company(company), company._ar_today()
        repeated = charges.transaction_id.ids
        found = {}
        if installments := charges.installment_id:
            customers = installments.customer_id
            accounts = facts._gather_for_charge(customers, today, ITEMS_ONLY, repeated)
            items = facts._read_plan_items(customers, accounts)
            left = facts._read_left(items)
            for row in installments:
                parts = {item.line_id: item.chargeable for item in items.get(row.plan_id.id, ())}
                found[row] = left.get(row.id, ZERO), parts
        if collections := charges.collection_id:
            accounts = facts._gather_for_charge(collections.customer_id, today, repeated=repeated)
            left = facts._read_collections_left(collections, today, repeated)
            for row in collections - facts._read_blocked(collections, today):
                found[row] = left[row], facts._get_chargeable_amounts(row, accounts[row.customer_id.id])
        return found

    def _is_covered(self, left):
        """Return whether what the charge takes, in total and of each item, is still left.

        :param left: as `_read_left`
        """
        self.ensure_one()
        total, parts = left.get(self._get_unit(), (ZERO, {}))
        taken = defaultdict(Decimal)
        for row in self.transaction_id.ar_allocation_ids:
            taken[row.move_line_id.id] += to_decimal(row.amount + row.discount)
        return to_decimal(self.amount) <= total and all(
            amount <= parts.get(line_id, ZERO) for line_id, amount in taken.items()
        )

    def _request(self, first=False):
        """Send the charge to the provider, with the transaction locked against simultaneous requests.

        Does nothing where the transaction is locked or not in draft any more.

        :param bool first: whether it is the first request of this transaction
        """
        self.ensure_one()
        transaction = self.transaction_id.try_lock_for_update()
        if not transaction or transaction.state != "draft":
            return  # requested elsewhere at this moment, or a webhook has answered
        transaction.with_company(self.company_id)._ar_charge(first)

    # === MANUAL OUTCOME === #

    def action_mark_paid(self):
        """Mark charges without an answer as paid, after the user looked them up at the provider."""
        self._to_settle().transaction_id._set_done(state_message=self._get_settled_text())
        return True

    def action_mark_failed(self):
        """Mark charges without an answer as not charged; they are retried by the rules of the policy."""
        transactions = self._to_settle().transaction_id
        transactions.write({"ar_unanswered": False, "ar_decline_code": "not_charged"})
        transactions._set_error(self._get_settled_text())
        return True

    def _to_settle(self):
        """Return the charges of self whose outcome a user must set, as superuser; close the tasks about them."""
        self.customer_id._require("collector")
        self.check_access("read")
        # sudo: access was checked; collectors have no rights on transactions.
        charges = self.sudo().filtered("can_settle")
        charges.customer_id._close_tasks("ar_collections.mail_activity_type_autopay_unknown")
        return charges

    def _get_settled_text(self):
        return self.env._("Recorded by %(user)s after checking with the provider.", user=self.env.user.name)
