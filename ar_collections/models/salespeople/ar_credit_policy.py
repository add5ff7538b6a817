from odoo import fields, models


class ArCreditPolicy(models.Model):
    """Whether and when salespeople are notified about their customers."""

    _inherit = "ar.credit.policy"

    _writable = {
        "manager": (
            "notify_salesperson", "salesperson_days",
        ),
    }  # fmt: skip

    notify_salesperson = fields.Selection(
        [("never", "Never"), ("serious", "For serious events")],
        "Notify the Salesperson",
        required=True,
        default="never",
        tracking=True,
        help=(
            "Events the salesperson is notified of. Serious events: a firm reminder, a final notice, a call, "
            "a broken promise or a new dispute. Example: with serious events, the salesperson hears of a "
            "final notice, not of a friendly one."
        ),
    )
    salesperson_days = fields.Integer(
        "Notice to the Salesperson (working days)",
        tracking=True,
        help=(
            "Number of working days before a firm reminder on which the salesperson receives a list of the "
            "customers concerned. 0: no list. Example: with 3, the list comes on Tuesday for firm reminders "
            "of Friday."
        ),
    )

    _salesperson_days_not_negative = models.Constraint(
        "CHECK (salesperson_days >= 0 AND salesperson_days <= 60)",
        "The notice to the salesperson must be between 0 and 60 working days; 0 means no notice.",
    )
