import datetime

import pytz

from odoo import api, fields, models

from ...core.autopay import charge as rules

#: What an attempt has become, by the state of its transaction; errors are told apart by their code.
OUTCOMES = {
    "draft": rules.UNKNOWN,
    "pending": rules.PENDING,
    "authorized": rules.PENDING,
    "done": rules.DONE,
    "cancel": rules.FINAL,
}

#: Providers forget a request after a day: the same one would be charged again. An hour less, to be on the safe side.
REPEAT_WITHIN = datetime.timedelta(hours=23)


class ArAutopayCharge(models.Model):
    """One attempt to charge an installment, with one transaction of its own.

    It is committed before the provider is asked, so that a crash leaves a trace. Its outcome is read from the
    transaction, whoever changes that: our request, a webhook days later, or a person.
    """

    _name = "ar.autopay.charge"
    _description = "Automatic Payment of a Plan"
    _order = "id desc"

    installment_id = fields.Many2one(
        "ar.payment.plan.installment", required=True, index=True, readonly=True, ondelete="restrict"
    )
    plan_id = fields.Many2one(related="installment_id.plan_id", store=True, index=True)
    company_id = fields.Many2one(related="installment_id.company_id", store=True, index=True)
    customer_id = fields.Many2one(related="installment_id.customer_id", store=True, index=True)
    consent_id = fields.Many2one("ar.autopay.consent", required=True, readonly=True, ondelete="restrict")
    number = fields.Integer("Attempt", required=True, readonly=True)
    date = fields.Date(required=True, readonly=True)
    announced_on = fields.Date(readonly=True)
    transaction_id = fields.Many2one(
        "payment.transaction", required=True, index=True, readonly=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="transaction_id.currency_id")
    amount = fields.Monetary(related="transaction_id.amount")
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

    @api.depends("transaction_id.state", "transaction_id.ar_decline_code", "transaction_id.last_state_change")
    def _compute_outcome(self):
        for charge in self:
            transaction = charge.transaction_id
            code = transaction._ar_decline_code()
            charge.outcome = OUTCOMES.get(transaction.state) or rules.outcome_of_decline(code)
            moment = pytz.utc.localize(transaction.last_state_change or fields.Datetime.now())
            charge.settled_on = moment.astimezone(charge.company_id._ar_now().tzinfo).date()

    @api.depends("outcome")
    def _compute_can_settle(self):
        for charge in self:
            charge.can_settle = charge.outcome == rules.UNKNOWN and not charge._is_repeatable()

    # === THE REQUEST === #

    def _is_repeatable(self):
        """Tell whether the provider may be asked again with the same transaction, without a second charge.

        It must know the transaction again by its key, which it forgets after a while; the customer must still want
        and owe it: when the first request never arrived, this one charges.
        """
        self.ensure_one()
        transaction, plan = self.transaction_id, self.plan_id
        agreed = (
            plan.state == "active" and plan.autopay_consent_id == self.consent_id and self.consent_id.token_id.active
        )
        young = fields.Datetime.now() - self.requested_at < REPEAT_WITHIN
        reachable = transaction.provider_id.state != "disabled" and transaction._ar_is_idempotent()
        return agreed and young and reachable and self._is_owed()

    def _get_repeatable_installments(self):
        """Return the installments whose charge has no answer and may be asked for again."""
        unanswered = self.filtered(lambda charge: charge.outcome == rules.UNKNOWN)
        return unanswered.filtered(lambda charge: charge._is_repeatable()).installment_id

    def _is_owed(self):
        """Tell whether what it settles is still open."""
        return all(
            row.currency_id.compare_amounts(row.move_line_id.amount_residual_currency, row.amount + row.discount) >= 0
            for row in self.transaction_id.ar_allocation_ids
        )

    def _request(self, first=False):
        """Ask the provider for the money: the transaction is locked, so that nobody asks at the same time.

        :param bool first: nobody asked before
        """
        self.ensure_one()
        transaction = self.transaction_id.try_lock_for_update()
        if not transaction or transaction.state != "draft":
            return  # somebody else is at it, or a webhook was quicker
        transaction.with_company(self.company_id)._ar_charge(first)

    # === WHAT A PERSON FOUND OUT === #

    def action_mark_paid(self):
        """Settle a charge without an answer: the provider's own pages say that the customer was charged."""
        self._to_settle().transaction_id._set_done(state_message=self._get_settled_text())
        return True

    def action_mark_failed(self):
        """Settle a charge without an answer: the customer was not charged; it may be tried again on its day."""
        transactions = self._to_settle().transaction_id
        transactions.write({"ar_unanswered": False, "ar_decline_code": "not_charged"})
        transactions._set_error(self._get_settled_text())
        return True

    def _to_settle(self):
        """Return those of self that wait for a person's word, as the system."""
        plans = self.plan_id._allowed("collector")
        # Buttons checked who presses them; transactions belong to the system.
        charges = self.sudo().filtered(lambda charge: charge.plan_id in plans and charge.can_settle)
        charges.customer_id._close_tasks("ar_collections.mail_activity_type_autopay_unknown")
        return charges

    def _get_settled_text(self):
        return self.env._("Recorded by %(user)s after checking with the provider.", user=self.env.user.name)
