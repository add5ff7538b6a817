from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...const import TONES
from ..customers.optional_float import OptionalFloat

#: Numbers of days after a step within which payments are measured.
WINDOWS = (7, 14, 30)

#: Ratios of sums: field -> (summed field, summed field to divide by, factor).
RATIOS = {
    **{f"amount_share_{days}": (f"paid_{days}", f"amount_due_{days}", 100) for days in WINDOWS},
    "days_to_pay": ("paid_days", "paid", 1),
}


class ArStepEffect(models.Model):
    """The effect of reminder steps: one row for each item listed in a reminder, with what was paid after it.

    - Step, tone and channel are those of the message, also for items listed at a lower step.
    - A payment counts for the last reminder of its item before it, or on its day. Messages about agreements are no
      steps: they do not count, and payments after them count for the step before.
    - ``…_7`` means within 7 days after the message. These figures are empty until the days are over, so that recent
      messages do not lower the shares.
    - Only money counts, see `ar.collected`, up to the amount due in the message; what a payment wrote off does not.
      Amounts are in company currency at the invoice's booked rate.
    - Shares by number are averages of 0 or 100 per row. Shares by amount and the days until payment are ratios of sums
      in every group, never averages of ratios.
    - Reminders of installments are left out: their payments belong to the plan.
    """

    _name = "ar.step.effect"
    _inherit = "ar.report.mixin"
    _description = "Reminder Effectiveness"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "name"
    _depends = {
        "account.journal": ["type"],
        "account.account": ["account_type"],
        "account.payment": ["amount", "payment_type"],
        "account.move.line": [
            "account_id", "amount_currency", "balance", "company_id", "date", "journal_id", "parent_state",
            "payment_id",
        ],
        "account.partial.reconcile": ["amount", "credit_move_id", "debit_amount_currency", "debit_move_id", "max_date"],
        "ar.communication": [
            "channel", "company_id", "customer_id", "date_sent", "notice", "state", "step_id", "tone", "user_id",
        ],
        "ar.communication.line": ["amount_left", "communication_id", "days_late", "kind", "move_line_id", "name"],
        "ar.customer": ["policy_id"],
        "ar.reminder.step": ["schedule_id"],
    }  # fmt: skip

    communication_id = fields.Many2one("ar.communication", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    date = fields.Date("Sent on", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    user_id = fields.Many2one("res.users", "Collector", readonly=True)
    policy_id = fields.Many2one("ar.credit.policy", "Credit Policy", readonly=True)
    schedule_id = fields.Many2one("ar.reminder.schedule", readonly=True)
    step_id = fields.Many2one("ar.reminder.step", readonly=True)
    tone = fields.Selection(TONES, readonly=True)
    channel = fields.Selection(lambda self: self.env["ar.channel"]._get_selection(), readonly=True)
    move_id = fields.Many2one("account.move", "Invoice", readonly=True)
    name = fields.Char("Number", readonly=True)
    days_late = fields.Integer(readonly=True, aggregator="avg", help="Number of days late when the reminder was sent.")
    items = fields.Integer(readonly=True, help="Number of items reminded.")
    amount = fields.Monetary("Amount due", readonly=True)
    paid_7 = fields.Monetary("Paid in 7 Days", readonly=True)
    paid_14 = fields.Monetary("Paid in 14 Days", readonly=True)
    paid_30 = fields.Monetary("Paid in 30 Days", readonly=True)
    amount_due_7 = fields.Monetary(
        readonly=True, string="Amount Due 7 Days Ago", help="Amount due of the reminders sent at least 7 days ago."
    )
    amount_due_14 = fields.Monetary(
        readonly=True, string="Amount Due 14 Days Ago", help="Amount due of the reminders sent at least 14 days ago."
    )
    amount_due_30 = fields.Monetary(
        readonly=True, string="Amount Due 30 Days Ago", help="Amount due of the reminders sent at least 30 days ago."
    )
    amount_share_7 = OptionalFloat("Amount Paid in 7 Days %", readonly=True, aggregator="avg")
    amount_share_14 = OptionalFloat("Amount Paid in 14 Days %", readonly=True, aggregator="avg")
    amount_share_30 = OptionalFloat("Amount Paid in 30 Days %", readonly=True, aggregator="avg")
    any_share_7 = OptionalFloat(
        "Items Paid in 7 Days %",
        readonly=True,
        aggregator="avg",
        help="Percentage of items with at least a partial payment.",
    )
    any_share_14 = OptionalFloat("Items Paid in 14 Days %", readonly=True, aggregator="avg")
    any_share_30 = OptionalFloat("Items Paid in 30 Days %", readonly=True, aggregator="avg")
    full_share_7 = OptionalFloat(
        "Items Fully Paid in 7 Days %",
        readonly=True,
        aggregator="avg",
        help="Percentage of items whose amount due was paid in full.",
    )
    full_share_14 = OptionalFloat("Items Fully Paid in 14 Days %", readonly=True, aggregator="avg")
    full_share_30 = OptionalFloat("Items Fully Paid in 30 Days %", readonly=True, aggregator="avg")
    paid = fields.Monetary(readonly=True, help="Amount paid until the next step for the item.")
    paid_days = fields.Float(readonly=True)
    days_to_pay = OptionalFloat(
        "Days until Paid",
        readonly=True,
        aggregator="avg",
        help="Average number of days from the step to its payments, weighted by amount.",
    )

    def _read_group_select(self, aggregate_spec, query):
        """Override of `base` to aggregate shares as ratios of sums; NULL where a group has several currencies."""
        name, _separator, function = aggregate_spec.partition(":")
        if function != "avg" or name not in RATIOS:
            return super()._read_group_select(aggregate_spec, query)
        part, whole, times = RATIOS[name]
        return SQL(
            """
            CASE WHEN MIN(%(currency)s) = MAX(%(currency)s)
                 THEN %(times)s * SUM(%(part)s) / NULLIF(SUM(%(whole)s), 0) END
            """,
            currency=self._field_to_sql(self._table, "currency_id", query),
            times=times,
            part=self._field_to_sql(self._table, part, query),
            whole=self._field_to_sql(self._table, whole, query),
        )

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Override of `base` to read no messages and payments before the first date of the domain, for speed."""
        domain = Domain(domain).optimize_full(self)
        since = self._get_first_day(domain)
        report = self.with_context(ar_step_effect_since=fields.Date.to_string(since)) if since else self
        return super(ArStepEffect, report)._search(domain, *args, **kwargs)

    @api.model
    def _get_first_day(self, domain):
        """Return the first date that the domain can match, ``None`` where it has no lower limit.

        :param Domain domain: optimized
        """
        parts = domain.children if getattr(domain, "OPERATOR", None) == "&" else (domain,)
        days = [
            part.value for part in parts if getattr(part, "field_expr", None) == "date" and part.operator in (">", ">=")
        ]
        return max(days, default=None)

    # === SQL === #

    @property
    def _table_query(self):
        """Return the query of the items listed in reminders of the user's companies, with what was paid after each.

        The joins are LEFT JOINs so that the database can skip those whose columns are not read.
        """
        return SQL(
            """
            SELECT sent.id, sent.communication_id, sent.company_id, sent.currency_id, sent.day AS date,
                   sent.partner_id, sent.user_id, account.policy_id, step.schedule_id, sent.step_id, sent.tone,
                   sent.channel, sent.move_id, sent.name, sent.days_late, 1 AS items, sent.amount_due AS amount,
                   %(windows)s,
                   %(paid)s AS paid, %(paid)s * answer.days AS paid_days, answer.days AS days_to_pay
              FROM (%(sent_steps)s) sent
         LEFT JOIN ar_reminder_step step ON step.id = sent.step_id
         LEFT JOIN ar_customer account ON account.id = sent.customer_id
         LEFT JOIN (%(answers)s) answer ON answer.id = sent.id
         LEFT JOIN unnest(%(companies)s, %(today)s) calendar (company_id, today)
                ON calendar.company_id = sent.company_id
            """,
            windows=SQL(", ").join(self._get_window_columns(days) for days in WINDOWS),
            paid=self._get_paid("paid"),
            sent_steps=self._select_sent_items(),
            answers=self._select_answers(),
            companies=self.env.companies.ids,
            today=[company._ar_today() for company in self.env.companies],
        )

    @api.model
    def _get_window_columns(self, days):
        """Return the columns of a number of days, for :meth:`_table_query`; NULL until the company's days are over."""
        paid = self._get_paid(f"paid_{days}")
        over = SQL("sent.day + %s < calendar.today", days)
        columns = {
            f"paid_{days}": paid,
            f"amount_due_{days}": SQL("sent.amount_due"),
            f"amount_share_{days}": SQL("100 * %s / NULLIF(sent.amount_due, 0)", paid),
            f"any_share_{days}": SQL("CASE WHEN %s > 0 THEN 100 ELSE 0 END", paid),
            f"full_share_{days}": SQL("CASE WHEN %s >= sent.amount_due THEN 100 ELSE 0 END", paid),
        }
        return SQL(", ").join(
            SQL("CASE WHEN %s THEN %s END AS %s", over, value, SQL.identifier(name)) for name, value in columns.items()
        )

    @api.model
    def _get_paid(self, name):
        """Return the amount paid, in company currency: zero without payment, at most the amount due.

        :param str name: column of ``answer``
        """
        return SQL("LEAST(COALESCE(answer.%s, 0) * sent.rate, sent.amount_due)", SQL.identifier(name))

    @api.model
    def _select_sent_items(self):
        """Return the query of the items listed in reminders; ``rate`` converts to company currency as booked.

        Only items in a foreign currency need a lookup of their rate.
        """
        return SQL(
            """
            SELECT line.*, line.amount_left * line.rate AS amount_due
              FROM (
                   SELECT line.id, line.communication_id, line.move_id, line.name, line.days_late, line.amount_left,
                          message.company_id, message.customer_id, message.partner_id, message.user_id,
                          message.date_sent AS day, message.step_id, message.tone, message.channel,
                          company.currency_id,
                          CASE WHEN line.currency_id = company.currency_id THEN 1
                               ELSE (SELECT item.balance / NULLIF(item.amount_currency, 0)
                                       FROM account_move_line item WHERE item.id = line.move_line_id) END AS rate
                     FROM %(messages)s
                     JOIN res_company company ON company.id = message.company_id
                   ) line
            """,
            messages=self._from_messages(),
        )

    @api.model
    def _select_answers(self):
        """Return the query of what was paid after each line and before the next line about the same item.

        Its columns: (id, paid, days until then, paid_7, paid_14, paid_30), amounts in the item's currency.
        """
        return SQL(
            """
            SELECT id, SUM(amount) AS paid, SUM(amount * days) / NULLIF(SUM(amount), 0) AS days, %(windows)s
              FROM (
                   SELECT DISTINCT ON (payment.id)
                          line.id, payment.amount_currency AS amount, payment.day - message.date_sent AS days
                     FROM %(messages)s
                     JOIN (%(payments)s) payment
                       ON payment.item_id = line.move_line_id AND payment.day >= message.date_sent
                 ORDER BY payment.id, message.date_sent DESC, line.id DESC
                   ) answer
          GROUP BY id
            """,
            windows=SQL(", ").join(
                SQL("SUM(amount) FILTER (WHERE days <= %s) AS %s", days, SQL.identifier(f"paid_{days}"))
                for days in WINDOWS
            ),
            messages=self._from_messages(),
            payments=self.env["ar.collected"]._select_payments(self.env.companies, self._get_since()),
        )

    @api.model
    def _from_messages(self):
        """Return the FROM clause of sent reminder steps: each `message` with a `line` for each item.

        ``ar_step_effect_since`` in the context, a date as text, leaves out messages sent before that day.
        """
        since = self._get_since()
        return SQL(
            """
            ar_communication_line line
            JOIN ar_communication message ON message.id = line.communication_id
                 AND message.state = 'sent' AND message.notice IS NULL AND message.step_id IS NOT NULL
                 AND message.date_sent IS NOT NULL AND message.company_id = ANY(%s) AND %s
                 AND line.kind = 'item' AND line.move_line_id IS NOT NULL
            """,
            self.env.companies.ids,
            SQL("message.date_sent >= %s", since) if since else SQL("TRUE"),
        )

    @api.model
    def _get_since(self):
        return fields.Date.to_date(self.env.context.get("ar_step_effect_since"))

    # === BUTTONS === #

    def action_open(self):
        """Open the message."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "ar.communication",
            "res_id": self.communication_id.id,
            "views": [(False, "form")],
        }
