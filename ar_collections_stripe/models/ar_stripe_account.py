import datetime
import itertools

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.payment import utils as payment_utils
from odoo.addons.payment_stripe import const as odoo_const

from ..core.reconciliation import Change, Charge, Payment

#: Charges, refunds or disputes that are compared at most; Stripe gives 100 with each request.
MOST = 20_000

PAGE = 100

#: HTTP status of what Stripe does not have.
NOT_FOUND = 404


class ArStripeAccount(models.AbstractModel):
    """Both sides of the comparison with Stripe, read as a whole: pages of Stripe's lists, one query of the books."""

    _name = "ar.stripe.account"
    _description = "Comparison with Stripe"

    # === STRIPE === #

    @api.model
    def _fetch(self, provider, since, until):
        """Return (charges, refunds, disputes) that were created between two times, see `core.reconciliation`.

        :raise UserError: where Stripe cannot be asked, or has more than `MOST` of a kind
        """
        times = {"gte": self._to_timestamp(since), "lte": self._to_timestamp(until)}
        filters = {"created": times, "limit": PAGE}
        charges = self._list(provider, lambda v1: v1.charges.list(filters))
        refunds = self._list(provider, lambda v1: v1.refunds.list(filters))
        disputes = self._list(provider, lambda v1: v1.disputes.list(filters))
        return (
            [self._to_charge(each) for each in charges if each["status"] == "succeeded" and each["captured"]],
            [self._to_change(each) for each in refunds],
            [self._to_change(each) for each in disputes],
        )

    @api.model
    def _list(self, provider, call):
        """Return what a call lists, all pages of it, as dicts."""
        found = self.env["ar.stripe.client"]._ask(
            provider, lambda v1: [each.to_dict() for each in itertools.islice(call(v1).auto_paging_iter(), MOST + 1)]
        )
        if len(found) > MOST:
            raise UserError(
                self.env._(
                    "Stripe has more than %(number)s charges, refunds or disputes of this time. Enter fewer days to "
                    "compare on the form of the payment provider.",
                    number=MOST,
                )
            )
        return found

    @api.model
    def _look_up(self, provider, numbers):
        """Return those of the payment intents that have succeeded at Stripe."""
        found, options = set(), self.env["ar.stripe.client"]._as_odoo()
        for number in numbers:
            try:
                intent = self.env["ar.stripe.client"]._ask(
                    provider, lambda v1, number=number: v1.payment_intents.retrieve(number, {}, options)
                )
            except UserError as error:
                if getattr(error.__cause__, "http_status", None) == NOT_FOUND:
                    continue  # no such intent in this account
                raise
            if intent["status"] == "succeeded":
                found.add(number)
        return found

    @api.model
    def _to_charge(self, data):
        """Return a charge of Stripe's; what was captured of it counts."""
        return Charge(
            data["id"],
            data.get("payment_intent"),
            data.get("description"),
            data.get("customer"),
            data.get("amount_captured", data["amount"]),
            data["currency"].upper(),
            data["created"],
            data.get("amount_refunded") or 0,
        )

    @api.model
    def _to_change(self, data):
        """Return a refund or dispute of Stripe's."""
        currency = data["currency"].upper()
        intent, status = data.get("payment_intent"), data.get("status") or ""
        return Change(data["id"], intent, data["amount"], currency, data["created"], status)

    @api.model
    def _to_timestamp(self, moment):
        """Return a time as Odoo stores it, as seconds since 1970."""
        return int(moment.replace(tzinfo=datetime.timezone.utc).timestamp())

    # === BOOKS === #

    @api.model
    def _read_payments(self, provider, since, charges, refunds, disputes):
        """Return the transactions here that changed since a time, or that one of Stripe's objects is about.

        A transaction that was captured in parts counts as one, with what was captured.

        :rtype: list[core.reconciliation.Payment]
        """
        numbers = {each.intent for each in (*charges, *refunds, *disputes)} | {each.id for each in refunds}
        references = {charge.reference for charge in charges}
        rows = self._query_payments(provider, since, list(numbers - {None}), list(references - {None}))
        captured = self._read_captured([row[0] for row in rows])
        digits = {each.name: each for each in self.env["res.currency"].with_context(active_test=False).search([])}
        payments = []
        for key, number, reference, customer, amount, currency, changed, state, booked, withdrawn, source in rows:
            total, all_booked = captured.get(key, (amount, booked))
            payments.append(
                Payment(
                    key, number, reference, customer, self._to_minor(abs(total), digits[currency]), currency,
                    self._to_timestamp(changed), state == "done" or key in captured,
                    all_booked or withdrawn, source,
                )
            )  # fmt: skip
        return payments

    @api.model
    def _query_payments(self, provider, since, numbers, references):
        """Return the rows of the transactions, see `_read_payments`; parts that were captured are left out.

        Amount and currency are those of the posted payment: a person may have corrected it. A payment is booked, too,
        where the books have followed a chargeback: without an entry it was rejected, or a person canceled it.
        """
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                SELECT tx.id, tx.provider_reference, tx.reference, token.provider_ref,
                       COALESCE(payment.amount, tx.amount), currency.name,
                       COALESCE(tx.last_state_change, tx.create_date), tx.state, payment.id IS NOT NULL,
                       EXISTS (SELECT 1 FROM ar_stripe_booking booking
                                 JOIN ar_stripe_dispute dispute ON dispute.id = booking.stripe_dispute_id
                                WHERE dispute.transaction_id = tx.id AND booking.kind = 'withdrawn'
                                  AND booking.state IN ('booked', 'skipped')),
                       CASE WHEN tx.operation = 'refund' THEN COALESCE(tx.source_transaction_id, tx.id) END
                  FROM payment_transaction tx
             LEFT JOIN payment_token token ON token.id = tx.token_id
             LEFT JOIN account_payment payment ON payment.id = tx.payment_id AND payment.state IN ('in_process', 'paid')
                  JOIN res_currency currency ON currency.id = COALESCE(payment.currency_id, tx.currency_id)
                 WHERE tx.provider_id = %s AND tx.operation <> 'validation'
                   AND (tx.operation = 'refund' OR tx.source_transaction_id IS NULL)
                   AND (tx.last_state_change >= %s OR tx.provider_reference = ANY(%s) OR tx.reference = ANY(%s))
              ORDER BY tx.id
                """,
                provider.id,
                since,
                numbers,
                references,
            )
        )

    @api.model
    def _read_captured(self, keys):
        """Return {transaction: (amount, whether all is booked)} of those that were captured in parts."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT part.source_transaction_id, SUM(COALESCE(payment.amount, part.amount)),
                       BOOL_AND(payment.id IS NOT NULL)
                  FROM payment_transaction part
             LEFT JOIN account_payment payment
                    ON payment.id = part.payment_id AND payment.state IN ('in_process', 'paid')
                 WHERE part.source_transaction_id = ANY(%s) AND part.operation <> 'refund' AND part.state = 'done'
              GROUP BY part.source_transaction_id
                """,
                keys,
            )
        )
        return {key: (amount, booked) for key, amount, booked in rows}

    @api.model
    def _to_minor(self, amount, currency):
        """Return an amount in the smallest unit that Stripe counts in."""
        digits = odoo_const.CURRENCY_DECIMALS.get(currency.name)
        return payment_utils.to_minor_currency_units(amount, currency, arbitrary_decimal_number=digits)

    @api.model
    def _read_known_disputes(self, provider, numbers):
        """Return the set of those disputes that are chargebacks here."""
        # sudo: for the scheduled action.
        chargebacks = self.env["ar.stripe.dispute"].sudo()
        known = chargebacks.search_fetch(
            [("provider_id", "=", provider.id), ("reference", "in", numbers)], ["reference"]
        )
        return set(known.mapped("reference"))
