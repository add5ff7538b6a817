from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...core.disputes.dispute import OPEN_STATES

KINDS = [
    ("plan", "Payment plan"),
    ("communication", "Reminder"),
    ("dispute", "Dispute"),
    ("credit_note", "Credit note"),
    ("credit_request", "Credit request"),
    ("waiver", "Waiver"),
    ("write_off", "Write-off"),
    ("placement", "Placement"),
    ("settlement", "Settlement"),
]

MODELS = {
    "plan": "ar.payment.plan",
    "communication": "ar.communication",
    "dispute": "ar.dispute",
    "credit_note": "account.move",
    "credit_request": "ar.credit.request",
    "waiver": "ar.late.charge.waiver",
    "write_off": "ar.write.off",
    "placement": "ar.placement",
    "settlement": "ar.settlement",
}


#: The buttons that approve or refuse, by kind; the others are decided on their forms.
APPROVED_BY = {
    "plan": "action_approve",
    "communication": "action_approve",
    "credit_note": "action_post",
    "waiver": "action_approve",
    "write_off": "action_approve",
    "placement": "action_approve",
    "settlement": "action_approve",
}

REFUSED_BY = {"communication": "action_reject", "waiver": "action_reject"}


class ArApproval(models.Model):
    """A list of all records that wait for a decision of a user. It is a query: nothing is stored.

    - payment plans beyond the policy: decided by a credit manager other than the requester
    - reminders in review: by a collections manager
    - disputes past their deadline that were escalated: by a collections manager or the owner of the dispute
    - draft credit notes for the accepted part of a dispute: by users who may post invoices
    - credit requests: by a credit manager other than the requester, and other than who approved it first
    - what late charges and recovery wait for: see `ar_approval_recovery`
    """

    _name = "ar.approval"
    _description = "Approval"
    _auto = False
    _order = "since, id"
    _rec_name = "number"
    _depends = {
        "account.move": ["amount_total", "currency_id", "invoice_date", "name", "state"],
        "ar.communication": ["amount_total", "company_id", "customer_id", "date", "state", "user_id"],
        "ar.dispute": [
            "amount_total", "company_id", "currency_id", "customer_id", "date_resolved", "escalated_on", "name",
            "state", "user_id",
        ],
        "ar.dispute.line": ["credit_note_id", "dispute_id"],
        "ar.payment.plan": [
            "amount_total", "company_id", "currency_id", "customer_id", "name", "needs_approval", "requested_by_id",
        ],
        "ar.credit.request": [
            "company_id", "customer_id", "date_requested", "name", "requested_by_id", "state", "wanted_limit",
        ],
        "ar.credit.request.approval": ["request_id", "user_id"],
        "ar.customer": ["partner_id"],
        "res.company": ["partner_id", "resource_calendar_id"],
        "res.partner": ["tz"],
        "resource.calendar": ["tz"],
    }  # fmt: skip

    kind = fields.Selection(KINDS, readonly=True)
    record_id = fields.Integer(readonly=True)
    number = fields.Char(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    customer_id = fields.Many2one("ar.customer", "Customer Account", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(readonly=True)
    requested_by_id = fields.Many2one(
        "res.users",
        "Requested by",
        readonly=True,
        help="User who made the request. Empty if the customer or the nightly run made it.",
    )
    since = fields.Date(readonly=True)
    question = fields.Char("Decision Required", compute="_compute_question")
    can_approve = fields.Boolean(compute="_compute_buttons", help="Whether it can be approved in the list.")
    can_refuse = fields.Boolean(compute="_compute_buttons", help="Whether it can be refused in the list.")
    may_decide = fields.Boolean("For Me", readonly=True, help="Whether you can make this decision.")

    # === SQL === #

    @property
    def _table_query(self):
        """Return the query of what waits in the user's companies; ids are record ids times 16 plus a number by kind."""
        kinds = (
            self._select_plans(),
            self._select_reviews(),
            self._select_disputes(),
            self._select_credit_notes(),
            self._select_credit_requests(),
            *self._select_recovery(),
        )
        return SQL(
            """
            SELECT waiting.*, account.partner_id
              FROM (%s) waiting JOIN ar_customer account ON account.id = waiting.customer_id
             WHERE waiting.company_id = ANY(%s)
            """,
            SQL(" UNION ALL ").join(kinds),
            self.env.companies.ids,
        )

    @api.model
    def _select_plans(self):
        return SQL(
            """
            SELECT plan.id * 16 AS id, 'plan' AS kind, plan.id AS record_id, plan.name AS number, plan.company_id,
                   plan.customer_id, plan.currency_id, plan.amount_total AS amount, plan.requested_by_id,
                   %(day)s AS since,
                   %(may)s AND plan.requested_by_id IS DISTINCT FROM %(user)s AS may_decide
              FROM ar_payment_plan plan
              JOIN (%(zones)s) zone ON zone.company_id = plan.company_id
             WHERE plan.needs_approval
            """,
            day=self.env["res.company"]._ar_sql_day(SQL("plan.create_date")),
            zones=self.env["res.company"]._ar_select_zones(),
            may=self.env.su or self.env["ar.access.mixin"]._has_role("credit_manager"),
            user=self.env.uid,
        )

    @api.model
    def _select_reviews(self):
        return SQL(
            """
            SELECT review.id * 16 + 1, 'communication', review.id, NULL, review.company_id, review.customer_id,
                   company.currency_id, review.amount_total, NULL::int, review.date, %(may)s
              FROM ar_communication review
              JOIN res_company company ON company.id = review.company_id
             WHERE review.state = 'review'
            """,
            may=self.env.su or self.env["ar.access.mixin"]._has_role("manager"),
        )

    @api.model
    def _select_disputes(self):
        return SQL(
            """
            SELECT dispute.id * 16 + 2, 'dispute', dispute.id, dispute.name, dispute.company_id, dispute.customer_id,
                   dispute.currency_id, dispute.amount_total, dispute.user_id, dispute.escalated_on,
                   %(may)s OR dispute.user_id IS NOT DISTINCT FROM %(user)s
              FROM ar_dispute dispute
             WHERE dispute.state IN %(open)s AND dispute.escalated_on IS NOT NULL
            """,
            may=self.env.su or self.env["ar.access.mixin"]._has_role("manager"),
            user=self.env.uid,
            open=tuple(OPEN_STATES),
        )

    @api.model
    def _select_credit_notes(self):
        return SQL(
            """
            SELECT DISTINCT note.id * 16 + 3, 'credit_note', note.id, dispute.name, dispute.company_id,
                   dispute.customer_id, note.currency_id, note.amount_total, dispute.user_id, dispute.date_resolved,
                   %(may)s
              FROM ar_dispute_line line
              JOIN ar_dispute dispute ON dispute.id = line.dispute_id
              JOIN account_move note ON note.id = line.credit_note_id AND note.state = 'draft'
            """,
            may=self.env.su or self.env.user.has_group("account.group_account_invoice"),
        )

    @api.model
    def _select_credit_requests(self):
        return SQL(
            """
            SELECT request.id * 16 + 4, 'credit_request', request.id, request.name, request.company_id,
                   request.customer_id, company.currency_id, request.wanted_limit, request.requested_by_id,
                   request.date_requested,
                   %(may)s AND request.requested_by_id IS DISTINCT FROM %(user)s
                   AND NOT EXISTS (SELECT FROM ar_credit_request_approval given
                                    WHERE given.request_id = request.id AND given.user_id = %(user)s)
              FROM ar_credit_request request
              JOIN res_company company ON company.id = request.company_id
             WHERE request.state IN ('open', 'second')
            """,
            may=self.env.su or self.env["ar.access.mixin"]._has_role("credit_manager"),
            user=self.env.uid,
        )

    # === TEXTS === #

    @api.depends("kind", "record_id")
    @api.depends_context("lang")
    def _compute_question(self):
        """Compute a short text about the decision; the records of a kind are read together."""
        for kind, rows in self.grouped("kind").items():
            records = {record.id: record for record in self.env[MODELS[kind]].browse(rows.mapped("record_id"))}
            for row in rows:
                row.question = getattr(self, f"_get_{kind}_text")(records[row.record_id])

    @api.model
    def _get_plan_text(self, plan):
        limits = " ".join((plan.beyond_limits or "").splitlines())
        return self.env._("Exceeds the policy limits: %(limits)s", limits=limits)

    @api.model
    def _get_communication_text(self, communication):
        return self.env._("Send “%(step)s”?", step=communication.display_title or "")

    @api.model
    def _get_dispute_text(self, dispute):
        return self.env._("Not answered: %(reason)s", reason=dispute.reason_id.display_name)

    @api.model
    def _get_credit_note_text(self, note):
        return self.env._(
            "Post the credit note for the amount granted on %(invoice)s?", invoice=note.reversed_entry_id.name
        )

    @api.model
    def _get_credit_request_text(self, request):
        wanted = request.sudo()._get_wanted_text()  # the row says the amount anyway
        recommended = request.recommended_text
        if not recommended:
            return self.env._("%(wanted)s?", wanted=wanted)
        return self.env._("%(wanted)s? Recommended: %(recommended)s", wanted=wanted, recommended=recommended)

    @api.depends("kind", "may_decide")
    def _compute_buttons(self):
        """Compute what the user may decide in the list; a dispute needs an answer, which is written on its form."""
        for row in self:
            row.can_approve = row.may_decide and row.kind in APPROVED_BY
            row.can_refuse = row.may_decide and row.kind in ("plan", *REFUSED_BY)

    # === BUTTONS === #

    def action_approve(self):
        """Approve what was selected, but disputes and credit requests, which need an answer."""
        self._decide(APPROVED_BY)

    def action_refuse(self):
        """Refuse what was selected: reminders and waivers at once, plans with a reason that the dialog asks for."""
        plans = self.filtered(lambda row: row.kind == "plan")
        if plans and plans == self:
            return self.env["ar.payment.plan.decide"]._open_several(plans._get_records("plan"), "refuse")
        return self._decide(REFUSED_BY)

    def _decide(self, methods):
        """Decide about these rows by the buttons of their records, which check the user's rights.

        :param dict methods: {kind: name of the button's method}
        :raise UserError: where some of them cannot be decided in the list
        """
        others = self.filtered(lambda row: row.kind not in methods)
        if others:
            labels = dict(self._fields["kind"]._description_selection(self.env))
            kinds = ", ".join(labels[kind] for kind in sorted(set(others.mapped("kind"))))
            raise UserError(self.env._("Open these one by one to decide: %(kinds)s.", kinds=kinds))
        for kind, rows in self.grouped("kind").items():
            getattr(rows._get_records(kind), methods[kind])()

    def _get_records(self, kind):
        """Return the records of these rows, which are all of one kind."""
        return self.env[MODELS[kind]].browse(self.mapped("record_id"))

    def action_open(self):
        """Open the record that waits, a waiver on its late charge; the decision is made on the form."""
        self.ensure_one()
        record = self._get_records(self.kind)
        record = record.charge_id if self.kind == "waiver" else record
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
