from odoo import api, fields, models
from odoo.tools import SQL

from ...core.customers.aging import BY_DUE_DATE
from ...formats import format_date
from ..customers.ledger.ar_as_of import BASES
from ..customers.optional_float import OptionalInteger

BUCKETS = [
    ("0", "Not due"),
    ("1", "1-30 days"),
    ("2", "31-60 days"),
    ("3", "61-90 days"),
    ("4", "91-120 days"),
    ("5", "More than 120 days"),
    ("credit", "Credit"),
]

LATE = ("late_1", "late_2", "late_3", "late_4", "late_5")


class ArAgingItem(models.Model):
    """The aging report: the items open at the end of a day, each with its amount in the column of its age.

    It is a query: nothing is stored. The day comes from the context, so that lists, pivots, graphs and exports agree:

    - ``ar_aging_date``: the day, as text; default: the company's today
    - ``ar_aging_basis``: the date from which items age, ``due`` (default) or ``invoice``

    ``residual`` and the columns of ages are in company currency, ``residual_currency`` in that of the item.
    """

    _name = "ar.aging.item"
    _inherit = "ar.report.mixin"
    _description = "Aged Receivables Item"
    _auto = False
    _order = "due_date, id"
    _rec_name = "name"
    _depends = {
        "account.journal": ["type"],
        "account.move": ["state", "move_type", "name", "invoice_user_id", "journal_id", "reversed_entry_id"],
        "account.move.line": [
            "account_id", "amount_currency", "amount_residual", "amount_residual_currency", "ar_follow_up",
            "company_id", "currency_id", "date", "date_maturity", "invoice_date", "journal_id", "move_id",
            "parent_state", "partner_id", "reconciled",
        ],
        "account.partial.reconcile": [
            "amount", "credit_amount_currency", "credit_move_id", "debit_amount_currency", "debit_move_id", "max_date",
        ],
        "ar.credit.policy": ["user_id"],
        "ar.customer": ["company_id", "partner_id", "payer_id", "policy_id", "user_id"],
        "res.partner": ["commercial_partner_id", "country_id"],
    }  # fmt: skip

    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    customer_id = fields.Many2one("ar.customer", "Customer Account", readonly=True)
    payer_id = fields.Many2one(
        "ar.customer", readonly=True, help="Who pays for the customer: another one, or the customer itself."
    )
    move_id = fields.Many2one("account.move", "Entry", readonly=True)
    name = fields.Char("Number", readonly=True)
    invoice_date = fields.Date(readonly=True)
    due_date = fields.Date(readonly=True)
    days_late = OptionalInteger(
        readonly=True, aggregator="max", help="Number of days overdue; negative before the due date."
    )
    bucket = fields.Selection(BUCKETS, "Age", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    residual_currency = fields.Monetary("Amount due in currency", readonly=True, aggregator=None)
    residual = fields.Monetary("Open Amount", readonly=True, currency_field="company_currency_id")
    not_due = fields.Monetary(readonly=True, currency_field="company_currency_id")
    late_1 = fields.Monetary("1-30 days", readonly=True, currency_field="company_currency_id")
    late_2 = fields.Monetary("31-60 days", readonly=True, currency_field="company_currency_id")
    late_3 = fields.Monetary("61-90 days", readonly=True, currency_field="company_currency_id")
    late_4 = fields.Monetary("91-120 days", readonly=True, currency_field="company_currency_id")
    late_5 = fields.Monetary("More than 120 days", readonly=True, currency_field="company_currency_id")
    credits = fields.Monetary(readonly=True, currency_field="company_currency_id")
    collector_id = fields.Many2one("res.users", readonly=True)
    policy_id = fields.Many2one("ar.credit.policy", "Credit Policy", readonly=True)
    salesperson_id = fields.Many2one("res.users", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Override of `base` to label the aging buckets with the company's own limits."""
        descriptions = super().fields_get(allfields, attributes)
        names = self.env.company._ar_aging_names()
        for name, label in zip(LATE, names[1:], strict=True):
            if "string" in descriptions.get(name, {}):
                descriptions[name]["string"] = label
        if "selection" in descriptions.get("bucket", {}):
            selection = descriptions["bucket"]["selection"]
            descriptions["bucket"]["selection"] = [
                (code, names[int(code)] if code.isdecimal() else label) for code, label in selection
            ]
        return descriptions

    @property
    def _table_query(self):
        """Return the query of the items of the user's companies that were open on the day of the context."""
        as_of = self.env["ar.as.of"]
        companies = self.env.companies
        return SQL(
            "SELECT item.*, %(columns)s FROM (%(items)s) item",
            columns=SQL(
                """
                COALESCE(item.age::text, 'credit') AS bucket,
                CASE WHEN item.age IS NOT NULL AND item.is_our_payment IS NOT TRUE
                     THEN %(day)s - item.due_date END AS days_late,
                CASE WHEN item.age = 0 THEN item.residual END AS not_due,
                %(late)s,
                CASE WHEN item.age IS NULL THEN item.residual END AS credits
                """,
                day=self._get_day(),
                late=SQL(", ").join(
                    SQL("CASE WHEN item.age = %s THEN item.residual END AS %s", number, SQL.identifier(name))
                    for number, name in enumerate(LATE, 1)
                ),
            ),
            items=SQL(
                """
                SELECT open_line.id, open_line.company_id, company.currency_id AS company_currency_id,
                       open_line.customer_partner_id AS partner_id, account.id AS customer_id,
                       COALESCE(account.payer_id, account.id) AS payer_id, open_line.move_id,
                       move.name, open_line.invoice_date, open_line.due_date, open_line.currency_id,
                       open_line.residual_currency, open_line.residual, open_line.is_our_payment,
                       %(collector)s AS collector_id, account.policy_id,
                       move.invoice_user_id AS salesperson_id, open_line.country_id, %(bucket)s AS age
                  FROM %(lines)s
             LEFT JOIN res_company company ON company.id = open_line.company_id
                """,
                collector=self.env["ar.customer"]._get_collector_sql(companies),
                bucket=as_of._bucket(self._get_day(), self._get_basis(), self.env.company._ar_aging_edges()),
                lines=as_of._from_open_lines(companies, self._get_day()),
            ),
        )

    @api.model
    def _get_day(self):
        return fields.Date.to_date(self.env.context.get("ar_aging_date")) or self.env.company._ar_today()

    @api.model
    def _get_basis(self):
        basis = self.env.context.get("ar_aging_basis")
        return basis if basis in BASES else BY_DUE_DATE

    @api.model
    def _get_title(self, day, basis):
        """Return what the report is called: its day, and the date from which items age unless it is the due date."""
        values = {"date": format_date(self.env, day)}
        if basis == BY_DUE_DATE:
            return self.env._("Aged receivables as of %(date)s", **values)
        return self.env._("Aged receivables as of %(date)s, by invoice date", **values)

    @api.model
    def _get_export_title(self):
        """Override to name day and companies, without which one aging looks like another."""
        companies = ", ".join(self.env.companies.mapped("name"))
        return f"{self._get_title(self._get_day(), self._get_basis())}, {companies}"

    @api.model
    def _get_action(self, company, day, basis=BY_DUE_DATE):
        """Return the action that shows a company's open items as of a day, grouped by customer.

        :param str basis: ``due`` or ``invoice``, see the class
        """
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_aging_item_action")
        context = {
            "ar_aging_date": fields.Date.to_string(day),
            "ar_aging_basis": basis,
            "search_default_group_customer": 1,
            # Companies may have different buckets: the columns are those of this company.
            "allowed_company_ids": company.ids,
        }
        name = self._get_title(day, basis)
        return dict(action, context=context, domain=[("company_id", "=", company.id)], name=name, display_name=name)

    def action_open(self):
        """Open the invoice or entry."""
        return self._get_entry_action()
