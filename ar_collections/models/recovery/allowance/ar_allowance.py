from odoo import api, fields, models
from odoo.exceptions import UserError

from ....core.money import to_decimal
from ....core.recovery.allowance import Bucket, provide, roll_loss_rates, total
from ....messages import ALLOWANCE_REFUSALS
from ...customers.refusals import explain


class ArAllowance(models.Model):
    """Allowance for expected losses at the end of a day: a provision matrix, and the entry of the difference."""

    _name = "ar.allowance"
    _inherit = ["ar.thread.mixin", "ar.list.export.mixin", "ar.workbook.mixin"]
    _description = "Allowance for Expected Losses"
    _order = "date desc, id desc"

    _writable = {"credit_manager": ("company_id", "date", "method", "factor", "factor_reason", "line_ids")}

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date("As of", required=True, default=lambda self: self.env.company._ar_today(), copy=False)
    method = fields.Selection(
        [("roll", "Own roll rates"), ("typed", "Entered rates")], required=True, default="roll", tracking=True,
        help="Own roll rates: what of a year's invoices was not paid in the end, as a share of what reached each age.",
    )  # fmt: skip
    factor = fields.Float(
        "Forward-Looking Factor", default=1.0, digits=(16, 4), tracking=True,
        help="Factor by which losses are expected to be higher (above 1) or lower than in the past.",
    )  # fmt: skip
    factor_reason = fields.Text("Reason for the Factor", tracking=True)
    line_ids = fields.One2many("ar.allowance.line", "allowance_id", "Matrix")
    # The next one is duplicated from the last: what was computed and booked of that is not copied.
    invoiced = fields.Monetary(
        readonly=True, copy=False, help="Invoices of the year that the roll rates are read from."
    )
    amount_total = fields.Monetary("Allowance", readonly=True, copy=False, tracking=True)
    amount_before = fields.Monetary(
        "Booked before", readonly=True, copy=False,
        help="Balance of the allowance account at the end of the day, posted entries.",
    )  # fmt: skip
    difference = fields.Monetary(
        readonly=True, copy=False, help="What is to be booked: allowance less what is booked before."
    )
    computed_on = fields.Date(readonly=True, copy=False)
    move_id = fields.Many2one(
        "account.move", "Entry", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    # As on the account: Odoo would search all messages, whoever may read them.
    message_ids = fields.One2many(bypass_search_access=False)
    website_message_ids = fields.One2many(bypass_search_access=False)

    @api.depends("date", "company_id")
    def _compute_display_name(self):
        for allowance in self:
            allowance.display_name = self.env._(
                "Allowance as of %s", allowance.date and self.env["ar.customer"]._format_date(allowance.date) or ""
            )

    def copy(self, default=None):
        """Override of `base` to copy rates that were entered; all else of the matrix is computed anew."""
        copies = super().copy(default)
        for allowance, new in zip(self, copies, strict=True):
            if allowance.method == "typed":
                allowance.line_ids.sudo().copy({"allowance_id": new.id})  # no role makes rows; these are the user's own
        return copies

    def write(self, vals):
        """Override to keep what was booked as it is."""
        self._check_not_booked()
        return super().write(vals)

    def _check_not_booked(self):
        """Refuse changes of users to what was booked."""
        if not self.env.su and self.filtered("move_id"):
            raise UserError(self.env._("The entry of this allowance is made: make a new allowance instead."))

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_booked(self):
        """Keep the computation of what was booked."""
        if self.filtered("move_id"):
            raise UserError(self.env._("The entry of this allowance is made: it cannot be deleted."))

    def _explain_refusal(self):
        """Return a context that turns what the rules refuse into a message to the user."""
        return explain(self.env, ALLOWANCE_REFUSALS)

    # === COMPUTATION === #

    def action_compute(self):
        """Read the ledger as of the day, and compute the matrix; entered rates stay."""
        self.ensure_one()
        self._require("credit_manager")
        self.check_access("write")
        allowance = self.sudo()  # results are written by our own code; the user's access was checked
        allowance._check_computable()
        company = allowance.company_id
        balances, insured = self.env["ar.allowance.reader"]._read_balances(company, allowance.date)
        invoiced, rates = allowance._read_rates(len(balances))
        buckets = [Bucket(*values) for values in zip(balances, rates, insured, strict=True)]
        factor, rounding = to_decimal(allowance.factor), to_decimal(company.currency_id.rounding)
        with self._explain_refusal():
            provisions = provide(buckets, factor, allowance.factor_reason or "", rounding)
        allowance._replace_lines(rates, provisions)
        before, amount = allowance._read_booked(), float(total(provisions))
        allowance.write(
            {
                **({} if invoiced is None else {"invoiced": float(invoiced)}),
                "amount_total": amount,
                "amount_before": before,
                "difference": company.currency_id.round(amount - before),
                "computed_on": company._ar_today(),
            }
        )
        return True

    def _check_computable(self):
        """Check that the allowance is not booked, and not about a day that is still to come."""
        if self.move_id:
            raise UserError(self.env._("The entry of this allowance is made: make a new allowance instead."))
        if self.date > self.company_id._ar_today():
            raise UserError(self.env._("The date is in the future: choose today or an earlier day."))

    def _read_rates(self, number):
        """Return the loss rate of each bucket, and what it is measured on.

        :param int number: of the buckets
        :return: (invoiced in the months that the company's own rates are measured on; None where rates were entered,
            rates from 0 to 1)
        """
        if self.method == "roll":
            invoiced, unpaid = self.env["ar.allowance.reader"]._read_rolls(self.company_id, self.date)
            with self._explain_refusal():
                return invoiced, roll_loss_rates(invoiced, unpaid)
        entered = {line.number: to_decimal(line.rate) / 100 for line in self.line_ids}
        return None, [entered.get(bucket, to_decimal(0)) for bucket in range(number)]

    def _replace_lines(self, rates, provisions):
        """Replace the lines by those of these buckets."""
        self.line_ids.unlink()
        lines, names = self.env["ar.allowance.line"].sudo(), self.company_id._ar_aging_names()  # as `action_compute`
        lines.create(
            [
                lines._prepare_vals(self, number, name, rate, provision)
                for number, (name, rate, provision) in enumerate(zip(names, rates, provisions, strict=True))
            ]
        )

    def _read_booked(self):
        """Return the allowance that posted entries hold at the end of the day."""
        account = self.company_id.ar_allowance_account_id
        domain = [
            ("account_id", "=", account.id), ("company_id", "=", self.company_id.id), ("parent_state", "=", "posted"),
            ("date", "<=", self.date),
        ]  # fmt: skip
        ((balance,),) = self.env["account.move.line"]._read_group(domain, [], ["balance:sum"])
        return -(balance or 0.0)
