from datetime import timedelta
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ....core.credit.risks import COVER_ENDS, INSURER_DATE, UNINSURED, Risk, ends_soon, is_at_least, is_customary
from ....core.money import ZERO

#: What a cover is, by the fields that say until when.
GUARANTEE, INSURANCE = "guarantee", "insurance"


class ArRiskReaderCover(models.AbstractModel):
    """Reads what is not insured, or soon not any more."""

    _inherit = "ar.risk.reader"

    @api.model
    def _read_covers(self, facts):
        """Return [(account id, partner id, insured amount, until, guarantee, until)] of accounts with a cover.

        What waits for its confirmation covers nothing, as in the exposure.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, partner_id, COALESCE(insured_amount, 0)::text, insured_until,
                       COALESCE(guarantee_amount, 0)::text, guarantee_until
                  FROM ar_customer
                 WHERE company_id = %s AND merged_into_id IS NULL AND partner_id IS NOT NULL
                   AND (insured_amount > 0 OR guarantee_amount > 0) AND is_security_waiting IS NOT TRUE
                """,
                facts.root.id,
            )
        )
        return [
            (account_id, partner_id, Decimal(insured), insured_until, Decimal(guarantee), guarantee_until)
            for account_id, partner_id, insured, insured_until, guarantee, guarantee_until in rows
        ]

    @api.model
    def _read_uninsured(self, facts):
        """Yield customers who owe a large amount beyond what is secured, where most of what is owed is secured."""
        covers, secured = self._read_covers(facts), {}
        balances = (facts.balances.get(partner_id, ZERO) for _id, partner_id, *_rest in covers)
        if not is_customary(sum((balance for balance in balances if balance > 0), ZERO), facts.total):
            return
        for _account_id, partner_id, insured, insured_until, guarantee, guarantee_until in covers:
            holds = insured_until and insured_until >= facts.today
            is_guaranteed = guarantee_until is None or guarantee_until >= facts.today
            secured[partner_id] = (insured if holds else ZERO) + (guarantee if is_guaranteed else ZERO)
        for partner_id, balance in facts.balances.items():
            amount = balance - secured.get(partner_id, ZERO)
            if is_at_least(amount, facts.rules.large, facts.total):
                details = {"amount_balance": str(balance), "amount_secured": str(secured.get(partner_id, ZERO))}
                yield Risk(UNINSURED, str(partner_id), amount, facts.accounts.get(partner_id), details)

    @api.model
    def _read_cover(self, facts):
        """Yield insured limits and guarantees that end soon, or have ended, while something is open."""
        for account_id, partner_id, insured, insured_until, guarantee, guarantee_until in self._read_covers(facts):
            balance = facts.balances.get(partner_id, ZERO)
            for code, covered, until in (
                (INSURANCE, insured, insured_until),
                (GUARANTEE, guarantee, guarantee_until),
            ):
                amount = min(covered, balance)
                if amount > 0 and ends_soon(until, facts.rules, facts.today):
                    details = {"cover": code, "day": until.isoformat()}
                    yield Risk(COVER_ENDS, f"{account_id} {code}", amount, account_id, details)

    @api.model
    def _read_insurer_dates(self, facts):
        """Yield the next date of the insurer, of customers where one is near or has passed less than a month ago."""
        if not facts.rules.cover_days:
            return
        insured = self.env["ar.customer"].with_context(active_test=False)
        accounts = insured.search(
            [("company_id", "=", facts.root.id), ("insured_amount", ">", 0), ("merged_into_id", "=", False)]
        )
        clocks = self.env["ar.credit.insurance"]._read_clocks(accounts) if accounts else {}
        first = facts.today - timedelta(days=30)
        for account, (clock, owed) in clocks.items():
            dates = [(day, code) for code, day in (clock.deadlines if clock else ()) if day >= first]
            if dates and ends_soon(min(dates)[0], facts.rules, facts.today):
                day, code = min(dates)
                yield Risk(INSURER_DATE, str(account.id), owed, account.id, {"step": code, "day": day.isoformat()})
