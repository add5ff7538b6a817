from odoo import fields, models
from odoo.tools import SQL

from ...const import MATCH_CODES
from ...core.matching import matching
from ...core.money import ZERO, to_decimal
from ...formats import format_amount
from ..customers.sql import pg_array
from .ar_facts_payments import BY_ACCOUNT, BY_NAME, BY_PARTNER, BY_REFERENCE

KINDS = [
    ("payment", "Payment"),
    ("credit_note", "Credit note"),
    ("statement", "Bank statement line"),
    ("entry", "Journal entry"),
]

BASES = [
    (BY_PARTNER, "Customer"),
    (BY_ACCOUNT, "Bank account"),
    (BY_REFERENCE, "Invoice number"),
    (BY_NAME, "Name of the payer"),
]

#: Of this many items a suggestion names the numbers; of more it says how many there are.
NAMED_ITEMS = 3


class ArUnmatchedPayment(models.Model):
    """The queue "Match First": money that came in and is not matched with invoices. It is a query: nothing is stored.

    - open credits of trade receivable accounts: payments on account, credit notes, other entries
    - bank statement lines that are not reconciled and belong to a customer, see `ar.facts._attribute`

    Each row suggests what the money was probably paid for, see `core/matching/matching.py`; where its reference names
    an invoice of another company of the group, that one. A bank statement line of a payer may be for the items of all
    customers that it pays for.
    """

    _name = "ar.unmatched.payment"
    _inherit = ["ar.report.mixin", "ar.access.mixin"]
    _description = "Unmatched Payment"
    _auto = False
    _order = "date, id"
    _rec_name = "reference"
    _depends = {
        "account.move.line": [
            "account_id", "amount_residual_currency", "company_id", "create_date", "currency_id", "date", "move_id",
            "parent_state", "partner_id", "reconciled",
        ],
        "account.move": ["date", "move_type", "name", "origin_payment_id", "ref", "statement_line_id", "state"],
        "account.payment": ["memo"],
        "account.bank.statement.line": ["is_reconciled", "move_id", "partner_id", "partner_name", "payment_ref"],
        "ar.customer": ["company_id", "partner_id"],
        "res.company": ["partner_id", "resource_calendar_id"],
        "res.partner": ["commercial_partner_id", "tz"],
        "resource.calendar": ["tz"],
    }  # fmt: skip

    kind = fields.Selection(KINDS, "Type", readonly=True)
    move_line_id = fields.Many2one("account.move.line", "Journal Item", readonly=True)
    statement_line_id = fields.Many2one("account.bank.statement.line", "Bank Statement Line", readonly=True)
    move_id = fields.Many2one("account.move", "Journal Entry", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    customer_id = fields.Many2one("ar.customer", "Customer Account", readonly=True)
    collector_id = fields.Many2one(related="customer_id.collector_id")
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(readonly=True, help="What is not matched yet.")
    date = fields.Date(readonly=True, help="Date on which the money arrived.")
    booked_on = fields.Date("Booked on", readonly=True, help="Date on which it was entered into the books.")
    reference = fields.Char(readonly=True)
    payer = fields.Char(readonly=True, help="Name of the payer on the bank statement.")
    basis = fields.Selection(BASES, "Found by", readonly=True, help="How the money was attributed to the customer.")

    days_waiting = fields.Integer(compute="_compute_days_waiting", help="Days since it was entered into the books.")
    open_item_count = fields.Integer("Open Items", compute="_compute_suggestion")
    suggestion_code = fields.Selection(MATCH_CODES, "Reason", compute="_compute_suggestion")
    suggestion_text = fields.Char("Suggestion", compute="_compute_suggestion")
    suggestion_key = fields.Char(compute="_compute_suggestion", help="Identifies the suggestion as it is shown.")
    target_ids = fields.Many2many("account.move.line", "Items", compute="_compute_suggestion")

    # === SQL === #

    @property
    def _table_query(self):
        """Return the query of both kinds; ids are those of the journal items times 2, of statement lines plus 1."""
        return SQL("%s UNION ALL %s", self._select_credits(), self._select_statement_lines())

    def _select_credits(self):
        """Return the query of the open credits in the user's companies."""
        # No chart of accounts is disclosed by its ids.
        accounts = [self.env["ar.facts"]._get_receivable_account_ids(company) for company in self.env.companies]
        return SQL(
            """
            SELECT line.id * 2 AS id,
                   CASE WHEN move.origin_payment_id IS NOT NULL THEN 'payment'
                        WHEN move.move_type = 'out_refund' THEN 'credit_note'
                        WHEN move.statement_line_id IS NOT NULL THEN 'payment'
                        ELSE 'entry' END AS kind,
                   line.id AS move_line_id, NULL::int AS statement_line_id, line.move_id, line.company_id,
                   partner.commercial_partner_id AS partner_id, account.id AS customer_id, line.currency_id,
                   -line.amount_residual_currency AS amount, line.date, %(day)s AS booked_on,
                   COALESCE(payment.memo, statement.payment_ref, move.ref, move.name) AS reference,
                   statement.partner_name AS payer, %(basis)s AS basis
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN (%(zones)s) zone ON zone.company_id = line.company_id
              JOIN res_partner partner ON partner.id = line.partner_id
         LEFT JOIN account_payment payment ON payment.id = move.origin_payment_id
         LEFT JOIN account_bank_statement_line statement ON statement.id = move.statement_line_id
         LEFT JOIN ar_customer account
                ON account.partner_id = partner.commercial_partner_id AND account.company_id = line.company_id
             WHERE line.account_id = ANY(%(accounts)s::int[])
               AND line.company_id = ANY(%(companies)s)
               AND line.parent_state = 'posted'
               AND line.reconciled IS NOT TRUE
               AND line.amount_residual < 0
               AND line.amount_residual_currency < 0
            """,
            day=self.env["res.company"]._ar_sql_day(SQL("line.create_date")),
            zones=self.env["res.company"]._ar_select_zones(),
            basis=BY_PARTNER,
            accounts=pg_array({account_id for ids in accounts for account_id in ids}),
            companies=self.env.companies.ids,
        )

    def _select_statement_lines(self):
        """Return the query of the bank statement lines that `ar.facts` attributes to customers."""
        facts = self.env["ar.facts"]
        lines = [line for company in self.env.companies for line in facts._read_statement_lines(company)]
        return SQL(
            """
            SELECT st.id * 2 + 1, 'statement', NULL::int, st.id, st.move_id, st.company_id, line.partner_id,
                   account.id, line.currency_id, line.amount, line.date, line.booked_on,
                   COALESCE(st.payment_ref, move.ref, move.name), st.partner_name, line.basis
              FROM UNNEST(%s::int[], %s::int[], %s::int[], %s::numeric[], %s::date[], %s::date[], %s::text[])
                   AS line (id, partner_id, currency_id, amount, date, booked_on, basis)
              JOIN account_bank_statement_line st ON st.id = line.id
              JOIN account_move move ON move.id = st.move_id
              JOIN res_company company ON company.id = st.company_id
              JOIN LATERAL (
                   SELECT other.id
                     FROM ar_customer other
                     JOIN res_company branch ON branch.id = other.company_id
                    WHERE other.partner_id = line.partner_id
                      AND other.company_id = ANY(%s)
                      AND SPLIT_PART(branch.parent_path, '/', 1) = SPLIT_PART(company.parent_path, '/', 1)
                 ORDER BY other.company_id <> company.id, other.company_id
                    LIMIT 1) account ON TRUE
            """,
            [line.line_id for line in lines],
            [line.partner_id for line in lines],
            [line.currency_id for line in lines],
            [line.amount for line in lines],
            [line.date for line in lines],
            [line.booked_on for line in lines],
            [line.basis for line in lines],
            self.env.companies.ids,
        )

    # === SUGGESTIONS === #

    def _compute_days_waiting(self):
        for payment in self:
            payment.days_waiting = max((payment.company_id._ar_today() - payment.booked_on).days, 0)

    def _compute_suggestion(self):
        """Compute what each payment was probably made for; the items of all customers are read together."""
        for company, payments in self.grouped("company_id").items():
            facts, today = self.env["ar.facts"], company._ar_today()
            relatives = facts._read_relatives(payments.partner_id.ids)
            paid_for = facts._read_paid_for(payments.partner_id.ids, company)
            lines, elsewhere = payments._read_lines_to_match(company, {*relatives, *set().union(*paid_for.values())})
            accounts = {line.line_id: line.account_id for line in (*lines, *elsewhere)}
            targets, other_targets = facts._read_targets(lines), facts._read_targets(elsewhere)
            received = payments._read_received()
            for payment in payments:
                own = targets.get(payment.partner_id.id, [])
                if payment.kind == "statement":  # not booked yet, so a payer may have paid for its whole group
                    members = paid_for.get(payment.partner_id.id, ())
                    own = [*own, *(target for member in members for target in targets.get(member, ()))]
                suggestion = matching.suggest(received[payment.id], payment._get_usable(own, accounts), today)
                near = [other for other, mine in relatives.items() if payment.partner_id.id in mine]
                group = [target for other in near for target in targets.get(other, ())]
                group += [t for other in (payment.partner_id.id, *near) for t in other_targets.get(other, ())]
                if group and suggestion.code != matching.REFERENCE:
                    usable = payment._get_usable(group, accounts)
                    named = matching.suggest(received[payment.id], usable, today).only(matching.REFERENCE)
                    suggestion = named if named.code else suggestion
                payment._set_suggestion(suggestion, own, {target.item_id: target for target in (*own, *group)})

    def _read_lines_to_match(self, company, others):
        """Return the open items that these payments may be for: of the company, and of its branches or head office.

        Those of other companies are on accounts that the company has, too, and the user works for the company.

        :param others: ids of the commercial partners whose items they may be for, besides the customers' own
        :rtype: (list[OpenLine], list[OpenLine])
        """
        facts, partner_ids = self.env["ar.facts"], list({*self.partner_id.ids, *others})
        companies = facts._get_branches(company) & self.env.companies
        found = facts._read_open_lines(company | companies, partner_ids)
        debts = [line for line in found if line.residual_currency > 0]
        shared = set(facts._get_receivable_account_ids(company)) if len(companies) > 1 else set()
        elsewhere = [line for line in debts if line.company_id != company.id and line.account_id in shared]
        return [line for line in debts if line.company_id == company.id], elsewhere

    def _get_usable(self, targets, accounts):
        """Return the items that the payment can be reconciled with: those of its own account.

        :param dict accounts: {journal item id: account id}
        """
        if not self.move_line_id:
            return targets
        # The account alone is compared, whatever the user may read.
        account_id = self.move_line_id.sudo().account_id.id
        return [target for target in targets if accounts.get(target.item_id) == account_id]

    def _read_received(self):
        """Return {id: core.matching.matching.Received}, with all the references that each payment carries."""
        origins = self.env["ar.facts"]._read_origins(self.move_line_id.ids)
        received = {}
        for payment in self:
            origin = origins.get(payment.move_line_id.id)
            texts = origin.texts if origin else (payment.reference, payment.move_id.sudo().ref)  # as in the query
            amount = to_decimal(payment.currency_id.round(payment.amount))
            received[payment.id] = matching.Received(
                payment.currency_id.name, amount, payment.date, tuple(filter(None, texts))
            )
        return received

    def _set_suggestion(self, suggestion, targets, by_id):
        """Store the suggestion on the fields of this payment.

        :param targets: all open items of the customer
        :param dict by_id: {item id: item} of the customer and of the other companies of its group
        """
        best = suggestion.best
        residuals = {item_id: (target.currency, target.residual) for item_id, target in by_id.items()}
        item_ids = best.item_ids if best else ()
        self.open_item_count = len(targets)
        self.suggestion_code = suggestion.code
        self.target_ids = [(6, 0, item_ids)]
        self.suggestion_text = self._get_suggestion_text(best)
        self.suggestion_key = (
            repr([(item_id, *map(str, residuals[item_id])) for item_id in item_ids]) if best else False
        )

    def _get_suggestion_text(self, best):
        """Return the suggested items in words: the numbers of the invoices and what is open of the items.

        :param core.matching.matching.Proposal best: may be None
        """
        if not best:
            return False
        # The items are those of a customer whom the user may read.
        items = self.env["account.move.line"].sudo().browse(best.item_ids)
        names = list(dict.fromkeys(item.move_id.name for item in items))
        shown = ", ".join(names[:NAMED_ITEMS])
        if len(names) > NAMED_ITEMS:
            shown = self.env._("%(names)s and %(number)s more", names=shown, number=len(names) - NAMED_ITEMS)
        debtors = items.partner_id.commercial_partner_id
        if debtors != self.partner_id:
            shown = f"{', '.join(debtors[:NAMED_ITEMS].mapped('display_name'))}: {shown}"
        if items.company_id != self.company_id:
            shown = f"{items.company_id[:1].display_name}: {shown}"
        if len(items.currency_id) > 1:
            return shown
        total = sum((to_decimal(item.amount_residual_currency) for item in items), ZERO)
        amount = format_amount(self.env, total, items.currency_id)
        return self.env._("%(items)s (%(amount)s)", items=shown, amount=amount)

    # === BUTTONS === #

    def action_open(self):
        """Open the payment, credit note or journal entry."""
        return self._get_entry_action()

    def action_open_customer(self):
        """Open the customer's account."""
        self.ensure_one()
        return self.customer_id._get_form_action()
