from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError

from ....core.credit.request import ALONE_DAYS
from ....formats import format_amount


class ArLateChargeWaiving(models.Model):
    """Late charges are waived by people, with a reason; high ones by two."""

    _inherit = "ar.late.charge"

    def _waive(self, reason, amount, user):
        """Waive what is left of these charges, or an amount of one; in superuser mode, after the role was checked.

        :param str reason: for the log
        :param amount: float, of one charge; None: all that is left
        :param user: who waives it
        :raise UserError: where there is nothing to waive, or not so much
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Enter the reason: it is kept with the waiver."))
        self.customer_id.sorted("id")._lock_account()
        self.invalidate_recordset()
        for charge in self:
            charge._check_waivable(amount)
        amounts = {charge: charge.left if amount is None else amount for charge in self}
        high = self._find_high(amounts, user)
        for charge, own in amounts.items():
            charge._add_waiver(own, reason.strip(), user, needs_second=charge.customer_id in high)
        self._refresh_left()

    def _get_waiting_waivers(self):
        """Return the waivers that a second person has to decide about; the late charge waits for them."""
        return self.waiver_ids.filtered(lambda waiver: waiver.state == "waiting")

    def _check_no_waiver_waits(self):
        """Check that no second person has to decide about a waiver first.

        :raise UserError: where one waits
        """
        if self._get_waiting_waivers():
            raise UserError(self.env._("A waiver for %s waits for a second person already.", self.name))

    def _check_waivable(self, amount):
        """Check that so much can be waived.

        :raise UserError: with the way out
        """
        currency, left = self.currency_id, self.left
        self._check_no_waiver_waits()
        if not left:
            raise UserError(
                self.env._("Nothing of the late charge of %s is left to waive. What was invoiced is taken back with a "
                           "credit note for that invoice.", self.name)
            )  # fmt: skip
        if amount is not None and (
            currency.compare_amounts(amount, 0) <= 0 or currency.compare_amounts(amount, left) > 0
        ):
            raise UserError(
                self.env._("Enter an amount above zero and up to %s.", format_amount(self.env, left, currency))
            )

    def _add_waiver(self, amount, reason, user, needs_second=False):
        """Store the decision.

        :param bool needs_second: it waits for a second person
        """
        self.ensure_one()
        waiver = self.env["ar.late.charge.waiver"].create(
            {
                "charge_id": self.id,
                "amount": amount,
                "reason": reason,
                "date": self.company_id._ar_today(),
                "user_id": user.id,
                "state": "waiting" if needs_second else "applied",
            }
        )
        outcome = self.env._("asked for by %s", user.name) if needs_second else self.env._("decided by %s", user.name)
        waiver._log(outcome)

    def _find_high(self, amounts, user):
        """Return the customers of whom a second person has to approve what is waived, as their policies say.

        What the user waived alone of a customer lately counts together with it: several small waivers would otherwise
        go past the second person.

        :param dict amounts: {charge: float}, what is waived now
        :param user: who waives it
        """
        high = self.customer_id.browse()
        asked = self.filtered(lambda charge: charge.policy_id.uses_late_charge_second).grouped("customer_id")
        if not asked:
            return high
        first_days = {customer: customer.company_id._ar_today() - timedelta(days=ALONE_DAYS) for customer in asked}
        earlier = self.env["ar.late.charge.waiver"].search(
            [
                ("charge_id.customer_id", "in", [customer.id for customer in asked]),
                ("user_id", "=", user.id), ("approved_by_id", "=", False), ("state", "=", "applied"),
                ("date", ">", min(first_days.values())),
            ]
        )  # fmt: skip
        for customer, charges in asked.items():
            alone = earlier.filtered(
                lambda waiver, own=customer: waiver.customer_id == own and waiver.date > first_days[own]
            )
            parts = [(charge.currency_id, amounts[charge]) for charge in charges]
            if customer._needs_second_for_waiver(parts + [(waiver.currency_id, waiver.amount) for waiver in alone]):
                high |= customer
        return high
