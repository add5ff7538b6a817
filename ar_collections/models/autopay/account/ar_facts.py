import datetime
from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ....const import CONTACT_STATES, WAITING_STATES
from ....core import decision as codes
from ....core.autopay import charge as rules
from ....core.autopay import selection
from ....core.autopay.charge import AutopayCase
from ....core.autopay.methods import is_bank_debit, lead_days
from ....core.facts import Exclusion
from ....core.money import ZERO, to_decimal
from ...customers.sql import pg_array
from ..ar_payment_plan import BANK_DAYS


class ArFacts(models.AbstractModel):
    """Automatic payments of accounts: what they charge, and that their invoices are not reminded meanwhile."""

    _inherit = "ar.facts"

    # === REMINDERS === #

    def _read_exclusions(self, customers, lines, today, scope):
        """Override to exclude the invoices that will be charged; it ends by itself where they are not."""
        exclusions = super()._read_exclusions(customers, lines, today, scope)
        # sudo: who reads the facts of a customer needs no right on consents.
        consents = customers.sudo()._get_live_autopay()
        if not consents:
            return exclusions
        by_partner = {consent.customer_id.partner_id.id: consent for consent in consents}
        own = [line for line in lines if line.partner_id in by_partner and line.residual_currency > 0]
        journals = self._read_item_journals([line.line_id for line in own])
        found = self._read_item_collections(consents.ids)
        refused, returned = consents._find_refused(), self._read_returned_items(consents.ids)
        cases = self._read_collection_cases(list(set(found.values())), today)
        for line in own:
            consent = by_partner[line.partner_id]
            if not consent._get_options().covers(journals[line.line_id]):
                continue
            collection_id = found.get((consent.id, line.line_id))
            if not collection_id and (consent in refused or (consent.id, line.line_id) in returned):
                continue
            until = self._get_autopay_until(consent, line, cases.get(collection_id), today)
            if until and today < until:
                exclusions[line.line_id].append(Exclusion(codes.AUTOPAY_AGREED, line.residual_currency, until))
        return exclusions

    @api.model
    def _get_autopay_until(self, consent, line, case, today):
        """Return the day from which reminders of an invoice may be sent again; ``None``: it is not charged.

        :param OpenLine line: the invoice
        :param case: AutopayCase of its collection; None where it is not announced yet
        """
        lead = lead_days(consent.token_id._ar_get_method_code(), consent.notice_days)
        if case is None:
            agreed_on = consent._get_day()
            day = selection.day_to_charge(consent._get_options(), line.due_date, agreed_on, lead)
            return max(day, line.due_date, agreed_on) + datetime.timedelta(days=rules.SLACK_DAYS)
        policy = consent.customer_id.policy_id
        autopay_rules = policy._get_autopay_rules().with_notice(consent.notice_days, lead)
        return rules.reminders_paused_until(case, autopay_rules, max(policy.pending_payment_days, BANK_DAYS))

    @api.model
    def _select_versions(self, left_out):
        """Override to add consents and collections of accounts."""
        consents = SQL(
            "SELECT account.id, %s FROM account JOIN ar_autopay_consent consent ON consent.customer_id = account.id",
            self._version_of("consent"),
        )
        collections = SQL(
            "SELECT account.id, %s FROM account"
            " JOIN ar_autopay_collection collection ON collection.customer_id = account.id",
            self._version_of("collection"),
        )
        return [*super()._select_versions(left_out), consents, collections]

    # === CASES === #

    @api.model
    def _read_collection_cases(self, collection_ids, today):
        """Return {collection id: AutopayCase}, with the amount left as 0: see `refresh_case` for the real one."""
        if not collection_ids:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT collection.id, collection.customer_id, collection.currency_id, collection.date,
                       consent.ended_on IS NULL AND collection.skipped IS NULL AND NOT %(is_refused)s,
                       collection.autopay_failed_on IS NOT NULL, notice.state, notice.date, notice.date_sent,
                       COALESCE(kind.code, method.code)
                  FROM ar_autopay_collection collection
                  JOIN ar_autopay_consent consent ON consent.id = collection.consent_id
                  JOIN payment_token token ON token.id = consent.token_id
                  JOIN payment_method method ON method.id = token.payment_method_id
             LEFT JOIN payment_method kind ON kind.id = method.primary_payment_method_id
             LEFT JOIN ar_communication notice ON notice.id = collection.autopay_notice_id
                 WHERE collection.id = ANY(%(collections)s::int[])
                """,
                collections=pg_array(collection_ids),
                is_refused=self._is_refused_elsewhere("collection_id", "collection"),
            )
        )
        attempts = self._read_unit_attempts("collection_id", collection_ids)
        charges = self._read_charges(list({row[1] for row in rows}), today)
        cases = {}
        for collection_id, customer_id, currency_id, due, agreed, failed, state, planned, sent_on, method in rows:
            announcing = state in WAITING_STATES or state == "skipped" or (state is not None and planned == today)
            announced = sent_on if state in CONTACT_STATES else None
            made = tuple(attempt for _consent, attempt in attempts[collection_id])
            others = tuple(
                charge.span for charge in charges[customer_id, currency_id] if charge.collection_id != collection_id
            )
            cases[collection_id] = AutopayCase(
                due, ZERO, agreed, announced, announcing, made, failed, others, is_bank=is_bank_debit(method)
            )
        return cases

    @api.model
    def _read_collections_left(self, collections, today, repeated=()):
        """Return {collection: Decimal}, what may be charged now, in its currency.

        At most what was planned below the customer's maxima, without what other charges in flight take, of the items
        and of the credits. Nothing while money that came in is not matched, for however long.

        :param repeated: ids of transactions that do not count as pending, see `_gather_for_charge`
        """
        accounts = self._gather_for_charge(collections.customer_id, today, repeated=repeated)
        used = self._read_credits_used(accounts.values(), repeated)
        left = {}
        for collection in collections:
            account, currency = accounts[collection.customer_id.id], collection.currency_id
            if any(not payment.is_credit for payment in account.unmatched):  # credits are deducted
                left[collection] = ZERO
                continue
            due = sum(self._get_chargeable_amounts(collection, account).values(), ZERO)
            owed = max(due - self._get_free_credits(account, used).get(currency.name, ZERO), ZERO)
            left[collection] = min(owed, to_decimal(collection.amount))
        return left

    @api.model
    def _get_chargeable_amounts(self, collection, account):
        """Return {item id: amount} of the collection's invoices that may be charged now, oldest due date first."""
        wanted = set(collection.line_ids.move_line_id.ids)
        items = (item for item in account.items if item.item_id in wanted)
        currency = collection.currency_id.name  # an invoice may be in another one now: that was not announced
        amounts = {item.item_id: selection.chargeable(item) for item in items if item.currency == currency}
        return {item_id: amount for item_id, amount in amounts.items() if amount > 0}

    # === SELECTION === #

    @api.model
    def _read_item_journals(self, line_ids):
        """Return {line id: journal id}."""
        rows = self.env.execute_query(
            SQL("SELECT id, journal_id FROM account_move_line WHERE id = ANY(%s::int[])", pg_array(line_ids))
        )
        return dict(rows)

    @api.model
    def _read_item_collections(self, consent_ids):
        """Return {(consent id, line id): collection id} of what these consents have announced or skipped.

        What was announced in a currency that the invoice is not in any more counts for nothing.
        """
        self.env["ar.autopay.collection.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT announced.consent_id, announced.move_line_id, announced.collection_id
                  FROM ar_autopay_collection_line announced
                  JOIN ar_autopay_collection collection ON collection.id = announced.collection_id
                  JOIN account_move_line item ON item.id = announced.move_line_id
                   AND item.currency_id = collection.currency_id
                 WHERE announced.consent_id = ANY(%s::int[])
                """,
                pg_array(consent_ids),
            )
        )
        return {(consent_id, line_id): collection_id for consent_id, line_id, collection_id in rows}

    @api.model
    def _read_collected_items(self, consent_ids):
        """Return {consent id: ids of the items that it does not announce}.

        It has announced or skipped them, or an automatic payment of them came back, by whatever consent.
        """
        taken = defaultdict(set)
        for consent_id, line_id in self._read_item_collections(consent_ids):
            taken[consent_id].add(line_id)
        for consent_id, line_id in self._read_returned_items(consent_ids):
            taken[consent_id].add(line_id)
        return taken

    @api.model
    def _read_returned_items(self, consent_ids):
        """Return {(consent id, line id)} of items of the customers whose automatic payment came back.

        The customer was told that this amount is not collected automatically again.
        """
        self.env["ar.returned.payment"].flush_model()
        return set(
            self.env.execute_query(
                SQL(
                    """
                    SELECT consent.id, returned.move_line_id
                      FROM ar_autopay_consent consent
                      JOIN ar_returned_payment returned ON returned.customer_id = consent.customer_id
                     WHERE consent.id = ANY(%s::int[]) AND returned.state = 'returned'
                       AND returned.autopay_charge_id IS NOT NULL AND returned.move_line_id IS NOT NULL
                    """,
                    pg_array(consent_ids),
                )
            )
        )

    @api.model
    def _read_waiting_items(self, consent_ids):
        """Return {consent id: ids of the items that it has announced, and that may still be charged}."""
        self.env["ar.autopay.collection"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.consent_id, line.move_line_id
                  FROM ar_autopay_collection_line line
                  JOIN ar_autopay_collection collection ON collection.id = line.collection_id
                  JOIN account_move_line item ON item.id = line.move_line_id AND item.currency_id = line.currency_id
                 WHERE line.consent_id = ANY(%s::int[])
                   AND collection.skipped IS NULL AND collection.autopay_failed_on IS NULL
                """,
                pg_array(consent_ids),
            )
        )
        waiting = defaultdict(set)
        for consent_id, line_id in rows:
            waiting[consent_id].add(line_id)
        return waiting

    @api.model
    def _read_collected_months(self, consent_ids, today):
        """Return {consent id: {(year, month): amount in company currency}} of this month and later ones.

        What is announced and not charged yet counts with its announced amount; what earlier consents of the customer
        have charged counts, too: it limits the month, not the consent. What invoices that are in another currency by
        now were charged with has no booked rate here; it counts before each charge, see `_get_collected`.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT consent.id, collection.date, SUM(
                           line.amount * item.balance / NULLIF(item.amount_currency, 0))::text
                  FROM ar_autopay_consent consent
                  JOIN ar_autopay_collection collection ON collection.customer_id = consent.customer_id
                  JOIN ar_autopay_collection_line line ON line.collection_id = collection.id
                  JOIN account_move_line item ON item.id = line.move_line_id AND item.currency_id = line.currency_id
                 WHERE consent.id = ANY(%s::int[]) AND collection.date >= %s
                   AND collection.skipped IS NULL AND collection.autopay_failed_on IS NULL
                   AND (collection.consent_id = consent.id
                        OR EXISTS (SELECT FROM ar_autopay_charge charge
                                    WHERE charge.collection_id = collection.id AND charge.outcome IN %s))
              GROUP BY consent.id, collection.date
                """,
                pg_array(consent_ids),
                today.replace(day=1),
                (*rules.IN_FLIGHT, rules.DONE),
            )
        )
        months = defaultdict(lambda: defaultdict(Decimal))
        for consent_id, day, amount in rows:
            months[consent_id][day.year, day.month] += Decimal(amount or 0)
        return months
