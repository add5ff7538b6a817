from collections import defaultdict
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from ....core.credit.behavior import BEHAVIOR_MONTHS, Debt, Granted, Open, Paid, months_between, read_experiences
from ....core.credit.features import Behavior
from ....core.credit.limit import utilization
from ....core.disputes.dispute import ACCEPTED, OPEN_STATES, PARTLY
from ....core.money import ZERO, percentage, proportion, to_decimal
from ...customers.sql import DUE_DATE, JOIN_DEBTOR, OUR_PAYMENT, PAYMENT_BLOCKED, of_customers


class ArCreditBehavior(models.AbstractModel):
    """Reads how customers behaved in the last twelve months, for their score: a query for each kind, set-based.

    What a root company and its branches know counts together, in their currency. Everything is found from the debts and
    the agreements of the customer, so it follows merged contacts and invoices that are posted again.
    """

    _name = "ar.credit.behavior"
    _description = "Behavior of Customers"

    @api.model
    def _read(self, accounts, today):
        """Return {account: (core.credit.features.Behavior, turnover of twelve months)}.

        :param accounts: in superuser mode, of one root company, with contacts
        :param date today: the company's date
        """
        if not accounts:
            return {}
        self.env.flush_all()
        companies = self.env["ar.facts"]._get_branches(accounts.company_id)
        partners, since = accounts.partner_id, self._get_first_day(today)
        experiences = self._read_experiences(accounts, companies, today)
        invoiced = self._read_invoiced(partners, companies, since, today)
        counts = self._read_counts(partners, companies, since, today)
        short = self._read_short_payments(partners, companies, since, today)
        found = {}
        for account in accounts:
            number = account.partner_id.id
            first, last, turnover = invoiced.get(number, (None, None, ZERO))
            behavior = Behavior(
                experiences[account],
                utilization=self._get_utilization(account, today),
                relation_months=first and months_between(first, today),
                idle_months=last and months_between(last, today),
                short_payments=short.get(number),
                **self._get_counts(counts[number], bool(experiences[account])),
            )
            found[account] = behavior, turnover
        return found

    @api.model
    def _read_experiences(self, accounts, companies, today):
        """Return {account: (core.credit.experience.PaymentExperience, …)} of the last twelve months.

        :param accounts: as for `_read`
        :param companies: their root company and its branches
        """
        since = self._get_first_day(today)
        paid = self._read_paid(accounts.partner_id, companies, since, today)
        opened, credits = self._read_open(accounts.partner_id, companies, since)
        granted, disputed = self._read_disputed_time(paid, opened)
        return {
            account: read_experiences(
                paid[account.partner_id.id], self._leave_out(opened[account.partner_id.id], disputed),
                credits[account.partner_id.id], granted, today, account.policy_id._get_tolerance(),
            )
            for account in accounts
        }  # fmt: skip

    @api.model
    def _get_first_day(self, today):
        """Return the day after which payments, invoices and agreements count."""
        return today - relativedelta(months=BEHAVIOR_MONTHS)

    # === VALUES === #

    @api.model
    def _get_utilization(self, account, today):
        """Return the percentage of the limit that is used, by the exposure of this night; ``None`` without a limit."""
        return utilization(account._get_credit_limit(today), to_decimal(account.exposure))

    @api.model
    def _get_counts(self, counts, has_paid):
        """Return the values of `Behavior` that are numbers of events; they say nothing about who never paid anything.

        :param dict counts: {code: number}, see `_read_counts`
        """
        decided = counts["kept"] + counts["broken"]
        if not has_paid and not any(counts.values()):
            return {}
        return {
            "agreements_kept": percentage(Decimal(counts["kept"]), Decimal(decided)) if decided else None,
            "returned_payments": counts["returned"],
            "disputes_rejected": counts["rejected"],
        }

    @api.model
    def _leave_out(self, opened, disputed):
        """Return the open items without what is disputed of them: nobody knows yet who is right.

        :param dict disputed: {item: amount}
        """
        return [Open(item.debt, item.amount - disputed.get(item.debt.item, ZERO), item.is_part) for item in opened]

    # === LEDGER === #

    @api.model
    def _read_paid(self, partners, companies, since, today):
        """Return {partner id: [Paid]} of the payments since a day; what is settled on one day is one payment.

        Sales receipts are paid at once, which shows nothing.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT debtor.commercial_partner_id, line.id, line.move_id, %(due)s, line.balance::text,
                       payment.day, SUM(payment.amount)::text
                  FROM (%(payments)s) payment
                  JOIN account_move_line line ON line.id = payment.item_id
                  JOIN account_move move ON move.id = line.move_id AND move.move_type <> 'out_receipt'
                  %(join_debtor)s
                 WHERE %(of_customers)s AND payment.amount > 0
              GROUP BY debtor.commercial_partner_id, line.id, payment.day
              ORDER BY line.id, payment.day
                """,
                due=DUE_DATE,
                payments=self.env["ar.collected"]._select_payments(companies, since, today),
                join_debtor=JOIN_DEBTOR,
                of_customers=of_customers(partners.ids),
            )
        )
        found, debts = defaultdict(list), {}
        for partner_id, item, invoice, due, original, day, amount in rows:
            debt = debts.get(item)
            if debt is None:
                debt = debts[item] = Debt(item, invoice, due, Decimal(original))
            found[partner_id].append(Paid(debt, day, Decimal(amount)))
        return found

    @api.model
    def _read_open(self, partners, companies, since):
        """Return ({partner id: [Open]}, {partner id: credits that are not matched}).

        What we paid to customers, such as refunds, is no debt. What was written off counts as open, because it was
        never paid.
        """
        opened, credits = defaultdict(list), defaultdict(Decimal)
        for row in self._select_open(partners, companies):
            partner_id, item, invoice, due, original, left, is_part, is_our_payment = row
            amount = Decimal(left)
            if amount < ZERO:
                credits[partner_id] -= amount
            elif not is_our_payment:
                opened[partner_id].append(Open(Debt(item, invoice, due, Decimal(original)), amount, is_part))
        for partner_id, item, invoice, due, original, lost in self._select_lost(partners, companies, since):
            amount = Decimal(lost)
            is_part = amount < Decimal(original)
            opened[partner_id].append(Open(Debt(item, invoice, due, Decimal(original)), amount, is_part))
        return opened, credits

    @api.model
    def _select_lost(self, partners, companies, since):
        """Return rows (partner id, item, invoice, due date, original, written off since a day)."""
        losses = self.env["account.journal"]._ar_get_loss_ids()
        if not losses:
            return []
        return self.env.execute_query(
            SQL(
                """
                SELECT debtor.commercial_partner_id, line.id, line.move_id, %(due)s, line.balance::text,
                       SUM(matched.amount)::text
                  FROM account_move_line line
                  JOIN account_partial_reconcile matched ON matched.debit_move_id = line.id
                  JOIN account_move_line loss ON loss.id = matched.credit_move_id
                  %(join_debtor)s
                 WHERE %(of_customers)s AND line.account_id = ANY(%(accounts)s)
                   AND line.company_id = ANY(%(companies)s) AND line.parent_state = 'posted'
                   AND line.journal_id <> ALL(%(losses)s) AND loss.journal_id = ANY(%(losses)s)
                   AND matched.max_date > %(since)s
              GROUP BY debtor.commercial_partner_id, line.id
                """,
                due=DUE_DATE,
                join_debtor=JOIN_DEBTOR,
                of_customers=of_customers(partners.ids),
                accounts=self.env["ar.facts"]._get_receivable_account_ids(companies),
                companies=companies.ids,
                losses=losses,
                since=since,
            )
        )

    @api.model
    def _select_open(self, partners, companies):
        """Return rows (partner id, item, invoice, due date, original, residual, is a part, our own payment).

        Debts whose payment is blocked are left out: that they are late is no decision of the customer.
        """
        account_ids = self.env["ar.facts"]._get_receivable_account_ids(companies)
        if not account_ids:
            return []
        return self.env.execute_query(
            SQL(
                """
                SELECT debtor.commercial_partner_id, line.id, line.move_id, %(due)s, line.balance::text,
                       line.amount_residual::text, line.amount_residual_currency < line.amount_currency,
                       %(our_payment)s
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                  %(join_debtor)s
                 WHERE line.account_id IN %(accounts)s AND %(of_customers)s
                   AND line.company_id = ANY(%(companies)s) AND line.parent_state = 'posted'
                   AND line.reconciled IS NOT TRUE AND line.amount_residual <> 0
                   AND NOT (%(is_blocked)s AND line.amount_residual > 0)
                """,
                due=DUE_DATE,
                our_payment=OUR_PAYMENT,
                is_blocked=PAYMENT_BLOCKED,
                join_debtor=JOIN_DEBTOR,
                accounts=tuple(account_ids),
                of_customers=of_customers(partners.ids),
                companies=companies.ids,
            )
        )

    @api.model
    def _read_invoiced(self, partners, companies, since, today):
        """Return {partner id: (first invoice date, last one, sales without taxes since a day)}."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT debtor.commercial_partner_id,
                       MIN(line.invoice_date) FILTER (WHERE line.move_type = 'out_invoice'),
                       MAX(line.invoice_date) FILTER (WHERE line.move_type = 'out_invoice'),
                       COALESCE(SUM(line.amount_untaxed_signed) FILTER (WHERE line.invoice_date > %(since)s), 0)::text
                  FROM account_move line
                  %(join_debtor)s
                 WHERE %(of_customers)s AND line.company_id = ANY(%(companies)s) AND line.state = 'posted'
                   AND line.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                   AND line.invoice_date <= %(today)s
              GROUP BY debtor.commercial_partner_id
                """,
                since=since,
                today=today,
                join_debtor=JOIN_DEBTOR,
                of_customers=of_customers(partners.ids),
                companies=companies.ids,
            )
        )
        return {partner_id: (first, last, Decimal(turnover)) for partner_id, first, last, turnover in rows}

    # === DISPUTES === #

    @api.model
    def _read_disputed_time(self, paid, opened):
        """Return ({item: [Granted]}, {item: amount in an open dispute, in company currency}).

        :param dict paid: see `_read_paid`
        :param dict opened: see `_read_open`
        """
        items = {part.debt.item for parts in (*paid.values(), *opened.values()) for part in parts}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.move_line_id, dispute.date_raised, dispute.date_resolved, line.amount::text,
                       item.balance::text, item.amount_currency::text
                  FROM ar_dispute_line line
                  JOIN ar_dispute dispute ON dispute.id = line.dispute_id
                  JOIN account_move_line item ON item.id = line.move_line_id
                 WHERE line.move_line_id = ANY(%s)
                   AND (dispute.state = ANY(%s)
                        OR dispute.state = ANY(%s) AND line.amount_accepted > 0 AND dispute.date_resolved IS NOT NULL)
                """,
                sorted(items),
                list(OPEN_STATES),
                [ACCEPTED, PARTLY],
            )
        )
        granted, disputed = defaultdict(list), defaultdict(Decimal)
        for item, raised, resolved, amount, balance, in_currency in rows:
            if resolved:
                granted[item].append(Granted(raised, resolved))
            else:
                disputed[item] += proportion(Decimal(balance), Decimal(amount), Decimal(in_currency))
        return granted, disputed
