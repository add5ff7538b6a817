import datetime

from odoo import api, models
from odoo.tools import SQL

from ..const import CONTACT_STATES
from ..core import promise


class ArTeamBoardMeasures(models.Model):
    """What the board adds up, each measure by customer; the queries know the board's `calendar` and `account`."""

    _inherit = "ar.team.board"

    @api.model
    def _select_ledger(self, companies):
        """Return the query of what customers owe now, as `ar.facts` counts it: credits reduce what is overdue."""
        return SQL(
            """
            SELECT line.company_id, line.partner_id, SUM(line.amount_residual) AS open_amount,
                   GREATEST(0, SUM(CASE WHEN line.amount_residual_currency < 0
                                          OR COALESCE(line.date_maturity, line.date) < calendar.today
                                        THEN line.amount_residual END)) AS overdue
              FROM account_move_line line
              JOIN calendar ON calendar.company_id = line.company_id
             WHERE line.account_id = ANY(%(accounts)s)
               AND line.parent_state = 'posted'
               AND line.reconciled IS NOT TRUE
               AND line.amount_residual_currency <> 0
          GROUP BY line.company_id, line.partner_id
            """,
            accounts=self.env["ar.as.of"]._get_account_ids(companies),
        )

    @api.model
    def _select_cash(self, companies):
        """Return the query of what payments settled, since the week and since the month began."""
        today = min(company._ar_today() for company in companies)
        week_ago = today - datetime.timedelta(days=6)  # weeks begin on different days
        return SQL(
            """
            SELECT paid.company_id, paid.payer_id AS partner_id,
                   SUM(paid.amount) FILTER (WHERE paid.day >= calendar.week_start) AS week,
                   SUM(paid.amount) FILTER (WHERE paid.day >= calendar.month_start) AS month
              FROM (%(payments)s) paid
              JOIN calendar ON calendar.company_id = paid.company_id
             WHERE paid.day BETWEEN LEAST(calendar.week_start, calendar.month_start) AND calendar.today
          GROUP BY paid.company_id, paid.payer_id
            """,
            payments=self.env["ar.collected"]._select_payments(companies, first=min(today.replace(day=1), week_ago)),
        )

    @api.model
    def _select_contacts(self):
        """Return the query of the customers whom a person contacted this week; notices about agreements are none."""
        return SQL(
            """
            SELECT DISTINCT communication.customer_id
              FROM ar_communication communication
              JOIN calendar ON calendar.company_id = communication.company_id
             WHERE communication.date_spoken BETWEEN calendar.week_start AND calendar.today
               AND communication.state IN %s
               AND communication.notice IS NULL
               AND (communication.human OR communication.call_result IS NOT NULL)
            """,
            CONTACT_STATES,
        )

    @api.model
    def _select_promises(self):
        """Return the query of what is promised, and of the promises that were not kept this month."""
        return SQL(
            """
            SELECT promise.customer_id, SUM(promise.amount_company) FILTER (WHERE promise.state = %(open)s) AS promised,
                   COUNT(*) FILTER (WHERE promise.state IN %(not_kept)s AND promise.ended_on >= calendar.month_start)
                       AS broken_count
              FROM ar_promise promise
              JOIN calendar ON calendar.company_id = promise.company_id
             WHERE promise.state = %(open)s OR promise.state IN %(not_kept)s
          GROUP BY promise.customer_id
            """,
            open=promise.OPEN,
            not_kept=tuple(promise.NOT_KEPT),
        )

    @api.model
    def _select_tasks(self):
        """Return the query of the tasks whose day has passed."""
        return SQL(
            """
            SELECT account.id AS customer_id, COUNT(*) AS number
              FROM mail_activity activity
              JOIN account ON account.id = activity.res_id
              JOIN calendar ON calendar.company_id = account.company_id
             WHERE activity.res_model = 'ar.customer' AND activity.active
               AND activity.date_deadline < calendar.today
          GROUP BY account.id
            """
        )
