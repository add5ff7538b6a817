from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..customers.core_flow import ignore_failure


class AccountMove(models.Model):
    """Reminders on the invoice: the next one, the communications that listed it, and its exclusion from follow-up."""

    _inherit = "account.move"

    ar_customer_id = fields.Many2one(
        "ar.customer", "Customer Account", compute="_compute_ar_customer_id", groups="base.group_user"
    )
    ar_next_step_id = fields.Many2one(
        "ar.reminder.step", "Next Reminder", compute="_compute_ar_next_step", groups="base.group_user"
    )
    ar_next_step_date = fields.Date("Next Reminder on", compute="_compute_ar_next_step", groups="base.group_user")
    ar_communication_ids = fields.Many2many(
        "ar.communication",
        string="Communications",
        compute="_compute_ar_communication_ids",
        groups="ar_collections.ar_collections_group_auditor",
    )
    ar_communication_count = fields.Integer(
        compute="_compute_ar_communication_ids", groups="ar_collections.ar_collections_group_auditor"
    )
    ar_no_chase_reason = fields.Char("Reason for No Follow-Up", copy=False, tracking=True, groups="base.group_user")
    ar_no_chase_until = fields.Date(
        "No follow-up until",
        copy=False,
        tracking=True,
        index="btree_not_null",
        help="Date from which reminders resume. Empty: never.",
        groups="base.group_user",
    )

    @api.depends("commercial_partner_id.commercial_partner_id", "company_id")
    def _compute_ar_customer_id(self):
        """Compute the account; the commercial partner that Odoo stored may belong to another company since."""
        partners = self.commercial_partner_id.commercial_partner_id
        # sudo: who reads the invoice sees the account's name, which is the customer's; opening it takes rights on it.
        customers = self.env["ar.customer"].sudo()
        accounts = customers.search([("partner_id", "in", partners.ids), ("company_id", "in", self.company_id.ids)])
        account_of = {(account.partner_id, account.company_id): account.id for account in accounts}
        for move in self:
            partner = move.commercial_partner_id.commercial_partner_id
            move.ar_customer_id = account_of.get((partner, move.company_id), False)

    def _get_ar_account(self):
        """Return the customer account, for a dialog about the invoice.

        :raise UserError: where there is none, with the way out
        """
        self.ensure_one()
        if self.ar_customer_id:
            return self.ar_customer_id
        partner = self.commercial_partner_id.commercial_partner_id
        # sudo: only whether there is one; archived accounts do not show in the compute either.
        accounts = self.env["ar.customer"].sudo().with_context(active_test=False)
        if accounts.search_count([("partner_id", "=", partner.id), ("company_id", "=", self.company_id.id)], limit=1):
            raise UserError(
                self.env._(
                    "The customer account of %(customer)s is archived: a collections manager activates it again.",
                    customer=partner.display_name,
                )
            )
        raise UserError(
            self.env._("There is no customer account for this invoice yet; it is created by the nightly run.")
        )

    def _compute_ar_communication_ids(self):
        lines = self.env["ar.communication.line"].search([("move_id", "in", self.ids)])
        by_move = lines.grouped("move_id")
        for move in self:
            found = by_move.get(move, lines.browse()).communication_id
            move.ar_communication_ids = found
            move.ar_communication_count = len(found)

    @api.depends("state", "payment_state", "amount_residual", "no_followup", "ar_customer_id")
    def _compute_ar_next_step(self):
        """Compute the invoice's own next step and its earliest date.

        When the reminder is really sent depends on the customer's other items and on the contact limits, too. There is
        none where the customer is not reminded at all, and before collections are activated.
        """
        next_steps = {}
        chased = self.filtered(lambda move: move._is_chased())
        with ignore_failure(self.env, "the next reminders of invoices"):
            customers = chased.ar_customer_id.sudo()  # rules and history, for display
            for company, accounts in customers.grouped("company_id").items():
                next_steps.update(accounts._next_steps_by_line(company._ar_today()))
        for move in self:
            steps = [next_steps[line.id] for line in move.line_ids if line.id in next_steps] if move in chased else []
            move.ar_next_step_date, move.ar_next_step_id = min(steps, default=(False, False))

    def _is_chased(self):
        """Return whether reminders about the invoice are possible: something of it is open."""
        self.ensure_one()
        return self.is_sale_document(include_receipts=True) and self._ar_is_open()

    def action_toggle_block_payment(self):
        """Override of `account`: what is blocked is not reminded, so the account is decided anew at once."""
        result = super().action_toggle_block_payment()
        if self.is_sale_document(include_receipts=True):
            with ignore_failure(self.env, "the account of an invoice whose payment was blocked", writes=False):
                self.sudo().ar_customer_id._mark_changed()  # whoever may block need not read accounts
        return result

    def _post(self, soft=True):
        """Override of `account` to create missing customer accounts, and to keep No Follow-Up of posted invoices."""
        again = self.filtered(lambda move: move.posted_before and move.is_sale_document())
        posted = super()._post(soft)
        if again & posted:
            text, excluded = "No Follow-Up of invoices that are posted again", self.browse()
            with ignore_failure(self.env, text, writes=False):
                excluded = (again & posted).sudo()._filter_excluded()  # whoever posts needs no right on follow-up
            if excluded:
                with ignore_failure(self.env, text):
                    excluded.write({"no_followup": True})
        posted.filtered(lambda move: move.is_sale_document(include_receipts=True))._ensure_accounts()
        return posted

    def _ensure_accounts(self):
        """Create the missing customer accounts of these invoices."""
        accounts = self.env["ar.customer"]
        for company, moves in self.grouped("company_id").items():
            missing = self.env["res.partner"]
            with ignore_failure(self.env, "the customer accounts of posted invoices", writes=False):
                missing = accounts._without_account(moves.commercial_partner_id.commercial_partner_id, company)
            if missing:
                # Another user may post the customer's first invoice at the same time, and the unique index lets one
                # account pass. The nightly run creates what is missing here.
                with ignore_failure(self.env, "the customer accounts of posted invoices", expected=UniqueViolation):
                    accounts._ensure_for_partners(missing, company)

    def _filter_excluded(self):
        """Return the excluded invoices with an installment that is not: Odoo creates new ones without it in a draft."""
        found = self.browse()
        for move in self:
            items = move.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
            was_resumed = set(items.mapped("ar_follow_up")) & {"yes"}
            is_marked = (move.ar_no_chase_until or move.ar_no_chase_reason) and not was_resumed
            is_excluded = is_marked or any(item.no_followup or item.ar_follow_up == "no" for item in items)
            if is_excluded and not all(items.mapped("no_followup")):
                found |= move
        return found

    @api.model
    def _end_expired_no_chase(self, company, today, auto_commit=False):
        """Resume the reminders of invoices and items whose exclusion ends today or has ended.

        An entry that somebody works on at this moment waits for the next run; the others go on.

        :param date today: the company's date
        :param bool auto_commit: commit batch after batch, as a scheduled action does
        """
        domain = [("company_id", "=", company.id), ("ar_no_chase_until", "<=", today)]
        for records in (self.search(domain), self.env["account.move.line"].search(domain)):
            run = self.env["ar.nightly"]._batch_run(company, "reminders", auto_commit, is_part=True)
            run.over_records(
                records, lambda batch: batch._resume_reminders(), due=lambda batch: batch._filter_unlocked(domain)
            )

    def _filter_unlocked(self, domain):
        """Return those of these locked invoices that still match the domain, and whose items nobody else has locked."""
        moves = self.filtered_domain(domain)
        lines = moves.line_ids
        return moves - (lines - lines.try_lock_for_update()).move_id

    def _resume_reminders(self):
        """End the exclusion of these entries."""
        self.write({"no_followup": False, "ar_no_chase_until": False, "ar_no_chase_reason": False})

    def action_open_ar_communications(self):
        """Open the communications that list this invoice."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_communication_action")
        return dict(action, domain=[("line_ids.move_id", "=", self.id)], context={})
