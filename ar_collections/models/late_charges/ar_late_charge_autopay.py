from types import SimpleNamespace

from odoo import api, models
from odoo.tools import SQL

from ..customers.sql import pg_array

#: Days after the provider's answer within which its money is at the bank: payouts are monthly at most.
PAYOUT_DAYS = 45


class ArLateChargeAutopay(models.Model):
    """Late charges of what we collect automatically: the customer owes none until the day that we agreed on with it.

    That day may be later than the due date: a day of the month, or after the notice of a direct debit.
    """

    _inherit = "ar.late.charge"

    @api.model
    def _read_facts(self, items, today):
        """Override to hold what will be collected automatically."""
        collected = self._find_collected(items, today)
        return [
            facts._replace(is_held=facts.is_held or facts.item.line_id in collected)
            for facts in super()._read_facts(items, today)
        ]

    @api.model
    def _find_collected(self, items, today):
        """Return the ids of those items that will be collected automatically, as for reminders.

        :param list[LateItem] items: the late items
        """
        facts, customers = self.env["ar.facts"], self.env["ar.customer"].browse({item.customer_id for item in items})
        # sudo: who computes late charges needs no right on consents.
        consents = {consent.customer_id.id: consent for consent in customers.sudo()._get_live_autopay()}
        own = [item for item in items if item.customer_id in consents]
        if not own:
            return set()
        journals = facts._read_item_journals([item.line_id for item in own])
        announced = facts._read_item_collections([consent.id for consent in consents.values()])
        cases, found = facts._read_collection_cases(list(set(announced.values())), today), set()
        for item in own:
            consent = consents[item.customer_id]
            if consent._get_options().covers(journals[item.line_id]):
                case = cases.get(announced.get((consent.id, item.line_id)))
                until = facts._get_autopay_until(consent, SimpleNamespace(due_date=item.due), case, today)
                if until and today < until:
                    found.add(item.line_id)
        return found

    def _find_kept(self):
        """Override to add what the first attempt collected to the last cent, as agreed on before the due date.

        It was late by our own choice, whatever the policies say. What came back, was refunded, or was open beside it,
        and was paid later, was late by the customer's.
        """
        days = self._read_collected_days()
        reason = self.env._("Collected automatically on the agreed day")
        collected = {
            charge: reason
            for charge in self
            if charge.move_line_id.id in days and charge.paid_on <= days[charge.move_line_id.id]
        }
        return super()._find_kept() | collected

    def _read_collected_days(self):
        """Return {line id: last day on which a payment belongs to the automatic one}, see `_find_kept`.

        The books have the payment on the day of the provider's answer, or on that on which it was booked. Without an
        entry of its own (with an accounting application) it is in the books on the day of the payout: then it must
        stand, and be about all that was open. What is paid long after the payout was due is other money.
        """
        query = SQL(
            """
            SELECT line.move_line_id,
                   CASE WHEN bool_and(payment.move_id IS NULL AND payment.state IN ('in_process', 'paid')
                                      AND attempt.returned_on IS NULL AND COALESCE(attempt.refunded_amount, 0) = 0
                                      AND line.amount + settled.before >= item.amount_currency)
                        THEN MAX(attempt.settled_on) + %(payout_days)s
                        ELSE GREATEST(MAX(attempt.settled_on), MAX(settled.booked_on)) END
              FROM ar_autopay_collection_line line
              JOIN ar_autopay_consent consent ON consent.id = line.consent_id
              JOIN account_move_line item ON item.id = line.move_line_id AND item.currency_id = line.currency_id
              JOIN (%(zones)s) zone ON zone.company_id = item.company_id
               AND %(agreed)s <= COALESCE(item.date_maturity, item.date)
              JOIN ar_autopay_charge attempt ON attempt.collection_id = line.collection_id
              JOIN payment_transaction tx ON tx.id = attempt.transaction_id
         LEFT JOIN account_payment payment ON payment.id = tx.payment_id
        CROSS JOIN LATERAL (
                   SELECT COALESCE(SUM(partial.debit_amount_currency)
                                   FILTER (WHERE partial.max_date <= attempt.settled_on), 0) AS before,
                          MAX(partial.max_date) FILTER (WHERE credit.move_id = payment.move_id) AS booked_on
                     FROM account_partial_reconcile partial
                     JOIN account_move_line credit ON credit.id = partial.credit_move_id
                    WHERE partial.debit_move_id = item.id) settled
             WHERE line.move_line_id = ANY(%(lines)s::int[])
          GROUP BY line.move_line_id
            HAVING bool_and(attempt.outcome = 'done')
            """,
            zones=self.env["res.company"]._ar_select_zones(),
            agreed=self.env["res.company"]._ar_sql_day(SQL("consent.agreed_on")),
            lines=pg_array(self.move_line_id.ids),
            payout_days=PAYOUT_DAYS,
        )
        if not self:
            return {}
        self.env.flush_all()
        return dict(self.env.execute_query(query))
