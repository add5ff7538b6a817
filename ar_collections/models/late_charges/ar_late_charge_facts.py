from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ...core.disputes.dispute import OPEN_STATES
from ...core.late_charges.interest import Change, Debt
from ...core.money import ZERO
from ..customers.sql import DUE_DATE, JOIN_DEBTOR, pg_array
from .ar_late_charge import LIVE
from .late_item import LateFacts, LateItem

#: What settled a `line`, as a short text that changes with it.
SETTLED_BY = SQL(
    """
    COALESCE((SELECT COUNT(*) || '/' || SUM(partial.id) || '/' || MAX(partial.max_date)
                FROM account_partial_reconcile partial WHERE partial.debit_move_id = line.id), '')
    """
)

#: The share of the `move` of a `line` that charges late payment, and bears none itself. The marks of our drafts are not
#: copied with them; their products are.
CHARGE_SHARE = """
    CASE WHEN move.amount_total <> 0
         THEN LEAST(COALESCE((SELECT SUM(part.price_total)
                                FROM account_move_line part
                                JOIN res_company owner ON owner.id = part.company_id
                               WHERE part.move_id = move.id AND part.display_type = 'product'
                                 AND (part.ar_late_charge_id IS NOT NULL
                                      OR part.product_id = ANY(%s::int[])
                                      OR part.product_id IN (owner.ar_late_interest_product_id,
                                                             owner.ar_late_lump_sum_product_id))), 0)
                    / move.amount_total, 1) ELSE 0 END
"""

#: Whether an invoice that charges the `charge` was canceled.
CANCELED = SQL(
    """
    EXISTS (SELECT FROM ar_late_charge_billing billing
              JOIN account_move canceled ON canceled.id = billing.move_id AND canceled.state = 'cancel'
             WHERE billing.charge_id = charge.id)
    """
)


