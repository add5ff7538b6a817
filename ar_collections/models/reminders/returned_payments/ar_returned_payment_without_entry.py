from collections import defaultdict

from odoo import api, fields, models

from ....core.money import to_decimal
from ....core.reminders.returned import open_again

#: States of a payment that is confirmed.
STANDING = ("in_process", "paid")


class ArReturnedPayment(models.Model):
    """Payments without a journal entry that came back: there is no reconciliation that is undone."""

    _inherit = "ar.returned.payment"

    account_payment_id = fields.Many2one(
        "account.payment", "Payment without Entry", index="btree_not_null", ondelete="set null"
    )
    covered = fields.Monetary(
        "Covered by Others",
        readonly=True,
        help="What other payments without a journal entry covered of the item when this one came back.",
    )

    @api.model
    def _prepare_rejected(self, payments):
        """Return the values of what is stored about payments without a journal entry that do not stand any more.

        They had settled the invoices that they were registered for, the oldest items first. Left out is what was
        registered today with the date of today: that is a correction.

        :param payments: `account.payment` recordset, in superuser mode
        """
        items_of = {payment: self._find_items(payment) for payment in payments if not self._is_correction(payment)}
        items = self.env["account.move.line"].union(*items_of.values())
        accounts = self._find_accounts(items)
        days = {item: payment.date for payment, own in items_of.items() for item in own}
        before = self._read_covered(items, days, leaving=payments)
        rows = []
        for payment, own in items_of.items():
            covered = dict(before)
            for item, amount in self._spread(payment, own, before, with_double=True).items():
                if customer := accounts.get((item.partner_id.commercial_partner_id, item.company_id)):
                    values = self._prepare_vals(customer, item, amount, payment.date)
                    of_payment = {"payment": payment.name or "", "account_payment_id": payment.id}
                    rows.append({**values, **of_payment, "covered": covered.get(item, 0.0)})
        return rows

    @api.model
    def _prepare_undone(self, partials):
        """Override to add what payments without an entry cover of the items."""
        rows = super()._prepare_undone(partials)
        items = self.env["account.move.line"].browse({row["move_line_id"] for row in rows})
        item_of = {item.id: item for item in items}
        before = self._read_covered(items, {item_of[row["move_line_id"]]: row["paid_on"] for row in rows})
        for row in rows:
            item = item_of[row["move_line_id"]]
            row["covered"] = before[item]
            before[item] += row["amount"]
        return rows

    @api.model
    def _is_correction(self, payment):
        """Return whether a payment was registered today, with the date of today, in the company's time zone."""
        company = payment.company_id
        return company._ar_day(payment.create_date) == payment.date == company._ar_today()

    @api.model
    def _find_items(self, payment):
        """Return the open items that a payment was registered for, the oldest first."""
        return self._find_open_items(payment.invoice_ids)

    @api.model
    def _find_open_items(self, moves):
        """Return the open items of these invoices, the oldest first."""
        items = moves.line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and not line.account_id.non_trade
                and line.amount_residual > 0
                and line.amount_residual_currency > 0
            )
        )
        return items.sorted(lambda line: (line.date_maturity or line.date, line.id))

    @api.model
    def _read_covered(self, items, days, leaving=()):
        """Return {item: how much of it the payments without an entry cover that stand}, in its currency.

        Those for the fewest invoices count first.

        :param items: `account.move.line` recordset
        :param days: {item: day of the rates}, see `_get_worth`
        :param leaving: `account.payment` recordset, which counts no longer
        :rtype: defaultdict
        """
        covered = defaultdict(float)
        standing = items.move_id.matched_payment_ids.filtered(
            lambda payment: payment.payment_type == "inbound" and not payment.move_id and payment.state in STANDING
        )
        payments = standing - leaving if leaving else standing
        for payment in payments.sorted(lambda payment: (len(payment.invoice_ids), payment.date, payment.id)):
            own = self._find_items(payment)
            if payment.state == "paid":  # of an invoice with anything booked on it, core counts it as booked
                own = own.filtered(lambda item: not item.move_id.line_ids.matched_credit_ids)
            self._spread(payment, own, covered, days)
        return covered

    @api.model
    def _spread(self, payment, items, covered, days=None, with_double=False):
        """Return {item: amount in its currency} that a payment covers, and add it to what is covered, in place.

        :param items: `account.move.line` recordset in its order
        :param covered: defaultdict {item: what is covered of it already}
        :param days: see `_get_worth`
        :param bool with_double: what it pays for the second time counts, too, after what is not covered
        """
        left, parts = 1.0, defaultdict(float)  # the share of the payment
        for taken in (covered, parts) if with_double else (covered,):
            for item in items:
                worth = self._get_worth(payment, item, (days or {}).get(item))
                amount = item.currency_id.round(min(item.amount_residual_currency - taken[item], left * worth))
                if amount > 0:
                    parts[item] += amount
                    left -= amount / worth
        for item, amount in parts.items():
            covered[item] += amount
        return parts

    @api.model
    def _get_worth(self, payment, item, day=None):
        """Return a payment in the currency of an item: as it is booked where the currencies differ.

        :param date day: that of the rates, so that a payment is worth as much as the one that it replaces; default: its
            own
        """
        if payment.currency_id == item.currency_id:
            return payment.amount
        booked, company = abs(payment.amount_company_currency_signed), payment.company_id
        if day:
            booked = payment.currency_id._convert(payment.amount, company.currency_id, company, day)
        return booked * item.amount_residual_currency / item.amount_residual

    @api.model
    def _find_confirmed(self, payments):
        """Return what is stored of payments that are confirmed again, unless the collector knows of it already."""
        return self.search([("state", "=", "new"), ("account_payment_id", "in", payments.ids)])

    # === IN THE NIGHTLY RUN === #

    def _find_over(self):
        """Override: or other payments without an entry stand for as much.

        They wait for their bank statement, so no reconciliation tells of it. What they cover in part, as what is left
        of a payment after a chargeback of a part of it, reduces what came back.
        """
        over = super()._find_over()
        events = (self - over).filtered(lambda event: not event.counterpart_move_id)
        item_of = {event: event._find_item() for event in events.sorted("id")}
        items = self.env["account.move.line"].union(*item_of.values())
        standing = self._read_covered(items, {item: event.paid_on for event, item in item_of.items()})
        for item in items:
            own = events.filtered(lambda event, item=item: item_of[event] == item)
            if standing[item] or any(own.mapped("covered")):
                over += own._reduce(standing[item], item.amount_residual_currency)
        return over

    def _find_item(self):
        """Return the item that is open again: of an invoice that was posted again since, its oldest open one."""
        self.ensure_one()
        return self.move_line_id or self._find_open_items(self.move_id)[:1]

    def _reduce(self, standing, residual):
        """Reduce the amounts of one item to what no payment stands for; return those of which nothing is left.

        :param float standing: what is covered of the item now
        :param float residual: what is open of it
        """
        over = self.browse()
        open_now = self[:1]._to_exact(residual)
        bands = [(event._to_exact(event.amount), event._to_exact(event.covered)) for event in self]
        lefts = open_again(bands, self[:1]._to_exact(standing), open_now)
        for event, (amount, covered), left in zip(self, bands, lefts, strict=True):
            if not left:
                over += event
            elif left < amount:
                event.write({"amount": float(left), "covered": float(min(covered + amount, open_now) - left)})
        return over

    def _to_exact(self, amount):
        """Return an amount as Decimal, rounded to the currency."""
        self.ensure_one()
        return to_decimal(self.currency_id.round(amount))

    def _get_fate(self):
        """Override: a payment in draft has not come back yet."""
        if self.account_payment_id:
            return "new" if self.account_payment_id.state == "draft" else "returned"
        return super()._get_fate()
