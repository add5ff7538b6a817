from types import SimpleNamespace

from odoo import api, models
from odoo.tools import SQL

from ..customers.sql import pg_array


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
        """Override to add what was collected by the first attempt, with a consent that was given before the due date.

        It was late by our own choice, whatever the policies say.
        """
        query = SQL(
            """
            SELECT line.move_line_id
              FROM ar_autopay_collection_line line
              JOIN ar_autopay_consent consent ON consent.id = line.consent_id
              JOIN account_move_line item ON item.id = line.move_line_id
               AND consent.agreed_on::date <= COALESCE(item.date_maturity, item.date)
              JOIN ar_autopay_charge attempt ON attempt.collection_id = line.collection_id
             WHERE line.move_line_id = ANY(%s::int[])
          GROUP BY line.move_line_id
            HAVING bool_and(attempt.outcome = 'done')
            """,
            pg_array(self.move_line_id.ids),
        )
        collected = {line_id for (line_id,) in self.env.execute_query(query)} if self else set()
        return super()._find_kept() | self.filtered(lambda charge: charge.move_line_id.id in collected)
