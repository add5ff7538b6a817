import datetime
from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ....core.autopay import charge as rules
from ....core.autopay import selection
from ....core.autopay.outcomes import IN_FLIGHT
from ....core.autopay.waiting import Span
from ....core.money import ZERO
from ...customers.sql import pg_array
from ..ar_payment_plan import BANK_DAYS


class ChargeInFlight(NamedTuple):
    """A charge of an installment or a collection (ids), the days on which it was in flight, and whether it still is."""

    installment_id: int | None
    collection_id: int | None
    span: Span
    is_in_flight: bool


class ArFactsInFlight(models.AbstractModel):
    """What charges in flight take: the credits that they will use, and the turn of the next charge."""

    _inherit = "ar.facts"

    @api.model
    def _read_credits_used(self, accounts, repeated=()):
        """Return {credit's item id: amount} of the credits that payments in flight will use, however long they take.

        :param accounts: AccountFacts of the customers
        :param repeated: as `_gather_for_charge`
        """
        ids = [credit.item_id for account in accounts for credit in account.usable_credits]
        return self._for_charge(repeated).env["ar.payment.allocation"]._read_credits_in_use(ids) if ids else {}

    @api.model
    def _get_free_credits(self, account, used, waiting=()):
        """Return {currency: amount} of the credits of an account that no payment in flight will use.

        :param AccountFacts account: with the credits
        :param used: as `_read_credits_used`
        :param waiting: ids of items that were announced and will use the credits first
        """
        free = defaultdict(Decimal)
        for credit in account.usable_credits:
            free[credit.currency] += max(credit.amount_currency - used.get(credit.item_id, ZERO), ZERO)
        for item in account.items if waiting else ():
            if item.item_id in waiting:
                free[item.currency] = max(free[item.currency] - selection.chargeable(item), ZERO)
        return free

    @api.model
    def _read_charges(self, customer_ids, today):
        """Return {(customer id, currency id): list of `ChargeInFlight`} of charges in flight now or of late."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT charge.customer_id, tx.currency_id, charge.installment_id, charge.collection_id, charge.date,
                       charge.settled_on,
                       charge.outcome IN %(in_flight)s OR (charge.outcome = 'done' AND tx.is_post_processed IS NOT TRUE)
                  FROM ar_autopay_charge charge
                  JOIN payment_transaction tx ON tx.id = charge.transaction_id
                 WHERE charge.customer_id = ANY(%(customers)s::int[])
                   AND (charge.outcome IN %(in_flight)s OR charge.settled_on > %(since)s
                        OR (charge.outcome = 'done' AND tx.is_post_processed IS NOT TRUE))
                """,
                customers=pg_array(customer_ids),
                in_flight=IN_FLIGHT,
                since=today - datetime.timedelta(days=rules.RENEW_DAYS),
            )
        )
        charges = defaultdict(list)
        for customer_id, currency_id, installment_id, collection_id, day, settled, in_flight in rows:
            end = today + datetime.timedelta(days=1) if in_flight else settled
            # The others are reminded again when a bank has not answered for so long, and are announced anew.
            span = Span(day, min(end, day + datetime.timedelta(days=BANK_DAYS)))
            charges[customer_id, currency_id].append(ChargeInFlight(installment_id, collection_id, span, in_flight))
        return charges

    @api.model
    def _read_blocked(self, collections, today):
        """Return those of the collections that cannot be charged now: another charge of theirs is in flight.

        :return: `ar.autopay.collection`
        """
        charges = self._read_charges(collections.customer_id.ids, today)
        return collections.filtered(
            lambda collection: any(
                charge.is_in_flight and charge.collection_id != collection.id
                for charge in charges[collection.customer_id.id, collection.currency_id.id]
            )
        )
