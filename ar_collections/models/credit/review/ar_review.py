from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ....core.credit.limit import AMOUNT
from ....core.credit.review import DataFacts, Records, ReviewRules, find_without_vat
from ...customers.sql import pg_array
from . import vat

#: A customer with an invoice of the last year is in use, also where nothing is open.
IN_USE_DAYS = 365


class ArReview(models.AbstractModel):
    """Reads the facts about the data of customers: one SQL query of each kind for a whole batch.

    Reviewed are accounts that are in use: with a balance, a limit, or an invoice of the last year. What concerns the
    contact itself is reviewed with the account of the root company where there is one, so that it is listed once.
    """

    _name = "ar.review"
    _description = "Review of Customer Data"

    @api.model
    def _select_in_use(self, company, today):
        """Return the query of the accounts of a company that are in use: (id, partner id)."""
        return SQL(
            """
            SELECT account.id, account.partner_id
              FROM ar_customer account
             WHERE account.company_id = %(company)s AND account.active AND account.merged_into_id IS NULL
               AND account.partner_id IS NOT NULL
               AND (account.balance <> 0 OR account.overdue <> 0 OR account.credits <> 0
                    OR account.credit_limit_kind <> 'none'
                    OR EXISTS (SELECT 1
                                 FROM account_move_line line
                                WHERE line.partner_id = account.partner_id AND line.company_id = %(company)s
                                  AND line.account_id = ANY(%(accounts)s::int[]) AND line.parent_state = 'posted'
                                  AND (line.reconciled IS NOT TRUE OR line.date > %(since)s)))
          ORDER BY account.id
            """,
            company=company.id,
            accounts=pg_array(self.env["ar.facts"]._get_receivable_account_ids(company)),
            since=today - timedelta(days=IN_USE_DAYS),
        )

    @api.model
    def _read_rules(self, company, partner_ids):
        """Return what the company expects of its customers.

        Missing payment terms are a finding only where most customers have some; VAT numbers, where most business
        customers of the country have one.

        :param partner_ids: of the customers in use
        :rtype: core.credit.review.ReviewRules
        """
        partners = self.env["res.partner"].with_company(company)
        ((number, with_terms),) = self.env.execute_query(
            SQL(
                "SELECT COUNT(*), COUNT(%s) FROM res_partner partner WHERE partner.id = ANY(%s::int[])",
                partners._field_to_sql("partner", "property_payment_term_id"),
                pg_array(partner_ids),
            )
        )
        return ReviewRules(
            company.ar_review_credit_days,
            company.ar_confirm_months,
            2 * with_terms > number,
            find_without_vat(self._count_vat_numbers(partner_ids)),
        )

    @api.model
    def _count_vat_numbers(self, partner_ids):
        """Return {country code: (companies with a VAT number, all companies)}; a slash is an entry, too."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(country.code, ''), COUNT(*) FILTER (WHERE TRIM(partner.vat) <> ''), COUNT(*)
                  FROM res_partner partner
             LEFT JOIN res_country country ON country.id = partner.country_id
                 WHERE partner.id = ANY(%s::int[]) AND partner.is_company
              GROUP BY 1
                """,
                pg_array(partner_ids),
            )
        )
        return {country: (with_number, number) for country, with_number, number in rows}

    # === FACTS === #

    @api.model
    def _read(self, customers, today, duplicates):
        """Return the facts of customers of one company.

        :param customers: `ar.customer` recordset of one company
        :param dict duplicates: see `_read_duplicates`
        :return: {customer id: core.credit.review.DataFacts}
        """
        if not customers:
            return {}
        company = customers.company_id.ensure_one()
        self.env.flush_all()
        values = {row["id"]: row for row in self._read_accounts(customers, company)}
        reached = self._read_reached(customers)
        invoices = self._read_invoices(customers, company, today)
        failed = self._read_failed_invoices(customers, company)
        credits = self._read_credits(customers, company)
        return {
            customer.id: self._make_facts(
                values[customer.id],
                duplicates=duplicates.get(customer.partner_id.id, ()),
                invoices=invoices.get(customer.partner_id.id, {}),
                sending_failed=failed.get(customer.partner_id.id, Records()),
                credits=credits.get(customer.partner_id.id, (Records(), None)),
                reached=reached[customer.id],
            )
            for customer in customers
        }

    @api.model
    def _make_facts(self, row, duplicates, invoices, sending_failed, credits, reached):
        """Return the facts of one customer from the rows of the queries.

        :rtype: core.credit.review.DataFacts
        """
        unreached, failed, blocked = reached
        archived = [*([] if row["active"] else [row["partner_id"]]), *invoices.get("archived", ())]
        return DataFacts(
            is_main=row["is_main"],
            is_company=row["is_company"],
            unreached=unreached,
            failed=failed,
            blocked=blocked,
            has_phone=row["has_phone"],
            archived=tuple(dict.fromkeys(archived)),
            vat=row["vat"],
            country=row["country"],
            has_vat=vat.has_vat(row["country"]),
            is_vat_valid=self._is_vat_valid(row["vat"], row["country"]),
            duplicates=duplicates,
            unsent=invoices.get("unsent", Records()),
            sending_failed=sending_failed,
            other_name=invoices.get("other_name", Records()),
            credits=credits[0],
            oldest_credit=credits[1],
            has_terms=row["has_terms"],
            has_limit=row["is_main"] and row["credit_limit_kind"] == AMOUNT,
            review_on=row["credit_review_on"],
            known_on=row["known_on"],
        )

    @api.model
    def _is_vat_valid(self, number, country):
        """Return whether a VAT number is well-formed; ``None`` where that is not known.

        What Odoo's own check accepts, where it is installed, is right, too.
        """
        if not number:
            return None
        valid = vat.is_valid(number, country)
        partners = self.env["res.partner"]
        if valid is False and country and hasattr(partners, "_check_vat_number"):
            compact = number.replace(" ", "").upper()
            forms = (number, compact.removeprefix(country))
            is_doubled = compact.startswith(2 * country)
            return not is_doubled and any(partners._check_vat_number(country, form) for form in forms)
        return valid

    @api.model
    def _read_accounts(self, customers, company):
        """Return the values of accounts and contacts: a dict for each customer."""
        partners = self.env["res.partner"].with_company(company)
        query = SQL(
            """
            SELECT account.id, account.partner_id, partner.active, COALESCE(partner.is_company, FALSE) AS is_company,
                   COALESCE(partner.vat, '') AS vat, COALESCE(country.code, '') AS country,
                   account.credit_limit_kind, account.credit_review_on,
                   COALESCE(account.data_confirmed_on, %(created)s) AS known_on,
                   %(terms)s IS NOT NULL AS has_terms,
                   EXISTS (SELECT 1 FROM res_partner contact
                            WHERE contact.commercial_partner_id = partner.id
                              AND (contact.active OR contact.id = partner.id)
                              AND COALESCE(contact.phone, '') <> '') AS has_phone,
                   NOT EXISTS (SELECT 1 FROM ar_customer main
                                WHERE main.partner_id = account.partner_id AND main.company_id = %(root)s
                                  AND main.id <> account.id AND main.active AND main.merged_into_id IS NULL) AS is_main
              FROM ar_customer account
              JOIN res_partner partner ON partner.id = account.partner_id
              JOIN (%(zones)s) zone ON zone.company_id = account.company_id
         LEFT JOIN res_country country ON country.id = partner.country_id
             WHERE account.id = ANY(%(customers)s::int[])
            """,
            created=company._ar_sql_day(SQL("partner.create_date")),
            zones=company._ar_select_zones(),
            terms=partners._field_to_sql("partner", "property_payment_term_id"),
            root=company.root_id.id,
            customers=pg_array(customers.ids),
        )
        names = ("id", "partner_id", "active", "is_company", "vat", "country", "credit_limit_kind", "credit_review_on",
                 "known_on", "has_terms", "has_phone", "is_main")  # fmt: skip
        return [dict(zip(names, row, strict=True)) for row in self.env.execute_query(query)]
