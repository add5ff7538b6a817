from odoo import api, fields, models
from odoo.tools import SQL

from ....core.customers.differences import HALF_A_UNIT


class ArSmallDifference(models.Model):
    """Items of which so little is left that nobody asks for it: roundings, discounts, what the policy tolerates.

    It is a query: nothing is stored. Which items these are is decided where reminders are decided, so the list and the
    reminders always agree.
    """

    _name = "ar.small.difference"
    _inherit = "ar.report.mixin"
    _description = "Small Difference"
    _auto = False
    _order = "date_due, id"
    _rec_name = "move_id"
    _depends = {
        "account.move.line": [
            "account_id", "amount_currency", "amount_residual", "amount_residual_currency", "balance", "company_id",
            "currency_id", "date", "date_maturity", "discount_date", "discount_amount_currency", "move_id",
            "parent_state", "partner_id", "reconciled",
        ],
        "account.partial.reconcile": ["debit_amount_currency", "debit_move_id"],
        "ar.credit.policy": ["tolerance_amount", "tolerance_share"],
        "ar.customer": ["company_id", "partner_id", "policy_id", "user_id"],
    }  # fmt: skip

    company_id = fields.Many2one("res.company", readonly=True)
    customer_id = fields.Many2one("ar.customer", readonly=True)
    collector_id = fields.Many2one("res.users", readonly=True)
    move_id = fields.Many2one("account.move", "Document", readonly=True)
    date_due = fields.Date("Due Date", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    amount_original = fields.Monetary("Original", readonly=True)
    amount_left = fields.Monetary("Remaining", readonly=True)
    amount_company = fields.Monetary(
        "Remaining in Company Currency", readonly=True, currency_field="company_currency_id"
    )
    reason = fields.Selection(
        [("rounding", "Rounding"), ("discount", "Discount taken in time"), ("tolerance", "Within the tolerance")],
        readonly=True,
        help="Why it is not reminded; the tolerance is set on the credit policy.",
    )

    @property
    def _table_query(self):
        """Return the query of the small differences of the user's companies."""
        found = {}
        for company in self.env.companies:
            found.update(self._find_differences(company))
        return SQL(
            """
            SELECT line.id, line.company_id, account.id AS customer_id,
                   %(collector)s AS collector_id, line.move_id,
                   COALESCE(line.date_maturity, line.date) AS date_due, line.currency_id,
                   line.company_currency_id, line.amount_currency AS amount_original,
                   line.amount_residual_currency AS amount_left, line.amount_residual AS amount_company,
                   found.reason
              FROM unnest(%(ids)s::int[], %(reasons)s::varchar[]) AS found(id, reason)
              JOIN account_move_line line ON line.id = found.id
              JOIN res_partner partner ON partner.id = line.partner_id
              JOIN ar_customer account
                ON account.partner_id = partner.commercial_partner_id AND account.company_id = line.company_id
         LEFT JOIN ar_credit_policy policy ON policy.id = account.policy_id
            """,
            collector=self.env["ar.customer"]._get_collector_sql(self.env.companies),
            ids=list(found),
            reasons=list(found.values()),
        )

    @api.model
    def _find_differences(self, company):
        """Return {journal item id: reason} of the company's small differences, see `ar.facts`.

        Only the accounts with an item that was paid in part, or that is small, are looked at.
        """
        facts = self.env["ar.facts"]
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT account.id
                  FROM account_move_line line
                  JOIN res_partner partner ON partner.id = line.partner_id
                  JOIN ar_customer account
                    ON account.partner_id = partner.commercial_partner_id AND account.company_id = line.company_id
                 WHERE line.account_id = ANY(%(accounts)s) AND line.company_id = %(company)s
                   AND line.parent_state = 'posted' AND line.reconciled IS NOT TRUE
                   AND line.amount_residual_currency > 0
                   AND (line.amount_residual_currency < line.amount_currency OR line.amount_residual < %(small)s)
                """,
                accounts=facts._get_receivable_account_ids(company),
                company=company.id,
                small=HALF_A_UNIT,
            )
        )
        # sudo: all of the company are read for the query; which rows a user sees is checked by the model's rule.
        customers = self.env["ar.customer"].sudo().browse(row[0] for row in rows)
        if not customers:
            return {}
        lines = facts._read_open_lines(company, customers.partner_id.ids)
        return facts._find_small_differences(customers, lines)

    def action_open(self):
        """Open the invoice or entry."""
        self.ensure_one()
        return self.move_id._get_records_action()
