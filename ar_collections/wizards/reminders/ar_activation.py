import datetime
import logging
from collections import Counter

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, split_every

from ...core.facts import Rules, Scope
from ...core.reminders.decide import decide
from ...core.reminders.group import together
from ...models.reminders.ar_customer_run import READ_BATCH
from ...notification import notification

_logger = logging.getLogger(__name__)


class ArActivation(models.TransientModel):
    """Activation of collections: shows what the first nightly run would send, and lets a manager limit it before."""

    _name = "ar.activation"
    _inherit = ["ar.wizard.mixin"]
    _description = "Activate Collections"

    company_id = fields.Many2one("res.company", required=True, readonly=True, default=lambda self: self.env.company)
    ar_active = fields.Boolean(related="company_id.ar_active")
    ar_is_elsewhere = fields.Boolean(related="company_id.ar_is_elsewhere")
    cutoff_date = fields.Date(
        "Cut-off Date", help=(
            "Cut-off date: invoices due before it are not included in reminders. Empty: all invoices are "
            "included."
        ),
        compute="_compute_cutoff_date", store=True, precompute=True, readonly=False,
    )  # fmt: skip
    daily_ramp = fields.Integer(
        "Maximum Messages per Day", help=(
            "Maximum number of messages per day; the others follow on the next days, oldest debt first. 0: no "
            "limit."
        ),
        compute="_compute_daily_ramp", store=True, precompute=True, readonly=False,
    )  # fmt: skip
    policy_ids = fields.Many2many("ar.credit.policy", string="Policies", compute="_compute_policy_ids")
    # Not read-only, so that it is saved as the form has counted it: counting again takes as long.
    line_ids = fields.One2many(
        "ar.activation.line", "activation_id", compute="_compute_line_ids", store=True, readonly=False
    )
    message_count = fields.Integer("Messages due now", compute="_compute_message_count")
    night_count = fields.Integer("In the First Run", compute="_compute_message_count")

    @api.depends("company_id")
    def _compute_cutoff_date(self):
        for activation in self:
            activation.cutoff_date = activation.company_id.ar_cutoff_date

    @api.depends("company_id")
    def _compute_daily_ramp(self):
        for activation in self:
            company = activation.company_id
            activation.daily_ramp = company.ar_daily_ramp if company.ar_activated_on else 50

    @api.depends("company_id")
    def _compute_policy_ids(self):
        for activation in self:
            activation.policy_ids = activation.company_id.ar_policy_ids

    @api.depends("cutoff_date", "company_id")
    def _compute_line_ids(self):
        """Compute the number of messages per step that the next run would send with the entered cut-off date."""
        for activation in self:
            counts = activation._count_steps()
            activation.line_ids = [Command.clear()] + [
                Command.create({"step_id": step_id, "message_count": number}) for step_id, number in counts.items()
            ]

    @api.depends("line_ids.message_count", "daily_ramp")
    def _compute_message_count(self):
        for activation in self:
            activation.message_count = sum(activation.line_ids.mapped("message_count"))
            ramp = activation.daily_ramp
            activation.night_count = min(activation.message_count, ramp) if ramp > 0 else activation.message_count

    def _count_steps(self):
        """Return {step id: number of messages}, mildest step first, for the cut-off date and the next working day.

        Customers who owe something are read batch after batch, as in the run.

        :rtype: dict[int, int]
        """
        accounts = self.env["ar.customer"]
        owing = SQL("(%s)", accounts._select_owing(self.company_id))
        domain = Domain("company_id", "=", self.company_id.id) & Domain("partner_id", "in", owing)
        counts = Counter()
        for ids in split_every(READ_BATCH, accounts.search(accounts._with_payers(domain), order="id").ids):
            counts.update(self._count_batch(accounts.browse(ids)))
        return {step.step_id: counts[step] for step in sorted(counts, key=lambda step: step.days)}

    def _count_batch(self, heads):
        """Return the steps of the messages to customers who are written to themselves, counted.

        :param heads: accounts without a payer
        :rtype: Counter[Step]
        """
        today = self.company_id._ar_today()
        customers = heads._with_members()
        facts = self.env["ar.facts"]._gather(customers, today, Scope(cutoff_date=self.cutoff_date or datetime.date.min))
        rules, groups = heads._get_rules(today), heads._read_deciding_groups()
        for payer, members in groups.items():
            own = [facts[member.id] for member in members]
            facts[payer.id] = together(facts[payer.id], own, rules.get(payer.id, Rules()), today)
        decisions = (
            decide(facts[customer.id], rules[customer.id], rules[customer.id].calendar.next_workday(today))
            for customer in heads
            if customer.id in rules
        )
        return Counter(decision.step for decision in decisions if decision.has_message)

    def action_activate(self):
        """Activate collections for the company; the next nightly run sends the first reminders.

        :raise UserError: for a negative daily limit, and without an e-mail address of the company
        """
        self.ensure_one()
        self.env["ar.access.mixin"]._require("manager")
        if self.daily_ramp < 0:
            raise UserError(self.env._("The number of messages per day cannot be negative; use 0 for no limit."))
        self._check_sender()
        self.company_id.sudo().write(  # collections managers may set these fields without being administrators
            {
                "ar_active": True,
                "ar_cutoff_date": self.cutoff_date,
                "ar_daily_ramp": self.daily_ramp,
                "ar_activated_on": fields.Datetime.now(),
                "ar_activated_by_id": self.env.uid,
            }
        )
        return notification(self.env._("Collections are active. The next nightly run sends the first reminders."))

    def action_continue(self):
        """Go on in this database with what was activated in another one; for all companies of the user.

        Settings, and who activated collections when, stay as they are.
        """
        self.ensure_one()
        self.env["ar.access.mixin"]._require("manager")
        waiting = self.env.user.company_ids.sudo().filtered("ar_is_elsewhere")  # as in `action_activate`
        waiting.ar_active = True
        _logger.info("Collections of companies %s go on in this database, says user %s.", waiting.ids, self.env.uid)
        return notification(self.env._("Collections go on. The next nightly run sends what is due then."))

    def action_deactivate(self):
        """Deactivate collections for the company; queued messages are not sent either."""
        self.ensure_one()
        self.env["ar.access.mixin"]._require("manager")
        self.company_id.sudo().ar_active = False  # as in `action_activate`
        # The dates are results of the run, which nobody writes.
        planned = self.env["ar.customer"].sudo().search([("company_id", "=", self.company_id.id)])
        planned = planned.filtered("next_date").with_context(tracking_disable=True)
        planned.write({"next_step_id": False, "next_date": False})
        return notification(self.env._("Collections are stopped. Nothing is sent until they are activated again."))

    def _check_sender(self):
        """Check that the company has an e-mail address to send from."""
        company = self.company_id
        if not company.partner_id.email_normalized:
            raise UserError(
                self.env._(
                    "Set an email address on company %(company)s first: reminders are sent from it.",
                    company=company.name,
                )
            )


class ArActivationLine(models.TransientModel):
    """Number of messages of one step that the first run would send."""

    _name = "ar.activation.line"
    _inherit = ["ar.wizard.mixin"]
    _description = "Messages Due at Activation"

    activation_id = fields.Many2one("ar.activation", ondelete="cascade")
    step_id = fields.Many2one("ar.reminder.step")
    channel = fields.Selection(related="step_id.channel")
    tone = fields.Selection(related="step_id.tone")
    message_count = fields.Integer("Messages")
