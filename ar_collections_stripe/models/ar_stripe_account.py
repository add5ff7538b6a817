import datetime
import itertools
import time

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.payment import utils as payment_utils
from odoo.addons.payment_stripe import const as odoo_const

from ..core.reconciliation import Change, Charge, Payment

#: Charges, refunds or disputes that are compared at most; Stripe gives 100 with each request.
MOST = 20_000

PAGE = 100

#: Charges are listed from so many days before the time that is compared: a bank debit succeeds days after it was made.
EDGE = datetime.timedelta(days=14)


class ArStripeAccount(models.AbstractModel):
    """Both sides of the comparison with Stripe, read as a whole: pages of Stripe's lists, one query of the books."""

    _name = "ar.stripe.account"
    _description = "Comparison with Stripe"

    # === STRIPE === #

    @api.model
    def _fetch(self, provider, since, until, deadline=None):
        """Return (charges, refunds, disputes) that were created between two times, see `core.reconciliation`.

        Charges are listed from `EDGE` before.

        :param deadline: by `time.monotonic()`, or ``None``
        :raise UserError: where Stripe cannot be asked, has more than `MOST` of a kind, or answers too slowly
        """
        times = {"gte": self._to_timestamp(since), "lte": self._to_timestamp(until)}
        filters = {"created": times, "limit": PAGE}
        wider = {"created": {**times, "gte": self._to_timestamp(since - EDGE)}, "limit": PAGE}
        charges = self._list(provider, lambda v1: v1.charges.list(wider), deadline)
        refunds = self._list(provider, lambda v1: v1.refunds.list(filters), deadline)
        disputes = self._list(provider, lambda v1: v1.disputes.list(filters), deadline)
        return (
            [self._to_charge(each) for each in charges if self._is_paid(each)],
            [self._to_change(each) for each in refunds],
            [self._to_change(each) for each in disputes],
        )

    @api.model
    def _list(self, provider, call, deadline=None):
        """Return what a call lists, all pages of it, as dicts; parameters and errors as in `_fetch`."""
        found = self.env["ar.stripe.client"]._ask(
            provider, lambda v1: list(self._read_pages(call(v1).auto_paging_iter(), deadline))
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
    def _read_pages(self, things, deadline):
        """Yield at most one more than `MOST` things of Stripe's, as dicts.

        :raise UserError: after the deadline
        """
        for number, thing in enumerate(itertools.islice(things, MOST + 1)):
            if deadline is not None and number % PAGE == 0 and time.monotonic() > deadline:
                raise UserError(
                    self.env._(
                        "Stripe answered too slowly: after %(number)s charges, refunds or disputes the time for the "
                        "comparison was over. Enter fewer days to compare on the form of the payment provider.",
                        number=number,
                    )
                )
            yield thing.to_dict()

    @api.model
    def _is_paid(self, data):
        """Return whether a charge of Stripe's has succeeded, and was captured."""
        return data["status"] == "succeeded" and data["captured"]

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
    def _read_payments(self, provider, since, charges, refunds, disputes, others=()):
        """Return the transactions here that changed since a time, or that one of Stripe's objects is about.

        A transaction that was captured in parts counts as one, with what was captured.

        :param others: numbers at Stripe or references of further ones
        :rtype: list[core.reconciliation.Payment]
        """
        numbers = {each.intent for each in (*charges, *refunds, *disputes)} | {each.id for each in refunds}
        references = {charge.reference for charge in charges}
        numbers, references = ((each | set(others)) - {None} for each in (numbers, references))
        rows = self._query_payments(provider, since, list(numbers), list(references))
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
