from datetime import timedelta

from odoo import models

from ...core.late_charges.charge import DUE, GRACE, WAITING
from ...formats import format_date

#: Charges that messages and the customer page mention.
MENTIONED = (WAITING, GRACE, DUE)


class ArCommunicationLateCharges(models.Model):
    """What messages say about late charges: until when a payment ends them, and what accrued so far."""

    _inherit = "ar.communication"

    def _get_message_values(self):
        """Override to add ``late_charges``: {free_until, amounts, computation}, empty where nothing is to be said."""
        return {**super()._get_message_values(), "late_charges": self._get_late_charge_values()}

    def _get_late_charge_values(self):
        """Return what the message says about late charges of the items it lists.

        The computation is quoted in formal reminders only.
        """
        charges = self._find_late_charges()
        if not charges:
            return {}
        free_until = self._get_free_until(charges)
        due = charges.filtered(lambda charge: charge.state == DUE)
        is_formal = self.tone == "formal"
        return {
            "free_until": format_date(charges.env, free_until, lang_code=self.lang, date_format="long"),
            "amounts": (due or charges)._get_left_texts(),
            "computation": is_formal and (due or charges)._render_computation(self.date),
        }

    def _find_late_charges(self):
        """Return the late charges of the items that the message lists, as far as it mentions them, in its language."""
        self.ensure_one()
        charges = self.env["ar.late.charge"].sudo()  # for the message, whatever the user may read
        if self.notice or not self._get_accounts().sudo().policy_id.late_charge_regime_id:
            return charges
        items = self.line_ids.move_line_id.ids
        domain = [("move_line_id", "in", items), ("state", "in", MENTIONED), ("left", ">", 0)]
        return charges.search(domain).with_context(lang=self.lang)

    def _get_free_until(self, charges):
        """Return the last day on which a payment ends the late charges of all listed items; None: some are due.

        Where the debtor's policy charges after a reminder, and this is the first one, the days count from this message.
        """
        days = []
        for charge in charges.filtered(lambda charge: charge.state != DUE):
            day, policy = charge.free_until, charge.policy_id
            is_first = policy.late_charge_step_id and self.step_id.days >= policy.late_charge_step_id.days
            if not day and is_first and policy.late_charge_grace_days:
                day = self.date + timedelta(days=policy.late_charge_grace_days)
            if day and day >= self.date:
                days.append(day)
        return min(days, default=None)
