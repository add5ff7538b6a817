from odoo import api, fields, models
from odoo.tools import SQL

from ...const import CALL_RESULTS, CALLS_REACHED, CONTACT_STATES

#: Kinds of rows. The index of a kind is part of the row ids, so that ids of different kinds differ.
KINDS = [
    ("contact", "Contact"),
    ("promise", "Promise recorded"),
    ("promise_kept", "Promise kept"),
    ("dispute", "Dispute received"),
    ("dispute_resolved", "Dispute resolved"),
    ("task", "Task done"),
    ("payment", "Payment after contact"),
]

#: Models whose activities count as tasks.
TASK_MODELS = ["ar.customer", "ar.dispute", "ar.payment.plan", "ar.promise"]

#: Columns of every row: those that describe it, then the measures.
COLUMNS = (
    "id", "company_id", "date", "user_id", "partner_id", "kind", "channel", "call_result", "res_model", "res_id",
)  # fmt: skip

MEASURES = (
    "contacts_automatic", "contacts_personal", "calls", "calls_reached", "promises", "promises_kept",
    "disputes", "disputes_resolved", "tasks", "collected",
)  # fmt: skip


class ArCollectorActivity(models.Model):
    """The activity of collectors and its results: one row for each contact, promise, dispute, task and payment.

    The user of a row is

    - of a contact: the collector in whose name it was sent; of a call: who made it
    - of a promise: who recorded it; of one from the portal page: the collector of the customer
    - of a dispute: its owner
    - of a task: who it was assigned to
    - of a payment after a contact: the collector of the last contact within 7 days before, see `ar.collected`

    A promise counts as kept on the day it was judged. Amounts are in company currency.
    """

    _name = "ar.collector.activity"
    _inherit = "ar.report.mixin"
    _description = "Collector Activity"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "kind"
    _depends = {
        "account.journal": ["type"],
        "account.account": ["account_type"],
        "account.payment": ["amount", "payment_type"],
        "account.move.line": [
            "account_id", "amount_currency", "company_id", "date", "journal_id", "parent_state", "partner_id",
            "payment_id",
        ],
        "account.partial.reconcile": ["amount", "credit_move_id", "debit_amount_currency", "debit_move_id", "max_date"],
        "ar.communication": [
            "call_result", "channel", "company_id", "customer_id", "date_sent", "is_manual", "notice", "partner_id",
            "state", "step_id", "user_id",
        ],
        "ar.communication.line": ["communication_id", "kind", "move_line_id", "plan_installment_id"],
        "ar.customer": ["company_id", "partner_id"],
        "ar.dispute": ["company_id", "date_raised", "date_resolved", "partner_id", "user_id"],
        "ar.payment.plan": ["company_id", "partner_id"],
        "ar.payment.plan.installment": ["plan_id"],
        "ar.payment.plan.line": ["move_line_id", "plan_id"],
        "ar.promise": ["company_id", "ended_on", "origin", "partner_id", "promised_on", "state", "user_id"],
        "mail.activity": ["active", "date_done", "res_id", "res_model", "user_id"],
    }  # fmt: skip

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(readonly=True)
    user_id = fields.Many2one("res.users", "Collector", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    kind = fields.Selection(KINDS, "Type", readonly=True)
    channel = fields.Selection(lambda self: self.env["ar.channel"]._get_selection(), readonly=True)
    call_result = fields.Selection(CALL_RESULTS, "Result of the Call", readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    contacts_automatic = fields.Integer(
        "Automatic Contacts",
        readonly=True,
        help="Number of messages sent by the nightly run, including notices about agreements.",
    )
    contacts_personal = fields.Integer(
        "Personal Contacts", readonly=True, help="Number of reminders sent or approved manually, and of all calls."
    )
    calls = fields.Integer(readonly=True)
    calls_reached = fields.Integer(readonly=True, help="Number of calls in which the customer was reached.")
    promises = fields.Integer("Promises Recorded", readonly=True)
    promises_kept = fields.Integer(readonly=True)
    disputes = fields.Integer("Disputes Received", readonly=True)
    disputes_resolved = fields.Integer(readonly=True, help="Number of resolved disputes, including withdrawn ones.")
    tasks = fields.Integer("Tasks Done", readonly=True)
    collected = fields.Monetary("Collected after Contact", readonly=True)

    # === SQL === #

    @property
    def _table_query(self):
        """Return the query of all rows in the user's companies; the database applies filters to each part."""
        parts = [
            self._select_contacts(),
            *self._select_promises(),
            *self._select_disputes(),
            self._select_tasks(),
            self._select_payments(),
        ]
        return SQL(" UNION ALL ").join(parts)

    @api.model
    def _select_events(self, kind, source, conditions, **columns):
        """Return the query of one kind of rows.

        :param str kind: one of ``KINDS``
        :param SQL source: FROM clause, with a table or subquery named ``event``
        :param SQL conditions: which rows of it count
        :param columns: {column: SQL}; at least ``date`` and ``user_id``
        """
        number = [code for code, _label in KINDS].index(kind)
        defaults = {
            "id": SQL("event.id * %s + %s", len(KINDS), number),
            "company_id": SQL("event.company_id"),
            "partner_id": SQL("event.partner_id"),
            "kind": SQL("%s", kind),
            "channel": SQL("NULL::varchar"),
            "call_result": SQL("NULL::varchar"),
            "res_id": SQL("event.id"),
        }
        nothing = {name: SQL("NULL::numeric" if name == "collected" else "NULL::int") for name in MEASURES}
        values = {**defaults, **nothing, **columns}
        return SQL(
            "SELECT %s FROM %s WHERE event.company_id = ANY(%s) AND %s",
            SQL(", ").join(SQL("%s AS %s", values[name], SQL.identifier(name)) for name in (*COLUMNS, *MEASURES)),
            source,
            self.env.companies.ids,
            conditions,
        )

    @api.model
    def _select_contacts(self):
        """Return the query of contacts: calls and reminders that a user sent or approved are personal."""
        personal = SQL("(event.channel = 'call' OR (event.is_manual IS TRUE AND event.notice IS NULL))")
        return self._select_events(
            "contact",
            SQL("ar_communication event"),
            SQL("event.state IN %s AND event.date_sent IS NOT NULL", CONTACT_STATES),
            date=SQL("event.date_sent"),
            user_id=SQL("event.user_id"),
            channel=SQL("event.channel"),
            call_result=SQL("event.call_result"),
            res_model=SQL("'ar.communication'"),
            contacts_automatic=SQL("CASE WHEN NOT %s THEN 1 END", personal),
            contacts_personal=SQL("CASE WHEN %s THEN 1 END", personal),
            calls=SQL("CASE WHEN event.channel = 'call' THEN 1 END"),
            calls_reached=SQL("CASE WHEN event.call_result IN %s THEN 1 END", CALLS_REACHED),
        )

    @api.model
    def _select_promises(self):
        """Return the queries of promises: recorded, and judged as kept."""
        source = SQL("ar_promise event")
        common = {
            "user_id": SQL("CASE WHEN event.origin = 'staff' THEN event.create_uid ELSE event.user_id END"),
            "res_model": SQL("'ar.promise'"),
        }
        taken, kept = SQL("event.promised_on IS NOT NULL"), SQL("event.state = 'kept' AND event.ended_on IS NOT NULL")
        return [
            self._select_events("promise", source, taken, date=SQL("event.promised_on"), promises=SQL("1"), **common),
            self._select_events(
                "promise_kept", source, kept, date=SQL("event.ended_on"), promises_kept=SQL("1"), **common
            ),
        ]

    @api.model
    def _select_disputes(self):
        """Return the queries of disputes: raised, and resolved."""
        source = SQL("ar_dispute event")
        common = {"user_id": SQL("event.user_id"), "res_model": SQL("'ar.dispute'")}
        resolved, day = SQL("event.date_resolved IS NOT NULL"), SQL("event.date_resolved")
        return [
            self._select_events(
                "dispute", source, SQL("TRUE"), date=SQL("event.date_raised"), disputes=SQL("1"), **common
            ),
            self._select_events("dispute_resolved", source, resolved, date=day, disputes_resolved=SQL("1"), **common),
        ]

    @api.model
    def _select_tasks(self):
        """Return the query of completed activities, which Odoo keeps as archived records."""
        owner = SQL(" UNION ALL ").join(
            SQL(
                "SELECT %s AS res_model, id AS res_id, company_id, partner_id FROM %s",
                name,
                SQL.identifier(self.env[name]._table),
            )
            for name in TASK_MODELS
        )
        return self._select_events(
            "task",
            SQL(
                """(SELECT task.id, task.res_model, task.res_id, task.user_id, task.active, task.date_done,
                           owner.company_id, owner.partner_id
                      FROM mail_activity task
                      JOIN (%s) owner ON owner.res_model = task.res_model AND owner.res_id = task.res_id) event""",
                owner,
            ),
            SQL("NOT event.active AND event.date_done IS NOT NULL"),
            date=SQL("event.date_done"),
            user_id=SQL("event.user_id"),
            res_model=SQL("event.res_model"),
            res_id=SQL("event.res_id"),
            tasks=SQL("1"),
        )

    @api.model
    def _select_payments(self):
        """Return the query of payments after a contact; their rows open the contact."""
        return self._select_events(
            "payment",
            SQL("(%s) event", self.env["ar.collected"]._select_collected(self.env.companies)),
            SQL("TRUE"),
            date=SQL("event.day"),
            user_id=SQL("event.user_id"),
            res_model=SQL("'ar.communication'"),
            res_id=SQL("event.communication_id"),
            collected=SQL("event.amount"),
        )

    # === BUTTONS === #

    def action_open(self):
        """Open the record of the row; for a payment the contact before it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
