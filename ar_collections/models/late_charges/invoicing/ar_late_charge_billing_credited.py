from odoo import Command, models

from ....formats import format_amount

#: Type of the task where people credited already what is not owed.
TASK = "ar_collections.mail_activity_type_late_charge"


class ArLateChargeBillingCredited(models.Model):
    """What documents charge is taken back: drafts lose it, for posted invoices a credit note is drafted.

    What people credited before counts first, so that nothing is credited twice.
    """

    _inherit = "ar.late.charge.billing"

    def _drop_from_draft(self):
        """Take the lines of the late charge off a draft, which is deleted where nothing is left of it.

        One that was posted before is canceled: its number is used, and the audit trail needs it.

        :return: float, what it charged
        """
        self.ensure_one()
        amount, move, lines = self.amount, self.move_id, self._get_own_lines()
        if lines == move.invoice_line_ids and move.posted_before:
            move.button_cancel()
            return amount
        self.unlink()
        if lines == move.invoice_line_ids:
            move.unlink()
        else:
            move.write({"invoice_line_ids": [Command.delete(line.id) for line in lines]})
            move._drop_computation()
        return amount

    def _credit(self, over):
        """Take back what a posted invoice charges.

        :param float over: at most so much, in the currency of the late charge
        :return: float, what is taken back
        """
        self.ensure_one()
        amount = min(over, sum(self._get_rest()))
        left = amount - self._count_credited(amount)
        if self.currency_id.compare_amounts(left, 0) > 0:
            self._draft_credit_note(left)
        return amount

    def _get_rest(self):
        """Return (interest, lump sum) that are not credited yet."""
        self.ensure_one()
        rows = self.charge_id._get_live_billings().filtered(
            lambda row: row.amount < 0 and row.move_id.reversed_entry_id == self.move_id
        )
        return tuple(self[name] + sum(rows.mapped(name)) for name in ("interest", "lump_sum"))

    def _add_credited(self, note, amount):
        """Store that a credit note takes back an amount of what this row charges, its interest first."""
        interest, _lump_sum = self._get_rest()
        lump_sum = min(self.lump_sum, max(amount - interest, 0.0))
        self.create(
            {
                "charge_id": self.charge_id.id,
                "source_move_id": self.source_move_id.id,
                "move_id": note.id,
                "date": self.charge_id.company_id._ar_today(),
                "interest": lump_sum - amount,
                "lump_sum": -lump_sum,
            }
        )

    def _draft_credit_note(self, amount):
        """Draft a credit note for what was charged and is not owed.

        :param float amount: in the currency of the late charge
        """
        self.ensure_one()
        charge, move = self.charge_id, self.move_id
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
        self._add_credited(note, amount)
        charge.customer_id.message_post(
            body=self.env._("A credit note was drafted: the late charge of %s was not owed in full.", charge.name),
            subtype_xmlid="mail.mt_note",
        )
        return note

    # === WHAT PEOPLE CREDITED === #

    def _count_credited(self, amount):
        """Count what people credited of this row before as taken back; the collector is asked whether it is right.

        :param float amount: at most so much
        :return: float, what counts
        """
        left, notes = amount, self.env["account.move"]
        for note, credited in self._find_credited():
            part = min(left, credited)
            if self.currency_id.compare_amounts(part, 0) > 0:
                self._add_credited(note, part)
                left -= part
                notes |= note
        if notes:
            self._ask_about_credited(notes, amount - left)
        return amount - left

    def _find_credited(self):
        """Return [(credit note, float)]: what people credited of this row, and no row counts yet; oldest first.

        Lines of a reversal say the same as those of the invoice; those of what else the invoice has are left out.
        """
        move, own = self.move_id, self._get_own_lines()
        others = {*(move.invoice_line_ids - own).mapped("name")} - {*own.mapped("name")}
        notes = move.reversal_move_ids.filtered(lambda note: note.state == "posted" and not note.ar_late_charges)
        rows_of, found = self.search([("move_id", "in", notes.ids)]).grouped("move_id"), []
        for note in notes.sorted("id"):
            rows = rows_of.get(note, self.browse())
            lines = note.invoice_line_ids.filtered(lambda line: line.display_type == "product")
            amounts = {line: self._get_line_amount(line) for line in lines}
            mine = sum(amount for line, amount in amounts.items() if line.name not in others)
            counted = sum(rows.filtered(lambda row: row.charge_id == self.charge_id).mapped("amount"))
            found.append((note, min(mine + counted, sum(amounts.values()) + sum(rows.mapped("amount")))))
        return found

    def _ask_about_credited(self, notes, amount):
        """Give the collector a task about credit notes of people that took the place of ours.

        :param notes: `account.move`
        :param float amount: what counts of them
        """
        customer = self.charge_id.customer_id
        reader = self.with_context(lang=customer.collector_id.lang or customer.company_id.partner_id.lang)
        text = reader.env._(
            "The late charge of %(invoice)s was not owed in full. %(amount)s of %(charge)s were credited with "
            "%(notes)s before, so that they are not credited again. If another invoice charges them once more, credit "
            "them there.",
            invoice=self.charge_id.name,
            amount=format_amount(reader.env, amount, self.currency_id),
            charge=self.move_id.name,
            notes=", ".join(notes.mapped("name")),
        )
        customer._add_task(TASK, text, append=True)
