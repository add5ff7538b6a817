import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.constants import GC_UNLINK_LIMIT

from odoo.addons.payment import utils as payment_utils
from odoo.addons.payment_stripe import const as odoo_const

from ..core import reconciliation as rules
from ..messages import DIFFERENCE_ADVICE

#: Differences that are gone are kept for this time.
KEPT_DAYS = 365


class ArStripeDifference(models.Model):
    """A difference between the books and what is at Stripe, found by the daily comparison.

    It books nothing: a person does, and the next comparison ends what is gone. What comes again is the same row. What
    a comparison cannot see, such as a payment that was registered by hand, a person marks as handled.
    """

    _name = "ar.stripe.difference"
    _inherit = ["ar.access.mixin"]
    _description = "Difference from Stripe"
    _order = "created desc, id desc"
    _rec_name = "number"

    provider_id = fields.Many2one("payment.provider", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="provider_id.company_id", store=True, index=True)
    kind = fields.Selection(
        [
            (rules.CHARGE_MISSING, "Charge without Payment"),
            (rules.PAYMENT_MISSING, "Payment without Charge"),
            (rules.AMOUNT, "Other Amount"),
            (rules.CURRENCY, "Other Currency"),
            (rules.CUSTOMER, "Other Customer"),
            (rules.TWICE, "Paid Twice"),
            (rules.REFUND_MISSING, "Refund not Booked"),
            (rules.REFUND_FAILED, "Refund Failed"),
            (rules.DISPUTE_MISSING, "Chargeback not Known"),
        ],
        "Cause",
        required=True,
        readonly=True,
    )
    number = fields.Char(
        "Number at Stripe",
        required=True,
        readonly=True,
        help="Charge, refund or dispute; where there is none, the payment intent or the reference of the payment here.",
    )
    # No link: who reads the list may not read transactions.
    reference = fields.Char("Payment", readonly=True, help="Reference of the payment, or the description at Stripe.")
    created = fields.Datetime("Date", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary("At Stripe", readonly=True)
    expected = fields.Monetary("In the Books", readonly=True)
    found_on = fields.Datetime("Found on", required=True, readonly=True)
    solved_on = fields.Datetime("Gone since", readonly=True)
    handled_by_id = fields.Many2one(
        "res.users", "Handled by", readonly=True, help="It comes back only with another amount or currency."
    )
    checked_on = fields.Datetime(
        "Looked up on", readonly=True, help="Of what is older than the days that are compared."
    )
    note = fields.Text(readonly=True, help="What was done about it.")
    advice = fields.Text("What to Do", compute="_compute_advice")

    _once = models.Constraint("UNIQUE (provider_id, kind, number)", "This difference is listed already.")
    _open_idx = models.Index("(provider_id, created) WHERE solved_on IS NULL")

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_advice(self):
        for difference in self:
            difference.advice = self.env._(DIFFERENCE_ADVICE[difference.kind]) if difference.kind else False

    @api.model
    def _find_older(self, provider, since, limit):
        """Return open differences from before a time, those first that were looked up longest ago."""
        domain = [("provider_id", "=", provider.id), ("solved_on", "=", False), ("created", "<", since)]
        # sudo: for the scheduled action.
        return self.sudo().search(domain, order="checked_on NULLS FIRST, id", limit=limit)

    @api.model
    def _end_old(self, provider):
        """End differences that are older than a year; nothing is compared for so long."""
        limit = fields.Datetime.now() - datetime.timedelta(days=KEPT_DAYS)
        domain = [("provider_id", "=", provider.id), ("solved_on", "=", False), ("created", "<", limit)]
        # sudo: for the scheduled action.
        note = self.env._("Older than a year: it is not compared any more.")
        self.sudo().search(domain).write({"solved_on": fields.Datetime.now(), "note": note})

    @api.model
    def _keep(self, provider, found, since, looked_up):
        """Store what a comparison has found, and end what it has not found any more.

        :param found: list of core.reconciliation.Difference
        :param datetime since: from when on the comparison looked
        :param looked_up: older differences that it looked up one by one
        :return: the open differences
        """
        # sudo: for the scheduled action; nobody has the right to write differences.
        stored = self.sudo().search([("provider_id", "=", provider.id)])
        known = {(row.kind, row.number): row for row in stored}
        now, currencies = fields.Datetime.now(), self._get_currencies()
        new, kept = [], self.sudo()  # as above
        for difference in found:
            values = self._prepare_vals(provider, difference, currencies)
            row = known.get((difference.kind, values["number"]))
            if not row:
                new.append({**values, "found_on": now})
                continue
            kept |= row
            if row._is_handled_as(values):
                continue
            if row.solved_on:
                values["found_on"] = now
            row.write(values)
        gone = (stored - kept).filtered(lambda row: not row.solved_on and (row.created >= since or row in looked_up))
        gone.write({"solved_on": now})
        looked_up.write({"checked_on": now})
        self.sudo().create(new)  # as above
        self._end_old(provider)
        return self._find_open(provider)

    @api.model
    def _get_currencies(self):
        """Return {ISO code: currency}, archived ones too."""
        return {each.name: each for each in self.env["res.currency"].with_context(active_test=False).search([])}

    @api.model
    def _prepare_vals(self, provider, difference, currencies):
        """Return the values of a difference; a currency that Odoo does not know is shown as the company's."""
        currency = currencies.get(difference.currency) or provider.company_id.currency_id
        return {
            "provider_id": provider.id,
            "kind": difference.kind,
            "number": difference.number[:255],
            "reference": (difference.reference or "")[:255] or False,
            "created": datetime.datetime.fromtimestamp(difference.created, datetime.timezone.utc).replace(tzinfo=None),
            "currency_id": currency.id,
            "amount": self._to_major(difference.amount, currency),
            "expected": self._to_major(difference.expected, currency),
            "solved_on": False,
            "handled_by_id": False,
            "note": False,
        }

    def _is_handled_as(self, values):
        """Return whether a person has dealt with it, and its numbers are the same as then."""
        self.ensure_one()
        if not self.handled_by_id or self.currency_id.id != values["currency_id"]:
            return False
        return not any(self.currency_id.compare_amounts(self[name], values[name]) for name in ("amount", "expected"))

    @api.model
    def _to_major(self, amount, currency):
        """Return an amount in units of the currency; 0 where there is none."""
        digits = odoo_const.CURRENCY_DECIMALS.get(currency.name)
        return payment_utils.to_major_currency_units(amount or 0, currency, arbitrary_decimal_number=digits)

    # === MARK AS HANDLED === #

    def _require_accountant(self):
        """Check that the user is a collections manager, or an accountant who may read these records.

        :raise UserError: for others, with whom to ask
        """
        self.check_access("read")
        if not self.env.user.has_group("account.group_account_user"):
            self._require("manager")

    def action_mark_handled(self):
        """Open the dialog in which the user says what was done about the differences.

        :raise UserError: for who may not do this, and where none of them is open
        """
        self._require_accountant()
        differences = self.filtered(lambda row: not row.solved_on)
        if not differences:
            raise UserError(self.env._("These differences are gone already."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Mark as Handled"),
            "res_model": "ar.stripe.difference.handle",
            "view_mode": "form",
            "target": "new",
            "context": {"default_difference_ids": differences.ids},
        }

    def _mark_handled(self, note):
        """End open differences that the comparison cannot see the end of.

        :param str note: what was done about them
        :raise UserError: without a note, and for who may not do this
        """
        self._require_accountant()
        if not (note or "").strip():
            raise UserError(self.env._("Enter what was done about it."))
        # sudo: as checked; nobody has the right to write them.
        rows = self.sudo().filtered(lambda row: not row.solved_on)
        values = {"handled_by_id": self.env.uid, "note": note.strip(), "solved_on": fields.Datetime.now()}
        rows.write(values)
        for provider in rows.provider_id:
            provider._ar_report_differences(self._find_open(provider))

    @api.model
    def _find_open(self, provider):
        """Return the open differences of a provider."""
        # sudo: for the scheduled action.
        return self.sudo().search([("provider_id", "=", provider.id), ("solved_on", "=", False)])

    @api.autovacuum
    def _remove_gone(self):
        """Delete differences that are gone for a year."""
        limit = fields.Datetime.now() - datetime.timedelta(days=KEPT_DAYS)
        self.search([("solved_on", "<", limit)], limit=GC_UNLINK_LIMIT).unlink()
