from odoo import api, fields, models

from ....const import AUTOPAY_SKIPPED
from ....core.autopay import charge as rules
from ....core.autopay.methods import lead_days
from ....core.autopay.selection import OVER_MONTH
from ....core.money import to_decimal
from ....core.portal.allocation import PartialRules, RequestRefused
from ....formats import format_amount, format_date


class ArAutopayCollection(models.Model):
    """One automatic payment of an account: its invoices in one currency, and the day on which they are charged.

    It is made when it is announced. Invoices above the customer's maximum are noted in the same way, with the reason,
    and not charged. Each invoice is in one collection of a consent: what was declined or came back is paid by hand.
    """

    _name = "ar.autopay.collection"
    _inherit = ["ar.autopay.unit", "ar.notice.mixin"]
    _description = "Automatic Payment of an Account"
    _order = "id desc"

    _autopay_notice = "account_autopay"
    _autopay_link = "collection_id"

    name = fields.Char(compute="_compute_name")
    consent_id = fields.Many2one("ar.autopay.consent", required=True, readonly=True, index=True, ondelete="restrict")
    customer_id = fields.Many2one(related="consent_id.customer_id", store=True, index=True)
    company_id = fields.Many2one(related="consent_id.company_id", store=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    date = fields.Date("Charge Date", required=True, readonly=True)
    skipped = fields.Selection(AUTOPAY_SKIPPED, "Not Charged", readonly=True, help="Why it is not charged.")
    line_ids = fields.One2many("ar.autopay.collection.line", "collection_id", "Invoices", readonly=True)
    amount = fields.Monetary(compute="_compute_amount")
    autopay_charge_ids = fields.One2many("ar.autopay.charge", "collection_id", "Attempts", readonly=True)
    outcome = fields.Selection(related="autopay_charge_ids.outcome", string="Last Attempt")
    returnable_until = fields.Date(related="autopay_charge_ids.returnable_until")
    returned_on = fields.Date(related="autopay_charge_ids.returned_on")
    refunded_amount = fields.Monetary(related="autopay_charge_ids.refunded_amount")

    @api.depends("date", "customer_id")
    @api.depends_context("lang")
    def _compute_name(self):
        for collection in self:
            day = format_date(self.env, collection.date)
            collection.name = self.env._("Automatic payment of %(day)s", day=day)

    @api.depends("line_ids.amount")
    def _compute_amount(self):
        for collection in self:
            collection.amount = sum(collection.line_ids.mapped("amount"))

    def _search_display_name(self, operator, value):
        """Override of `base` to find automatic payments by the customer: their name is not stored."""
        return [("customer_id.display_name", operator, value)]

    # === THE UNIT OF THE RUN === #

    def _get_autopay_consent(self):
        """Override: the consent by which it was announced."""
        return self.consent_id

    def _get_autopay_rules(self):
        """Override to charge after the notice that the consent states."""
        days = self.consent_id.notice_days
        method = self.consent_id.token_id.sudo()._ar_get_method_code()  # its kind alone
        return super()._get_autopay_rules().with_notice(days, lead_days(method, days))

    def _get_autopay_reference(self):
        """Override: the number of the first invoice."""
        name = self.line_ids[:1].move_line_id.move_id.name or "AUTOPAY"
        return f"{name}-{self.id}".replace(" ", "")

    def _log_autopay(self, text):
        """Override to log on the thread of the account."""
        self.customer_id._log_autopay(text)

    def _get_autopay_cases(self):
        """Override: as of now. While another charge of the customer in the currency is in flight it is announced only.

        :return: {collection: AutopayCase}
        """
        cases = {}
        for company, collections in self.grouped("company_id").items():
            facts = self.env["ar.facts"].with_company(company)
            today = company._ar_today()
            found = facts._read_collection_cases(collections.ids, today)
            left = facts._read_collections_left(collections, today)
            blocked = facts._read_blocked(collections, today)
            repeatable = collections.autopay_charge_ids._get_repeatable_units()
            for collection in collections.sorted("id"):
                case = found[collection.id]
                waits = collection in blocked or self._rests(case, company)
                cases[collection] = rules.refresh_case(case, left[collection], collection in repeatable, waits)
        return cases

    def _allocate_autopay(self, case):
        """Override: the invoices as far as they may be charged, open credits first, at most the announced amount."""
        customer = self.customer_id
        facts = self.env["ar.facts"].with_company(self.company_id)
        # Credits that a payment will use which takes long are used up, as the amount left says.
        charging = customer.with_env(facts._for_charge().env)
        account = facts._gather_for_charge(customer, self.company_id._ar_today())[customer.id]
        amounts = facts._get_chargeable_amounts(self, account)
        credits = [credit.item_id for credit in account.usable_credits if credit.currency == self.currency_id.name]
        own = {credit.item_id for credit in account.credits}
        credits = [credit_id for credit_id in credits if credit_id in own]
        most = min(case.left, to_decimal(self.autopay_notice_amount))
        try:
            return charging._allocate_at_most(amounts, most, credits, PartialRules())
        except RequestRefused:
            return None  # paid, disputed or covered by credits meanwhile

    def _autopay_move_charge(self, case):
        """Override to skip what is above the maximum of this month: a retry or a late charge may reach another one."""
        maximum = self.consent_id.maximum_month
        amount = min(case.left, to_decimal(self.autopay_notice_amount))
        total = self._get_collected(self.company_id._ar_today()) + float(amount) * self._get_booked_rate()
        if maximum and self.company_id.currency_id.compare_amounts(total, maximum) > 0:
            self.skipped = OVER_MONTH
            self._tell_skipped()
            return self.env["ar.autopay.charge"]
        return super()._autopay_move_charge(case)

    def _get_collected(self, today):
        """Return what was charged, or may have been, to the customer this month, in company currency."""
        month = [("customer_id", "=", self.customer_id.id), ("date", ">=", today.replace(day=1))]
        outcomes = ("outcome", "in", (*rules.IN_FLIGHT, rules.DONE))
        charges = self.env["ar.autopay.charge"].search([*month, ("collection_id", "!=", False), outcomes])
        return sum(charge.amount * charge.collection_id._get_booked_rate() for charge in charges)

    def _get_booked_rate(self):
        """Return the value of the currency in company currency at which the invoices are booked.

        Where they are in another one by now: that of the day of the charge.
        """
        self.ensure_one()
        items = self.line_ids.move_line_id.filtered(lambda item: item.currency_id == self.currency_id)
        booked = sum(items.mapped("amount_currency"))
        if booked:
            return sum(items.mapped("balance")) / booked
        company = self.company_id
        return self.currency_id._get_conversion_rate(self.currency_id, company.currency_id, company, self.date)

    # === NOTICES === #

    def _is_notice_valid(self, notice):
        """Return whether a queued notice may still be sent."""
        self.ensure_one()
        if notice == "account_autopay_skipped":
            return bool(not self.consent_id.ended_on and self.line_ids.move_line_id.filtered("amount_residual"))
        case = self._get_autopay_cases()[self]
        if notice == "account_autopay_failed":
            return bool(self.autopay_failed_on and case.agreed)
        return case.left > 0 and not case.is_over and not case.attempts

    def _get_notice_html(self, communication):
        """Override to return invoices, amount, date and method, in the language of the communication."""
        self.ensure_one()
        parts = [(line.move_line_id.move_id.name, line.amount, self.currency_id) for line in self.line_ids]
        day = None if self.skipped else self._get_autopay_day(self._get_autopay_cases()[self])
        total = None if self.skipped else self.autopay_notice_amount
        return self.consent_id._render_charge(communication, day, parts, total, confirm=self._needs_confirmation())

    def _tell_skipped(self):
        """Tell the customer and the collector, once, that invoices are above the maximum."""
        for collection in self:
            names = ", ".join(collection.line_ids.move_line_id.move_id.mapped("name"))
            amount = format_amount(self.env, collection.amount, collection.currency_id)
            collection.customer_id._add_task(
                "ar_collections.mail_activity_type_autopay_failed",
                self.env._(
                    "%(names)s: %(amount)s is above the customer's maximum for automatic payments",
                    names=names,
                    amount=amount,
                ),
            )
            collection.autopay_notice_id = collection._notify_autopay("account_autopay_skipped")[:1]
