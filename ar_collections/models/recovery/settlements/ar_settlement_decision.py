from odoo import api, fields, models
from odoo.exceptions import UserError

from ....core.credit.limit import AMOUNT, Limit
from ....core.credit.request import find_authority
from ....core.money import ZERO, to_decimal
from ....core.recovery import settlement as rules
from ....messages import SETTLEMENT_REFUSALS
from ...credit.requests.ar_decision_mixin import ROLE
from ...customers.refusals import explain, get_refusal_text
from .ar_settlement import OFFER_TASK

TASK = "ar_collections.mail_activity_type_settlement_decision"


class ArSettlementDecision(models.Model):
    """Who requests settlements and who approves them: always two persons, for a part of the debt is given up."""

    _inherit = "ar.settlement"

    can_decide = fields.Boolean(compute="_compute_can_decide")

    @api.depends("state", "requested_by_id")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        """Compute what the buttons offer; the methods check it again."""
        decides = self._has_role(ROLE)
        for settlement in self:
            is_open = settlement.state == rules.REQUESTED
            settlement.can_decide = is_open and decides and settlement.requested_by_id != self.env.user

    # === REQUEST === #

    @api.model
    def _request(self, customer, currency, agreed, day, reason, item_ids):
        """Request a settlement in the name of the user.

        :param currency: `res.currency` of the items
        :param Decimal agreed: what the customer is to pay
        :param date day: the last day to pay
        :param item_ids: journal items
        :return: the `ar.settlement`, in superuser mode
        :raise UserError: where it is not possible, with the way out; nothing is stored then
        """
        self._require("collector")
        customer.check_access("read")
        customer._lock_account()
        items = self._find_items(customer, currency, item_ids)
        owed = sum(map(customer._get_free_to_place, items), ZERO)
        today = customer.company_id._ar_today()
        with self._explain_refusal():
            rules.check_settlement(agreed, owed, day, reason or "", today)
        if veto := customer._find_veto(item_ids, day):
            raise UserError(veto)
        settlements = self.sudo().with_context(mail_create_nosubscribe=True)  # users may not write settlements
        settlement = settlements.create(
            {
                "customer_id": customer.id,
                "currency_id": currency.id,
                "amount_agreed": float(agreed),
                "date_until": day,
                "reason": reason.strip(),
                "requested_by_id": self.env.uid,
                "date_requested": today,
                "line_ids": self.env["ar.placement"]._prepare_lines(customer, items),
            }
        )
        settlement._log_on_thread(settlement._get_offer_text())
        settlement._add_decision_task()
        return settlement

    @api.model
    def _find_items(self, customer, currency, item_ids, settlement=None):
        """Return the facts of these items of a customer; each is late, and nothing else is agreed about it.

        :param settlement: `ar.settlement` that they are in already
        :raise UserError: where an item cannot be settled
        """
        found = customer._get_placeable_items(currency)
        lines = self.env["ar.settlement.line"].sudo()  # requests count, whoever may read them
        taken = lines.search([("move_line_id", "in", list(item_ids)), ("is_live", "=", True)])
        taken = taken.filtered(lambda line: line.settlement_id != settlement).move_line_id.ids
        if not item_ids or any(item_id not in found or item_id in taken for item_id in item_ids):
            self._refuse(rules.NOTHING_SELECTED)
        return [item for item_id, item in found.items() if item_id in item_ids]

    # === DECISIONS === #

    def action_approve(self):
        """Approve the requests of others: from now on nothing is reminded of their items.

        :raise UserError: without the authority, or where what is owed changed since; nothing is changed then
        """
        for settlement in self:
            decided = settlement._start_decision()
            for_user_id = decided._find_authority()
            if for_user_id is None:
                is_own = decided.requested_by_id == self.env.user
                decided._refuse(rules.OWN_REQUEST if is_own else rules.NO_AUTHORITY)
            decided._check_unchanged()
            decided._decide(rules.OPEN, decided_for_id=for_user_id)
            decided._add_offer_task()
        return True

    def action_reject(self):
        """Open the dialog to reject the settlement with a reason."""
        self.ensure_one()
        self._start_decision()
        return self.env["ar.recovery.reject"]._open("settlement_id", self)

    def _reject(self, reason):
        """Reject the settlement in the name of the user."""
        decided = self._start_decision()
        if not (reason or "").strip():
            decided._refuse(rules.NO_REASON)
        if decided.requested_by_id == self.env.user:
            decided._refuse(rules.OWN_REQUEST)
        decided._decide(rules.REJECTED, decision_note=reason.strip(), decided_for_id=self.env.uid)

    def action_withdraw(self):
        """Withdraw settlements that are not paid: all is owed again, and reminders go on."""
        for settlement in self._allowed("collector"):
            settlement.customer_id._lock_account()
            settlement.invalidate_recordset()
            if settlement.state not in (rules.REQUESTED, rules.OPEN):
                settlement._refuse_ended()
            settlement._end_unowed(self.env._("by %s", self.env.user.name))
            settlement.activity_unlink([TASK])
        return True

    def _start_decision(self):
        """Check role and state under the lock of the account; return the settlement in superuser mode."""
        self.ensure_one()
        decided = self._allowed(ROLE)
        if not self.env.user._ar_works_for(decided.company_id, ROLE):
            raise UserError(self.env._("A credit manager of %s decides.", decided.company_id.name))
        decided.customer_id._lock_account()
        decided.invalidate_recordset()
        if decided.state != rules.REQUESTED:
            decided._refuse_ended()
        return decided

    def _refuse_ended(self):
        raise UserError(self.env._("%s is decided or ended already: request a new settlement.", self.name))

    def _decide(self, state, **values):
        """Set the state in the name of the user."""
        today = self.company_id._ar_today()
        self._set_state(state, decided_by_id=self.env.uid, date_decided=today, **values)
        self.activity_unlink([TASK])
        labels = dict(self._fields["state"]._description_selection(self.env))
        self._log_on_thread(f"{labels[state]}. {self.decision_note or self._get_offer_text()}")

    def _check_unchanged(self):
        """Check that the items are still free, late and owed as when it was requested, and the day has not passed."""
        items = self._find_items(self.customer_id, self.currency_id, self.line_ids.move_line_id.ids, self)
        owed = sum(map(self.customer_id._get_free_to_place, items), ZERO)
        if self.currency_id.compare_amounts(float(owed), self.amount_total):
            self._refuse(rules.CHANGED)
        with self._explain_refusal():
            agreed = to_decimal(self.currency_id.round(self.amount_agreed))
            rules.check_settlement(agreed, owed, self.date_until, self.reason, self.company_id._ar_today())

    # === AUTHORITY === #

    def _find_authority(self):
        """Return the id of the user with whose authority the present one approves; ``None``: with nobody's."""
        if self.requested_by_id == self.env.user:
            return None
        return find_authority(self.env.uid, *self._get_authorities(), self._get_limit(), {self.requested_by_id.id})

    def _get_limit(self):
        """Return what is released, in company currency."""
        company = self.company_id
        today = company._ar_today()
        released = self.currency_id._convert(self.amount_released, company.currency_id, company, today)
        return Limit(AMOUNT, to_decimal(released))

    @api.model
    def _get_user_authority(self, user, company, today):
        """Override: who may write off an amount may release a customer from it."""
        return user._ar_get_authority(company, today, "write_off")

    def _add_decision_task(self):
        """Give a credit manager other than the requester the task to decide."""
        managers = self._get_deciders() - self.requested_by_id
        authorities, limit = self._get_authorities(), self._get_limit()
        able = managers.filtered(lambda user: find_authority(user.id, *authorities, limit) is not None)
        user = (able or managers)[:1] or self.company_id._ar_get_responsible() or self.env.user
        self.activity_schedule(TASK, summary=self.env._("Decide about the settlement"), user_id=user.id)

    def _get_task_owner(self, task):
        """Override: a credit manager takes the task to decide; to send the offer, the customer's collector."""
        if task.activity_type_id == self.env.ref(OFFER_TASK):
            return self.customer_id.collector_id or self.company_id._ar_get_responsible()
        managers = self._get_deciders() - self.requested_by_id
        return managers[:1] or self.company_id._ar_get_responsible()

    # === TEXTS === #

    def _get_offer_text(self, lang=None):
        """Return what is agreed, as a sentence."""
        return self.env._(
            "%(agreed)s of %(owed)s is to be paid by %(day)s; then the rest is credited.",
            agreed=self._format_amount(self.amount_agreed, lang),
            owed=self._format_amount(self.amount_total, lang),
            day=self._format_date(self.date_until, lang),
        )

    def _explain_refusal(self):
        """Return a context that turns what the rules refuse into a message to the user."""
        return explain(self.env, SETTLEMENT_REFUSALS)

    @api.model
    def _refuse(self, code):
        """Raise the message about a refusal.

        :raise UserError: always
        """
        raise UserError(get_refusal_text(self.env, SETTLEMENT_REFUSALS, code))
