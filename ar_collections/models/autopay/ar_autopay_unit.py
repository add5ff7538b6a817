from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

from ...core.autopay import charge as rules
from ...core.autopay.declines import needs_confirmation
from ...core.autopay.outcomes import UNKNOWN
from ...core.autopay.retries import rests
from ...formats import format_amount
from ..customers.nightly.batch_run import DONE


class ArAutopayUnit(models.AbstractModel):
    """What one automatic payment is made for: an installment of a plan, or invoices of an account.

    It is announced, then charged with one transaction per attempt; a failure is notified once to the customer and the
    collector. Models that inherit it provide the case (`core.autopay.charge.AutopayCase`) and the allocation.
    """

    _name = "ar.autopay.unit"
    _description = "Subject of an Automatic Payment"

    currency_id = fields.Many2one("res.currency")
    autopay_notice_id = fields.Many2one(
        "ar.communication", "Notice of Payment", readonly=True, index="btree_not_null", copy=False, ondelete="set null"
    )
    autopay_notice_amount = fields.Monetary(
        "Announced Amount", readonly=True, copy=False, help="Maximum amount that is collected."
    )
    autopay_failed_on = fields.Date("Automatic Payment Failed on", readonly=True, copy=False)

    #: Prefix of the codes of its notices, and the field of `ar.autopay.charge` that leads to it.
    _autopay_notice = "autopay"
    _autopay_link = None

    def _get_autopay_cases(self):
        """Return {unit: AutopayCase} as of now."""
        raise NotImplementedError

    def _get_autopay_consent(self):
        """Return the consent by which the unit is charged."""
        raise NotImplementedError

    def _allocate_autopay(self, case):
        """Return the allocation of the charge; ``None`` where nothing can be charged."""
        raise NotImplementedError

    def _get_autopay_reference(self):
        """Return the beginning of the references of its transactions."""
        raise NotImplementedError

    def _get_autopay_rules(self):
        """Return the rules for `core.autopay.charge`."""
        return self.customer_id.policy_id._get_autopay_rules()

    @api.model
    def _rests(self, case, company):
        """Return whether it is night, in which declined charges are not tried again if the day has other hours for it.

        :param AutopayCase case: of the unit
        """
        return bool(case.declined) and rests(company._ar_now().hour, company.ar_run_hour)

    def _log_autopay(self, text):
        """Log what happened for staff."""
        raise NotImplementedError

    def _get_autopay_day(self, case):
        """Return the day on which it will be charged, as expected today, see `core.autopay.charge.expected_day`."""
        self.ensure_one()
        return rules.expected_day(case, self._get_autopay_rules(), self.company_id._ar_today())

    def _get_autopay_moves(self):
        """Return {unit: code of today's move}, from facts read now, see `core.autopay.charge.next_move`."""
        rules_of = {}
        moves = {}
        for unit, case in self._get_autopay_cases().items():
            key = (unit.customer_id, unit._get_autopay_consent())
            rules_of[key] = rules_of.get(key) or unit._get_autopay_rules()
            moves[unit] = rules.next_move(case, rules_of[key], unit.company_id._ar_today())
        return moves

    # === ONE UNIT IN THE RUN === #

    def _process_autopay(self, run):
        """Make the unit's move, and the request that it needs; a failure is a problem of the unit.

        :param BatchRun run: the run that this belongs to
        """
        self.ensure_one()
        state, value = run.attempt(self, self._decide_and_move, clear=False)
        if state != DONE:
            return
        move, charge = value
        run.result.counts[move, ""] += 1
        if charge:
            run.commit()
            run.attempt(self, lambda: charge._request(first=move == rules.CHARGE))
        else:
            self._clear_autopay_problems()

    def _clear_autopay_problems(self):
        """Solve the problems with the automatic payments of these units."""
        self.env["ar.problem"]._clear(self, "autopay")

    def _decide_and_move(self):
        """Lock the account, decide again on current facts, and make the move.

        :return: (move, the charge to request now, if any)
        :raise LockError: where another operation works on the account; it is tried again soon
        """
        if not self.customer_id._try_lock_account():
            raise LockError(self.env._("The account is in use. Please try again in a moment."))
        case = self._get_autopay_cases()[self]
        move = rules.next_move(case, self._get_autopay_rules(), self.company_id._ar_today())
        charge = getattr(self, f"_autopay_move_{move}")(case)
        self.env.flush_all()  # a violated unique index must raise here, not at the commit
        return move, charge

    # === MOVES: one method for each code of `core.autopay.charge.next_move`; they return the charge to request === #

    def _autopay_move_nothing(self, case):
        return self.env["ar.autopay.charge"]

    def _autopay_move_announce(self, case):
        """Announce to the customer what will be charged, to which method, when, and how to stop it."""
        # An earlier notice was for a day that passed: the text of the new one must not name that day.
        self.write({"autopay_notice_amount": float(case.left), "autopay_notice_id": False})
        self.autopay_notice_id = self._notify_autopay(f"{self._autopay_notice}_announced")[:1]
        return self.env["ar.autopay.charge"]

    def _autopay_move_charge(self, case):
        """Create a new attempt with its transaction; the request follows once that is committed.

        :return: the attempt; empty where nothing can be charged, because what is left is disputed, or not in the
            announced currency
        :raise UserError: in an inactive currency, in which Odoo books no payment
        """
        self.ensure_one()
        if not self.currency_id.active:
            raise UserError(
                self.env._(
                    "%(name)s cannot be charged automatically while %(currency)s is inactive: activate it.",
                    name=self.name,
                    currency=self.currency_id.name,
                )
            )
        allocation = self._allocate_autopay(case)
        # An invoice may be in another currency than was agreed: its amount means nothing in that of the agreement.
        if not allocation or allocation.currency != self.currency_id.name:
            return self.env["ar.autopay.charge"]
        return self.env["ar.autopay.charge"].create(
            {
                self._autopay_link: self.id,
                "consent_id": self._get_autopay_consent().id,
                "number": max(self.autopay_charge_ids.mapped("number"), default=0) + 1,
                "date": self.company_id._ar_today(),
                "announced_on": case.announced,
                "requested_at": fields.Datetime.now(),
                "transaction_id": self._create_autopay_transaction(allocation).id,
            }
        )

    def _autopay_move_repeat(self, case):
        """Return the attempt without an answer, to be requested again with the same transaction."""
        return self.autopay_charge_ids.filtered(lambda charge: charge.outcome == UNKNOWN)[:1]

    def _autopay_move_ask(self, case):
        """Ask the provider for the outcome of a charge without an answer; where it cannot tell, a person must."""
        charge = self.autopay_charge_ids.filtered(lambda charge: charge.outcome == UNKNOWN)[:1]
        if charge.transaction_id._ar_ask_provider():
            return self.env["ar.autopay.charge"]
        self.customer_id._add_task(
            "ar_collections.mail_activity_type_autopay_unknown",
            self.env._(
                "%(name)s: no answer from the provider for payment %(reference)s; check it with the provider and "
                "record the result",
                name=self.name,
                reference=charge.reference,
            ),
        )
        return self.env["ar.autopay.charge"]

    def _autopay_move_fail(self, case):
        """Mark the automatic payment as failed; notify customer and collector. It is paid manually now."""
        last = self.autopay_charge_ids[:1]
        self.autopay_failed_on = self.company_id._ar_today()
        text = self.env._(
            "%(name)s: the automatic payment of %(amount)s was declined",
            name=self.name,
            amount=format_amount(self.env, last.amount, self.currency_id),
        )
        reason = last.code or last.message
        self._log_autopay(f"{text} ({reason})" if reason else text)
        self.customer_id._add_task("ar_collections.mail_activity_type_autopay_failed", text)
        self._notify_autopay(f"{self._autopay_notice}_failed")
        return self.env["ar.autopay.charge"]

    def _notify_autopay(self, notice):
        """Send the customer a notice about the automatic payment.

        It is part of the agreement, not a reminder, so customers who are excluded or paused get it, too.

        :param str notice: its code, see ``const.NOTICES``
        :return: the communications
        """
        return self._notify_autopay_of(self, notice)

    def _notify_autopay_of(self, subject, notice):
        """Send the customer a notice as `_notify_autopay`, about another record than the unit itself.

        :param subject: record of a model that inherits `ar.notice.mixin`
        """
        customer, today = self.customer_id, self.company_id._ar_today()
        paused = customer.pause_until and customer.pause_until > today
        return self.env["ar.outreach"]._notify(subject, notice, is_manual=bool(customer.excluded or paused))

    def _needs_confirmation(self):
        """Return whether the customer can pay with the same method by confirming it: its bank asked for that."""
        return needs_confirmation(self.autopay_charge_ids[:1].code)

    # === TRANSACTION === #

    def _create_autopay_transaction(self, allocation):
        """Create the transaction, with a reference of its own."""
        # sudo: the customer's consent is the permission to use the saved method; the user needs no right on it.
        token = self._get_autopay_consent().token_id.sudo()
        transactions = self.env["payment.transaction"].sudo().with_company(self.company_id)
        values = self.customer_id._prepare_transaction_vals(allocation)
        return transactions.create(
            {
                "provider_id": token.provider_id.id,
                "payment_method_id": token.payment_method_id.id,
                "reference": transactions._compute_reference(
                    token.provider_id.code, prefix=self._get_autopay_reference()
                ),
                "amount": float(allocation.total),
                "currency_id": self.currency_id.id,
                "partner_id": token.partner_id.id,
                "token_id": token.id,
                "operation": "offline",
                **values,
            }
        )
