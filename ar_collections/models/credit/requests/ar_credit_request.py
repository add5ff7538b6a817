from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ....const import CREDIT_LIMIT_KINDS, CREDIT_REQUEST_KINDS, CREDIT_REQUEST_STATES, GROUP_AUDITOR
from ....core.credit.limit import AMOUNT, Limit, check_end
from ....core.credit.request import CHILD_CONTACT, CreditRefused, LimitRequest, check_request
from ....core.money import to_decimal
from ....messages import CREDIT_REFUSALS

OPEN_STATES = ("open", "second")


class ArCreditRequest(models.Model):
    """Request for another credit limit: who wants which limit and why, what is known of the customer, the decision.

    It belongs to the account of the root company, which holds the limit. Nobody writes it: requests are made by a
    dialog or on the customer's page, decided by a dialog, and an approved limit is written by our own code.

    Facts and the recommended limit are in `ar_credit_request_facts`, decisions in `ar_credit_request_decision`, tasks
    and notices in `ar_credit_request_notice`.
    """

    _name = "ar.credit.request"
    _inherit = ["ar.thread.mixin", "ar.decision.mixin", "ar.list.export.mixin", "mail.activity.mixin"]
    _description = "Credit Request"
    _order = "id desc"

    _task_role = "credit_manager"

    name = fields.Char("Number", readonly=True, copy=False, default="/")
    customer_id = fields.Many2one(
        "ar.customer", "Customer Account", required=True, index=True, readonly=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(related="customer_id.partner_id", string="Customer", store=True, index=True)
    company_id = fields.Many2one(related="customer_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        CREDIT_REQUEST_STATES, required=True, default="open", readonly=True, index=True, tracking=True
    )
    origin = fields.Selection(
        [("staff", "Staff"), ("portal", "Customer portal")], required=True, default="staff", readonly=True
    )
    requested_by_id = fields.Many2one(
        "res.users", "Requested by", readonly=True, index=True, ondelete="restrict",
        help="User who made the request; empty if the customer made it on the portal.",
    )  # fmt: skip
    date_requested = fields.Date("Requested on", required=True, readonly=True)

    # === What is requested === #
    kind = fields.Selection(CREDIT_REQUEST_KINDS, "Type", required=True, readonly=True)
    wanted_kind = fields.Selection(CREDIT_LIMIT_KINDS, "Requested", required=True, readonly=True)
    wanted_limit = fields.Monetary("Requested Limit", readonly=True)
    until = fields.Date(readonly=True, help="Last day of a temporary limit.")
    reason = fields.Text(required=True, readonly=True)
    file_ids = fields.Many2many("ir.attachment", string="Documents", readonly=True)
    limit_before_kind = fields.Selection(CREDIT_LIMIT_KINDS, "Limit at the Request", required=True, readonly=True)
    limit_before = fields.Monetary("Amount at the Request", readonly=True)

    # === Decision === #
    approval_ids = fields.One2many("ar.credit.request.approval", "request_id", "Approvals", readonly=True)
    decided_kind = fields.Selection(CREDIT_LIMIT_KINDS, "Approved", readonly=True, tracking=True)
    decided_limit = fields.Monetary("Approved Limit", readonly=True, tracking=True)
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True, ondelete="restrict")
    date_decided = fields.Date("Decided on", readonly=True)
    decision_note = fields.Text("Reason for the Decision", readonly=True)
    wanted_text = fields.Char("Wanted", compute="_compute_texts")
    decided_text = fields.Char("Decided", compute="_compute_texts")
    days_to_decide = fields.Integer(
        "Days to Decide", compute="_compute_days_to_decide", store=True, aggregator="avg",
        help="Number of days from the request to the decision; open requests do not count.",
    )  # fmt: skip
    # As on the account: Odoo would search all messages and tasks, whoever may read them.
    message_ids = fields.One2many(bypass_search_access=False)
    website_message_ids = fields.One2many(bypass_search_access=False)
    activity_ids = fields.One2many(bypass_search_access=False)
    activity_summary = fields.Char(related_sudo=False)

    #: A request for good and a temporary one may be open beside each other.
    _open_once = models.UniqueIndex(
        "(customer_id, (kind = 'temporary')) WHERE state IN ('open', 'second')",
        "A request of this kind is open already for the customer.",
    )

    @api.depends("date_requested", "date_decided")
    def _compute_days_to_decide(self):
        for request in self:
            decided = request.date_requested and request.date_decided
            request.days_to_decide = (request.date_decided - request.date_requested).days if decided else False

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Override of `base` to leave open requests out of the mean: an empty number is read as 0."""
        if aggregate_spec != "days_to_decide:avg":
            return super()._read_group_select(aggregate_spec, query)
        days = self._field_to_sql(self._table, "days_to_decide", query)
        decided = self._field_to_sql(self._table, "date_decided", query)
        return SQL("AVG(%s) FILTER (WHERE %s IS NOT NULL)", days, decided)

    @api.depends("wanted_kind", "wanted_limit", "decided_kind", "decided_limit")
    @api.depends_context("lang")
    def _compute_texts(self):
        """Compute both limits in words, as no limit and cash only have no amount."""
        for request in self:
            account = request.sudo().customer_id  # only for its currency and the labels
            decided = request.decided_kind and Limit(request.decided_kind, to_decimal(request.decided_limit))
            request.wanted_text = account._get_credit_limit_text(request._get_wanted())
            request.decided_text = account._get_credit_limit_text(decided) if decided else False

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Refuse to delete requests: they say why a customer has its limit."""
        raise UserError(self.env._("Credit requests cannot be deleted. Withdraw the request instead."))

    # === REQUEST === #

    @api.model
    def _check_requester(self, partner):
        """Check that the user may make requests for a customer: with a role, or as its salesperson.

        :raise UserError: for others, with whom to ask
        """
        partner.check_access("read")
        groups = (GROUP_AUDITOR, "ar_collections.ar_collections_group_salesperson")
        is_salesperson = partner.user_id == self.env.user and any(self.env.user.has_group(group) for group in groups)
        if not (self.env.su or is_salesperson or self._has_role("collector")):
            raise UserError(
                self.env._(
                    "Credit limits are requested by the salesperson of the customer and by collectors: ask one of them."
                )
            )

    @api.model
    def _open_request(self, partner, company, request, is_temporary=False, origin="staff", files=()):
        """Make a request; the caller checked the user's or visitor's access.

        :param partner: the customer
        :param company: one whose root company holds the limit
        :param request: `core.credit.request.LimitRequest`
        :param bool is_temporary: whether the limit replaces the present one until a day
        :param files: values of attachments: [{name, raw}]
        :return: the `ar.credit.request`, in superuser mode
        :raise UserError: where it cannot be decided, with the way out
        """
        self._check_contact(partner)
        account, is_new = self._ensure_account(partner, company)
        account._lock_rows()
        today = account.company_id._ar_today()
        with account._explain_refusal():
            check_request(request, account._get_limit_terms(), is_child=False, today=today)
            if is_temporary:
                check_end(request.until, today)
        self._check_once(account, is_temporary)
        kind = "temporary" if is_temporary else "account" if is_new else "limit"
        made = self.sudo().create(  # users may not write requests; the caller checked who makes this one
            {**self._prepare_request_vals(account, request), "kind": kind, "origin": origin, "date_requested": today}
        )
        made._attach(files)
        made._gather()
        made._add_decision_task()
        made._log_on_account(made.env._("%s requested.", made._get_wanted_text()))
        return made

    @api.model
    def _ensure_account(self, partner, company):
        """Return (the account that holds the customer's limit, in superuser mode, whether it was made just now)."""
        root = company.sudo().root_id  # the user may work for a branch alone
        # As above; an account that somebody archived holds the limit all the same.
        accounts = self.env["ar.customer"].sudo().with_context(active_test=False)
        is_new = bool(accounts._ensure_for_partners(partner, root))
        account = accounts.search([("partner_id", "=", partner.id), ("company_id", "=", root.id)])
        return account.with_context(active_test=True), is_new

    @api.model
    def _prepare_request_vals(self, account, request):
        """Return the values of what is requested, and of the limit that the customer has.

        :param request: `core.credit.request.LimitRequest`
        """
        before = account._get_limit_terms().limit
        return {
            "customer_id": account.id,
            "requested_by_id": request.requester_id,
            "wanted_kind": request.limit.kind,
            "wanted_limit": float(request.limit.amount),
            "until": request.until,
            "reason": request.reason.strip(),
            "limit_before_kind": before.kind,
            "limit_before": float(before.amount),
        }

    @api.model
    def _check_contact(self, partner):
        """Check that limits can be requested for a contact: one that is a customer of its own."""
        if not partner or partner.commercial_partner_id != partner:
            raise UserError(self.env._(CREDIT_REFUSALS[CHILD_CONTACT]))

    @api.model
    def _check_once(self, account, is_temporary):
        """Check that no request of the kind is open for the account."""
        kinds = ["temporary"] if is_temporary else ["limit", "account"]
        domain = [("customer_id", "=", account.id), ("kind", "in", kinds), ("state", "in", OPEN_STATES)]
        # sudo: one that the user may not read counts, too; its number alone is told.
        if other := self.sudo().search(domain, limit=1):
            raise UserError(
                self.env._(
                    "%(request)s of %(customer)s is not decided yet: wait for the decision, or withdraw it first.",
                    request=other.name,
                    customer=account.display_name,
                )
            )

    def _attach(self, files):
        """Attach documents, so that only who may read the request can open them.

        :param files: values of attachments: [{name, raw}]
        """
        self.ensure_one()
        attachments = self.env["ir.attachment"].sudo()  # visitors and collectors need no right on attachments
        self.file_ids = attachments.create([{**file, "res_model": self._name, "res_id": self.id} for file in files])

    def _as_system(self):
        """Return self as the system user, who is the author of what anonymous visitors do on the portal page."""
        return self.with_user(SUPERUSER_ID)

    def action_open_customer(self):
        """Open the customer's account."""
        self.ensure_one()
        self.check_access("read")
        return self.customer_id._get_form_action()

    # === VALUES === #

    def _get_wanted(self):
        """Return the requested limit.

        :rtype: core.credit.limit.Limit
        """
        self.ensure_one()
        return Limit(self.wanted_kind, to_decimal(self.wanted_limit if self.wanted_kind == AMOUNT else 0))

    def _get_request(self):
        """Return the request as the rules read it.

        :rtype: core.credit.request.LimitRequest
        """
        return LimitRequest(self.requested_by_id.id or None, self._get_wanted(), self.reason, self.until or None)

    def _get_wanted_text(self):
        """Return what is requested, in words."""
        self.ensure_one()
        text = self.customer_id._get_credit_limit_text(self._get_wanted())
        if not self.until:
            return self.env._("Credit limit “%s”", text)
        return self.env._("Credit limit “%(limit)s” until %(day)s", limit=text, day=self._format_day(self.until))

    def _format_day(self, day):
        return self.customer_id._format_date(day)

    def _refuse(self, code):
        """Raise the message about a refusal.

        :param str code: of `core.credit.request`
        :raise UserError: always
        """
        with self.customer_id._explain_refusal():
            raise CreditRefused(code)
