from odoo import api, models
from odoo.tools import SQL

from ...customers.sql import pg_array


class ArCreditTermsNight(models.Model):
    """The nightly step of announced terms: customers are told once, and on their day the terms become the policy's."""

    _inherit = "ar.credit.terms"

    @api.model
    def _announce_company(self, company, today, auto_commit=False):
        """Step of the nightly run: prepare notices that are missing, and apply the terms whose day has come.

        Who comes to the policy before that day is told, too. Nothing is sent while collections are not active.

        :param date today: the company's date
        :param bool auto_commit: commit batch after batch, as a scheduled action does
        :return: False where the time ran out
        """
        announced = self.search(
            [("company_id", "=", company.id), ("state", "=", "announced"), ("applied_on", "=", False)],
            order="applies_from, id",
        )
        run = self.env["ar.nightly"]._batch_run(company, "terms", auto_commit)
        for terms in announced.filtered(lambda terms: terms.applies_from > today and company.ar_active):
            left = terms._get_concerned() - terms.notice_ids.customer_id
            if not run.over_records(left, terms._tell).finished:
                return False
        begun = announced.filtered(lambda terms: terms.applies_from <= today)
        return run.over_records(begun, lambda batch: batch._apply(today)).finished

    def _apply(self, today):
        """Make these terms those of their policies; the nightly run calls it on their first day."""
        for terms in self:
            terms.policy_id._copy_terms(terms, "text", terms.policy_id, "terms")
            terms.write({"state": "applied", "applied_on": today})

    def _get_concerned(self):
        """Return the accounts that are told: customers in use that have this policy.

        :return: `ar.customer` recordset
        """
        self.ensure_one()
        self.env.flush_all()
        today = self.company_id._ar_today()
        query = SQL(
            """
            SELECT in_use.id
              FROM (%s) AS in_use (id, partner_id)
              JOIN ar_customer account ON account.id = in_use.id
              JOIN res_partner partner ON partner.id = account.partner_id AND partner.active
             WHERE account.policy_id = ANY(%s::int[])
          ORDER BY in_use.id
            """,
            self.env["ar.review"]._select_in_use(self.company_id, today),
            pg_array(self.policy_id.ids),
        )
        return self.env["ar.customer"].browse(number for (number,) in self.env.execute_query(query))

    def _tell(self, customers):
        """Tell these customers by email; who has no address that works is counted, and listed under Data Review."""
        self.ensure_one()
        recipients = self.env["ar.facts"]._read_recipients(customers)
        notices = self.env["ar.credit.terms.notice"].create(
            [
                {
                    "terms_id": self.id,
                    "customer_id": customer.id,
                    "is_told": any(row["usable"] for row in recipients[customer.id]),
                }
                for customer in customers
            ]
        )
        # What a person announced is no reminder: it uses no contact limit, and reaches customers who are excluded.
        self.env["ar.outreach"]._notify(notices.filtered("is_told"), "terms_announced", is_manual=True)
