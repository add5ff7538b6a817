from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import CREDIT_LIMIT_KINDS
from ...core.credit.limit import AMOUNT, NOT_A_NUMBER, Limit
from ...core.credit.request import LimitRequest
from ...core.money import to_decimal
from ...messages import CREDIT_REFUSALS


class ArCreditRequestNew(models.TransientModel):
    """Dialog to request another credit limit for a customer."""

    _name = "ar.credit.request.new"
    _inherit = ["ar.wizard.mixin"]
    _description = "Request a Credit Limit"

    partner_id = fields.Many2one("res.partner", "Customer", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    limit_text = fields.Char("Limit Now", compute="_compute_limit_text")
    duration = fields.Selection(
        [("limit", "For good"), ("temporary", "Until a day")], required=True, default="limit",
        help="A temporary limit replaces the present one and ends by itself.",
    )  # fmt: skip
    wanted_kind = fields.Selection(CREDIT_LIMIT_KINDS, "Limit", required=True, default=AMOUNT)
    wanted_limit = fields.Monetary("Amount")
    until = fields.Date()
    reason = fields.Text(help="What the customer needs it for; those who decide read it.")
    file_ids = fields.Many2many("ir.attachment", string="Documents")

    @api.model
    def _open(self, partner, company):
        """Return the action that opens the dialog."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Request a Credit Limit"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_partner_id": partner.id, "default_company_id": company.id},
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base` to refuse what is no number, on which rounding would fail without an explanation."""
        for vals in vals_list:
            self._check_number(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Override of `base`, as for `create`."""
        self._check_number(vals)
        return super().write(vals)

    @api.model
    def _check_number(self, vals):
        if not to_decimal(vals.get("wanted_limit") or 0).is_finite():
            raise UserError(self.env._(CREDIT_REFUSALS[NOT_A_NUMBER]))

    @api.depends("partner_id", "company_id")
    def _compute_limit_text(self):
        """Compute the limit that applies today; who may request one may know it."""
        for wizard in self:
            accounts = self.env["ar.customer"].sudo()  # the user may work for a branch alone; see below
            self.env["ar.credit.request"]._check_requester(wizard.partner_id)
            root = wizard.company_id.sudo().root_id
            domain = [("partner_id", "=", wizard.partner_id.id), ("company_id", "=", root.id)]
            account = accounts.search(domain, limit=1)
            wizard.limit_text = account._get_credit_limit_text(account._get_credit_limit()) if account else False

    def action_confirm(self):
        """Make the request and open it."""
        self.ensure_one()
        requests = self.env["ar.credit.request"]
        requests._check_requester(self.partner_id)
        amount = self.wanted_limit if self.wanted_kind == AMOUNT else 0
        is_temporary = self.duration == "temporary"
        request = LimitRequest(
            self.env.uid,
            Limit(self.wanted_kind, to_decimal(amount)),
            self.reason or "",
            (is_temporary and self.until) or None,
        )
        made = requests._open_request(self.partner_id, self.company_id, request, is_temporary, files=self._get_files())
        return {
            "type": "ir.actions.act_window",
            "res_model": made._name,
            "res_id": made.id,
            "views": [(False, "form")],
        }

    def _get_files(self):
        """Return the documents that the user uploaded in this dialog: [{name, raw}]."""
        own = self.sudo().file_ids.filtered(  # only what this user uploaded here is taken
            lambda file: file.create_uid == self.env.user and file.res_model == self._name
        )
        return [{"name": file.name, "raw": file.raw} for file in own]
