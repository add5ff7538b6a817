from datetime import date, timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ....const import PAYMENT_ORDER_FORMS
from ....core.money import ZERO, to_decimal
from ....formats import format_amount, format_date
from .payment_order_sheet import get_parts
from .payment_order_workbook import write_workbook


class ArPaymentOrder(models.TransientModel):
    """Data sheet for a payment order: what the form of the court asks for, in its order. Nothing is filed."""

    _name = "ar.payment.order"
    _inherit = ["ar.sheet.mixin"]
    _description = "Payment Order Sheet"

    _sheet_template = "ar_collections.payment_order_sheet"
    _sheet_report = "ar_collections.action_report_payment_order"
    _sheet_fields = (
        "customer_id", "placement_id", "form", "date", "item_ids", "regime_id", "catalogue_number", "court",
    )  # fmt: skip

    customer_id = fields.Many2one("ar.customer", "Customer Account", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="customer_id.company_id")
    placement_id = fields.Many2one(
        "ar.placement", domain="[('customer_id', '=', customer_id)]", ondelete="cascade", help="Empty: no case."
    )
    form = fields.Selection(PAYMENT_ORDER_FORMS, required=True, default="de")
    date = fields.Date("As of", required=True, default=lambda self: self.env.company._ar_today())
    item_ids = fields.Many2many("account.move.line", string="Items")
    regime_id = fields.Many2one(
        "ar.late.charge.regime", "Interest by", help="Rules of late charges that name the rate. Default: the policy's."
    )
    catalogue_number = fields.Char(
        help="Number of the kind of claim in the catalogue of the court, for instance 11 for sales or 5 for services "
        "in Germany."
    )
    court = fields.Char("Court if Contested", help="Court that decides where the customer objects.")

    @api.depends("customer_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for sheet in self:
            name, day = sheet.customer_id.display_name or "", format_date(self.env, sheet.date)
            sheet.display_name = self.env._("Payment order against %(customer)s, %(day)s", customer=name, day=day)

    def _has_preview(self):
        """Override to need a customer and a day."""
        return bool(self.customer_id and self.date)

    # === OPENING === #

    @api.model
    def _open_for(self, customer, placement=None):
        """Open the sheet with the items of a case, else with all overdue items of the customer in its main currency.

        :raise UserError: without the collector's role, or where nothing is overdue
        """
        self.env["ar.access.mixin"]._require("collector")
        customer.check_access("read")
        today = customer.company_id._ar_today()
        items = placement.line_ids.move_line_id if placement else customer.open_line_ids
        items = self._filter_claimable(items, customer, today)
        currency = placement.currency_id if placement else customer.currency_id
        own = items.filtered(lambda item: item.currency_id == currency) or items.filtered(
            lambda item: item.currency_id == items[:1].currency_id
        )
        if not own:
            raise UserError(self.env._("Nothing is overdue: a payment order is about overdue items."))
        sheet = self.create(
            {
                "customer_id": customer.id,
                "placement_id": placement and placement.id,
                "form": "de" if customer.company_id.country_id.code == "DE" else "eu",
                "date": today,
                "item_ids": [Command.set(own.ids)],
                "regime_id": customer.policy_id.late_charge_regime_id.id,
            }
        )
        action = {"type": "ir.actions.act_window", "name": self.env._("Payment Order Sheet"), "res_model": self._name}
        return {**action, "res_id": sheet.id, "views": [(False, "form")], "target": "new"}

    @api.model
    def _filter_claimable(self, items, customer, day):
        """Return the items that are overdue debts of the customer, and not claimed in insolvency, oldest first."""
        claimed = items._ar_find_claimed()
        return (
            items.sudo()  # the role and the access to the customer were checked
            .filtered(
                lambda item: (
                    item.company_id == customer.company_id
                    and item.partner_id.commercial_partner_id == customer.partner_id
                    and item.account_id.account_type == "asset_receivable"
                    and item.parent_state == "posted"
                    and item.amount_residual_currency > 0
                    and (item.date_maturity or item.date) < day
                    and item not in claimed
                )
            )
            .sorted(lambda item: (item.date_maturity or item.date, item.id))
        )

    # === WHAT IT SAYS === #

    def _get_items(self):
        """Return the items of the sheet in superuser mode, oldest first.

        :raise UserError: where one cannot be claimed, or their currencies differ
        """
        self.ensure_one()
        self.customer_id.check_access("read")
        items = self._filter_claimable(self.item_ids, self.customer_id, self.date)
        if not items or len(items) != len(self.item_ids):
            raise UserError(self.env._("Select overdue items of %s that are not paid.", self.customer_id.display_name))
        if len(items.currency_id) > 1:
            raise UserError(self.env._("Select items of one currency: each currency needs a payment order of its own."))
        return items

    def _read_court_claims(self, items):
        """Return {late charge: CourtClaim} of the items of the sheet."""
        charges = self.env["ar.late.charge"].sudo()  # the access to the customer was checked
        return charges.search([("move_line_id", "in", items.ids)])._read_court_claims(items)

    def _get_ancillary(self, items, claims):
        """Return [(label, Decimal)] of the ancillary claims by kind: costs that no invoice charges yet, lump sums.

        :param items: the `account.move.line` of the sheet
        :param dict claims: see :meth:`_read_court_claims`
        """
        currency = items.currency_id
        costs = self.env["ar.legal.cost"].sudo().search(  # the access to the customer was checked
            [
                ("customer_id", "=", self.customer_id.id), ("currency_id", "=", currency.id), ("state", "=", "open"),
                ("date", "<=", self.date), ("placement_id", "in", [self.placement_id.id, False]),
            ]
        )  # fmt: skip
        kinds = dict(costs._fields["kind"]._description_selection(self.env))
        rows = [
            (kinds[kind], sum((to_decimal(currency.round(cost.amount)) for cost in own), ZERO))
            for kind, own in costs.grouped("kind").items()
        ]
        lump_sums = {charge: claim.counted for charge, claim in claims.items()}
        counted = costs._count_lump_sums(self.customer_id.sudo(), currency, lump_sums)  # sudo: as for the costs
        rows.append((self.env._("Lump sums for late payment"), sum((c.lump_sum for c in claims.values()), ZERO)))
        rows.append((self.env._("Lump sums counted against costs"), -sum(counted.values(), ZERO)))
        less = [claim.less for claim in claims.values()]
        rows.append((self.env._("Earlier interest that no invoice charges"), -sum((x for x in less if x < 0), ZERO)))
        rows.append((self.env._("Late charges invoiced or waived before"), -sum((x for x in less if x > 0), ZERO)))
        return [row for row in rows if row[1]]

    def _get_sheet_values(self):
        """Return the values of the sheet, formatted; see `get_parts`.

        :return: {sheet, day, parts, items: rows, total, ancillary: [(label, amount)], ancillary_amounts: the same as
            numbers, missing: sentences}
        """
        items = self._get_items()
        currency, claims = items.currency_id, self._read_court_claims(items)
        rows = [self._get_row(number, *part) for number, part in enumerate(self._split_by_interest(items, claims), 1)]
        principal = sum((to_decimal(currency.round(item.amount_residual_currency)) for item in items), ZERO)
        parts, ancillary = get_parts(self), self._get_ancillary(items, claims)
        return {
            "sheet": self,
            "day": format_date(self.env, self.date),
            "parts": parts,
            "rows": rows,
            "currency": currency,
            "total": format_amount(self.env, principal, currency),
            "ancillary": [(label, format_amount(self.env, amount, currency)) for label, amount in ancillary],
            "ancillary_amounts": [(label, float(amount)) for label, amount in ancillary],
            "missing": self._find_missing(parts),
        }

    def _split_by_interest(self, items, claims):
        """Return [(item, amount, first day of its interest or None)]: no interest runs on late charges and costs.

        What an invoice of late charges has charged already is an item of its own, so that interest runs from then on.

        :param items: the `account.move.line` of the sheet
        :param dict claims: see :meth:`_read_court_claims`
        """
        charges = self.env["ar.late.charge"].sudo()  # the access to the customer was checked
        shares = {late.line_id: late.charge_share for late in charges._read_items_of(items.ids)}
        charged_until = {
            charge.move_line_id.id: claim.charged_until for charge, claim in claims.items() if claim.charged_until
        }
        parts = []
        for item in items:
            currency = item.currency_id
            amount = to_decimal(currency.round(item.amount_residual_currency))
            without = to_decimal(currency.round(float(amount * shares.get(item.id, ZERO))))
            day = max(item.date_maturity or item.date, charged_until.get(item.id, date.min)) + timedelta(days=1)
            parts += [part for part in ((item, amount - without, day), (item, without, None)) if part[1]]
        return parts

    def _get_row(self, number, item, amount, interest_from):
        """Return one claim of the principal with its interest, formatted; see `_split_by_interest`."""
        return {
            "number": number,
            "catalogue": self.catalogue_number or "",
            "name": self.customer_id.sudo()._get_item_names([item])[item.id],
            "from": format_date(self.env, item.move_id.invoice_date or item.date),
            "to": format_date(self.env, item.date_maturity or item.date),
            "value": float(amount),
            "amount": format_amount(self.env, amount, item.currency_id),
            "interest": self._get_rate_text() if interest_from else self.env._("None"),
            "interest_from": format_date(self.env, interest_from),
        }

    def _get_rate_text(self):
        """Return the rate of interest as the form asks for it; empty without rules."""
        if not self.regime_id:
            return ""
        regime = self.regime_id.sudo()  # its name is no secret
        points = f"{to_decimal(regime.points).normalize():f}"
        return self.env._("%(points)s points above %(rate)s", points=points, rate=regime.reference_id.name)

    def _find_missing(self, parts):
        """Return sentences about what the form needs and is not known, with where to enter it."""
        missing = [
            self.env._("%(part)s, %(label)s: enter it under %(where)s.", part=part["title"], label=label, where=where)
            for part in parts
            for label, value, where in part["rows"]
            if where and not value
        ]
        if self.form == "de" and not self.catalogue_number:
            missing.append(self.env._("Catalogue number: enter it in the dialog of the sheet; the court has the list."))
        if not self.regime_id:
            missing.append(self.env._("Interest: choose the rules that name the rate in the dialog of the sheet."))
        if not self.court:
            missing.append(self.env._("Court if contested: enter it in the dialog of the sheet."))
        return missing

    def _write_workbook(self):
        """Override to write parties and claims in the order of the form."""
        return write_workbook(self)
