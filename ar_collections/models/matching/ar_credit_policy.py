from dataclasses import replace

from odoo import fields, models

HOLD, MENTION, IGNORE = "hold", "mention", "ignore"


class ArCreditPolicy(models.Model):
    """What happens to reminders while money of the customer is not matched with invoices."""

    _inherit = "ar.credit.policy"

    _writable = {"manager": ("unmatched_payments", "unmatched_payment_days")}

    unmatched_payments = fields.Selection(
        [
            (HOLD, "Wait with automatic reminders"),
            (MENTION, "Mention in the reminder"),
            (IGNORE, "Ignore"),
        ],
        default=HOLD,
        required=True,
        tracking=True,
        help=(
            "Payments, credit notes and bank statement lines of the customer that are not matched with "
            "invoices yet. Wait: no automatic reminder is sent for some days and the collector gets a task; "
            "afterwards they are mentioned. Mention: the reminder names them with date and amount. Example: "
            "500 on the bank statement without an invoice number delay the reminder of 480."
        ),
    )
    unmatched_payment_days = fields.Integer(
        "Wait for (days)",
        default=3,
        tracking=True,
        help=(
            "Number of days, from the day on which the money was booked, during which automatic reminders wait. "
            "Several payments in a row delay them at most three times as long. Example: with 3, money booked on "
            "Monday delays reminders until Thursday."
        ),
    )

    _unmatched_days_not_negative = models.Constraint(
        "CHECK (unmatched_payment_days >= 0)", "The number of days for payments to match cannot be negative."
    )

    def _get_rules(self, today):
        """Override to add how long money that is not matched holds reminders."""
        rules = super()._get_rules(today)
        is_holding = self.unmatched_payments == HOLD
        return replace(
            rules,
            unmatched_hold_days=self.unmatched_payment_days if is_holding else 0,
            mention_unmatched=self.unmatched_payments != IGNORE,
        )
