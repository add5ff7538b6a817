from odoo import Command, api, fields, models


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

    @api.depends("interest", "lump_sum")
    def _compute_amount(self):
        for billing in self:
            billing.amount = billing.interest + billing.lump_sum

    def _drop_from_draft(self):
        """Take the lines of the late charge off a draft invoice, which is deleted where nothing is left of it."""
        self.ensure_one()
        move, charge = self.move_id, self.charge_id
        self.unlink()
        lines = move.invoice_line_ids.filtered(lambda line: line.ar_late_charge_id == charge)
        if lines == move.invoice_line_ids:
            move.unlink()
        else:
            move.write({"invoice_line_ids": [Command.delete(line.id) for line in lines]})

    def _draft_credit_note(self, amount):
        """Draft a credit note for what was charged and is not owed.

        :param float amount: in the currency of the late charge
        """
        self.ensure_one()
        charge, move = self.charge_id, self.move_id
        lump_sum = min(self.lump_sum, max(amount - self.interest, 0.0))
        text = self.env._("Late charge of %(invoice)s taken back, charged with %(charge)s",
                          invoice=charge.name, charge=move.name)  # fmt: skip
        product = charge.company_id._ar_get_interest_product()
        note = self.env["account.move"].with_company(charge.company_id).create(
            {
                "move_type": "out_refund",
                "partner_id": move.partner_id.id,
                "company_id": charge.company_id.id,
                "currency_id": charge.currency_id.id,
                "journal_id": move.journal_id.id,
                "reversed_entry_id": move.id,
                "ar_late_charges": True,
                "invoice_line_ids": [Command.create(charge._prepare_line_vals(amount, product, text))],
            }
        )  # fmt: skip
        self.create(
            {
                "charge_id": charge.id,
                "source_move_id": self.source_move_id.id,
                "move_id": note.id,
                "date": charge.company_id._ar_today(),
                "interest": lump_sum - amount,
                "lump_sum": -lump_sum,
            }
        )
        charge.customer_id.message_post(
            body=self.env._("A credit note was drafted: the late charge of %s was not owed in full.", charge.name),
            subtype_xmlid="mail.mt_note",
        )
        return note
