from odoo import models
from odoo.exceptions import UserError

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
            charge._add_waiver(charge.left if amount is None else amount, reason.strip(), user)
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

    def _add_waiver(self, amount, reason, user, is_by_policy=False):
        """Store the decision; it waits where the amount needs a second person.

        :param bool is_by_policy: the policy decided, nobody else has to
        """
        self.ensure_one()
        needs_second = not is_by_policy and self._needs_second(amount)
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

    def _needs_second(self, amount):
        """Return whether the policy wants a second person for a waiver of this amount."""
        policy = self.policy_id
        if not policy.uses_late_charge_second:
            return False
        company = self.company_id
        if self.currency_id != company.currency_id and not self.env.user._ar_have_rates(self.currency_id, company):
            return True  # nobody knows how much it is
        own = self.currency_id._convert(amount, company.currency_id, company, company._ar_today())
        return company.currency_id.compare_amounts(own, policy.late_charge_second_above) > 0
