from odoo import api, fields, models

from ...const import LATE_CHARGE_CREDITS, LATE_CHARGE_INVOICING
from ...core.late_charges.charge import ChargeRules
from ...core.money import to_decimal


class ArCreditPolicyLateCharges(models.Model):
    """Whether the customers of a policy are charged for late payment, by which rules, from when, and how."""

    _inherit = "ar.credit.policy"

    _writable = {
        "manager": (
            "late_charge_regime_id", "late_charge_since", "late_charge_lump_sums", "late_charge_persons",
            "late_charge_from_days", "late_charge_step_id", "late_charge_grace_days", "late_charge_minimum",
            "late_charge_credits", "late_charge_invoicing", "late_charge_every_days",
            "late_charge_waives_kept",
        ),
        "credit_manager": ("uses_late_charge_second", "late_charge_second_above"),
    }  # fmt: skip

    late_charge_regime_id = fields.Many2one(
        "ar.late.charge.regime", "Late Charges", tracking=True, ondelete="restrict",
        help=(
            "Rules by which late charges accrue. Empty: none are charged. Example: the rules of your country "
            "for companies."
        ),
    )  # fmt: skip
    late_charge_since = fields.Date(
        "Due Dates from", compute="_compute_late_charge_since", store=True, readonly=False, tracking=True,
        help=(
            "First due date of invoices that are charged; what was due before never is. Opening balances and "
            "other entries without an invoice are not charged. Example: 1 July, if customers were told in "
            "June."
        ),
    )  # fmt: skip
    late_charge_lump_sums = fields.Boolean(
        "Charge Lump Sums",
        default=True,
        tracking=True,
        help=(
            "Whether the lump sum of each late invoice is charged. Example: 40 EUR for each late invoice in "
            "the European Union."
        ),
    )
    late_charge_persons = fields.Boolean(
        "Charge Persons", tracking=True,
        help=(
            "Whether customers who are no companies are charged, too. The rules of the countries are about "
            "companies. Example: off, a private customer pays late without interest."
        ),
    )  # fmt: skip
    late_charge_from_days = fields.Integer(
        "Charged from Day", default=1, tracking=True,
        help=(
            "Number of days after the due date from which late charges are invoiced; the interest counts from "
            "the due date. Not used where a reminder is chosen. Example: with 15, an invoice paid 10 days "
            "late costs nothing, one paid 20 days late 20 days of interest."
        ),
    )  # fmt: skip
    late_charge_step_id = fields.Many2one(
        "ar.reminder.step", "Charged after Reminder", tracking=True, ondelete="restrict",
        domain="[('schedule_id', '=', schedule_id), ('days', '>', 0)]",
        help=(
            "Late charges are invoiced only after this reminder, or a later one, listed the invoice. Example: "
            "Firm reminder, which announces the charges."
        ),
    )  # fmt: skip
    late_charge_grace_days = fields.Integer(
        "Waived if Paid within (days)", default=7, tracking=True,
        help=(
            "Number of days from then on within which a payment ends the late charges, as it may cross the "
            "reminder. Example: with 7, who pays within a week of the reminder pays no interest."
        ),
    )  # fmt: skip
    late_charge_minimum = fields.Monetary(
        "Smallest Late Charge", tracking=True,
        help=(
            "Late charges of an invoice below it are not invoiced, in company currency; what accrues after an "
            "invoice waits until it is as much again. Example: with 5, interest of 3.20 is not invoiced."
        ),
    )  # fmt: skip
    late_charge_credits = fields.Selection(
        LATE_CHARGE_CREDITS, "Effect of Credit Notes", required=True, default="start", tracking=True,
        help=(
            "From when a credit note for the invoice lowers the interest. What a dispute was right about was "
            "never owed. Example: a credit note for a wrong price counts from the beginning."
        ),
    )  # fmt: skip
    late_charge_invoicing = fields.Selection(
        LATE_CHARGE_INVOICING, "Late Charges are Invoiced", required=True, default="manual", tracking=True,
        help=(
            "Always as a draft, which people check and post. Example: automatically, a draft for each "
            "customer waits to be posted."
        ),
    )  # fmt: skip
    late_charge_every_days = fields.Integer(
        "Charged again after (days)", default=30, tracking=True,
        help=(
            "Number of days between two late charges of an invoice that stays unpaid, where they are drafted "
            "automatically. What was paid is charged at once. Example: with 30, an invoice that stays unpaid "
            "is charged about once a month."
        ),
    )  # fmt: skip
    late_charge_waives_kept = fields.Boolean(
        "Waived where Agreements are Kept", tracking=True,
        help=(
            "Whether late charges end when an invoice was paid as promised or by its payment plan. While an "
            "agreement is open nothing is charged; where it is broken, all that accrued. Example: paid on the "
            "promised Friday: no interest."
        ),
    )  # fmt: skip
    uses_late_charge_second = fields.Boolean(
        "Second Person for Waivers",
        tracking=True,
        help=(
            "Whether high late charges are waived by two persons. Example: waiving 800 of interest needs the "
            "approval of a second person."
        ),
    )
    late_charge_second_above = fields.Monetary(
        "Waived Alone up to",
        tracking=True,
        help=(
            "Highest amount of one customer that one person waives alone in 30 days. Example: with 100, 80 are "
            "waived by one person, 120 by two, also in parts."
        ),
    )

    _late_charge_numbers = models.Constraint(
        "CHECK (late_charge_from_days BETWEEN 0 AND 3650 AND late_charge_grace_days BETWEEN 0 AND 365"
        " AND late_charge_minimum >= 0 AND late_charge_second_above >= 0"
        " AND late_charge_every_days BETWEEN 1 AND 365)",
        "Days and amounts of late charges cannot be negative: enter 0 to 3650 days, 0 to 365 days of grace, and charge "
        "again after 1 to 365 days.",
    )

    @api.depends("late_charge_regime_id")
    def _compute_late_charge_since(self):
        """Begin with invoices that fall due from now on: nobody is charged for years that were not announced."""
        for policy in self:
            if policy.late_charge_regime_id and not policy.late_charge_since and policy.company_id:
                policy.late_charge_since = policy.company_id._ar_today()

    @api.model
    def _get_setting_names(self):
        """Override to add the rules of late charges."""
        return [*super()._get_setting_names(), "late_charge_regime_id"]

    def _find_warnings(self):
        """Override to add rates that are missing."""
        warnings = super()._find_warnings()
        if text := self.late_charge_regime_id.reference_id and self.late_charge_regime_id.warning:
            warnings.append(text)
        step = self.late_charge_step_id
        if self.late_charge_regime_id and step and step.schedule_id != self.schedule_id:
            warnings.append(
                self.env._(
                    "Late charges begin after “%s”, which is not in the reminder schedule: choose one of its "
                    "reminders. Until then those that are sent as late or later count.",
                    step.display_name,
                )
            )
        return warnings

    @api.depends("late_charge_regime_id.warning", "late_charge_step_id")
    @api.depends_context("lang")
    def _compute_warning(self):
        """Override to depend on the rates."""
        return super()._compute_warning()

    def _get_late_charge_rules(self):
        """Return when late charges are invoiced, as a value of `core`; amounts in company currency.

        :rtype: ChargeRules
        """
        self.ensure_one()
        return ChargeRules(
            self.late_charge_from_days,
            bool(self.late_charge_step_id),
            self.late_charge_grace_days,
            to_decimal(self.late_charge_minimum),
        )
