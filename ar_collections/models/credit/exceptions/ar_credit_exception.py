from odoo import api, fields, models
from odoo.tools import SQL

from ....const import CREDIT_EXCEPTIONS, CREDIT_RULES, CREDIT_SCOPES

#: Models that hold the exceptions, in the order of the parts of the query; an id is the number of a row times three.
SOURCES = ("ar.customer.exception", "ar.credit.exclusion", "ar.credit.release")

STATES = [("open", "Open"), ("ended", "Ended")]


class ArCreditException(models.Model):
    """All exceptions in one list: what is allowed or forbidden although the rules say otherwise, by whom, until when.

    A query over three tables: exclusions from credit rules, releases of documents, and the history of the fields of
    accounts. A release ends once its document is confirmed, as far as anybody can tell.
    """

    _name = "ar.credit.exception"
    _inherit = ["ar.report.mixin", "ar.access.mixin"]
    _description = "Exception"
    _auto = False
    _order = "state desc, until, id desc"
    _rec_name = "kind"
    _depends = {
        "ar.customer.exception": ["customer_id", "kind", "value", "reason", "user_id", "since", "until", "ended_on"],
        "ar.credit.exclusion": [
            "company_id", "code", "scope", "customer_id", "policy_id", "reason", "user_id", "until", "ended_on",
        ],
        "ar.credit.release": ["res_model", "res_id", "customer_id", "reason", "user_id", "amount", "document_name"],
        "ar.customer": ["company_id", "partner_id", "policy_id", "user_id"],
        "ar.credit.policy": ["user_id"],
        "account.move": ["state"],
    }  # fmt: skip

    kind = fields.Selection(CREDIT_EXCEPTIONS, "Exception", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    customer_id = fields.Many2one("ar.customer", "Customer Account", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    policy_id = fields.Many2one("ar.credit.policy", "Segment", readonly=True, help="Exclusions: for these customers.")
    scope = fields.Selection(CREDIT_SCOPES, "For", readonly=True)
    collector_id = fields.Many2one("res.users", readonly=True)
    code = fields.Selection(CREDIT_RULES, "Rule", readonly=True)
    value = fields.Char(readonly=True)
    amount = fields.Monetary(readonly=True, help="Of releases: up to this amount.")
    about = fields.Char(
        compute="_compute_about", help="The rule, risk class, policy, limit or document that the exception is about."
    )
    reason = fields.Text(readonly=True)
    user_id = fields.Many2one("res.users", "Granted by", readonly=True)
    since = fields.Date(readonly=True)
    until = fields.Date("Last Day", readonly=True, help="Last day with the exception; empty: until somebody ends it.")
    ended_on = fields.Date("Ended on", readonly=True, help="First day without the exception.")
    state = fields.Selection(STATES, readonly=True)

    @api.depends("kind", "customer_id", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for exception in self:
            whom = exception.partner_id.display_name or exception.policy_id.display_name
            exception.display_name = ": ".join(filter(None, (labels.get(exception.kind), whom)))

    @api.depends("code", "value", "kind", "customer_id")
    @api.depends_context("lang")
    def _compute_about(self):
        rules = dict(self._fields["code"]._description_selection(self.env))
        for exception in self:
            account = exception.sudo().customer_id  # only for its currency
            exception.about = rules.get(exception.code) or account._get_exception_text(exception.kind, exception.value)

    # === SQL === #

    @property
    def _table_query(self):
        """Return the query of all kinds in the user's companies and their root companies."""
        companies = self.env.companies.sudo()  # who works for a branch sees what counts for it
        ids = (companies | companies.root_id).ids
        parts = (self._select_fields(ids), self._select_exclusions(ids), self._select_releases(ids))
        return SQL(
            """
            SELECT found.*, account.partner_id, %s AS collector_id
              FROM (%s) found
         LEFT JOIN ar_customer account ON account.id = found.customer_id
         LEFT JOIN ar_credit_policy policy ON policy.id = account.policy_id
            """,
            self.env["ar.customer"]._get_collector_sql(companies | companies.root_id),
            SQL(" UNION ALL ").join(parts),
        )

    @api.model
    def _select_fields(self, company_ids):
        """Return the query of what the fields of accounts say and said."""
        return SQL(
            """
            SELECT id * 3 AS id, kind, company_id, customer_id, NULL::int AS policy_id, 'customer' AS scope,
                   NULL AS code, value, NULL::numeric AS amount, reason, user_id, since, until, ended_on,
                   CASE WHEN ended_on IS NULL THEN 'open' ELSE 'ended' END AS state
              FROM ar_customer_exception
             WHERE company_id = ANY(%s)
            """,
            company_ids,
        )

    @api.model
    def _select_exclusions(self, company_ids):
        """Return the query of the exclusions from credit rules; those whose last day has passed are over."""
        return SQL(
            """
            SELECT exclusion.id * 3 + 1, 'exclusion', exclusion.company_id, exclusion.customer_id, exclusion.policy_id,
                   exclusion.scope, exclusion.code, NULL, NULL, exclusion.reason, exclusion.user_id,
                   %s, exclusion.until, exclusion.ended_on,
                   CASE WHEN exclusion.ended_on IS NULL AND exclusion.until >= today.today THEN 'open' ELSE 'ended' END
              FROM ar_credit_exclusion exclusion
              JOIN (%s) zone ON zone.company_id = exclusion.company_id
              JOIN (%s) today ON today.company_id = exclusion.company_id
             WHERE exclusion.company_id = ANY(%s)
            """,
            self.env["res.company"]._ar_sql_day(SQL("exclusion.create_date")),
            self.env["res.company"]._ar_select_zones(),
            self._select_todays(company_ids),
            company_ids,
        )

    @api.model
    def _select_releases(self, company_ids):
        """Return the query of the releases of documents: open while the document is not confirmed."""
        waiting = [
            SQL("SELECT %s AS model, id FROM (%s) document", name, self.env[name]._ar_select_waiting())
            for name in self._get_document_models()
        ]
        return SQL(
            """
            SELECT release.id * 3 + 2, 'release', release.company_id, release.customer_id, NULL, 'customer', NULL,
                   release.document_name, release.amount, release.reason, release.user_id, %s,
                   NULL, NULL, CASE WHEN waiting.id IS NULL THEN 'ended' ELSE 'open' END
              FROM ar_credit_release release
              JOIN (%s) zone ON zone.company_id = release.company_id
         LEFT JOIN (%s) waiting ON waiting.model = release.res_model AND waiting.id = release.res_id
             WHERE release.company_id = ANY(%s)
            """,
            self.env["res.company"]._ar_sql_day(SQL("release.create_date")),
            self.env["res.company"]._ar_select_zones(),
            SQL(" UNION ALL ").join(waiting),
            company_ids,
        )

    @api.model
    def _select_todays(self, company_ids):
        """Return the query (company_id, today) of these companies, each by its own time zone."""
        companies = self.env["res.company"].sudo().browse(company_ids)  # as in `_table_query`
        return SQL(
            "SELECT * FROM unnest(%s::int[], %s::date[]) AS day (company_id, today)",
            company_ids,
            [company._ar_today() for company in companies],
        )

    @api.model
    def _get_document_models(self):
        """Return the names of the models of documents that credit control may hold."""
        mixin = self.env.registry["ar.credit.document.mixin"]
        return sorted(
            name for name, model in self.env.registry.items() if issubclass(model, mixin) and not model._abstract
        )

    # === OPEN === #

    def _get_source(self):
        """Return the record that holds the exception."""
        self.ensure_one()
        number, source = divmod(self.id, len(SOURCES))
        return self.env[SOURCES[source]].browse(number)

    def action_open(self):
        """Open where the exception is changed or ended: the exclusion, the document, or the customer's account."""
        self.ensure_one()
        self._require("auditor")
        source = self._get_source()
        if source._name == "ar.credit.release":
            return source.action_open_document()
        if source._name == "ar.credit.exclusion":
            return {
                "type": "ir.actions.act_window",
                "res_model": source._name,
                "res_id": source.id,
                "views": [(False, "form")],
            }
        return source.customer_id._get_form_action()

    def action_open_customer(self):
        """Open the customer's account."""
        self.ensure_one()
        self._require("auditor")
        return self.customer_id._get_form_action()
