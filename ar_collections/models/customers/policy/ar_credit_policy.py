from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: The default tolerance for small differences, in smallest units of the company's currency, so that none is assumed.
SMALLEST_UNITS = 500


class ArCreditPolicy(models.Model):
    """The collection rules for a segment of customers.

    The first policy of the company whose domain matches a customer applies; an empty domain matches every customer.
    """

    _name = "ar.credit.policy"
    _inherit = ["ar.company.mixin", "ar.thread.mixin"]
    _description = "Credit Policy"
    _order = "sequence, id"
    _check_company_auto = True

    _writable = {
        "manager": (
            "name", "sequence", "active", "partner_domain", "terms", "schedule_id", "user_id", "minimum_balance",
            "minimum_share", "review_above", "entry_step_id", "contacts_per_day", "contacts_per_7_days",
            "contacts_per_30_days", "minimum_gap_days", "pending_payment_days", "allow_partial_payment",
            "minimum_partial_payment", "tolerance_amount", "tolerance_share",
            "minimum_known_days", "workdays_only", "calendar_id",
        ),
        "credit_manager": ("company_id",),
    }  # fmt: skip

    name = fields.Char(required=True, translate=True, help="Name of the policy, for colleagues. Example: Key accounts.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help=(
            "Company whose customers the policy applies to. Example: each company of a group has policies of its own."
        ),
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_domain = fields.Char(
        "Applies to",
        default="[]",
        help=(
            "Filter for the customers of this policy. A policy set on the customer takes precedence; an empty "
            "filter matches all customers. Example: Country is Germany, and Tags contain Wholesale."
        ),
    )
    terms = fields.Html("Terms shown to customers", translate=True)
    schedule_id = fields.Many2one(
        "ar.reminder.schedule",
        "Reminder Schedule",
        required=True,
        check_company=True,
        tracking=True,
        ondelete="restrict",
        help=(
            "Steps by which overdue invoices of these customers are reminded. Example: Standard for most "
            "customers, VIP for those who are called first."
        ),
    )
    user_id = fields.Many2one(
        "res.users",
        "Default Collector",
        domain=[("share", "=", False)],
        tracking=True,
        help=(
            "Collector of customers who have none of their own: signs the messages, gets replies and tasks. "
            "Example: the colleague who looks after small customers."
        ),
    )

    minimum_balance = fields.Monetary(
        tracking=True,
        help=(
            "Minimum total for a reminder; if the due items are below it, a milder tone is used. Example: "
            "with 20, an invoice of 12 alone is not reminded."
        ),
    )
    minimum_share = fields.Float(
        "Minimum Share (%)",
        tracking=True,
        help=(
            "Minimum share of the open balance that the due items must reach; below it, a milder tone is "
            "used. Example: with 10, overdue 50 of an open balance of 1,000 get no reminder."
        ),
    )
    tolerance_amount = fields.Monetary(
        "Small Differences up to",
        compute="_compute_tolerance_amount",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help=(
            "What is left of a partly paid invoice is not reminded up to this amount, if it is also within the share "
            "below: bank fees, rounding, discounts. It stays open and is listed under Small Differences. An unpaid "
            "invoice is never a small difference. 0: no tolerance. Default: 500 times the smallest unit of the "
            "currency, for instance 5.00."
        ),
    )
    tolerance_share = fields.Float(
        "Small Differences up to (%)",
        default=3.0,
        tracking=True,
        help=(
            "Share of the invoice that may be left for a small difference; the amount above must hold, too. "
            "Default: 3 %, as the usual discounts. Example: with 3, what is left of an invoice of 100 may be "
            "3."
        ),
    )
    review_above = fields.Monetary(
        tracking=True,
        help=(
            "Amount due above which a message needs approval before it is sent. 0: no approval needed. "
            "Example: with 10,000, a reminder about 12,500 waits under Approvals."
        ),
    )
    entry_step_id = fields.Many2one(
        "ar.reminder.step",
        domain="[('schedule_id', '=', schedule_id), ('days', '>', 0)]",
        tracking=True,
        ondelete="restrict",
        help=(
            "Highest step at which items that enter the schedule late start, instead of the final notice. "
            "Empty: the first step after the due date. Example: an old invoice that is 90 days late starts with "
            "Friendly reminder."
        ),
    )
    contacts_per_day = fields.Integer(
        "Contacts per Day",
        default=1,
        tracking=True,
        help=(
            "Maximum number of contacts with a customer in a day, through any channel; at least 1. "
            "Example: with 1, a second reminder waits for the next day."
        ),
    )
    contacts_per_7_days = fields.Integer(
        "Contacts in 7 Days",
        default=2,
        tracking=True,
        help=(
            "Maximum number of contacts with a customer within 7 days, through any channel. 0: no limit. "
            "Example: with 2, the third reminder of a week waits for the next one."
        ),
    )
    contacts_per_30_days = fields.Integer(
        "Contacts in 30 Days",
        default=6,
        tracking=True,
        help=(
            "Maximum number of contacts with a customer within 30 days, through any channel. 0: no limit. "
            "Example: with 6, a customer hears from you at most six times in a month."
        ),
    )
    minimum_gap_days = fields.Integer(
        "Days between Contacts",
        default=2,
        tracking=True,
        help=(
            "Minimum number of days between two contacts, through any channel. Example: with 2, after a "
            "message on Monday the next one leaves on Wednesday at the earliest."
        ),
    )
    minimum_known_days = fields.Integer(
        "Days since Invoice was Entered",
        default=3,
        tracking=True,
        help=(
            "Minimum number of days since an invoice was entered, or sent if that was later, before it is "
            "included in automatic reminders, whatever its date. Example: with 3, an invoice entered today "
            "with last month's date is reminded in three days at the earliest."
        ),
    )
    pending_payment_days = fields.Integer(
        "Wait for Payments (days)",
        default=5,
        help=(
            "Number of days during which a payment that is not booked yet keeps the paid amount out of "
            "reminders: an online payment that is pending, from its last change, or a payment registered "
            "without a journal entry, from its date. After that the amount is reminded again, and the "
            "collector gets a task about the payment. Example: with 5, an online payment that is pending "
            "since Monday holds reminders until Saturday. Bank debits are waited for 14 days at least."
        ),
    )
    allow_partial_payment = fields.Boolean(
        "Partial Payments",
        default=True,
        tracking=True,
        help=(
            "Whether customers can pay part of an invoice on the portal. Example: a customer pays 400 of an "
            "invoice of 1,000."
        ),
    )
    minimum_partial_payment = fields.Monetary(
        tracking=True,
        help=(
            "Minimum amount of a partial payment; the remaining amount of an invoice can always be paid. "
            "Example: with 50, nobody pays 5 of an invoice of 1,000."
        ),
    )
    workdays_only = fields.Boolean(
        "Working Days only",
        default=True,
        tracking=True,
        help=(
            "Whether customers are contacted on working days only. Example: a step that falls on a Saturday "
            "is sent on Monday."
        ),
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Calendar",
        default=lambda self: self.env.company.resource_calendar_id,
        help=(
            "Weekdays and public holidays; contacts are shifted to the next working day, never dropped. "
            "Example: Standard 40 hours/week with the public holidays of your country."
        ),
    )

    _caps_not_negative = models.Constraint(
        "CHECK (contacts_per_day >= 1 AND contacts_per_7_days >= 0 AND contacts_per_30_days >= 0"
        " AND minimum_gap_days >= 0 AND pending_payment_days >= 0 AND minimum_known_days >= 0)",
        "Contact limits cannot be negative, and at least one contact a day must be allowed.",
    )
    _share_is_percentage = models.Constraint(
        "CHECK (minimum_share >= 0 AND minimum_share <= 100)", "The minimum share must be a percentage from 0 to 100."
    )
    _amounts_not_negative = models.Constraint(
        "CHECK (minimum_balance >= 0 AND review_above >= 0)", "The policy's amounts cannot be negative."
    )
    _tolerance_in_range = models.Constraint(
        "CHECK (tolerance_amount >= 0 AND tolerance_share >= 0 AND tolerance_share <= 100)",
        "The tolerance for small differences cannot be negative, and its share must be a percentage from 0 to 100.",
    )

    @api.model
    def get_import_templates(self):
        """Return the example that the import offers, in the form of `base_import`."""
        template = "/ar_collections/static/csv/credit_policies.csv"
        return [{"label": self.env._("Example: credit policies"), "template": template}]

    def copy_data(self, default=None):
        """Override of `base` to mark the copy in its name: it has the same filter, and comes after the original."""
        values_list = super().copy_data(default)
        if "name" in (default or {}):
            return values_list
        return [
            dict(values, name=self.env._("%(name)s (copy)", name=policy.name))
            for policy, values in zip(self, values_list, strict=True)
        ]

    @api.depends("company_id")
    def _compute_tolerance_amount(self):
        """Compute the default, from the currency of the policy's company: 5.00 where it has two decimals."""
        for policy in self:
            policy.tolerance_amount = SMALLEST_UNITS * policy.company_id.currency_id.rounding

    @api.constrains("entry_step_id", "schedule_id")
    def _check_entry_step(self):
        """Check that the entry step belongs to the policy's own reminder schedule."""
        for policy in self:
            if policy.entry_step_id and policy.entry_step_id.schedule_id != policy.schedule_id:
                raise ValidationError(
                    self.env._("The entry step of policy “%(policy)s” belongs to another schedule.", policy=policy.name)
                )

    @api.onchange("schedule_id")
    def _onchange_schedule_id(self):
        if self.entry_step_id.schedule_id != self.schedule_id:
            self.entry_step_id = self.schedule_id.step_ids.filtered(lambda step: step.days > 0)[:1]
