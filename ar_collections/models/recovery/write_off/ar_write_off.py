from odoo import api, fields, models
from odoo.exceptions import UserError

from ....const import WRITE_OFF_KINDS, WRITE_OFF_REASONS, WRITE_OFF_STATES
from ....messages import WRITE_OFF_REFUSALS
from ...customers.refusals import explain, get_refusal_text


class ArWriteOff(models.Model):
    """Write-off of what customers do not pay: which items, how much, why, who decided, and the entry.

    There is no draft: the dialog is the draft. Nobody writes it: our own code does. The entry is posted in a journal of
    its own, so that no figure takes the loss for a payment; see `account.journal.ar_is_write_off`.

    Decisions are in `ar_write_off_decision`, the entry in `ar_write_off_entry`, what is undone in
    `ar_write_off_reversal`, the tax in `ar_write_off_relief`.
    """

    _name = "ar.write.off"
    _inherit = ["ar.thread.mixin", "ar.decision.mixin", "mail.activity.mixin"]
    _description = "Write-Off"
    _order = "id desc"
    _check_company_auto = True

    _task_role = "credit_manager"

    name = fields.Char("Number", readonly=True, copy=False, default="/")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(WRITE_OFF_STATES, required=True, default="open", readonly=True, index=True, tracking=True)
    kind = fields.Selection(WRITE_OFF_KINDS, "Type", required=True, readonly=True)
    reason_code = fields.Selection(WRITE_OFF_REASONS, "Reason", required=True, readonly=True)
    reason = fields.Text("Explanation", readonly=True)
    date = fields.Date("Accounting Date", required=True, readonly=True)
    claims_relief = fields.Boolean(
        "Claim Tax Relief", readonly=True, help="Whether the tax is booked back with the write-off, where it can be."
    )
    line_ids = fields.One2many("ar.write.off.line", "write_off_id", "Items", readonly=True)
    amount_total = fields.Monetary(
        "Amount", compute="_compute_amount_total", store=True, help="What is written off, in company currency."
    )
    customer_names = fields.Char("Customers", compute="_compute_customer_names")
    move_id = fields.Many2one("account.move", "Entry", readonly=True, index="btree_not_null", ondelete="restrict")
    requested_by_id = fields.Many2one("res.users", "Requested by", required=True, readonly=True, ondelete="restrict")
    date_requested = fields.Date("Requested on", required=True, readonly=True)
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True, ondelete="restrict")
    decided_for_id = fields.Many2one(
        "res.users", "With the Authority of", readonly=True, ondelete="restrict",
        help="The same user, or the absent one for whom it decided as the substitute.",
    )  # fmt: skip
    date_decided = fields.Date("Decided on", readonly=True)
    decision_note = fields.Text("Reason for the Decision", readonly=True)
    # As on the account: Odoo would search all messages and tasks, whoever may read them.
    message_ids = fields.One2many(bypass_search_access=False)
    website_message_ids = fields.One2many(bypass_search_access=False)
    activity_ids = fields.One2many(bypass_search_access=False)
    activity_summary = fields.Char(related_sudo=False)

    @api.depends("line_ids.amount_company")
    def _compute_amount_total(self):
        for write_off in self:
            write_off.amount_total = sum(write_off.line_ids.mapped("amount_company"))

    @api.depends("line_ids.partner_id")
    def _compute_customer_names(self):
        for write_off in self:
            write_off.customer_names = ", ".join(write_off.line_ids.partner_id.mapped("display_name"))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Refuse to delete write-offs: they say why a debt is gone."""
        raise UserError(self.env._("Write-offs cannot be deleted. Withdraw or reverse the write-off instead."))

    # === OPENING === #

    def action_open_entries(self):
        """Open the entries of the write-off: the one that booked it, and what was booked back."""
        self.ensure_one()
        self.check_access("read")
        # Only their ids are read; they are opened with the rights of the user.
        moves = self.sudo().move_id | self.sudo().line_ids.reversal_move_id | self.sudo().line_ids.relief_move_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Journal Entries"),
            "res_model": "account.move",
            "domain": [("id", "in", moves.ids)],
            "views": [(False, "list"), (False, "form")],
        }

    def _get_form_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    # === REFUSALS === #

    def _explain_refusal(self, name=None):
        """Return a context that turns what the rules refuse into a message to the user.

        :param str name: what it is about, as the number of an invoice
        """
        return explain(self.env, WRITE_OFF_REFUSALS, name)

    def _refuse(self, code, name=None):
        """Raise the message about a refusal.

        :param str code: of `core.recovery.write_off`
        :raise UserError: always
        """
        raise UserError(get_refusal_text(self.env, WRITE_OFF_REFUSALS, code, name))
