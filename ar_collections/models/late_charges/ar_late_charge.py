from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...const import LATE_CHARGE_STATES
from ...core.late_charges.charge import BELOW_MINIMUM, DUE, GRACE, HELD, NOTHING, WAITING
from ..customers.sql import pg_array
from .late_item import Outcome

#: States of charges that the nightly run computes again; the others change only with the books.
LIVE = (WAITING, GRACE, HELD, BELOW_MINIMUM, DUE)


class ArLateCharge(models.Model):
    """The late charge of one open item: interest and lump sum as of the last night, shown and not booked.

    What was charged is in `ar.late.charge.billing`, what was waived in `ar.late.charge.waiver`. A charge outlives the
    payment of its invoice, until it is charged or waived. The nightly step is in `ar_late_charge_night`, what it reads
    in `ar_late_charge_facts`, invoices in `ar_late_charge_invoicing`.
    """

    _name = "ar.late.charge"
    _inherit = ["ar.access.mixin"]
    _description = "Late Charge"
    _order = "date_due, id"

    customer_id = fields.Many2one("ar.customer", required=True, readonly=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one(related="customer_id.partner_id", store=True, string="Contact")
    company_id = fields.Many2one(related="customer_id.company_id", store=True, index=True)
    policy_id = fields.Many2one(related="customer_id.policy_id")
    # An invoice that is reset to draft may get new journal items; the charge follows to them.
    move_line_id = fields.Many2one(
        "account.move.line", "Open Item", readonly=True, index="btree_not_null", ondelete="set null"
    )
    move_id = fields.Many2one("account.move", "Invoice", required=True, readonly=True, index=True, ondelete="cascade")
    name = fields.Char("Number", readonly=True)
    date_due = fields.Date("Due Date", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary("Invoiced", readonly=True, help="Amount of the item when it was posted.")
    residual = fields.Monetary("Open", readonly=True)
    paid_on = fields.Date("Paid on", readonly=True, help="Day on which the whole item was paid.")
    days = fields.Integer("Days in Delay", readonly=True)
    interest = fields.Monetary(readonly=True, help="Interest that accrued until the last nightly run.")
    lump_sum = fields.Monetary(readonly=True, help="Once for each invoice.")
    total = fields.Monetary(readonly=True)
    charged = fields.Monetary(readonly=True, help="What was invoiced, drafts included.")
    waived = fields.Monetary(readonly=True)
    left = fields.Monetary("To Charge", readonly=True, help="What is neither invoiced nor waived.")
    state = fields.Selection(LATE_CHARGE_STATES, "Status", required=True, readonly=True, default=NOTHING, index=True)
    free_until = fields.Date(
        "Free until", readonly=True, help="Last day on which a payment of the whole item ends the late charge."
    )
    is_known = fields.Boolean(
        "Rates Known", readonly=True, default=True, help="Empty: a rate is missing, and the last one was taken."
    )
    accrued_on = fields.Date("Computed on", readonly=True)
    taken_off_on = fields.Date(
        "Taken off a Draft on", readonly=True,
        help="Day on which somebody deleted or lowered it on a draft invoice.",
    )  # fmt: skip
    balance_days = fields.Float(
        readonly=True, help="Balances of all days until then, added up: what the books say, whatever the rules."
    )
    settled_by = fields.Char(readonly=True, help="What settled the item when the charge was computed.")
    billing_ids = fields.One2many("ar.late.charge.billing", "charge_id", "Charged by", readonly=True)
    waiver_ids = fields.One2many("ar.late.charge.waiver", "charge_id", "Waivers", readonly=True)
    computation = fields.Html(compute="_compute_computation", sanitize=False)

    _item_once = models.UniqueIndex("(move_line_id) WHERE move_line_id IS NOT NULL", "An item has one late charge.")
    _lump_sum_once = models.UniqueIndex("(move_id) WHERE lump_sum > 0", "An invoice has one lump sum.")

    @api.depends("name", "customer_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for charge in self:
            charge.display_name = self.env._("Late charge of %s", charge.name or "")

    @api.depends("interest", "lump_sum", "accrued_on")
    @api.depends_context("lang")
    def _compute_computation(self):
        for charge in self:
            # sudo: whoever may read the charge may read what it is made of.
            charge.computation = charge.sudo()._render_computation() if charge.accrued_on else False

    # === WHAT IS LEFT === #

    def _refresh_left(self):
        """Add up anew what was charged and waived, and set the state that follows; in superuser mode."""
        outcomes = self._read_outcomes()
        for charge in self:
            outcome = outcomes[charge.id]
            charge._write_changed(self._get_outcome_vals(charge.state, charge.total, outcome, charge.currency_id))

    def _read_outcomes(self):
        """Return {charge id: Outcome}.

        Invoices that people canceled do not count; those that were reversed do, because nobody charges them again.
        """
        self.env.flush_all()
        query = SQL(
            """
            SELECT charge.id,
                   COALESCE((SELECT SUM(billing.amount)
                               FROM ar_late_charge_billing billing
                               JOIN account_move move ON move.id = billing.move_id AND move.state <> 'cancel'
                              WHERE billing.charge_id = charge.id), 0)::float,
                   COALESCE((SELECT SUM(waiver.amount) FROM ar_late_charge_waiver waiver
                              WHERE waiver.charge_id = charge.id AND waiver.state = 'applied'), 0)::float,
                   COALESCE((SELECT SUM(billing.lump_sum)
                               FROM ar_late_charge_billing billing
                               JOIN account_move move ON move.id = billing.move_id AND move.state <> 'cancel'
                              WHERE billing.charge_id = charge.id), 0)::float
              FROM ar_late_charge charge
             WHERE charge.id = ANY(%s::int[])
            """,
            pg_array(self.ids),
        )
        return {row[0]: Outcome(*row[1:]) for row in self.env.execute_query(query)} if self else {}

    @api.model
    def _get_outcome_vals(self, state, total, outcome, currency):
        """Return the values that follow from what was charged and waived.

        :param str state: what the rules say, a code of `core.late_charges.charge`
        :param Outcome outcome: what became of it
        """
        charged, waived = outcome.charged, outcome.waived
        counts = state in (*LIVE, "charged", "waived")
        left = currency.round(max((total if counts else 0.0) - charged - waived, 0.0))
        if counts and not left and (charged or waived):
            state = "charged" if charged > 0 else "waived"
        elif state in ("charged", "waived"):
            state = DUE
        return {"charged": currency.round(charged), "waived": currency.round(waived), "left": left, "state": state}

    def _write_changed(self, values):
        """Write what differs from what is stored."""
        self.ensure_one()
        changed = {
            name: value
            for name, value in values.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }
        if changed:
            self.write(changed)

    # === BUTTONS === #

    def action_invoice(self):
        """Draft invoices of what is to be charged: one for each customer and currency."""
        self._require("manager")
        charges = self.sudo()._start_charging()  # no role writes charges; the role was checked
        return charges._draft_invoices()._get_late_charge_action()

    def action_next_invoice(self):
        """Put what is to be charged on draft invoices of the customers."""
        self._require("manager")
        charges = self.sudo()._start_charging()  # as above
        moves = charges._add_to_drafts()
        if not moves:
            raise UserError(
                self.env._("These customers have no draft invoice in the currency of their late charges: use Invoice.")
            )
        return moves._get_late_charge_action()

    def action_waive(self):
        """Open the dialog to waive late charges, in whole or in part."""
        self._require("collector")
        return self.env["ar.late.charge.waive"]._open_for(self)

    def action_open_invoice(self):
        """Open the invoice that was paid late."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "views": [(False, "form")],
        }
