from odoo import fields, models
from odoo.exceptions import UserError


class AccountMoveLine(models.Model):
    """Actions on open items that a person selected: send a reminder, exclude from follow-up, resume."""

    _inherit = "account.move.line"

    #: For items of entries that are no invoices, such as opening balances; an invoice carries its date itself.
    ar_no_chase_until = fields.Date(
        "No follow-up until", copy=False, index="btree_not_null", readonly=True, groups="base.group_user"
    )

    ar_follow_up = fields.Selection(
        [("yes", "Follow-up"), ("no", "No follow-up")],
        "Follow-Up Set by a Person",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help=(
            "What a person decided. Odoo sets No Follow-Up on all items of general journals, such as opening balances, "
            "and payments to customers are not followed up: here a person decides otherwise."
        ),
    )

    def _inverse_no_followup(self):
        """Override of `account` to note that a person decided: the default of general journals does not count."""
        result = super()._inverse_no_followup()
        for line in self.sudo():  # whoever may change the one may change the other
            line.ar_follow_up = "no" if line.no_followup else "yes"
        self.sudo()._get_ar_customers()._mark_changed()
        return result

    def _get_ar_customers(self):
        """Return the customer accounts that these items belong to."""
        return self.env["ar.customer"].search(
            [("partner_id", "in", self.partner_id.commercial_partner_id.ids), ("company_id", "in", self.company_id.ids)]
        )

    def _check_selected(self):
        """Check that the user may work on the selected items: the view hides the button, this refuses the call.

        :return: the `ar.customer` whose open items they all are
        :raise UserError: for who is no collector, for items of several customers, and for items not open any more
        """
        self.env["ar.customer"]._require("collector")
        self.check_access("read")
        customer = self._get_ar_customers()
        if len(customer) != 1:
            raise UserError(self.env._("Select open items of one customer first."))
        customer.check_access("write")
        self.env.flush_all()  # open items are read with plain SQL
        customer.invalidate_recordset(["open_line_ids"])
        if self - customer.open_line_ids:
            raise UserError(self.env._("Some of these items are no longer open. Reload the page."))
        return customer

    def action_ar_remind(self):
        """Open the dialog that shows the reminder about the selected items and sends it."""
        return self.env["ar.remind"]._open_for(self._check_selected(), self)

    def action_ar_no_chase(self):
        """Open the dialog that asks why and until when the selected items are excluded from follow-up."""
        return self.env["ar.no.chase"]._open_for(self._check_selected(), self)

    def action_ar_resume_reminders(self):
        """Resume reminders about the selected items."""
        self._check_selected()._resume_items(self)
        return True

    def _filter_unlocked(self, domain):
        """Return those of these locked items that still match the domain, and whose entries nobody else has locked."""
        lines = self.filtered_domain(domain)
        moves = lines.move_id.try_lock_for_update()
        moves -= (moves.line_ids - moves.line_ids.try_lock_for_update()).move_id
        return lines.filtered(lambda line: line.move_id in moves)

    def _is_left_out(self):
        """Return whether the item is not followed up, being excluded or a payment to the customer."""
        self.ensure_one()
        return self.no_followup or self._is_our_payment()

    def _check_unblocked(self):
        """Check that no payment of these items is blocked in Odoo.

        :raise UserError: where one is, with where it is unblocked
        """
        blocked = self.move_id.filtered(lambda move: move.payment_state == "blocked")
        if blocked:
            raise UserError(
                self.env._(
                    "The payment of %(numbers)s is blocked: open the invoice and choose (Un)Block Payment in the menu "
                    "Actions.",
                    numbers=", ".join(blocked.mapped("name")),
                )
            )

    def _is_our_payment(self):
        """Return whether the item is money that we paid to the customer, unless a person made it a debt.

        As in `sql.is_paid_out`: the reversal of a customer's payment is owed again.
        """
        self.ensure_one()
        is_paid_out = self.balance > 0 and self.journal_id.type in ("bank", "cash", "credit")
        return is_paid_out and self.ar_follow_up != "yes" and not self.move_id.reversed_entry_id

    def _resume_reminders(self):
        """End the exclusion of these items; an invoice is resumed with all its installments, as Odoo does it."""
        invoices = self.move_id.filtered(lambda move: move.is_invoice())
        invoices._resume_reminders()
        (self - invoices.line_ids).write({"no_followup": False, "ar_follow_up": "yes", "ar_no_chase_until": False})
