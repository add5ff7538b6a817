from collections import defaultdict

from odoo import Command, api, fields, models

from ...core import decision as codes
from ...core.money import ZERO, to_decimal
from ...core.reported_payments import report as rules
from ...core.workdays import WorkCalendar
from ...messages import REPORT_REFUSALS


class ArCustomer(models.Model):
    """Payments that the customer reports: recording them, and listing them on the customer page."""

    _inherit = "ar.customer"

    reported_payment_ids = fields.One2many("ar.reported.payment", "customer_id", "Reported Payments")
    reported_payment_count = fields.Integer("Reported", compute="_compute_reported_payment_count")
    reported_payment_open_count = fields.Integer("Expected Payments", compute="_compute_reported_payment_count")

    @api.depends("reported_payment_ids.state")
    def _compute_reported_payment_count(self):
        found = self.env["ar.reported.payment"]._read_group(
            [("customer_id", "in", self.ids)], ["customer_id", "state"], ["__count"]
        )
        counts = defaultdict(dict)
        for customer, state, number in found:
            counts[customer.id][state] = number
        for customer in self:
            customer.reported_payment_open_count = counts[customer.id].get(rules.OPEN, 0)
            customer.reported_payment_count = sum(counts[customer.id].values())

    def _report_payment(self, day, amounts, origin="staff", files=(), **values):
        """Record that the customer says to have paid.

        :param date day: the day of the payment; None: not given
        :param amounts: {journal item id: Decimal in its currency, or None for all that is open}
        :param str origin: ``staff`` or ``portal``; customers report a payment of an item once, staff again
        :param files: list of `core.disputes.attachment.File`, proof of the payment, checked by the caller
        :param values: ``method``, ``reference`` and ``note`` of the report
        :return: the `ar.reported.payment`, as superuser
        :raise core.reported_payments.report.ReportRefused: when it is not accepted; nothing is changed then
        :raise LockError: when another transaction holds the account
        """
        self.ensure_one()
        self._lock_account()  # of two concurrent requests, the second one finds the items reported
        today = self.company_id._ar_today()
        # Users may not write reports; the caller checked the user's or visitor's access.
        reports = self.env["ar.reported.payment"].sudo()
        reports = reports.with_context(mail_create_nosubscribe=True, mail_create_nolog=True)
        items = {item.item_id: item for item in self._get_facts().items}
        if not set(amounts) <= set(items):
            raise rules.ReportRefused(rules.UNKNOWN_ITEM)
        parts = self._get_reported_parts({items[item_id]: amount for item_id, amount in amounts.items()})
        rules.check(list(parts.values()), day, today, is_bound=origin == "portal")
        reported = reports.create(self._prepare_report_vals(parts, day, origin, today, values))
        reported._attach(files)
        reported._log_recorded()
        reported._add_report_task()
        return reported

    def _get_reported_parts(self, wanted):
        """Return {item: core.reported_payments.report.ReportedPart} for the amounts to be reported.

        :param wanted: {core.facts.OpenItem: Decimal or None for all that is open}, oldest due date first
        """
        item_ids = [item.item_id for item in wanted]
        lines = self.env["ar.reported.payment.line"].sudo()  # the customer's own items
        live = set(lines.search([("move_line_id", "in", item_ids), ("is_live", "=", True)]).move_line_id.ids)
        not_found = lines._count_not_found(self._browse_lines(item_ids))
        names = {item.currency for item in wanted}
        currencies = self.env["res.currency"]._ar_by_name(names)
        units = {name: to_decimal(currency.rounding) for name, currency in currencies.items()}
        parts = {}
        for item, amount in wanted.items():
            left = self._get_reportable(item)
            parts[item] = rules.ReportedPart(
                left if amount is None else amount,
                left,
                item.currency,
                units[item.currency],
                item.item_id in live,
                not_found.get(item.item_id, 0),
            )
        return parts

    @api.model
    def _get_reportable(self, item):
        """Return how much of an open item the customer may have paid: what is open and not being paid already.

        What is promised or disputed may have been paid as well; what is claimed in an insolvency may not be paid.

        :param item: core.facts.OpenItem
        :rtype: Decimal
        """
        if any(exclusion.code == codes.INSOLVENT for exclusion in item.exclusions):
            return ZERO
        return max(item.residual_currency - self._pending_amount(item), ZERO)

    def _get_reportable_amounts(self):
        """Return {journal item id: amount that the customer may have paid}, oldest due date first; zeros left out.

        What is reported already is left out, too. Amounts are Decimals in the item's currency.
        """
        self.ensure_one()
        items = self._get_facts().items
        lines = self.env["ar.reported.payment.line"].sudo()  # the customer's own items
        live = [("move_line_id", "in", [item.item_id for item in items]), ("is_live", "=", True)]
        reported = set(lines.search(live).move_line_id.ids)
        amounts = {item.item_id: self._get_reportable(item) for item in items if item.item_id not in reported}
        return {line_id: amount for line_id, amount in amounts.items() if amount > 0}

    def _prepare_report_vals(self, parts, day, origin, today, values):
        """Return the values of the report with its lines.

        :param parts: {core.facts.OpenItem: core.reported_payments.report.ReportedPart}
        :param dict values: of the report
        """
        lines = self._prepare_agreement_lines({item: part.amount for item, part in parts.items()})
        days = self.policy_id.reported_days if self.policy_id else rules.DEFAULT_DAYS
        account_rules = self._get_rules(today).get(self.id)
        calendar = account_rules.calendar if account_rules else WorkCalendar()
        return {
            **values,
            "customer_id": self.id,
            "currency_id": self._get_currency_of(parts).id,
            "origin": origin,
            "date": day,
            "reported_on": today,
            "date_until": rules.last_day(today, days, calendar),
            "amount_total": float(sum((part.amount for part in parts.values()), ZERO)),
            "line_ids": [Command.create(values) for values in lines],
        }

    @api.model
    def _get_report_refusal(self, code):
        """Return why a reported payment is not accepted, as text.

        :param str code: see `core.reported_payments.report`
        """
        return self.env._(REPORT_REFUSALS[code])

    # === BUTTONS === #

    def action_report_payment(self):
        """Open the dialog to record that the customer says to have paid."""
        self.ensure_one()
        return self.env["ar.reported.payment.new"]._open_for(self)

    def action_open_reported_payments(self):
        """Open the customer's reported payments."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_reported_payment_action")
        return dict(action, domain=[("customer_id", "=", self.id)], context={})

    # === PORTAL === #

    def _may_report_payments(self):
        """Return whether the policy lets the customer report payments on the portal page."""
        self.ensure_one()
        return not self.policy_id or self.policy_id.reported_portal

    def _get_possible_asks(self):
        """Override to let the customer report a payment, where the policy allows it."""
        asks = super()._get_possible_asks()
        if self._may_report_payments():
            asks["reported"] = self.env._("I have paid")
        return asks

    def _get_agreement_rows(self):
        """Override to list the reported payments that are still expected."""
        # The caller checked the visitor's access, by token or partner.
        reports = self.env["ar.reported.payment"].sudo()
        opened = reports.search([("customer_id", "=", self.id), ("state", "=", rules.OPEN)], order="date, id")
        rows = [reported._get_portal_row() for reported in opened if reported.amount_left]
        return super()._get_agreement_rows() + rows
