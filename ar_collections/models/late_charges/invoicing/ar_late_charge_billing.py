from odoo import api, fields, models

from ....formats import format_amount


class ArLateChargeBilling(models.Model):
    """What of a late charge an invoice or credit note charges, so that nothing is charged twice."""

    _name = "ar.late.charge.billing"
    _inherit = ["ar.access.mixin"]
    _description = "Charged Late Charge"
    _order = "charge_id, id"
    _rec_name = "move_id"

    charge_id = fields.Many2one("ar.late.charge", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="charge_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="charge_id.currency_id")
    source_move_id = fields.Many2one(
        "account.move", "Late Invoice", required=True, readonly=True, index=True, ondelete="cascade"
    )
    move_id = fields.Many2one(
        "account.move", "Charged with", required=True, readonly=True, index=True, ondelete="cascade"
    )
    move_state = fields.Selection(related="move_id.state")
    date = fields.Date(readonly=True)
    interest = fields.Monetary(readonly=True, help="Negative: taken back by a credit note.")
    lump_sum = fields.Monetary(readonly=True)
    amount = fields.Monetary("Total", compute="_compute_amount", store=True)
    until = fields.Date("Interest until", readonly=True)
    balance_days = fields.Float(readonly=True, help="Balances of all days until then, as the books said then.")

    @api.depends("interest", "lump_sum")
    def _compute_amount(self):
        for billing in self:
            billing.amount = billing.interest + billing.lump_sum

    @api.model
    def _add(self, move, parts):
        """Store what an invoice charges: one row for each late charge, also where it is put on the same draft again.

        :param move: draft `account.move` with the lines
        :param dict parts: {late charge: (interest, lump sum)} that were added
        """
        today, rows = move.company_id._ar_today(), {row.charge_id: row for row in move._get_late_charge_billings()}
        new = []
        for charge, (interest, lump_sum) in parts.items():
            row = rows.get(charge, self)
            values = {
                "date": today,
                "until": charge.paid_on or charge.accrued_on,
                "balance_days": charge.balance_days,
                "interest": row.interest + interest,
                "lump_sum": row.lump_sum + lump_sum,
            }
            if row:
                row.write(values)
            else:
                new.append({"charge_id": charge.id, "source_move_id": charge.move_id.id, "move_id": move.id, **values})
        self.create(new)

    def _get_own_lines(self):
        """Return the lines of the document that are there for this late charge.

        Extension point: for lines that go with them.
        """
        self.ensure_one()
        return self.move_id.invoice_line_ids.filtered(lambda line: line.ar_late_charge_id == self.charge_id)

    # === PEOPLE CHANGE LINES === #

    def _follow_lines(self, deleted=None):
        """Let these rows say what the documents really charge: people delete and change lines of drafts.

        What is charged no more is open again, as is the rest of what was lowered; the night drafts it only after the
        interval of the policy, so that there is time to waive it.

        :param deleted: `account.move.line` that are about to be deleted
        """
        changed = self.filtered(lambda row: row._get_lines(deleted) != row._get_stored())
        texts = [(row.charge_id, row._get_changed_text(deleted)) for row in changed]
        moves, charges = changed.move_id, changed.charge_id
        for row in changed:
            row._set_charged(*row._get_lines(deleted))
        charges._refresh_left()
        for charge, text in texts:
            if charge.left:
                charge.taken_off_on = charge.company_id._ar_today()
            charge.customer_id.message_post(body=text, subtype_xmlid="mail.mt_note")
        for move in moves:
            move._drop_computation()

    def _get_stored(self):
        """Return (interest, lump sum) as they are stored."""
        self.ensure_one()
        return self.interest, self.lump_sum

    def _get_lines(self, deleted=None):
        """Return (interest, lump sum) as the lines of the document charge them; those stored where nothing changed.

        :param deleted: see :meth:`_follow_lines`
        """
        self.ensure_one()
        lines = self.move_id.invoice_line_ids.filtered(lambda line: line.ar_late_charge_id == self.charge_id)
        lines -= deleted or lines.browse()
        sign = -1 if self.move_id.move_type == "out_refund" else 1
        total = sign * max(sum(self._get_line_amount(line) for line in lines), 0.0)
        if self.currency_id.compare_amounts(total, self.amount) == 0:
            return self._get_stored()
        if sign < 0:
            lump_sum = max(self.lump_sum, total)
        else:
            product = self.company_id._ar_get_lump_sum_product()
            own = lines.filtered(lambda line: line.product_id == product)
            lump_sum = min(sum(self._get_line_amount(line) for line in own), self.lump_sum, total)
        return self.currency_id.round(total - lump_sum), self.currency_id.round(lump_sum)

    def _get_line_amount(self, line):
        """Return what a line charges, in the currency of the late charge, without taxes."""
        amount = line.currency_id.round(line.price_unit * line.quantity * (1 - line.discount / 100))
        day = line.move_id.invoice_date or self.company_id._ar_today()
        return line.currency_id._convert(amount, self.currency_id, self.company_id, day)

    def _get_changed_text(self, deleted=None):
        """Return what a person changed, for the thread of the customer."""
        self.ensure_one()
        return self.env._(
            "%(user)s changed what %(document)s charges for the late payment of %(invoice)s: %(new)s instead of "
            "%(old)s. What is not charged is open again; waive it if it is not to be charged.",
            user=self.env.user.name,
            document=self.move_id.display_name,
            invoice=self.charge_id.name,
            new=format_amount(self.env, sum(self._get_lines(deleted)), self.currency_id),
            old=format_amount(self.env, self.amount, self.currency_id),
        )

    def _set_charged(self, interest, lump_sum):
        """Store what a document charges; without anything the row is gone."""
        self.ensure_one()
        if self.currency_id.is_zero(interest) and self.currency_id.is_zero(lump_sum):
            self.unlink()
        else:
            self.write({"interest": interest, "lump_sum": lump_sum})
