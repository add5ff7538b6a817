from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ....core.credit.risks import FEED_PERIOD, FEED_STILL, UNMATCHED, Risk, is_still
from ....core.money import to_decimal


class ArRiskReaderCompany(models.AbstractModel):
    """Reads what is about the company as a whole: money that nobody has matched, bank feeds that stand still."""

    _inherit = "ar.risk.reader"

    @api.model
    def _read_unmatched(self, facts):
        """Yield the money that waits for longer than it should, each company one row."""
        if not facts.rules.unmatched_days:
            return
        limit = fields.Date.subtract(facts.today, days=facts.rules.unmatched_days)
        queue = self.env["ar.unmatched.payment"].with_context(allowed_company_ids=facts.companies.ids)
        domain = [("booked_on", "<=", limit), ("kind", "in", ("payment", "statement"))]
        groups = queue._read_group(domain, ["company_id", "currency_id"], ["amount:sum", "__count", "booked_on:min"])
        found = {}
        for company, currency, amount, number, oldest in groups:
            own = currency._convert(amount, facts.root.currency_id, facts.root, facts.today)
            before, count, day = found.get(company, (Decimal(0), 0, oldest))
            found[company] = (before + to_decimal(own), count + number, min(day, oldest))
        for company, (amount, number, oldest) in found.items():
            details = {"number": str(number), "day": oldest.isoformat(), "company": str(company.id)}
            yield Risk(UNMATCHED, str(company.id), amount, None, details)

    @api.model
    def _read_feeds(self, facts):
        """Yield bank journals without movements for an unusual time, with what usually came in during such a time."""
        query = SQL(
            """
            SELECT journal.id, last.day, COUNT(DISTINCT move.date),
                   COALESCE(SUM(move.amount_total_signed) FILTER (WHERE line.amount > 0), 0)::text
              FROM account_journal journal
              JOIN LATERAL (SELECT MAX(entry.date) AS day FROM account_bank_statement_line found
                              JOIN account_move entry ON entry.id = found.move_id
                             WHERE found.journal_id = journal.id AND entry.date <= %(today)s) last ON TRUE
              JOIN account_bank_statement_line line ON line.journal_id = journal.id
              JOIN account_move move ON move.id = line.move_id
               AND move.date > last.day - %(period)s AND move.date <= last.day
             WHERE journal.type = 'bank' AND journal.active AND journal.company_id = ANY(%(companies)s)
          GROUP BY journal.id, last.day
            """,
            today=facts.today,
            period=FEED_PERIOD,
            companies=facts.companies.ids,
        )
        for journal_id, last, days, received in self.env.execute_query(query):
            if is_still(last, days, facts.rules, facts.today):
                still = (facts.today - last).days
                amount = to_decimal(facts.root.currency_id.round(abs(float(received)) / FEED_PERIOD * still))
                details = {"journal": str(journal_id), "day": last.isoformat(), "number": str(still)}
                yield Risk(FEED_STILL, str(journal_id), amount, None, details)