class ArLateChargeFacts(models.Model):
    """Reads what late charges are computed from, a query of each kind for a batch of customers."""

    _inherit = "ar.late.charge"

    @api.model
    def _select_items(self, company, policies, today, customer_ids=None):
        """Return the FROM and WHERE clauses of the late items: open ones, and those settled after their due date.

        What was charged, waived or paid in time is left out until what settled it changes.

        :param policies: those that charge
        :param customer_ids: default: all customers of the company
        """
        return SQL(
            """
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              %(join_debtor)s
              JOIN res_partner partner ON partner.id = debtor.commercial_partner_id
              JOIN ar_customer account ON account.partner_id = partner.id AND account.company_id = line.company_id
              JOIN ar_credit_policy policy ON policy.id = account.policy_id
         LEFT JOIN ar_late_charge charge ON charge.move_line_id = line.id
             WHERE line.account_id = ANY(%(accounts)s) AND line.company_id = %(company)s
               AND line.parent_state = 'posted' AND line.amount_currency > 0
               AND move.move_type IN ('out_invoice', 'out_receipt')
               AND %(due)s >= policy.late_charge_since AND %(due)s < %(today)s
               AND policy.id = ANY(%(policies)s) AND (partner.is_company OR policy.late_charge_persons)
               AND %(of_customers)s
               AND (line.reconciled IS NOT TRUE OR charge.state = ANY(%(live)s)
                    OR (charge.id IS NULL AND EXISTS (
                            SELECT FROM account_partial_reconcile late
                             WHERE late.debit_move_id = line.id AND late.max_date > %(due)s))
                    OR (charge.id IS NOT NULL AND charge.settled_by <> %(settled_by)s)
                    OR (charge.state = 'charged' AND %(canceled)s))
            """,
            join_debtor=JOIN_DEBTOR,
            accounts=self.env["ar.facts"]._get_receivable_account_ids(company),
            company=company.id,
            due=DUE_DATE,
            today=today,
            policies=policies.ids,
            of_customers=SQL("account.id = ANY(%s::int[])", pg_array(customer_ids)) if customer_ids else SQL("TRUE"),
            live=list(LIVE),
            settled_by=SETTLED_BY,
            canceled=CANCELED,
        )

    @api.model
    def _find_customers(self, company, policies, today):
        """Return the ids of the customers whose late charges may change, in their order."""
        self.env.flush_all()
        query = SQL(
            """
            SELECT account.id %s
             UNION SELECT charge.customer_id
                     FROM ar_late_charge charge
                     JOIN account_move move ON move.id = charge.move_id
                    WHERE charge.company_id = %s
                      AND (charge.state = ANY(%s) OR (move.state = 'cancel' AND charge.charged > 0))
          ORDER BY 1
            """,
            self._select_items(company, policies, today),
            company.id,
            list(LIVE),
        )
        return [customer_id for (customer_id,) in self.env.execute_query(query)]

    @api.model
    def _read_items(self, company, policies, today, customer_ids):
        """Return the late items of these customers, oldest due date first.

        :rtype: list[LateItem]
        """
        return self._fetch_items(self._select_items(company, policies, today, customer_ids))

    def _read_own_items(self):
        """Return the items of these charges whatever their state, as far as a policy charges their customers.

        :rtype: list[LateItem]
        """
        return self._fetch_items(
            SQL(
                """
                  FROM ar_late_charge charge
                  JOIN account_move_line line ON line.id = charge.move_line_id AND line.parent_state = 'posted'
                  JOIN account_move move ON move.id = line.move_id
                  JOIN ar_customer account ON account.id = charge.customer_id
                  JOIN res_partner partner ON partner.id = account.partner_id
                  JOIN ar_credit_policy policy ON policy.id = account.policy_id
                   AND policy.late_charge_regime_id IS NOT NULL
                 WHERE charge.id = ANY(%s::int[])
                """,
                pg_array(self.ids),
            )
        )

    @api.model
    def _get_charge_share(self):
        """Return the SQL of the share of a `move` that bears no interest; an override adds other charges."""
        company = self.env["res.company"]
        products = company._ar_get_own_product("product_late_interest")
        products |= company._ar_get_own_product("product_late_lump_sum")
        return SQL(CHARGE_SHARE, pg_array(products.ids))

    @api.model
    def _fetch_items(self, clauses):
        """Return the items of a query, oldest due date first.

        :param SQL clauses: FROM and WHERE
        """
        self.env.flush_all()
        query = SQL(
            """
            SELECT line.id, line.move_id, move.name, account.id, partner.id, policy.id, line.currency_id, %s, %s,
                   line.amount_currency::text, line.amount_residual_currency::text, line.balance::text, (%s)::text
            %s
          ORDER BY %s, line.id
            """,
            DUE_DATE,
            SETTLED_BY,
            self._get_charge_share(),
            clauses,
            DUE_DATE,
        )
        return [LateItem(*row[:9], *map(Decimal, row[9:])) for row in self.env.execute_query(query)]

    @api.model
    def _read_facts(self, items, today):
        """Return what the late charges of these items are computed from.

        :param list[LateItem] items: all late items of their customers
        :rtype: list[LateFacts]
        """
        line_ids = [item.line_id for item in items]
        changes, disputed = self._read_changes(items), self._read_contested_parts(line_ids, today)
        small = self._get_small_losses(items, changes)
        reminded, held, debts = self._read_reminded(items), self._read_held(line_ids), {}
        for item in items:
            share = item.amount * item.charge_share
            debts[item.line_id] = Debt(item.amount, item.due, tuple(changes[item.line_id]), share)
        booked = dict(debts)
        for company, own in self._group_by_company(items).items():
            lines = self.env["ar.facts"]._read_open_lines(company, sorted({item.partner_id for item in own}))
            debts |= self._set_off_credits(lines, debts)
            small |= self._find_small_open(own, lines)
        found = []
        for item in items:
            granted, opened = disputed[item.line_id]
            excluded = booked[item.line_id].excluded + granted
            firm = replace(booked[item.line_id], excluded=excluded)
            excluded += opened + small.get(item.line_id, ZERO)
            debt = replace(debts[item.line_id], excluded=excluded)
            found.append(LateFacts(item, debt, firm, reminded.get(item.line_id), item.line_id in held))
        return found

    @api.model
    def _group_by_company(self, items):
        """Return {company: [LateItem]}."""
        customers = self.env["ar.customer"].browse({item.customer_id for item in items})  # read together
        companies = {customer.id: customer.company_id for customer in customers}
        found = defaultdict(list)
        for item in items:
            found[companies[item.customer_id]].append(item)
        return found

    @api.model
    def _read_changes(self, items):
        """Return {line id: [Change]} of payments, credit notes and losses, from the matches with posted entries."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partial.debit_move_id, partial.max_date, partial.debit_amount_currency::text,
                       note.reversed_entry_id = line.move_id AND note.move_type = 'out_refund',
                       EXISTS (SELECT FROM ar_dispute_line dispute WHERE dispute.credit_note_id = note.id),
                       note.journal_id = ANY(%s::int[])
                  FROM account_partial_reconcile partial
                  JOIN account_move_line line ON line.id = partial.debit_move_id
                  JOIN account_move_line credit ON credit.id = partial.credit_move_id AND credit.parent_state = 'posted'
                  JOIN account_move note ON note.id = credit.move_id
                 WHERE partial.debit_move_id = ANY(%s::int[])
              ORDER BY partial.max_date, partial.id
                """,
                pg_array(self.env["account.journal"]._ar_get_loss_ids()),
                pg_array([item.line_id for item in items]),
            )
        )
        policies = {item.line_id: self.env["ar.credit.policy"].browse(item.policy_id) for item in items}
        changes = defaultdict(list)
        for line_id, day, amount, is_reversal, is_granted, is_loss in rows:
            works_back = is_granted or (is_reversal and policies[line_id].late_charge_credits == "start")
            changes[line_id].append(Change(day, Decimal(amount), bool(works_back), is_loss))
        return changes

    @api.model
    def _read_contested_parts(self, line_ids, today):
        """Return {line id: (granted and not credited yet, disputed and not answered)}."""
        found = defaultdict(lambda: (ZERO, ZERO))
        for line_id, part in self.env["ar.facts"]._read_disputed_parts(line_ids, today):
            granted, opened = found[line_id]
            if part.state in OPEN_STATES:
                opened += part.amount
            else:
                granted += max(part.accepted - max(part.credited, ZERO), ZERO)
            found[line_id] = granted, opened
        return found

    @api.model
    def _read_reminded(self, items):
        """Return {line id: first day on which the reminder of the policy, or a later one, was sent}."""
        policies = self.env["ar.credit.policy"].browse({item.policy_id for item in items})
        if not policies.late_charge_step_id:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT listed.move_line_id, MIN(log.date_sent)
                  FROM ar_communication_line listed
                  JOIN ar_communication log ON log.id = listed.communication_id AND log.state = 'sent'
                  JOIN ar_reminder_step step ON step.id = listed.step_id
                  JOIN unnest(%s::int[], %s::int[]) item (line_id, policy_id) ON item.line_id = listed.move_line_id
                  JOIN ar_credit_policy policy ON policy.id = item.policy_id
                  JOIN ar_reminder_step first ON first.id = policy.late_charge_step_id
                 WHERE step.days >= first.days
              GROUP BY listed.move_line_id
                """,
                pg_array([item.line_id for item in items]),
                pg_array([item.policy_id for item in items]),
            )
        )
        return {line_id: day for line_id, day in rows if day}
