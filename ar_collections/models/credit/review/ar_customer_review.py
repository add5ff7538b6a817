from collections import Counter

from odoo import api, models

from ....core.credit.review import DUPLICATES, find


class ArCustomerReview(models.Model):
    """The nightly review of the data of customers."""

    _inherit = "ar.customer"

    @api.model
    def _review_data_company(self, company, today, auto_commit=False):
        """Step of the nightly run: review all customers of a company, once a day.

        :param date today: the company's date
        :param bool auto_commit: commit batch after batch, as a scheduled action does
        :return: False where the time ran out
        """
        if company.ar_reviewed_on == today:
            return True
        review = self.env["ar.review"]
        self.env.flush_all()
        in_use = dict(self.env.execute_query(review._select_in_use(company, today)))
        rules = review._read_rules(company, in_use.values())
        duplicates = review._read_duplicates(company, in_use.values())
        findings = self.env["ar.data.finding"].search([("company_id", "=", company.id), ("state", "!=", "solved")])
        accounts = self.with_context(active_test=False, tracking_disable=True)
        customers = accounts.browse(sorted({*in_use, *findings.customer_id.ids}))

        def work(batch):
            used = batch.filtered(lambda customer: customer.id in in_use)
            return batch._store_findings(used._review_data(rules, duplicates, today), today)

        finished = customers._go_on_with("review", company, today, work, auto_commit)
        if finished and not company._ar_has_left("review"):
            company.ar_reviewed_on = today
        return finished

    def _review_now(self):
        """Review these customers at once, after somebody corrected their data."""
        for company, customers in self.with_context(active_test=False).grouped("company_id").items():
            today, review = company._ar_today(), self.env["ar.review"].with_company(company)
            self.env.flush_all()
            in_use = dict(self.env.execute_query(review._select_in_use(company, today)))
            rules = review._read_rules(company, in_use.values())
            duplicates = review._read_duplicates(company, in_use.values())
            used = customers.filtered(lambda customer, in_use=in_use: customer.id in in_use)
            customers._store_findings(used._review_data(rules, duplicates, today), today)

    def _review_data(self, rules, duplicates, today):
        """Return the findings: {(customer, code): details}.

        :param core.credit.review.ReviewRules rules: of the company
        :param dict duplicates: see `ar.review._read_duplicates`
        """
        facts = self.env["ar.review"]._read(self, today, duplicates)
        return {
            (customer, found.code): _get_details(found)
            for customer in self
            for found in find(facts[customer.id], rules, today)
        }

    def _store_findings(self, found, today):
        """Open, update and end the findings of these customers; what did not change is not written.

        :param dict found: see `_review_data`
        :return: Counter of the findings that are new
        """
        findings = self.env["ar.data.finding"]
        known = findings.search([("customer_id", "in", self.ids), ("state", "!=", "solved")])
        by_key = {(finding.customer_id, finding.code): finding for finding in known}
        for key, finding in by_key.items():
            if key in found and finding.details != found[key]:
                finding.details = found[key]
        known.filtered(lambda finding: (finding.customer_id, finding.code) not in found)._solve(today)
        known.filtered(lambda f: f.state == "ignored" and f.ignored_until <= today)._reopen()
        new = [(customer, code) for customer, code in found if (customer, code) not in by_key]
        findings.create(
            [
                {
                    "customer_id": customer.id,
                    "company_id": customer.company_id.id,
                    "code": code,
                    "details": found[customer, code],
                    "since": today,
                }
                for customer, code in new
            ]
        )
        return Counter(code for _customer, code in new)

    # === MERGING === #

    def _drop_duplicates(self, others):
        """Override to end the findings of the other accounts, and those that two are the same: the night looks anew."""
        result = super()._drop_duplicates(others)
        # sudo: no role has write access to findings.
        findings = self.env["ar.data.finding"].sudo()
        opened = findings.search([("customer_id", "in", (self | others).ids), ("state", "!=", "solved")])
        over = opened.filtered(lambda finding: finding.customer_id in others or finding.code in DUPLICATES)
        over._solve(self.company_id._ar_today())
        self.env.flush_all()
        return result


def _get_details(found):
    """Return what a finding is about, as it is stored: empty parts are left out.

    :param core.credit.review.Found found: what the rules found
    """
    details = {"ids": list(found.ids), "number": found.number, "texts": list(found.texts)}
    return {name: value for name, value in details.items() if value} or False
