from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ...core.credit.exposure import DRAFTS, ExposureParts, UnknownAmount
from ...core.money import ZERO
from ..customers.sql import JOIN_DEBTOR, of_customers, pg_array


class ArCreditExposure(models.AbstractModel):
    """Reads what the exposures of a batch of customers consist of, with one query for each part.

    All amounts are those of a root company with its branches, in its currency.
    """

    _name = "ar.credit.exposure"
    _description = "Exposures of Customers"

    @api.model
    def _read(self, partners, root):
        """Return {commercial partner id: ExposureParts}, without the securities.

        :param partners: commercial partners
        :param root: a company without parent
        """
        self.env.flush_all()
        companies = self.env["ar.facts"]._get_branches(root)
        ledger = self._read_ledger(partners, companies)
        drafts, unknown = self._read_drafts(partners, companies)
        orders, unknown_orders = self._read_orders(partners, companies)
        unsettled = self._read_unsettled(partners, companies)
        return {
            partner_id: ExposureParts(
                *ledger.get(partner_id, (ZERO, ZERO)),
                drafts=drafts.get(partner_id, ZERO),
                **orders.get(partner_id, {}),
                unsettled=unsettled.get(partner_id, ZERO),
                unknown=(*unknown.get(partner_id, ()), *unknown_orders.get(partner_id, ())),
            )
            for partner_id in partners.ids
        }

    @api.model
    def _read_orders(self, partners, companies):
        """Return what there is of confirmed orders that are not invoiced. Extension point: none here.

        :param partners: commercial partners
        :param companies: a root company and its branches
        :return: ({partner id: {part of ExposureParts: amount}}, {partner id: (UnknownAmount, …)})
        """
        return {}, {}

    @api.model
    def _read_unsettled(self, partners, companies):
        """Return {partner id: amount} of what is booked as paid, but may come back. Extension point: none here.

        :param partners: commercial partners
        :param companies: a root company and its branches
        """
        return {}

    @api.model
    def _read_ledger(self, partners, companies):
        """Return {partner id: (open receivables, open credits)} of the posted entries."""
        account_ids = self.env["ar.facts"]._get_receivable_account_ids(companies)
        if not account_ids or not partners:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT debtor.commercial_partner_id,
                       COALESCE(SUM(line.amount_residual) FILTER (WHERE line.amount_residual > 0), 0)::text,
                       COALESCE(-SUM(line.amount_residual) FILTER (WHERE line.amount_residual < 0), 0)::text
                  FROM account_move_line line
                  %(join_debtor)s
                 WHERE line.account_id IN %(accounts)s
                   AND %(of_customers)s
                   AND line.company_id = ANY(%(companies)s)
                   AND line.parent_state = 'posted'
                   AND line.reconciled IS NOT TRUE
              GROUP BY debtor.commercial_partner_id
                """,
                join_debtor=JOIN_DEBTOR,
                accounts=tuple(account_ids),
                of_customers=of_customers(partners.ids),
                companies=companies.ids,
            )
        )
        return {partner_id: (Decimal(debts), Decimal(credits)) for partner_id, debts, credits in rows}

    @api.model
    def _read_drafts(self, partners, companies):
        """Return ({partner id: amount of draft invoices less draft credit notes}, {partner id: (UnknownAmount, …)}).

        Odoo converts a currency without a rate at 1; such amounts are returned as unknown instead.
        """
        totals, unknown = defaultdict(Decimal), defaultdict(tuple)
        for partner_id, currency, has_rate, amount, foreign in self._select_drafts(partners, companies):
            if has_rate:
                totals[partner_id] += Decimal(amount)
            elif Decimal(foreign) > 0:
                unknown[partner_id] += (UnknownAmount(DRAFTS, currency, Decimal(foreign)),)
        # Draft credit notes make no room beyond the drafts: only what is booked is sure.
        return {partner_id: max(total, ZERO) for partner_id, total in totals.items()}, unknown

    @api.model
    def _select_drafts(self, partners, companies):
        """Return [(partner id, currency name, whether it has a rate, amount, amount in currency)] of draft invoices.

        The journals are named, because the index of entries by state starts with them.
        """
        return self.env.execute_query(
            SQL(
                """
                SELECT debtor.commercial_partner_id, currency.name,
                       %(has_rate)s,
                       SUM(line.amount_total_signed)::text, SUM(line.amount_total_in_currency_signed)::text
                  FROM account_move line
                  %(join_debtor)s
                  JOIN res_currency currency ON currency.id = line.currency_id
                 WHERE line.journal_id IN (SELECT id FROM account_journal WHERE company_id = ANY(%(companies)s))
                   AND line.company_id = ANY(%(companies)s)
                   AND line.state = 'draft'
                   AND line.move_type IN ('out_invoice', 'out_refund')
                   AND %(counting)s
                   AND debtor.commercial_partner_id = ANY(%(partners)s::int[])
              GROUP BY debtor.commercial_partner_id, currency.id, currency.name
              ORDER BY currency.name
                """,
                has_rate=self._get_rate_condition(companies.root_id),
                join_debtor=JOIN_DEBTOR,
                companies=companies.ids,
                partners=pg_array(partners.ids),
                counting=self._get_counting_drafts(),
            )
        )

    @api.model
    def _get_counting_drafts(self):
        """Return the SQL condition for the drafts (`line`) that count. Extension point: all do."""
        return SQL("TRUE")

    @api.model
    def _get_rate_condition(self, root):
        """Return the SQL condition that amounts in a `currency` can be converted: without a rate Odoo takes 1.

        :param root: a company without parent
        """
        return SQL(
            "(currency.id = %s OR EXISTS (SELECT 1 FROM res_currency_rate rate WHERE rate.currency_id = currency.id"
            " AND (rate.company_id IS NULL OR rate.company_id = %s)))",
            root.currency_id.id,
            root.id,
        )
