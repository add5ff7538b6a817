import psycopg2

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

from odoo.addons.ar_collections.formats import format_amount, format_date

WITHDRAWN, REINSTATED = "withdrawn", "reinstated"
WAITING, BOOKED, SKIPPED = "waiting", "booked", "skipped"

TASK = "ar_collections_stripe.mail_activity_type_chargeback_booking"

PROBLEM = "stripe_booking"


class ArStripeBooking(models.Model):
    """Money of a contested payment that Stripe took back or returned, and what is booked for it.

    There is one for each of the dispute's balance transactions: they, and not its status, say where the money is. What
    was taken back reverses the payment by an entry of its own, so that its invoices are open again; what is returned
    undoes that. Both wait for approval, or are booked at once (`payment.provider.ar_stripe_booking`).
    """

    _name = "ar.stripe.booking"
    _inherit = ["ar.access.mixin"]
    _description = "Entry of a Chargeback"
    _order = "id"
    _rec_name = "reference"

    reference = fields.Char(required=True, readonly=True, help="Number of the balance transaction at Stripe.")
    stripe_dispute_id = fields.Many2one(
        "ar.stripe.dispute", "Chargeback", required=True, readonly=True, index=True, ondelete="restrict"
    )
    provider_id = fields.Many2one(related="stripe_dispute_id.provider_id", store=True)
    company_id = fields.Many2one(related="stripe_dispute_id.company_id", store=True, index=True)
    kind = fields.Selection([(WITHDRAWN, "Taken back"), (REINSTATED, "Returned")], required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True, help="Without Stripe's fee; positive.")
    fee_currency_id = fields.Many2one("res.currency", readonly=True)
    fee = fields.Monetary(
        "Stripe's Fee",
        currency_field="fee_currency_id",
        readonly=True,
        help="In the currency of the account; negative where Stripe gives it back.",
    )
    date = fields.Date(required=True, readonly=True, help="Day on which Stripe moved the money.")
    state = fields.Selection(
        [(WAITING, "To Book"), (BOOKED, "Booked"), (SKIPPED, "Not Needed")],
        required=True,
        readonly=True,
        default=WAITING,
        index=True,
    )
    move_id = fields.Many2one("account.move", "Entry", readonly=True, index="btree_not_null", ondelete="set null")
    payment_id = fields.Many2one(
        "account.payment",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="New payment over what is left or returned, where payments have no entries.",
    )
    line_ids = fields.One2many("ar.stripe.booking.line", "booking_id", readonly=True)
    decided_by_id = fields.Many2one("res.users", "Approved by", readonly=True, help="Empty: booked at once.")
    note = fields.Char(readonly=True)

    _once = models.Constraint("UNIQUE (provider_id, reference)", "This balance transaction is known already.")
    _amount_positive = models.Constraint("CHECK (amount > 0)", "The amount must be positive.")

    # === BOOK === #

    def _book_or_ask(self):
        """Book what waits at once where the provider says so, else ask for approval; a failure is a problem."""
        for booking in self.filtered(lambda each: each.state == WAITING):
            if booking.provider_id.sudo().ar_stripe_booking != "auto":  # the setting is an administrator's
                booking._ask()
                continue
            try:
                with self.env.cr.savepoint():
                    booking._book(booking.date)
            except (psycopg2.Error, LockError):
                raise  # the event is handled again
            except Exception as error:  # what cannot be booked does not keep the chargeback from being followed
                self.env["ar.problem"]._report(booking, PROBLEM, error)

    def _ask(self):
        """Give a manager the task to approve; without a dispute on an invoice the list of problems says it."""
        dispute = self.stripe_dispute_id.dispute_ids.sorted("id")[-1:]
        user = self.company_id._ar_get_manager() or self.company_id._ar_get_responsible()
        if not dispute or not user:
            self.env["ar.problem"]._report(self, PROBLEM, self._describe())
        elif not dispute.activity_ids.filtered(lambda task: task.activity_type_id == self.env.ref(TASK)):
            texts = self.with_context(lang=user.lang)
            dispute.with_context(mail_activity_quick_update=True).activity_schedule(
                TASK, summary=texts._describe(), user_id=user.id
            )

    def _book(self, date):
        """Book it, all or nothing, and tell.

        :param date: accounting date
        :raise UserError: where the books do not allow it, with the way out
        """
        self.ensure_one()
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        if self.state != WAITING:
            raise UserError(self.env._("%(number)s was decided already; reload the page.", number=self.reference))
        if self.kind == WITHDRAWN:
            self._reverse(date)
        else:
            self._restore(date)
        self._end(BOOKED)

    def _end(self, state, note=False):
        """Set the final state, log it, and end tasks and problems."""
        self.write({"state": state, "note": note})
        self.env["ar.problem"]._clear(self, PROBLEM)
        for booking in self:
            booking.stripe_dispute_id.dispute_ids._log_booking(booking)
        for chargeback in self.stripe_dispute_id:
            if not chargeback.is_waiting:
                chargeback.dispute_ids.activity_unlink([TASK])
            chargeback._end_if_won()

    def _describe(self):
        """Return what Stripe did, as a sentence."""
        self.ensure_one()
        values = {
            "amount": format_amount(self.env, self.amount, self.currency_id),
            "payment": self.stripe_dispute_id.payment_reference,
            "day": format_date(self.env, self.date),
        }
        if self.kind == WITHDRAWN:
            text = self.env._("%(amount)s of payment %(payment)s taken back on %(day)s: reverse it.", **values)
        else:
            text = self.env._("%(amount)s of payment %(payment)s returned on %(day)s: undo the reversal.", **values)
        if not self.fee or not self.fee_currency_id:
            return text
        fee = format_amount(self.env, self.fee, self.fee_currency_id)
        return f"{text} {self.env._('Fee: %(fee)s.', fee=fee)}"

    # === BUTTONS === #

    def _require_accountant(self):
        """Check that the user is a collections manager, or an accountant who may read these records.

        :raise UserError: for others, with whom to ask
        """
        self.check_access("read")
        if not self.env.user.has_group("account.group_account_user"):
            self._require("manager")

    def action_book(self):
        """Approve: book at the day on which Stripe moved the money."""
        self._require_accountant()
        for booking in self.sudo():  # as checked; nobody has the right to write them
            booking._book(booking.date)
        self.sudo().decided_by_id = self.env.user
        return True

    def action_book_today(self):
        """Approve: book at today's date, for periods that are locked."""
        self._require_accountant()
        for booking in self.sudo():  # as in `action_book`
            booking._book(booking.company_id._ar_today())
        self.sudo().decided_by_id = self.env.user
        return True

    def action_skip(self):
        """Note that it was booked by hand: nothing more is booked for it."""
        self._require_accountant()
        waiting = self.sudo().filtered(lambda booking: booking.state == WAITING)  # as in `action_book`
        waiting.decided_by_id = self.env.user
        waiting._end(SKIPPED, self.env._("Booked by hand."))
        return True

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Refuse deletion: Stripe tells it again, and it would be booked a second time."""
        raise UserError(self.env._("What Stripe has moved cannot be deleted here. Mark it as booked by hand instead."))
