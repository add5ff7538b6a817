from odoo import api, fields, models
from odoo.exceptions import UserError

from ....formats import format_date

#: What a customer says: once it comes from the customer itself, nobody rewrites it.
SAID = ("customer_id", "date", "reason", "means", "proposal")


class ArPaymentAbility(models.Model):
    """What a customer said of its ability to pay, to staff or on its page, before a plan or settlement is agreed on."""

    _name = "ar.payment.ability"
    _inherit = ["ar.access.mixin"]
    _description = "Ability to Pay"
    _order = "date desc, id desc"
    _rec_name = "reason"

    _writable = {"collector": (*SAID, "note")}

    customer_id = fields.Many2one("ar.customer", "Customer Account", required=True, index=True, ondelete="restrict")
    partner_id = fields.Many2one(related="customer_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="customer_id.company_id", store=True, index=True)
    date = fields.Date(required=True, default=lambda self: self.env.company._ar_today())
    reason = fields.Text(required=True, help="Why the customer cannot pay all of it now.")
    means = fields.Text(help="Income, assets and other debts that the customer named, and what proves them.")
    proposal = fields.Text(help="What the customer offers: amounts and days.")
    note = fields.Text("Notes of Staff", help="What colleagues found out or agreed on; the customer does not see it.")
    origin = fields.Selection(
        [("staff", "Staff"), ("portal", "Customer portal")], required=True, default="staff", readonly=True,
        copy=False,
    )  # fmt: skip
    user_id = fields.Many2one(
        "res.users", "Noted by", readonly=True, required=True, default=lambda self: self.env.uid, ondelete="restrict",
        copy=False,
    )  # fmt: skip

    @api.depends("customer_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for ability in self:
            customer, day = ability.customer_id.display_name, format_date(self.env, ability.date)
            ability.display_name = self.env._("%(customer)s, %(day)s", customer=customer, day=day) if customer else ""

    def write(self, vals):
        """Override of `base` to keep what a customer wrote on its page; staff adds notes of its own.

        :raise UserError: where the text, the day or the customer of such a record would change
        """
        if not self.env.su and self.filtered(lambda ability: ability.origin == "portal")._would_rewrite(vals):
            raise UserError(self.env._("The customer wrote this on the portal: it stays as it is; add a note instead."))
        return super().write(vals)

    def _would_rewrite(self, vals):
        """Return whether writing these values changes what the customer said; forms send what did not change, too."""
        for name in SAID:
            if name in vals:
                field = self._fields[name]
                value = field.convert_to_cache(vals[name], self)
                if any((field.convert_to_cache(ability[name], ability) or None) != (value or None) for ability in self):
                    return True
        return False
