from odoo import api, fields, models
from odoo.fields import Domain

from ....const import SENDING_REASONS, SENDING_STATES
from ....core.invoicing.sending import states


class ArInvoiceSending(models.Model):
    """An invoice or credit note that is sent by itself: when, what it waits for, and what became of it.

    One row for each invoice, made when it is posted for the first time while the customer's policy sends invoices. It
    is judged by `ar_invoice_sending_judge`, sent by `ar_invoice_sending_run`, and people decide in
    `ar_invoice_sending_person`. Odoo's ``is_move_sent`` proves nothing: it is set when the PDF is made.
    """

    _name = "ar.invoice.sending"
    _inherit = ["ar.access.mixin"]
    _description = "Invoice to Send"
    _order = "due_at, id"
    _rec_name = "move_id"

    move_id = fields.Many2one("account.move", "Invoice", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="move_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        related="move_id.commercial_partner_id", string="Customer", store=True, index="btree_not_null"
    )
    invoice_date = fields.Date(related="move_id.invoice_date")
    invoice_date_due = fields.Date(related="move_id.invoice_date_due")
    reference = fields.Char(related="move_id.ref", string="Customer Reference")
    currency_id = fields.Many2one(related="move_id.currency_id")
    amount_total = fields.Monetary(related="move_id.amount_total")
    user_id = fields.Many2one(related="move_id.invoice_user_id")
    customer_id = fields.Many2one("ar.customer", "Customer Account", compute="_compute_customer_id")

    state = fields.Selection(SENDING_STATES, required=True, default=states.WAITING, readonly=True, index=True)
    reason = fields.Selection(SENDING_REASONS, "Waits for", readonly=True)
    message = fields.Text(readonly=True, help="What went wrong.")
    held_on = fields.Date("Waits since", readonly=True)
    due_at = fields.Datetime("To Be Sent at", required=True, readonly=True, index=True)
    attempts = fields.Integer(readonly=True)
    claimed_at = fields.Datetime("Taken at", readonly=True)
    methods = fields.Char("Codes of Sending Methods", readonly=True, help="Sending methods of Odoo, such as email.")
    methods_text = fields.Char("Sending Method", compute="_compute_methods_text")
    sent_on = fields.Datetime(readonly=True)
    user_done_id = fields.Many2one(
        "res.users", "Decided by", readonly=True, ondelete="restrict", help="Who sent it, or decided about it."
    )
    # What was sent, and to whom: posted again with other contents, a person decides.
    sent_digest = fields.Char(readonly=True)
    sent_partner_id = fields.Many2one("res.partner", readonly=True, index="btree_not_null", ondelete="set null")
    # What a person decided about: changed since, the decision does not hold any more.
    decided_digest = fields.Char(readonly=True)
    decided_partner_id = fields.Many2one("res.partner", readonly=True, index="btree_not_null", ondelete="set null")
    is_released = fields.Boolean("Released", readonly=True, help="Somebody decided to send it nevertheless.")
    is_overridden = fields.Boolean(
        "Without Requirements", readonly=True, help="A manager decided to send it without the billing requirements."
    )
    is_old = fields.Boolean(readonly=True, help="Dated long before it was posted, by the credit policy of then.")
    judged_at = fields.Datetime("Looked at", readonly=True)
    check_ids = fields.One2many("ar.invoice.check", "sending_id", "To Do", readonly=True)
    has_open_checks = fields.Boolean("Has Something to Do", compute="_compute_has_open_checks", store=True)
    mail_ids = fields.One2many("mail.mail", "ar_sending_id", "Emails", groups="base.group_system")

    _move_uniq = models.UniqueIndex("(move_id)", "This invoice is on the list already.")

    @api.depends("move_id.name")
    def _compute_display_name(self):
        # sudo: the name is shown, whatever else the user may read of the invoice.
        for sending in self:
            sending.display_name = sending.sudo().move_id.display_name

    @api.depends("methods")
    @api.depends_context("lang")
    def _compute_methods_text(self):
        names = dict(self.env["res.partner"]._fields["invoice_sending_method"]._description_selection(self.env))
        names[states.UPLOAD] = dict(self._fields["reason"]._description_selection(self.env))[states.UPLOAD]
        for sending in self:
            codes = (sending.methods or "").split(", ")
            sending.methods_text = ", ".join(names.get(code, code) for code in codes if code)

    @api.depends("check_ids.done_on")
    def _compute_has_open_checks(self):
        for sending in self:
            sending.has_open_checks = any(not check.done_on for check in sending.check_ids)

    @api.depends("partner_id", "company_id")
    def _compute_customer_id(self):
        accounts = self._find_accounts(self.move_id)
        for sending in self:
            sending.customer_id = accounts.get(sending.move_id, False)

    @api.model
    def _get_debtor(self, move):
        """Return who owes an invoice; the contact that Odoo stored may belong to another company since."""
        return move.commercial_partner_id.commercial_partner_id

    @api.model
    def _find_accounts(self, moves):
        """Return {invoice: the account of its customer}; those without an account are left out."""
        # sudo: the account's name is shown beside the invoice.
        accounts = self.env["ar.customer"].sudo()
        debtors = self._get_debtor(moves)
        domain = Domain("partner_id", "in", debtors.ids) & Domain("company_id", "in", moves.company_id.ids)
        found = accounts.search(domain & Domain("merged_into_id", "=", False))
        account_of = {(account.partner_id, account.company_id): account for account in found}
        keys = {move: (self._get_debtor(move), move.company_id) for move in moves}
        return {move: account_of[key] for move, key in keys.items() if key in account_of}

    @api.model
    def _find_policies(self, moves):
        """Return {invoice: the credit policy of its customer}; by the filters where there is no account yet."""
        accounts = self._find_accounts(moves)
        policy_of = {move: account.policy_id for move, account in accounts.items()}
        strangers = moves.filtered(lambda move: move not in accounts)
        for company, group in strangers.grouped("company_id").items():
            policies = company.ar_policy_ids.filtered("active")
            matched = policies._match_partners(self._get_debtor(group))
            for move in group:
                policy_of[move] = matched.get(self._get_debtor(move).id, policies.browse())
        return policy_of

    # === STATES === #

    def _set_state(self, state, reason=None, **values):
        """Store a state with its reason; a problem ends with any state that needs nobody.

        :param str state: see `core.invoicing.sending.states`
        :param str reason: why it waits
        :param values: further values to store
        """
        self._store_state(state, reason, dict.fromkeys(self, values))
        if state in (states.SENT, states.NOT_TO_SEND, states.QUEUED):
            self.env["ar.problem"]._clear(self, "invoices")

    def _set_sent(self, each=None, **values):
        """Store that these were sent, with what the customer got.

        :param dict each: {row: further values of that row}
        :param values: further values of all
        """
        now = fields.Datetime.now()
        sent = {
            sending: {
                "sent_on": sending.sent_on or now,
                "message": False,
                "sent_digest": sending._get_digest(),
                "sent_partner_id": sending._get_debtor(sending.move_id).id,
                **values,
                **(each or {}).get(sending, {}),
            }
            for sending in self
        }
        self._store_state(states.SENT, None, sent)
        self.env["ar.problem"]._clear(self, "invoices")

    def _store_state(self, state, reason, values):
        """Store a state, its reason and further values, where they differ from what is stored.

        :param dict values: {row: values}
        """
        today = {company: company._ar_today() for company in self.company_id}
        waits = state in (states.HELD, states.PRINT, states.FAILED, states.UNKNOWN)
        for sending in self:
            held_on = (sending.held_on or today[sending.company_id]) if waits else False
            new = {"state": state, "reason": reason or False, "held_on": held_on, **values[sending]}
            before = {name: self._fields[name].convert_to_write(sending[name], sending) for name in new}
            if changed := {name: value for name, value in new.items() if before[name] != value}:
                sending.write(changed)

    def _report_failure(self, text):
        """Store a problem of each of these invoices.

        :param str text: what happened
        """
        for sending in self:
            sending.message = text
            self.env["ar.problem"]._report(sending, "invoices", text)
