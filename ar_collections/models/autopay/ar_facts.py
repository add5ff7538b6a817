import datetime
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ...const import CONTACT_STATES, WAITING_STATES
from ...core import decision as codes
from ...core.autopay import charge as rules
from ...core.autopay.amount import PlanItem, left_of_installments
from ...core.autopay.charge import Attempt, AutopayCase
from ...core.autopay.declines import DEAD_CODES
from ...core.autopay.methods import BANK_DEBITS, is_bank_debit
from ...core.autopay.outcomes import DECLINED, FINAL, IN_FLIGHT
from ...core.facts import EVERYTHING, Exclusion
from ...core.money import ZERO
from ..customers.sql import pg_array
from .ar_payment_plan import BANK_DAYS
from .charging import Charging, get_charging

#: Hours for which a payment that a customer began on the page keeps its invoices from being charged.
DRAFT_HOURS = 24


class ArFacts(models.AbstractModel):
    """Automatic payments in the customer's facts: installments that will be charged are excluded from reminders."""

    _inherit = "ar.facts"

    def _read_plan_installments(self, customers, lines, today, *args, **options):
        """Override to exclude installments that are paid automatically, until the automatic payment has failed."""
        installments = super()._read_plan_installments(customers, lines, today, *args, **options)
        if not installments:
            return installments
        cases = self._read_autopay_cases([item.item_id for items in installments.values() for item in items], today)
        excluded = {}
        for customer in customers.filtered(lambda customer: customer.id in installments):
            autopay_rules = customer.policy_id._get_autopay_rules()
            pending_days = max(customer.policy_id.pending_payment_days, BANK_DAYS)
            excluded[customer.id] = tuple(
                self._exclude_autopay(item, cases[item.item_id], autopay_rules, pending_days, today)
                for item in installments[customer.id]
            )
        return excluded

    @api.model
    def _exclude_autopay(self, item, case, autopay_rules, pending_days, today):
        """Return the installment, excluded from reminders as long as it will be charged.

        :param item: OpenItem of the installment
        :param case: AutopayCase
        :param autopay_rules: AutopayRules of the customer's policy
        :param int pending_days: days after which a pending payment no longer excludes
        """
        until = rules.reminders_paused_until(case, autopay_rules, pending_days)
        if until is None or until <= today:
            return item
        exclusion = Exclusion(codes.AUTOPAY_AGREED, item.residual_currency, until)
        return replace(item, exclusions=(*item.exclusions, exclusion))

    @api.model
    def _gather_for_charge(self, customers, today, scope=EVERYTHING, repeated=()):
        """Return the facts for a charge, see `_gather`: what is being paid otherwise counts however long that takes.

        :param repeated: ids of transactions without an answer that are to be sent again: they do not count as pending
        """
        return self._for_charge(repeated)._gather(customers, today, scope)

    @api.model
    def _for_charge(self, repeated=()):
        """Return the facts in which what is being paid otherwise counts however long that takes.

        :param repeated: as `_gather_for_charge`
        """
        return self.with_context(ar_charging=Charging(tuple(repeated)))

    @api.model
    def _is_awaited(self, until, today):
        """Override: reminders go on after some days, but nothing is charged while another payment may arrive."""
        return bool(get_charging(self.env)) or super()._is_awaited(until, today)

    @api.model
    def _read_answer_days(self, tx_ids):
        """Override: banks answer debits after days, so that reminders and other payments wait for them."""
        found = super()._read_answer_days(tx_ids)
        if not tx_ids:
            return found
        rows = self.env.execute_query(
            SQL(
                """
                SELECT tx.id
                  FROM payment_transaction tx
                  JOIN payment_method method ON method.id = tx.payment_method_id
             LEFT JOIN payment_method kind ON kind.id = method.primary_payment_method_id
                 WHERE tx.id = ANY(%s::int[]) AND COALESCE(kind.code, method.code) = ANY(%s::varchar[])
                """,
                pg_array(tx_ids),
                sorted(BANK_DEBITS),
            )
        )
        return {**found, **{tx_id: BANK_DAYS for (tx_id,) in rows}}

    def _read_pending_transactions(self, lines):
        """Override to add charges without an answer as pending payments, so that nothing is paid twice.

        For a charge also what the customer is paying at this moment: its payment is a draft until the provider answers.
        A charge that is asked about (`_gather_for_charge`) does not stand in its own way.
        """
        rows, charging = super()._read_pending_transactions(lines), get_charging(self.env)
        # There are few, in all companies: cheaper to read than a condition on every invoice of the batch.
        unknown = self.env.execute_query(
            SQL(
                """
                SELECT tx.id, tx.amount::text, tx.currency_id, tx.state, tx.last_state_change,
                       array_agg(rel.invoice_id)
                  FROM (SELECT transaction_id AS id FROM ar_autopay_charge WHERE outcome = 'unknown'
                         UNION SELECT id FROM payment_transaction WHERE ar_unanswered AND state = 'draft') unanswered
                  JOIN payment_transaction tx ON tx.id = unanswered.id
                  JOIN account_invoice_transaction_rel rel ON rel.transaction_id = tx.id
                 WHERE tx.id <> ALL(%s::int[])
              GROUP BY tx.id
                """,
                pg_array(charging.repeated if charging else ()),
            )
        )
        moves = {line.move_id for line in lines} if unknown else set()
        rows += [row for row in unknown if not moves.isdisjoint(row[-1])]
        return rows + self._read_drafts(lines) if charging else rows

    @api.model
    def _read_drafts(self, lines):
        """Return rows as `_read_pending_transactions` of payments that customers began within the last `DRAFT_HOURS`.

        Providers keep their payment pages open for about a day. What is older was given up, and blocks nothing.
        """
        return self.env.execute_query(
            SQL(
                """
                SELECT tx.id, tx.amount::text, tx.currency_id, tx.state, tx.last_state_change,
                       array_agg(rel.invoice_id)
                  FROM payment_transaction tx
                  JOIN account_invoice_transaction_rel rel ON rel.transaction_id = tx.id
             LEFT JOIN ar_autopay_charge charge ON charge.transaction_id = tx.id
                 WHERE rel.invoice_id = ANY(%s::int[])
                   AND tx.state = 'draft' AND tx.operation NOT IN ('refund', 'validation')
                   AND tx.last_state_change > %s AND charge.id IS NULL AND tx.ar_unanswered IS NOT TRUE
              GROUP BY tx.id
                """,
                pg_array({line.move_id for line in lines}),
                fields.Datetime.now() - datetime.timedelta(hours=DRAFT_HOURS),
            )
        )

    @api.model
    def _select_versions(self, left_out):
        """Override to add the automatic payments."""
        charges = SQL(
            "SELECT account.id, %s FROM account JOIN ar_autopay_charge charge ON charge.customer_id = account.id",
            self._version_of("charge"),
        )
        return [*super()._select_versions(left_out), charges]

    # === CASES === #

    @api.model
    def _read_autopay_cases(self, installment_ids, today):
        """Return {installment id: AutopayCase}, with the amount left as 0: see `refresh_case` for the real one."""
        attempts = self._read_unit_attempts("installment_id", installment_ids)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT installment.id, installment.date, plan.autopay_consent_id,
                       plan.state = 'active' AND plan.autopay_consent_id IS NOT NULL AND NOT %(is_refused)s,
                       installment.autopay_failed_on IS NOT NULL, notice.state, notice.date, notice.date_sent,
                       COALESCE(kind.code, method.code)
                  FROM ar_payment_plan_installment installment
                  JOIN ar_payment_plan plan ON plan.id = installment.plan_id
             LEFT JOIN ar_autopay_consent consent ON consent.id = plan.autopay_consent_id
             LEFT JOIN payment_token token ON token.id = consent.token_id
             LEFT JOIN payment_method method ON method.id = token.payment_method_id
             LEFT JOIN payment_method kind ON kind.id = method.primary_payment_method_id
             LEFT JOIN ar_communication notice ON notice.id = installment.autopay_notice_id
                 WHERE installment.id = ANY(%(installments)s::int[])
                """,
                installments=pg_array(installment_ids),
                is_refused=self._is_refused_elsewhere("installment_id", "installment"),
            )
        )
        cases = {}
        for installment_id, due, consent_id, agreed, failed, state, planned, sent_on, method in rows:
            valid = tuple(
                a for consent, a in attempts[installment_id] if consent == consent_id or a.outcome in IN_FLIGHT
            )
            # One announcement a day: a failed one is repeated tomorrow. One that staff skipped is not sent.
            announcing = state in WAITING_STATES or state == "skipped" or (state is not None and planned == today)
            announced = sent_on if state in CONTACT_STATES else None
            cases[installment_id] = AutopayCase(
                due, ZERO, agreed, announced, announcing, valid, failed, is_bank=is_bank_debit(method)
            )
        return cases

    @api.model
    def _is_refused_elsewhere(self, link, unit):
        """Return the SQL condition that a charge of another unit was refused for good: by this consent, or since then.

        It is about the method: installments and accounts may be charged to the same one. A new consent begins anew.

        :param str link: field of `ar.autopay.charge` that leads to the units
        :param str unit: alias of the units; the consent has the alias ``consent``
        """
        return SQL(
            """
            EXISTS (SELECT FROM ar_autopay_consent same
                      JOIN ar_autopay_charge refused ON refused.consent_id = same.id
                      JOIN payment_transaction tx ON tx.id = refused.transaction_id
                     WHERE same.token_id = consent.token_id AND refused.outcome = %s
                       AND (same.id = consent.id OR tx.last_state_change > consent.agreed_on)
                       AND %s IS DISTINCT FROM %s AND tx.ar_decline_code = ANY(%s::varchar[]))
            """,
            FINAL,
            SQL.identifier("refused", link),
            SQL.identifier(unit, "id"),
            sorted(DEAD_CODES),
        )

    @api.model
    def _read_unit_attempts(self, link, unit_ids):
        """Return {unit id: [(consent id, Attempt)]}, oldest first; paid but not booked counts as pending.

        :param str link: field of `ar.autopay.charge` that leads to the units
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT %(link)s, charge.consent_id, charge.date, charge.settled_on, tx.ar_decline_code,
                       COALESCE(tx.ar_decline_wait_days, 0),
                       CASE WHEN charge.outcome = 'done' AND tx.is_post_processed IS NOT TRUE THEN 'pending'
                            ELSE charge.outcome END
                  FROM ar_autopay_charge charge
                  JOIN payment_transaction tx ON tx.id = charge.transaction_id
                 WHERE %(link)s = ANY(%(units)s::int[])
              ORDER BY charge.id
                """,
                link=SQL.identifier("charge", link),
                units=pg_array(unit_ids),
            )
        )
        attempts = defaultdict(list)
        for unit_id, consent_id, day, settled, code, wait_days, outcome in rows:
            day = settled if outcome in DECLINED else day
            attempt = Attempt(day, outcome, code=code, wait_days=wait_days)
            attempts[unit_id].append((consent_id, attempt))
        return attempts

    @api.model
    def _read_plan_items(self, customers, facts):
        """Return {plan id: [PlanItem]} of active plans, oldest item first, with pending and disputed amounts as of now.

        What the customer says to have paid is pending, too: it is looked for, and not charged meanwhile. What is
        blocked counts as disputed.

        :param facts: {customer id: AccountFacts}
        :rtype: dict[int, list[PlanItem]]
        """
        open_items = {item.item_id: item for account_facts in facts.values() for item in account_facts.items}
        order = {line_id: place for place, line_id in enumerate(open_items)}
        items = defaultdict(list)
        for part in sorted(self._read_active_plans(customers), key=lambda part: order.get(part.line_id, -1)):
            item = open_items.get(part.line_id)
            exclusions = item.exclusions if item else ()
            residual = self._without_small_rest(part, {part.line_id: exclusions}).residual_currency
            pending, disputed = (
                min(sum((s.amount for s in exclusions if s.code in found), ZERO), residual)
                for found in (codes.COVERING_CODES, (codes.DISPUTED, codes.PAYMENT_BLOCKED))
            )
            items[part.plan_id].append(
                PlanItem(part.line_id, part.amount, part.residual_before, residual, pending, disputed)
            )
        return items

    @api.model
    def _read_left(self, items):
        """Return {installment id: Decimal}, the amounts left of active plans less pending payments, in their currency.

        :param items: as returned by `_read_plan_items`
        """
        left: dict[int, Decimal] = {}
        for plan_id, _currency, rows in self._read_installment_rows(items):
            amounts = left_of_installments([amount for _id, _day, amount in rows], items[plan_id])
            left.update(zip((installment_id for installment_id, *_rest in rows), amounts, strict=True))
        return left
