import logging
from ast import literal_eval

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...core.customers.differences import Tolerance
from ...core.facts import Rules
from ...core.money import to_decimal
from ...core.workdays import EVERY_DAY

_logger = logging.getLogger(__name__)

#: The default tolerance for small differences, in smallest units of the company's currency, so that none is assumed.
SMALLEST_UNITS = 500


class ArCreditPolicy(models.Model):
    """The collection rules for a segment of customers.

    The first policy of the company whose domain matches a customer applies; an empty domain matches every customer.
    """

    _name = "ar.credit.policy"
    _inherit = ["ar.access.mixin", "mail.thread"]
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

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_domain = fields.Char(
        "Applies to",
        default="[]",
        help=(
            "Filter for the customers of this policy. A policy set on the customer takes precedence; an empty "
            "filter matches all customers."
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
    )
    user_id = fields.Many2one("res.users", "Default Collector", domain=[("share", "=", False)], tracking=True)

    minimum_balance = fields.Monetary(
        tracking=True,
        help="Minimum total for a reminder; if the due items are below it, a milder tone is used.",
    )
    minimum_share = fields.Float(
        "Minimum Share (%)",
        tracking=True,
        help="Minimum share of the open balance that the due items must reach; below it, a milder tone is used.",
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
            "Share of the invoice that may be left for a small difference; the amount above must hold, too. Default: "
            "3 %, as the usual discounts."
        ),
    )
    review_above = fields.Monetary(
        tracking=True, help="Amount due above which a message needs approval before it is sent. 0: no approval needed."
    )
    entry_step_id = fields.Many2one(
        "ar.reminder.step",
        domain="[('schedule_id', '=', schedule_id), ('days', '>', 0)]",
        tracking=True,
        ondelete="restrict",
        help="Highest step at which items that enter the schedule late start, instead of the final notice.",
    )
    contacts_per_day = fields.Integer("Contacts per Day", default=1, tracking=True)
    contacts_per_7_days = fields.Integer("Contacts in 7 Days", default=2, tracking=True, help="0: no limit")
    contacts_per_30_days = fields.Integer("Contacts in 30 Days", default=6, tracking=True, help="0: no limit")
    minimum_gap_days = fields.Integer(
        "Days between Contacts",
        default=2,
        tracking=True,
        help="Minimum number of days between two contacts, through any channel.",
    )
    minimum_known_days = fields.Integer(
        "Days since Invoice was Entered",
        default=3,
        tracking=True,
        help=(
            "Minimum number of days since an invoice was entered, or sent if that was later, before it is included in "
            "automatic reminders, whatever its date."
        ),
    )
    pending_payment_days = fields.Integer(
        "Wait for Payments (days)",
        default=5,
        help=(
            "Number of days during which a payment that is not booked yet keeps the paid amount out of reminders: an "
            "online payment that is pending, from its last change, or a payment registered without a journal entry, "
            "from its date. After that the amount is reminded again, and the collector gets a task about the payment."
        ),
    )
    allow_partial_payment = fields.Boolean(
        "Partial Payments",
        default=True,
        tracking=True,
        help="Whether customers can pay part of an invoice on the portal.",
    )
    minimum_partial_payment = fields.Monetary(
        tracking=True,
        help="Minimum amount of a partial payment; the remaining amount of an invoice can always be paid.",
    )
    workdays_only = fields.Boolean("Working Days only", default=True, tracking=True)
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Calendar",
        default=lambda self: self.env.company.resource_calendar_id,
        help="Weekdays and public holidays; contacts are shifted to the next working day, never dropped.",
    )

    warning = fields.Text("Settings That Do Not Work", compute="_compute_warning")

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

    @api.depends("company_id")
    def _compute_tolerance_amount(self):
        """Compute the default, from the currency of the policy's company: 5.00 where it has two decimals."""
        for policy in self:
            policy.tolerance_amount = SMALLEST_UNITS * policy.company_id.currency_id.rounding

    @api.constrains("partner_domain")
    def _check_partner_domain(self):
        """Check that the domain works: with an invalid one its customers would get no reminders."""
        for policy in self:
            if error := policy._find_filter_error():
                raise ValidationError(
                    self.env._(
                        "The filter of policy “%(policy)s” is invalid: %(error)s", policy=policy.name, error=error
                    )
                ) from error

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

    def _get_partner_domain(self):
        """Return the filter on customers as a domain; an empty filter matches all."""
        return Domain(literal_eval(self.partner_domain or "[]"))

    def _match_partners(self, partners):
        """Return the policy of each partner: the first of these in sequence whose filter matches.

        A policy whose filter is broken, because it names a field that has gone, is skipped: it must not stop an
        invoice from being posted. The nightly run reports it, see `_report_settings`.

        :param partners: commercial partners
        :return: {partner id: policy}; partners without any policy are left out
        """
        matched, left = {}, partners
        for policy in self.sorted(lambda policy: (policy.sequence, policy.id)):
            if not left:
                break
            try:
                found = policy._filter_partners(left)
            except psycopg2.OperationalError:
                raise  # the transaction has failed, not this policy
            except Exception as error:  # as in `_find_filter_error`
                _logger.warning("The filter of %s is broken, the policy is skipped: %s", policy, error)
                continue
            matched.update(dict.fromkeys(found.ids, policy))
            left -= found
        return matched

    def _filter_partners(self, partners):
        """Return those of the partners whom the filter matches; raises anything if it is broken."""
        domain = self._get_partner_domain()
        if domain.is_true():
            return partners
        with self.env.cr.savepoint():
            return partners.search(domain & Domain("id", "in", partners.ids))

    def _find_filter_error(self):
        """Return the exception that the filter causes, or ``None``: its text can be invalid in any way."""
        try:
            with self.env.cr.savepoint():
                self.env["res.partner"].search(self._get_partner_domain(), limit=1)
        except psycopg2.OperationalError:
            raise  # the transaction has failed, not this filter
        except Exception as error:
            return error
        return None

    def _report_settings(self):
        """Store a problem for each policy with settings that do not work; end those of the others."""
        working = self.browse()
        for policy in self:
            if warnings := policy._find_warnings():
                self.env["ar.problem"]._report(policy, "policies", "\n".join(warnings))
            else:
                working |= policy
        self.env["ar.problem"]._clear(working, "policies")

    @api.depends("partner_domain", "schedule_id", "calendar_id", "workdays_only")
    @api.depends_context("lang")
    def _compute_warning(self):
        for policy in self:
            policy.warning = policy.company_id and "\n".join(policy._find_warnings())

    def _find_warnings(self):
        """Return sentences about settings that do not work: filter, steps, calendar."""
        self.ensure_one()
        warnings = []
        if error := self._find_filter_error():
            message = self.env["ar.problem"]._get_message(error)
            warnings.append(self.env._("The filter is broken, the policy is skipped: %(error)s", error=message))
        if not self._get_steps(self.schedule_id):
            name = self.schedule_id.name or ""
            warnings.append(self.env._("The reminder schedule “%(name)s” has no steps: nothing is sent.", name=name))
        if self.workdays_only and (warning := self._find_calendar_warning()):
            warnings.append(warning)
        return warnings

    def _get_tolerance(self):
        """Return what may be left of a paid item without being reminded; none where no policy applies.

        :rtype: Tolerance
        """
        return Tolerance(to_decimal(self.tolerance_amount), to_decimal(self.tolerance_share))

    def _get_rules(self, today):
        """Return the policy's settings as a value of `core`, for the reminder decision.

        :param date today: holidays are read from a month before to half a year after
        :rtype: Rules
        """
        self.ensure_one()
        return Rules(
            steps=self._get_steps(self.schedule_id),
            entry_step_id=self.entry_step_id.id or None,
            minimum_balance=to_decimal(self.minimum_balance),
            minimum_share=to_decimal(self.minimum_share),
            contacts_per_day=self.contacts_per_day,
            contacts_per_7_days=self.contacts_per_7_days,
            contacts_per_30_days=self.contacts_per_30_days,
            minimum_gap_days=self.minimum_gap_days,
            calendar=self._get_work_calendar(today) if self.workdays_only else EVERY_DAY,
            review_above=to_decimal(self.review_above) if self.review_above else None,
        )

    @api.model
    def _get_steps(self, schedule):
        """Return the steps of a reminder schedule as values of `core`; the reminders domain overrides it to read them.

        :param schedule: `ar.reminder.schedule`, may be empty

        :rtype: tuple[Step, ...]
        """
        return ()
