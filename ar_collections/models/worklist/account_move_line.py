from odoo import fields, models
from odoo.exceptions import UserError


class AccountMoveLine(models.Model):
    """Open items on the customer's account: how each stands, and what a collector does about those that are ticked."""

    _inherit = "account.move.line"

    ar_status = fields.Char(
        "How It Stands", compute="_compute_ar_status", groups="ar_collections.ar_collections_group_auditor",
        help="Why (part of) the item is not chased, and the last step that was spoken about it.",
    )  # fmt: skip
    #: An invoice has its own day; this one is of items in other entries.
    ar_no_chase_until = fields.Date(
        "Do not chase until", copy=False, index="btree_not_null", readonly=True, groups="base.group_user"
    )

    def _compute_ar_status(self):
        """For the items of a customer together: one reading of the facts each company."""
        words = {}
        for company, lines in self.grouped("company_id").items():
            customers = lines._get_ar_customers().with_company(company)
            if customers:
                words.update(customers._get_item_words(company._ar_today()))
        for line in self:
            line.ar_status = words.get(line.id, "")

    def _get_ar_customers(self):
        """Return the accounts that these items belong to."""
        return self.env["ar.customer"].search(
            [("partner_id", "in", self.partner_id.ids), ("company_id", "in", self.company_id.ids)]
        )

    # === BUTTONS OF THE OPEN ITEMS === #

    def _allowed_chosen(self):
        """Check that the user may work on the ticked items; the view hides the button, this refuses the call.

        :return: the customer whose open items they are
        :raise UserError: with what to do instead
        """
        self.env["ar.customer"]._check_collector()
        self.check_access("read")
        customer = self._get_ar_customers()
        if len(customer) != 1:
            raise UserError(self.env._("Tick open items of one customer first."))
        customer.check_access("write")
        self.env.flush_all()  # the ledger is read with plain SQL, and anew
        customer.invalidate_recordset(["open_line_ids"])
        if self - customer.open_line_ids:
            raise UserError(self.env._("Some of these items are not open any more. Reload the page."))
        return customer

    def action_ar_remind(self):
        """Show what would be said about the ticked items now, to be sent from there."""
        return self.env["ar.remind"]._open_for(self._allowed_chosen(), self)

    def action_ar_pay_link(self):
        """Show the link to the customer's page with the ticked items, to be handed out."""
        return self.env["ar.pay.link"]._open_for(self._allowed_chosen(), self)

    def action_ar_promise(self):
        """Record a promise about the ticked items."""
        return self.env["ar.promise.new"]._open_for(self._allowed_chosen(), lines=self)

    def action_ar_dispute(self):
        """Record that the customer contests the ticked items."""
        action = self._allowed_chosen().action_new_dispute()
        return {**action, "context": {**action["context"], "ar_chosen_line_ids": self.ids}}

    def action_ar_plan(self):
        """Make a payment plan of the ticked items."""
        return self.env["ar.payment.plan.new"]._open(self._allowed_chosen(), lines=self)

    def action_ar_leave_in_peace(self):
        """Ask why the ticked items are not to be chased."""
        return self.env["ar.no.chase"]._open_for(self._allowed_chosen(), self)

    def action_ar_chase_again(self):
        """Take up the ticked items again."""
        self._allowed_chosen()._chase_again(self)
        return True

    # === LEFT IN PEACE === #

    def _take_up(self):
        """Chase these items again; an invoice with all its parts, as Odoo does it."""
        invoices = self.move_id.filtered(lambda move: move.is_invoice())
        invoices.write({"no_followup": False, "ar_no_chase_until": False, "ar_no_chase_reason": False})
        (self - invoices.line_ids).write({"no_followup": False, "ar_no_chase_until": False})
