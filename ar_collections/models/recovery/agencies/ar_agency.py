from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ....const import AGENCY_DELIVERIES, AGENCY_KINDS
from ....core.money import to_decimal
from ....core.recovery.commission import AgeAddition, CommissionRefused, CommissionRules, Rate, check
from ....messages import COMMISSION_REFUSALS


class ArAgency(models.Model):
    """A collection agency or lawyer: what it is paid, how cases are handed over, and who works there."""

    _name = "ar.agency"
    _inherit = ["ar.company.mixin", "ar.access.mixin"]
    _description = "Collection Agency"
    _order = "sequence, id"
    _rec_name = "partner_id"
    _check_company_auto = True
    _logs_changes = True

    _writable = {
        "credit_manager": (
            "partner_id", "company_id", "sequence", "active", "kind", "reference", "delivery", "exclusive_days",
            "rate_ids", "direct_percent", "free_days", "vat_percent", "field_ids", "with_notes", "with_statement",
        ),
    }  # fmt: skip

    partner_id = fields.Many2one("res.partner", "Agency", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(AGENCY_KINDS, "Type", required=True, default="agency")
    reference = fields.Char("Our Client Number", help="Number under which the agency knows your company.")
    delivery = fields.Selection(
        AGENCY_DELIVERIES, "Hand-over by", required=True, default="download",
        help="How cases reach the agency: by email to its address, or as a file that a person uploads there.",
    )  # fmt: skip
    with_notes = fields.Boolean(
        "Gets Internal Notes",
        help="Whether the hand-over has your notes about calls and agreements. They may say more than the agency, or a "
        "court, should read.",
    )
    with_statement = fields.Boolean(
        "Gets the Full Statement", default=True,
        help="Whether the hand-over has the statement of account, which lists debts that are not placed, too.",
    )  # fmt: skip
    exclusive_days = fields.Integer(
        "Exclusive Period (days)", help="Number of days in which the agency alone may collect. 0: none"
    )
    rate_ids = fields.One2many("ar.agency.rate", "agency_id", "Commission")
    direct_percent = fields.Float(
        "Commission on Direct Payments (%)", default=100.0,
        help="Percentage of the commission that is due for what customers pay to you directly after the placement.",
    )  # fmt: skip
    free_days = fields.Integer(
        help="Direct payments within this number of days after the placement cost nothing. 0: none"
    )
    vat_percent = fields.Float("VAT on Commission (%)", help="Added to the commission on the agency's statement.")
    field_ids = fields.One2many("ar.agency.field", "agency_id", "Names of Fields")
    placement_count = fields.Integer("Placements", compute="_compute_placement_count")

    _partner_once = models.UniqueIndex("(partner_id, company_id)", "This contact is an agency of the company already.")
    _days_not_negative = models.Constraint(
        "CHECK (exclusive_days >= 0 AND free_days >= 0)", "Numbers of days cannot be negative."
    )

    def _compute_placement_count(self):
        groups = self.env["ar.placement"]._read_group([("agency_id", "in", self.ids)], ["agency_id"], ["__count"])
        counts = {agency.id: number for agency, number in groups}
        for agency in self:
            agency.placement_count = counts.get(agency.id, 0)

    @api.constrains("rate_ids", "direct_percent", "vat_percent")
    def _check_commission(self):
        """Refuse commission that is no agreement, such as one above 100 %."""
        for agency in self:
            try:
                check(agency._get_rules())
            except CommissionRefused as refused:
                raise ValidationError(self.env._(COMMISSION_REFUSALS[refused.code])) from refused

    def _get_rules(self, currency=None, day=None):
        """Return the commission as the core reads it.

        :param currency: `res.currency` of a case, to which the amounts of the rates are converted
        :param date day: of the conversion
        :rtype: core.recovery.commission.CommissionRules
        """
        self.ensure_one()
        rates = self.rate_ids.filtered(lambda row: row.kind == "rate")

        def start(row):
            if not currency or currency == self.currency_id:
                return to_decimal(row.start)
            return to_decimal(self.currency_id._convert(row.start, currency, self.company_id, day))

        return CommissionRules(
            tuple(Rate(start(row), to_decimal(row.percent)) for row in rates),
            tuple(AgeAddition(row.months, to_decimal(row.percent)) for row in self.rate_ids - rates),
            to_decimal(self.direct_percent),
            self.free_days,
            to_decimal(self.vat_percent),
        )

    def action_open_placements(self):
        """Open the agency's placements."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_placement_action")
        return dict(action, domain=[("agency_id", "=", self.id)], context={})
