from odoo import fields, models

from ....core.money import to_decimal
from ....core.recovery.eligibility import EligibilityRules


class ArCreditPolicy(models.Model):
    """From when on debts of a policy's customers are proposed for an agency, and for which one."""

    _inherit = "ar.credit.policy"

    _writable = {
        "manager": (
            "proposes_placements", "placement_agency_id", "placement_days", "placement_minimum",
            "placement_needs_steps", "placement_answer_days", "placement_answer_days_person", "placement_notice",
        ),
    }  # fmt: skip

    proposes_placements = fields.Boolean(
        "Propose Placements",
        tracking=True,
        help=(
            "Whether late debts are proposed to be handed to an agency. Example: what is 90 days late appears "
            "under Placements as proposed."
        ),
    )
    placement_agency_id = fields.Many2one(
        "ar.agency", "Agency", tracking=True, check_company=True, ondelete="restrict",
        help=(
            "The agency that is proposed; another one can be chosen for each placement. Example: the agency "
            "for your own country."
        ),
    )  # fmt: skip
    placement_days = fields.Integer(
        "Placed from (days late)", default=90, tracking=True,
        help=(
            "Number of days after the due date from which a debt is proposed. Example: with 90, a debt due on "
            "1 January is proposed from 1 April."
        ),
    )  # fmt: skip
    placement_minimum = fields.Monetary(
        "Minimum Placement",
        tracking=True,
        help="Smallest amount of a customer that is proposed. 0: any amount. Example: with 50, nobody hands over 30.",
    )
    placement_needs_steps = fields.Boolean(
        "Last Reminder First", default=True, tracking=True,
        help=(
            "Whether the last step of the reminder schedule must have been sent, and the time to answer have "
            "passed. Example: without the final notice nothing is proposed."
        ),
    )  # fmt: skip
    placement_answer_days = fields.Integer(
        "Time to Answer (days)", default=14, tracking=True,
        help=(
            "Number of days that companies have to answer the last reminder before their debts are proposed. "
            "Example: with 14, a final notice of the 1st is answered until the 15th."
        ),
    )  # fmt: skip
    placement_answer_days_person = fields.Integer(
        "Time to Answer, Persons (days)", default=30, tracking=True,
        help="The same for persons and sole traders, for instance 30 days by the protocol of the United Kingdom.",
    )  # fmt: skip

    placement_notice = fields.Boolean(
        "Tell the Customer", tracking=True,
        help=(
            "Whether customers get an email when debts are handed over: which ones, and whom to contact. "
            "Example: “From today, Acme Collections asks for these invoices for us.”"
        ),
    )  # fmt: skip

    _placement_limits = models.Constraint(
        "CHECK (placement_days >= 0 AND placement_minimum >= 0 AND placement_answer_days >= 0"
        " AND placement_answer_days_person >= 0)",
        "The limits of placements cannot be negative.",
    )

    def _get_placement_rules(self, is_person=False):
        """Return when debts may be handed over.

        :param bool is_person: the customer is no company
        :rtype: core.recovery.eligibility.EligibilityRules
        """
        self.ensure_one()
        days = self.schedule_id.step_ids.filtered("active").mapped("days")
        return EligibilityRules(
            self.placement_days,
            to_decimal(self.placement_minimum),
            max(days) if days and self.placement_needs_steps else None,
            self.placement_answer_days_person if is_person else self.placement_answer_days,
            self.limitation_near_days,
        )
