from odoo import api, fields, models
from odoo.tools import SQL

RECOVERED_TASK = "ar_collections.mail_activity_type_recovered"


class ArWriteOffNight(models.Model):
    """The nightly step of write-offs: money of a customer whose debt was written off becomes a task, once."""

    _inherit = "ar.write.off"

    money_noticed_on = fields.Date(readonly=True, help="Date on which money of the customer was found.")

    @api.model
    def _find_money_company(self, company, today, auto_commit=False):
        """Step of the nightly run: suggest to reverse write-offs of customers who paid after all.

        One query for the company, whatever the number of customers.

        :param date today: the company's date
        :param bool auto_commit: commit batch after batch, as a scheduled action does
        :return: False where the time ran out
        """
        waiting = [("company_id", "=", company.id), ("state", "=", "posted"), ("money_noticed_on", "=", False)]
        if not self.search_count(waiting, limit=1) or not (found := self._select_paid_after_all(company)):
            return True
        run = self.env["ar.nightly"]._batch_run(company, "write_offs", auto_commit)
        return run.over_records(self.browse(found), lambda batch: batch._suggest_reversal(today)).finished

    @api.model
    def _select_paid_after_all(self, company):
        """Return the ids of booked write-offs of customers with money that is not matched, received since then."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT write_off.id
                  FROM ar_write_off write_off
                  JOIN ar_write_off_line line ON line.write_off_id = write_off.id AND line.date_reversed IS NULL
                  JOIN res_partner debtor ON debtor.id = line.partner_id
                  JOIN res_partner payer ON payer.commercial_partner_id = debtor.commercial_partner_id
                  JOIN account_move_line money
                    ON money.partner_id = payer.id AND money.company_id = write_off.company_id
                       AND money.account_id = ANY(%(accounts)s) AND money.parent_state = 'posted'
                       AND money.reconciled IS NOT TRUE AND money.amount_residual < 0
                       AND money.journal_id = ANY(%(journals)s) AND money.date >= write_off.date
                 WHERE write_off.company_id = %(company)s AND write_off.state = 'posted'
                   AND write_off.kind = 'bad_debt' AND write_off.money_noticed_on IS NULL
              ORDER BY write_off.id
                """,
                accounts=self.env["ar.facts"]._get_receivable_account_ids(company),
                journals=self.env["ar.collected"]._get_money_journal_ids(),
                company=company.id,
            )
        )
        return [write_off_id for (write_off_id,) in rows]

    def _suggest_reversal(self, today):
        """Add the task to look at the money, and to reverse the write-off if it is for this debt."""
        for write_off in self:
            owner = write_off._get_task_owner(None) or self.env.user
            write_off.activity_schedule(
                RECOVERED_TASK,
                summary=self.env._("Money came after all: reverse the write-off?"),
                user_id=owner.id,
            )
        self.money_noticed_on = today
