from odoo import api, fields, models
from odoo.exceptions import UserError

from ....const import PLACEMENT_REASONS
from ....core.recovery.eligibility import LIMITATION_NEAR


class ArPlacementNewLine(models.TransientModel):
    """One customer whose debts may be handed over, in one currency."""

    _name = "ar.placement.new.line"
    _inherit = ["ar.wizard.mixin"]
    _description = "Proposed Placement"
    _order = "limitation_date, id"

    wizard_id = fields.Many2one("ar.placement.new", required=True, index=True, ondelete="cascade")
    customer_id = fields.Many2one("ar.customer", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="customer_id.company_id")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    agency_id = fields.Many2one("ar.agency", domain="[('company_id', '=', company_id)]", ondelete="cascade")
    code = fields.Selection(PLACEMENT_REASONS, "Reason", readonly=True, required=True)
    move_line_ids = fields.Many2many("account.move.line", string="Items", readonly=True)
    item_count = fields.Integer("Number of Items", compute="_compute_items")
    date_due = fields.Date("Oldest Due Date", compute="_compute_items")
    amount = fields.Monetary(readonly=True)
    limitation_date = fields.Date(readonly=True, help="Last day on which all of it can be claimed in court.")
    demand_text = fields.Text(related="customer_id.demand_text")
    ticked = fields.Boolean("Propose", default=True)

    @api.depends("move_line_ids")
    def _compute_items(self):
        for line in self:
            line.item_count = len(line.move_line_ids)
            line.date_due = min(line.move_line_ids.mapped(lambda item: item.date_maturity or item.date), default=False)

    @api.model
    def _get_code(self, codes):
        """Return the reason by the policy, whatever the dialog holds: the limitation date of any item counts for all.

        :param list codes: of the items' answers
        """
        return LIMITATION_NEAR if LIMITATION_NEAR in codes else next(iter(codes), "manual")

    def _propose(self):
        """Propose this placement; what the policy does not propose, managers alone can.

        :return: the `ar.placement`
        :raise UserError: where the agency is missing, or the role
        """
        self.ensure_one()
        customer = self.customer_id
        customer.check_access("read")
        if not self.agency_id:
            raise UserError(self.env._("Choose an agency for %s.", customer.display_name))
        self.agency_id.check_access("read")
        wanted = set(self.move_line_ids.ids)
        answers = customer._get_placement_answers(customer._get_facts()).get(self.currency_id.name, {})
        eligible = {item_id for item_id, answer in answers.items() if answer.is_eligible}
        code = self._get_code([answers[item_id].code for item_id in self.move_line_ids.ids if item_id in eligible])
        if not wanted <= eligible:
            customer._require("manager")
            code = "manual"
        return self.env["ar.placement"]._propose(
            customer, self.agency_id, self.currency_id, code, self.move_line_ids.ids
        )
