from collections import Counter
from urllib.parse import urlencode

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...const import DECISION_CODES
from ...core import decision as codes
from ...core.facts import ITEMS_ONLY
from ...core.money import ZERO
from ...formats import format_date


class ArCustomer(models.Model):
    """A customer account: the debtor, one record per commercial partner and company.

    It holds the settings of the customer (collector, pause, exclusion) and the results of the last run. Its policy is
    in `ar_customer_policy.py`, the decision on reminders in `reminders/ar_customer_decide.py`, the nightly run in
    `reminders/ar_customer_run.py`.
    """

    _name = "ar.customer"
    _inherit = ["portal.mixin", "ar.thread.mixin", "mail.activity.mixin"]
    _description = "Customer Account"
    _order = "priority_score desc, id"
    _check_company_auto = True

    _writable = {
        "collector": (
            "pause_until", "pause_reason", "excluded", "exclusion_reason",
        ),
        "manager": ("active", "user_id"),
    }  # fmt: skip

    partner_id = fields.Many2one(
        "res.partner", "Customer", index=True, readonly=True, ondelete="restrict",
        help="Commercial partner. Empty where the contact was merged with another one or deleted.",
    )  # fmt: skip
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    active = fields.Boolean(default=True)
    # Odoo would search all messages and tasks, whoever may read them.
    message_ids = fields.One2many(bypass_search_access=False)
    website_message_ids = fields.One2many(bypass_search_access=False)
    activity_ids = fields.One2many(bypass_search_access=False)
    activity_summary = fields.Char(related_sudo=False)
    user_id = fields.Many2one(
        "res.users", "Collector", domain=[("share", "=", False)], tracking=True, index=True,
        help=(
            "User who signs the reminders and receives the replies and tasks. Empty: the default collector of "
            "the policy."
        ),
    )  # fmt: skip

    # === Settings === #
    pause_until = fields.Date(
        "Paused until",
        tracking=True,
        help="Date before which no automatic reminders are sent. Afterwards reminders resume at a mild step.",
    )
    pause_reason = fields.Char(tracking=True)
    excluded = fields.Boolean(
        "Exclude from Reminders", tracking=True, help="Whether the customer is excluded from all automatic reminders."
    )
    exclusion_reason = fields.Char(tracking=True)
    address_confirmed_on = fields.Datetime(
        "Address confirmed on",
        readonly=True,
        copy=False,
        help="Date on which the address was confirmed; earlier failed deliveries are ignored.",
    )

    # === Results of the last run === #
    balance = fields.Monetary(readonly=True, help="Total of all open items, less credits, as of the last run.")
    overdue = fields.Monetary(
        readonly=True, help="Total of the items past their due date, credits not deducted, as of the last run."
    )
    credits = fields.Monetary(
        "Unapplied Credits",
        readonly=True,
        help="Payments and credit notes that are not matched with invoices, as of the last run.",
    )
    oldest_due_date = fields.Date("Oldest Due", readonly=True)
    decision_code = fields.Selection(DECISION_CODES, "Last Decision", readonly=True)
    decision_date = fields.Date("Last Run", readonly=True, index=True)
    next_step_id = fields.Many2one("ar.reminder.step", readonly=True, ondelete="set null")
    next_date = fields.Date("Next Contact", readonly=True, help="Forecast, assuming no payments until then.")
    last_contact_date = fields.Date("Last Contact", readonly=True)
    problem_ids = fields.One2many(
        "ar.problem",
        "customer_id",
        "Problems",
        domain=[("solved_on", "=", False)],
        groups="ar_collections.ar_collections_group_auditor",
    )
    run_error = fields.Text(
        "Problem",
        compute="_compute_run_error",
        search="_search_run_error",
        help="What failed for this customer and was not done since.",
    )

    communication_ids = fields.One2many("ar.communication", "customer_id")
    communication_count = fields.Integer(compute="_compute_communication_count")

    _partner_company_uniq = models.UniqueIndex(
        "(partner_id, company_id)", "This customer already has an account in this company."
    )

    # === COMPUTES === #

    @api.depends("partner_id.name")
    def _compute_display_name(self):
        for customer in self:
            customer.display_name = customer.partner_id.display_name

    def _compute_communication_count(self):
        counts = dict(
            self.env["ar.communication"]._read_group([("customer_id", "in", self.ids)], ["customer_id"], ["__count"])
        )
        lines = self.env["ar.communication.line"].sudo()  # salespeople see their number, not whom else they are about
        listed = lines._read_group([("member_id", "in", self.ids)], ["member_id", "communication_id"])
        # Of a member that was merged into its payer, the message is its own, too.
        shared = Counter(member for member, communication in listed if communication.customer_id != member)
        for customer in self:
            customer.communication_count = counts.get(customer, 0) + shared[customer]

    @api.depends("problem_ids.message", "problem_ids.solved_on")
    def _compute_run_error(self):
        # sudo: salespeople see that something failed, but not the list of problems.
        for customer in self.sudo():
            opened = customer.problem_ids.filtered(lambda problem: not problem.solved_on)
            customer.run_error = "\n".join(opened.mapped("message")) or False

    def _search_run_error(self, operator, value):
        """Find customers with, or without, an open problem."""
        if operator not in ("in", "not in") or set(value) != {False}:
            return NotImplemented
        domain = Domain("problem_ids", "any", [("solved_on", "=", False)])
        return domain if operator == "not in" else ~domain

    def _search_display_name(self, operator, value):
        """Override of `base` to find accounts by the partner's display name."""
        return [("partner_id.display_name", operator, value)]

    # === RULES === #

    @api.constrains("pause_until", "pause_reason", "excluded", "exclusion_reason")
    def _check_reasons(self):
        """Check that a pause and an exclusion have a reason, for colleagues who look at the account later."""
        for customer in self:
            if customer.pause_until and customer._is_paused() and not customer.pause_reason:
                raise UserError(
                    self.env._(
                        "Enter a reason for pausing the reminders to %(customer)s.", customer=customer.display_name
                    )
                )
            if customer.excluded and not customer.exclusion_reason:
                raise UserError(
                    self.env._(
                        "Enter a reason for excluding %(customer)s from reminders.", customer=customer.display_name
                    )
                )

    def _is_paused(self):
        """Return whether automatic contact is paused today."""
        self.ensure_one()
        return bool(self.pause_until) and self.company_id._ar_today() < self.pause_until

    # === DELETION === #

    def _unlink_unused(self):
        """Delete the accounts without communications, agreements or any other record that restricts it.

        Merged accounts are kept, because earlier links lead to them. Called in superuser mode, when their contact or
        company is deleted.
        """
        restricting = self.env["ir.model.fields"].search(
            [
                ("relation", "=", self._name),
                ("ttype", "=", "many2one"),
                ("store", "=", True),
                ("on_delete", "=", "restrict"),
            ]
        )
        used = self.filtered("merged_into_id")
        for field in restricting if self else ():
            owners = self.env[field.model].with_context(active_test=False)
            if not owners._abstract:
                used |= owners.search([(field.name, "in", self.ids)])[field.name]
        (self - used).unlink()

    # === FACTS === #

    def _get_facts(self):
        """Return the customer's present facts, without the money that is not matched.

        :rtype: AccountFacts
        """
        self.ensure_one()
        today = self.company_id._ar_today()
        return self.env["ar.facts"]._gather(self, today, ITEMS_ONLY)[self.id]

    def _pending_amount(self, item):
        """Return the amount of the item's payments that are not booked yet, in its currency.

        :param OpenItem item: one of the customer's facts
        """
        pending = (exclusion.amount for exclusion in item.exclusions if exclusion.code == codes.PAYMENT_PENDING)
        return min(sum(pending, ZERO), item.residual_currency)

    def _browse_lines(self, line_ids):
        """Return journal items of the customer, in superuser mode."""
        # For portal users, whose access was checked by the account's token or partner.
        return self.env["account.move.line"].sudo().browse(line_ids)

    # === BUTTONS === #

    def _get_page_address(self, suffix="", **query):
        """Return the address of the customer page for messages, without the server.

        It holds no key, so it may be stored; the domain of the portal inserts one at delivery.

        :param str suffix: rest of the path
        :param query: parameters of the address, in their order
        """
        self.ensure_one()
        return f"/my/receivables/{self.id}{suffix}{'?' + urlencode(query) if query else ''}"

    def _get_form_action(self):
        """Return the action that opens the account's form."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "ar.customer",
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_open_communications(self):
        """Open the communications with the customer, or with its payer about items of it."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_communication_action")
        # sudo: the payer may be a customer of others; the list shows none of these messages that its rules hide.
        listed = self.env["ar.communication.line"].sudo().search([("member_id", "=", self.id)])
        domain = Domain("customer_id", "=", self.id) | Domain("id", "in", listed.communication_id.ids)
        return dict(action, domain=list(domain), context={})

    def action_resume(self):
        """End pauses today, and exclusions; each item continues with the very next step of its schedule."""
        self._require("collector")
        held = self.filtered(lambda customer: customer.excluded or customer.pause_reason or customer._is_paused())
        for company, customers in held.grouped("company_id").items():
            resumed = {"pause_until": company._ar_today(), "pause_reason": False}
            customers.write({**resumed, "excluded": False, "exclusion_reason": False})

    def action_confirm_address(self):
        """Confirm the customer's addresses: earlier delivery failures no longer count, the task to find one is done."""
        self._require("collector")
        self.check_access("write")
        self.sudo().write({"address_confirmed_on": self.env.cr.now()})  # by this button only; the role was checked
        self.activity_feedback(["ar_collections.mail_activity_type_address"])
        self._mark_changed()

    # === FORMATS === #

    def _format_date(self, day):
        """Return a date in the format of the user's language, or an empty text."""
        return format_date(self.env, day, date_format="medium")

    @api.model
    def _get_item_names(self, lines):
        """Return {journal item id: number of its invoice}, with "(1/2)" where the invoice is due in installments."""
        parts = self.env["ar.facts"]._read_installments([line.id for line in lines])
        return {
            line.id: f"{line.move_id.name} ({parts[line.id]})" if line.id in parts else line.move_id.name
            for line in lines
        }
