from odoo import models

from ....core.autopay import options as rules
from ....core.money import to_decimal
from ....formats import format_amount

#: Charges in the history on the page.
HISTORY_SIZE = 24

#: Invoices that a warning names.
NAMED = 5


class ArCustomerPortal(models.Model):
    """Automatic payment of the account on the customer page: what is agreed, what comes next, what was charged."""

    _inherit = "ar.customer"

    def _get_page_values(self, ticked=None, page=1, search=""):
        """Override to add automatic payments: {consent, next, failed}; None where they are not possible."""
        return {**super()._get_page_values(ticked, page, search), "autopay": self._get_autopay_block()}

    def _get_autopay_block(self):
        """Return the values of the block on the page, ``None`` where the customer can do nothing with it."""
        consent = self._get_live_autopay()
        if not consent and not self._get_autopay_providers():
            return None
        return {
            "consent": consent,
            "next": self._get_charges_within_maximum(consent._get_options()) if consent else [],
            "failed": self._get_autopay_failed() if consent else [],
        }

    def _get_autopay_page_values(self):
        """Return the values of the page of automatic payments."""
        self.ensure_one()
        consent = self._get_live_autopay()
        values = {"consent": consent, "history": self._get_autopay_history()}
        if not consent:
            return values
        options = consent._get_options()
        return {
            **values,
            "summary": self._get_autopay_summary(options),
            "next_charges": self._get_charges_within_maximum(options),
            "failed": self._get_autopay_failed(),
            "warnings": self._get_autopay_warnings(consent.token_id, options),
        }

    def _get_charges_within_maximum(self, options):
        """Return the next automatic payments, see `_get_next_autopay`, without those that the maxima exclude."""
        above = self._find_above_maximum(options).move_id
        return [charge for charge in self._get_next_autopay() if charge["in_flight"] or charge["invoices"] - above]

    def _get_autopay_history(self):
        """Return the automatic payments of this account, latest first: {date, reference, amount, currency, status}."""
        charges = self.env["ar.autopay.charge"].sudo()  # visitors have no rights on them
        found = charges.search([("customer_id", "=", self.id)], limit=HISTORY_SIZE)
        return [
            {
                "date": charge.date,
                "reference": charge.reference,
                "amount": charge.amount,
                "currency": charge.currency_id,
                "status": self._get_autopay_status_text(charge),
            }
            for charge in found
        ]

    def _get_autopay_status_text(self, charge):
        """Return what became of a charge as customers read it."""
        if charge.returned_on:
            return self.env._("Returned by your bank")
        if charge.refunded_amount:
            amount = format_amount(self.env, charge.refunded_amount, charge.currency_id)
            return self.env._("Refunded: %(amount)s", amount=amount)
        texts = {
            "unknown": self.env._("Being checked"),
            "pending": self.env._("Being processed"),
            "done": self.env._("Paid"),
        }
        return texts.get(charge.outcome) or self.env._("Declined")

    def _get_autopay_summary(self, options):
        """Return the options in words: [(label, text)], in the order of the form.

        :param options: core.autopay.options.AutopayOptions
        """
        days = {
            rules.DUE_DATE: self.env._("on the due date of each invoice"),
            rules.DAYS_BEFORE: self.env._("%(days)s days before the due date", days=options.days_before),
            rules.MONTH_DAY: self.env._("once a month, on day %(day)s", day=options.month_day),
        }
        rows = [(self.env._("When"), days[options.charge_on])]
        for label, maximum in (
            (self.env._("At most per payment"), options.maximum_charge),
            (self.env._("At most per month"), options.maximum_month),
        ):
            if maximum:
                rows.append((label, format_amount(self.env, maximum, self.currency_id)))
        if options.journal_ids:
            journals = self._get_autopay_journals().filtered(lambda journal: journal.id in options.journal_ids)
            rows.append((self.env._("Invoices"), ", ".join(journals.mapped("name"))))
        return rows

    # === WARNINGS === #

    def _get_autopay_warnings(self, token, options):
        """Return what will not be charged of the open invoices, and why, as sentences for the customer.

        :param token: the `payment.token`
        :param options: core.autopay.options.AutopayOptions
        """
        lines = self._get_autopay_lines(options)
        return [
            *self._get_refused_warnings(token),
            *self._get_currency_warnings(token, lines),
            *self._get_maximum_warnings(options, lines),
        ]

    def _get_refused_warnings(self, token):
        """Return a sentence where the bank refuses the method that is agreed for good."""
        consent = self._get_live_autopay()
        if consent.token_id != token or not consent._find_refused():
            return []
        return [
            self.env._(
                "Your bank refuses %(method)s: nothing more is collected until you choose another payment method.",
                method=consent.method,
            )
        ]

    def _get_autopay_lines(self, options):
        """Return the open items (`account.move.line`) of the kinds of invoice that were chosen."""
        lines = self._browse_lines([item.item_id for item in self._get_facts().items if item.is_debt])
        return lines.filtered(lambda line: options.covers(line.journal_id.id))

    def _find_above_maximum(self, options, lines=None):
        """Return the open items that exceed the smaller of the maxima, and are not charged; empty without a maximum.

        :param lines: those to look at; default: all that the options cover
        """
        lines = self._get_autopay_lines(options) if lines is None else lines
        maxima = [amount for amount in (options.maximum_charge, options.maximum_month) if amount]
        return lines.filtered(lambda line: maxima and to_decimal(line.amount_residual) > min(maxima))

    def _get_currency_warnings(self, token, lines):
        """Return a sentence for each currency of the items in which the method cannot be charged."""
        return [
            self.env._(
                "Invoices in %(currency)s cannot be charged to %(method)s: please pay them yourself.",
                currency=currency.name,
                method=token._ar_get_name(),
            )
            for currency in lines.currency_id
            for allowed in (token.provider_id.available_currency_ids, token.payment_method_id.supported_currency_ids)
            if allowed and currency not in allowed
        ]

    def _get_maximum_warnings(self, options, lines):
        """Return a sentence about the items that exceed the smaller of the maxima; empty without any."""
        over = self._find_above_maximum(options, lines)
        if not over:
            return []
        maximum = min(amount for amount in (options.maximum_charge, options.maximum_month) if amount)
        names = list(dict.fromkeys(over.mapped("move_id.name")))
        return [
            self.env._(
                "Above your maximum of %(amount)s, and therefore not charged: %(invoices)s. Please pay them yourself.",
                amount=format_amount(self.env, maximum, self.currency_id),
                invoices=", ".join(names[:NAMED]) + ("…" if len(names) > NAMED else ""),
            )
        ]
