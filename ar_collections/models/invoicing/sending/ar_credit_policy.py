from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ....const import SENDING_MODES
from ....core.invoicing.sending import states


class ArCreditPolicy(models.Model):
    """Whether, and when, invoices of customers are sent by themselves."""

    _inherit = "ar.credit.policy"

    _writable = {
        "manager": (
            "invoice_sending", "invoice_sending_hour", "invoice_sending_refunds", "invoice_review_above",
            "invoice_review_older", "invoice_held_days",
        ),
    }  # fmt: skip

    invoice_sending = fields.Selection(
        SENDING_MODES,
        "Send Invoices Automatically",
        required=True,
        default=states.OFF,
        tracking=True,
        help=(
            "Invoices are sent as the customer's field “Invoice sending” says: by email with the PDF, as an "
            "e-invoice, or on paper. Only invoices that are posted for the first time while this is on are "
            "sent. Example: an invoice posted at noon leaves without a click on Send."
        ),
    )
    invoice_sending_hour = fields.Integer(
        "Send at (hour)",
        default=8,
        tracking=True,
        help=(
            "Hour of the day in the company's time zone, 0 to 23. Example: with 8, what was posted in the "
            "evening leaves from 8 in the morning on."
        ),
    )
    invoice_sending_since = fields.Datetime(
        "Sent Automatically since",
        compute="_compute_invoice_sending_since",
        store=True,
        help="Moment from which invoices are sent by themselves; earlier ones are not.",
    )
    invoice_sending_refunds = fields.Boolean(
        "Send Credit Notes",
        default=True,
        tracking=True,
        help=(
            "Whether credit notes are sent in the same way. Example: the credit note of a return is sent like "
            "the invoice."
        ),
    )
    invoice_review_above = fields.Monetary(
        "Review Invoices above",
        tracking=True,
        help=(
            "Invoices above this amount wait under Invoices to Send until somebody presses Send Now. 0: none "
            "waits. Example: with 50,000, an invoice of 60,000 waits for a look."
        ),
    )
    invoice_review_older = fields.Integer(
        "Review Invoices Dated before (days)",
        default=30,
        tracking=True,
        help=(
            "Invoices dated more than this number of days before they are posted, such as imported ones, wait "
            "under Invoices to Send until somebody presses Send Now. 0: none waits. Example: with 30, an "
            "invoice dated in March and posted in June waits."
        ),
    )
    invoice_held_days = fields.Integer(
        "Report after (days)",
        default=3,
        tracking=True,
        help=(
            "Number of days after which an invoice that is not sent yet is on the list of problems. Example: "
            "with 3, an invoice posted on Monday and not sent is reported on Thursday."
        ),
    )

    _invoice_sending_hour_in_day = models.Constraint(
        "CHECK (invoice_sending_hour BETWEEN 0 AND 23)",
        "The hour at which invoices are sent must be between 0 and 23.",
    )
    _invoice_review_older_range = models.Constraint(
        "CHECK (invoice_review_older BETWEEN 0 AND 3650)",
        "The days after which an invoice is reviewed before it is sent are a number from 0 to 3650.",
    )
    _invoice_held_days_range = models.Constraint(
        "CHECK (invoice_held_days BETWEEN 0 AND 365)",
        "The days after which an invoice that is not sent is reported are a number from 0 to 365.",
    )

    @api.constrains("invoice_review_above")
    def _check_invoice_review_above(self):
        if any(policy.invoice_review_above < 0 for policy in self):
            raise ValidationError(
                self.env._("“Review Invoices above” cannot be negative. Enter 0 to send all invoices without a review.")
            )

    @api.depends("invoice_sending")
    def _compute_invoice_sending_since(self):
        """Compute since when invoices are sent: what was posted before is never sent by itself."""
        for policy in self:
            is_on = policy.invoice_sending != states.OFF
            policy.invoice_sending_since = is_on and (policy.invoice_sending_since or fields.Datetime.now())
