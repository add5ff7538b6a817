from odoo import api, models
from odoo.tools import SQL

from ....core.credit.rules import OVERDUE
from ...customers.sql import DUE_DATE, JOIN_DEBTOR
from .ar_customer_status import PROBLEM


class ArCustomerStatusNight(models.Model):
    """What the nightly step of credit control does about statuses, holds and exclusions."""

    _inherit = "ar.customer"

    @api.model
    def _end_exceptions(self, company, today):
        """End exclusions, and holds by persons, whose last day has passed; each says so on the customer's thread."""
        self.env["ar.credit.exclusion"]._end_expired(company, today)
        accounts = self.with_context(active_test=False, tracking_disable=True)
        ended = accounts.search([("company_id", "=", company.id), ("forced_until", "<", today)])
        for account in ended:
            account.message_post(
                body=self.env._("The hold by %s has ended.", account.forced_by_id.name), subtype_xmlid="mail.mt_note"
            )
        ended.write({"forced_until": False, "forced_reason": False, "forced_by_id": False})

    @api.model
    def _finish_statuses(self, company, today, began):
        """Finish the nightly step: ages of holds, and problems of policies that did not occur again.

        :param began: when it began
        """
        self.env["ar.credit.hold"]._refresh_ages(company, today)
        problems = self.env["ar.problem"]._search_open(self.env["ar.credit.policy"], PROBLEM, company)
        problems.filtered(lambda problem: problem.last_on < began)._solve()

    @api.model
    def _find_rated(self, company, today):
        """Return the query of the accounts that a rule can concern although nobody has a limit.

        Those with a status, an insurance, an event that rules count, or an item that is late enough.

        :param company: a company without parent
        """
        self.env.flush_all()
        companies = self.env["ar.facts"]._get_branches(company)
        rules = self.env["ar.credit.rule"].search([("company_id", "=", company.id), ("code", "=", OVERDUE)])
        days = min((rule.days if rule.use_days and rule.needs_all else 0 for rule in rules), default=0)
        account_ids = self.env["ar.facts"]._get_receivable_account_ids(companies) or [0]
        return SQL(
            """
            SELECT rated.id
              FROM ar_customer rated
             WHERE rated.company_id = %(company)s
               AND (rated.credit_status <> 'good' OR rated.insured_amount > 0 OR rated.forced_until IS NOT NULL
                    OR rated.partner_id IN (
                       SELECT owner.partner_id FROM ar_customer owner
                        WHERE owner.id IN (SELECT customer_id FROM ar_promise WHERE state = 'broken'
                                           UNION SELECT customer_id FROM ar_payment_plan WHERE state = 'broken'
                                           UNION SELECT customer_id FROM ar_returned_payment WHERE state = 'returned'))
                    OR rated.partner_id IN (
                       SELECT debtor.commercial_partner_id
                         FROM account_move_line line
                         %(join_debtor)s
                        WHERE line.account_id = ANY(%(accounts)s)
                          AND line.company_id = ANY(%(companies)s)
                          AND line.parent_state = 'posted'
                          AND line.reconciled IS NOT TRUE
                          AND line.amount_residual > 0
                          AND %(due_date)s < %(today)s::date - %(days)s))
            """,
            company=company.id,
            join_debtor=JOIN_DEBTOR,
            accounts=account_ids,
            companies=companies.ids,
            due_date=DUE_DATE,
            today=today,
            days=days,
        )
