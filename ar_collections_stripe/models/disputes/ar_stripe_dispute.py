import datetime

from odoo import api, fields, models

from odoo.addons.ar_collections.core.disputes.dispute import OPEN_STATES
from odoo.addons.payment import utils as payment_utils
from odoo.addons.payment_stripe import const as odoo_const

from ...const import LOST, MARGIN_DAYS, WON
from ...core.moves import split
from ...messages import DISPUTE_REASONS, DISPUTE_STATUSES

#: {field that holds a word of Stripe's: {word: its label}}.
LABELS = {"reason": DISPUTE_REASONS, "status": DISPUTE_STATUSES}


class ArStripeDispute(models.Model):
    """A chargeback, or the inquiry before it: a payment that the customer contests with the bank.

    It is found by the payment and follows it. The `ar.dispute` on the invoices of the payment, one for each currency,
    keeps reminders away and gives somebody a task before Stripe's deadline.
    """

    _name = "ar.stripe.dispute"
    _inherit = ["ar.access.mixin"]
    _description = "Chargeback"
    _order = "id desc"
    _rec_name = "reference"

    reference = fields.Char(required=True, readonly=True, help="Number of the dispute at Stripe.")
    transaction_id = fields.Many2one(
        "payment.transaction", required=True, readonly=True, index=True, ondelete="restrict"
    )
    payment_reference = fields.Char("Payment", related="transaction_id.reference", related_sudo=True)
    partner_id = fields.Many2one(related="transaction_id.partner_id", string="Customer", related_sudo=True)
    provider_id = fields.Many2one("payment.provider", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="transaction_id.company_id", store=True, index=True)
    dispute_ids = fields.One2many("ar.dispute", "stripe_dispute_id", "Disputes", readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    reason = fields.Selection("_select_reasons", readonly=True, help="Reason that the customer's bank gives.")
    network_reason = fields.Char("Reason of the Network", readonly=True)
    status = fields.Selection("_select_statuses", required=True, readonly=True, help="Status at Stripe.")
    due_by = fields.Datetime("Evidence due by", readonly=True, help="Empty: no answer is possible.")
    has_evidence = fields.Boolean("Evidence Stored", readonly=True)
    is_refundable = fields.Boolean("May Be Refunded", readonly=True, help="An inquiry: a refund ends it.")
    withdrawn = fields.Monetary("Taken Back", readonly=True, help="What Stripe holds of the payment now, without fees.")
    outcome = fields.Selection(
        [("open", "Open"), ("won", "Won"), ("lost", "Lost")], compute="_compute_outcome", store=True
    )

    is_handled = fields.Boolean(
        "Handled", readonly=True, help="A chargeback without an invoice that somebody has dealt with."
    )

    _once = models.Constraint("UNIQUE (provider_id, reference)", "This chargeback is known already.")

    @api.depends("status")
    def _compute_outcome(self):
        for dispute in self:
            dispute.outcome = "won" if dispute.status in WON else "lost" if dispute.status in LOST else "open"

    # === STRIPE'S WORDS === #

    @api.model
    def _select_reasons(self):
        return self._select_words("reason")

    @api.model
    def _select_statuses(self):
        return self._select_words("status")

    @api.model
    def _select_words(self, name):
        """Return [(word, label)] of a field; words of Stripe that are stored and unknown here are their own labels."""
        known = [(word, self.env._(label)) for word, label in LABELS[name].items()]
        stored = self.sudo()._read_group([], [name])  # words alone, whoever reads the field's description
        return known + sorted((word, word) for (word,) in stored if word and word not in LABELS[name])

    def _get_label(self, name):
        """Return Stripe's word in ``reason`` or ``status`` as the user reads it, without a query."""
        self.ensure_one()
        label = LABELS[name].get(self[name])
        return self.env._(label) if label else self[name] or "-"

    # === FROM STRIPE === #

    @api.model
    def _update_from_stripe(self, transaction, data):
        """Create or update the chargeback of a payment from what it is now at Stripe.

        :param transaction: locked `payment.transaction`
        :param dict data: Stripe's dispute
        :return: the `ar.stripe.dispute`
        """
        provider = transaction.provider_id
        values = self._prepare_vals(transaction, data)
        dispute = self.search([("provider_id", "=", provider.id), ("reference", "=", data["id"])])
        former, before = dispute.outcome, (dispute.status, dispute.withdrawn)
        if dispute:
            dispute.write(values)
        else:
            dispute = self.create({**values, "reference": data["id"], "provider_id": provider.id})
        dispute._store_moves(data)
        if not former or before != (dispute.status, dispute.withdrawn):
            dispute._apply(former)
        return dispute

    @api.model
    def _prepare_vals(self, transaction, data):
        """Return the values of a chargeback; unknown words of Stripe are kept as they are."""
        currency = self._find_currency(data["currency"]) or transaction.currency_id
        evidence = data.get("evidence_details") or {}
        return {
            "transaction_id": transaction.id,
            "currency_id": currency.id,
            "amount": self._to_major(data["amount"], currency),
            "reason": data.get("reason"),
            "network_reason": data.get("network_reason_code") or False,
            "status": data["status"],
            "due_by": self._to_datetime(evidence.get("due_by")),
            "has_evidence": bool(evidence.get("has_evidence")),
            "is_refundable": bool(data.get("is_charge_refundable")),
            "withdrawn": self._to_major(self._get_withdrawn(data), currency),
        }

    @api.model
    def _find_currency(self, code):
        """Return the currency of a code of Stripe's, archived ones too; without a search where it is in use."""
        currencies = self.env["res.currency"]
        in_use = self.currency_id.filtered(lambda currency: currency.name == code.upper())
        return in_use or currencies.with_context(active_test=False).search([("name", "=", code.upper())])

    @api.model
    def _get_withdrawn(self, data):
        """Return what Stripe holds of the payment now, in the smallest unit of the dispute's currency.

        Differences of exchange rates are no part of it, see `core.moves`.
        """
        return max(sum(-booked if entry["amount"] > 0 else booked for entry, booked, _rest in self._split(data)), 0)

    @api.model
    def _split(self, data):
        """Return [(balance transaction as Stripe sends it, amount that is booked, difference)], oldest first.

        The amounts are in the smallest unit of the dispute's currency, see `core.moves.split`.

        :param dict data: Stripe's dispute
        """
        entries = [entry for entry in data.get("balance_transactions") or [] if entry.get("amount")]
        entries.sort(key=lambda entry: (entry.get("created") or 0, entry["amount"] > 0))
        currency = data["currency"]
        moves = [(entry["amount"], entry.get("currency", currency) == currency) for entry in entries]
        found = split(moves, data["amount"])
        return [(entry, *parts) for entry, parts in zip(entries, found, strict=True)]

    @api.model
    def _to_major(self, amount, currency):
        """Return an amount of Stripe's, in the smallest unit, in units of the currency."""
        digits = odoo_const.CURRENCY_DECIMALS.get(currency.name)
        return payment_utils.to_major_currency_units(amount, currency, arbitrary_decimal_number=digits)

    @api.model
    def _to_datetime(self, timestamp):
        """Return a time of Stripe's as Odoo stores times; False for 0, with which Stripe says that there is none."""
        return bool(timestamp) and datetime.datetime.fromtimestamp(timestamp, datetime.timezone.utc).replace(
            tzinfo=None
        )

    def _store_moves(self, data):
        """Store what Stripe has moved, before anything is concluded from the status. Extension point.

        :param dict data: Stripe's dispute
        """

    # === WHAT FOLLOWS === #

    def _apply(self, former):
        """Bring the disputes on the invoices in step with the status, and log it.

        Bank debits are lost when Stripe first reports them, and what was won or lost may be contested again.

        :param former: the outcome before; false for a chargeback that was not known
        """
        self.ensure_one()
        if self._is_to_raise(former):
            self.env["ar.dispute"]._raise_for_chargeback(self)
        if former:
            self.dispute_ids._log_chargeback(self)
        self._end_if_won()
        self._report_without_invoice()

    def _end_if_won(self):
        """Withdraw the disputes on the invoices of a chargeback that was won, once its money is back in the books."""
        if self.outcome == "won" and self._is_money_back():
            self.dispute_ids._withdraw(notify=False)

    def _is_money_back(self):
        """Return whether the books show nothing of the payment as taken back. Extension point."""
        return True

    def _report_without_invoice(self):
        """Keep a chargeback for which nobody has a task on the list of problems: until it is won, or dealt with."""
        problems = self.env["ar.problem"]
        if self.outcome == "won" or self.dispute_ids or self.is_handled:
            problems._clear(self, "stripe_dispute")
            return
        text = self.env["ar.dispute"]._describe_chargeback(self)
        if self.outcome == "lost":
            lost = self.env._(
                "It is lost, and no invoice is open for it: claim the amount with an invoice, or not, and press Mark "
                "as Handled."
            )
            text = f"{text} {lost}"
        problems._report(self, "stripe_dispute", text)

    def _is_to_raise(self, former):
        """Return whether somebody needs a task about it that nobody has yet; parameter as in `_apply`."""
        if self.outcome == "won" or self.dispute_ids.filtered(lambda dispute: dispute.state in OPEN_STATES):
            return False
        return not self.dispute_ids or former == "won" or (former == "lost" and self.outcome == "open")

    def _get_deadline(self, company):
        """Return the day by which the evidence is to be ready; False where no answer is possible."""
        if not self.due_by:
            return False
        return max(company._ar_day(self.due_by) - datetime.timedelta(days=MARGIN_DAYS), company._ar_today())

    def _get_items(self):
        """Return {journal item: amount in its currency} of what the payment settled, as far as it is contested.

        What was allocated counts, else what the payment is reconciled with, else the invoices that it was made for.
        """
        transaction = self.transaction_id.sudo()  # the payment's own invoices
        share = min(self.amount / transaction.amount, 1.0) if transaction.amount else 1.0
        allocated = transaction.ar_allocation_ids._cash().filtered("move_line_id")
        if allocated:
            parts = [(row.move_line_id, row.amount) for row in allocated]
        else:
            parts = self._get_reconciled() or self._get_invoiced()
        items = {}
        for item, amount in parts:
            items[item] = items.get(item, 0.0) + amount
        shares = {item: item.currency_id.round(amount * share) for item, amount in items.items()}
        return {item: amount for item, amount in shares.items() if amount > 0}

    def _get_reconciled(self):
        """Return [(journal item, amount)] that the payment of the transaction settles; money that went back is none."""
        lines = self.transaction_id.sudo().payment_id.move_id.line_ids  # as in `_get_items`
        receivable = lines.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        partials = receivable.matched_debit_ids.filtered(
            lambda part: part.debit_move_id.journal_id.type not in ("bank", "cash", "credit")
        )
        return [(part.debit_move_id, part.debit_amount_currency) for part in partials]

    def _get_invoiced(self):
        """Return [(journal item, its amount)] of the invoices that the payment was made for."""
        # sudo: as in `_get_items`.
        lines = self.transaction_id.sudo().invoice_ids.filtered(lambda move: move.state == "posted").line_ids
        items = lines.filtered(
            lambda line: line.account_id.account_type == "asset_receivable" and line.amount_currency > 0
        )
        left, parts = self.transaction_id.amount, []
        for item in items.sorted("date_maturity"):
            parts.append((item, min(item.amount_currency, left)))
            left -= parts[-1][1]
        return parts

    # === BUTTONS === #

    def action_mark_handled(self):
        """Note that somebody has dealt with a chargeback that has no invoice."""
        self._require("manager")
        self.sudo().is_handled = True  # as checked; nobody has the right to write them
        self.env["ar.problem"]._clear(self, "stripe_dispute")
        return True

    def action_open_disputes(self):
        """Open the disputes on the invoices of the payment."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_dispute_action")
        disputes = self.dispute_ids
        if len(disputes) == 1:
            return dict(action, views=[(False, "form")], res_id=disputes.id, context={})
        return dict(action, domain=[("id", "in", disputes.ids)], context={})
