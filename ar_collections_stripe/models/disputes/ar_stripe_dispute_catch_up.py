import contextlib
import datetime
import logging

import stripe
from psycopg2.errors import LockNotAvailable, SerializationFailure, UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import CATCH_UP_DAYS

_logger = logging.getLogger(__name__)

#: Open chargebacks that are older than what is listed, and are fetched one by one on a day.
LOOK_UPS = 100

#: What the database says where an event is being handled at the same time: that one does it.
RACES = (LockNotAvailable, SerializationFailure, UniqueViolation)

#: What of a chargeback may change at Stripe.
CHANGING = ("status", "amount", "reason", "due_by", "has_evidence", "is_refundable", "withdrawn")


class ArStripeDisputeCatchUp(models.Model):
    """The daily look at disputes themselves: their events may be lost, and are gone at Stripe after a month."""

    _inherit = "ar.stripe.dispute"

    checked_on = fields.Datetime("Looked up on", readonly=True, help="By itself, as it is older than what is listed.")

    @api.model
    def _catch_up(self, provider):
        """Bring open chargebacks of a provider, and disputes that no event told of, in step with Stripe.

        :raise UserError: where Stripe cannot be asked, or one of them failed; the others are done nevertheless
        """
        now = fields.Datetime.now()
        since = now - datetime.timedelta(days=CATCH_UP_DAYS)
        account = self.env["ar.stripe.account"]
        filters = {"created": {"gte": account._to_timestamp(since)}, "limit": 100}
        found = {data["id"]: data for data in account._list(provider, lambda v1: v1.disputes.list(filters))}
        known = self.search([("provider_id", "=", provider.id), ("reference", "in", list(found))])
        faults = self._follow(provider, found.values(), known)
        older = self.search(
            [("provider_id", "=", provider.id), ("outcome", "=", "open"), ("reference", "not in", list(found))],
            order="checked_on NULLS FIRST, id",
            limit=LOOK_UPS,
        )
        faults += self._look_up(provider, older)
        if faults:
            raise UserError(self.env._("Chargebacks cannot be updated: %(faults)s", faults="; ".join(faults)))

    @api.model
    def _look_up(self, provider, chargebacks):
        """Bring chargebacks in step that are looked up one by one; return what failed, as sentences."""
        found, looked_up, faults = self._retrieve(provider, chargebacks)
        faults += self._follow(provider, found, chargebacks)
        with contextlib.suppress(*RACES), self.env.cr.savepoint():  # else they come first on the next day, too
            looked_up.try_lock_for_update().checked_on = fields.Datetime.now()
        return faults

    @api.model
    def _retrieve(self, provider, chargebacks):
        """Return (dicts of Stripe's disputes, the chargebacks that were looked up, what failed, as sentences).

        Those that the account does not have, such as those of a test account, are left as they are.
        """
        account = self.env["ar.stripe.account"]
        found, looked_up, faults = [], self.browse(), []
        for chargeback in chargebacks:
            number = chargeback.reference
            try:
                data = account._retrieve(provider, lambda v1, number=number: v1.disputes.retrieve(number))
            except UserError as error:
                faults.append(f"{number}: {error}")
                if isinstance(error.__cause__, stripe.InvalidRequestError):
                    continue
                break  # Stripe or the key: the others fail as well
            looked_up |= chargeback
            if data:
                found.append(data)
            else:
                _logger.info("The account of Stripe provider %s has no dispute %s", provider.id, number)
        return found, looked_up, faults

    @api.model
    def _follow(self, provider, found, known):
        """Create or update the chargebacks that differ from what was found; others are left alone.

        :param found: dicts of Stripe's disputes
        :param known: chargebacks that may be among them
        :return: what failed, as sentences
        """
        transactions = self._find_transactions(provider, [data.get("payment_intent") for data in found])
        rows = {row.reference: row for row in known}
        faults = []
        for data in found:
            row = rows.get(data["id"])
            transaction = row.transaction_id if row else transactions.get(data.get("payment_intent"))
            if not transaction or (row and row._is_in_step(data)):
                continue
            try:
                with self.env.cr.savepoint():
                    if locked := transaction.try_lock_for_update():  # else an event is being handled
                        self._update_from_stripe(locked, data)
            except RACES:
                _logger.info("Chargeback %s is being updated by an event", data["id"])
            except Exception as error:  # one stops no other
                _logger.info("Chargeback %s cannot be updated", data["id"], exc_info=True)
                faults.append(f"{data['id']}: {error}")
        return faults

    @api.model
    def _find_transactions(self, provider, intents):
        """Return {payment intent: transaction of the provider}."""
        # sudo: for the scheduled action; the provider limits it to its own.
        transactions = self.env["payment.transaction"].sudo()
        mine = [("provider_id", "=", provider.id), ("operation", "!=", "refund")]
        found = transactions.search([*mine, ("provider_reference", "in", [each for each in intents if each])])
        return {transaction.provider_reference: transaction for transaction in found}

    def _is_in_step(self, data):
        """Return whether nothing of a dispute has changed at Stripe."""
        self.ensure_one()
        values = self._prepare_vals(self.transaction_id, data)
        mine = {name: self._fields[name].convert_to_cache(values[name], self) for name in CHANGING}
        return all((self[name] or False) == (mine[name] or False) for name in CHANGING)
