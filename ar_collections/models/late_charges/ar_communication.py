from datetime import timedelta

from odoo import api, models

from ...core.late_charges.charge import DUE, GRACE, NOTHING, PAID_IN_TIME, WAITING
from ...formats import format_date

#: Charges that messages and the customer page mention.
MENTIONED = (WAITING, GRACE, DUE)


class ArCommunicationLateCharges(models.Model):
    """What messages say about late charges: until when a payment ends them, and what accrued so far."""

    _inherit = "ar.communication"

    def _get_message_values(self):
        """Override to add ``late_charges``: what is said about them, empty where nothing is to be said."""
        return {**super()._get_message_values(), "late_charges": self._get_late_charge_values()}

    def _get_late_charge_values(self):
        """Return what the message says about late charges of the items it lists.

        A promise that nothing is added names its invoices where late charges of others that are listed stay owed:
        ``free_names``, empty where it is about all of them. The computation is quoted in formal reminders only.
        """
        listed = self._find_listed_late_charges()
        charges = self._filter_mentioned(listed)
        if not charges:
            return {}
        days = self._get_free_days(charges)
        until, free = min(days.values(), default=None), charges.filtered(lambda charge: charge in days)
        owed = charges - free  # due, or begun without a day until which a payment ends them
        return {
            "free_until": format_date(charges.env, until, lang_code=self.lang, date_format="long"),
            "free_names": [] if listed <= free else list(dict.fromkeys(free.mapped("name"))),
            "amounts": owed._get_left_texts(),
            "computation": self.tone == "formal" and (owed or charges)._render_computation(self.date),
        }

    def _find_late_charges(self):
        """Return the late charges of the items that the message lists, as far as it mentions them, in its language."""
        return self._filter_mentioned(self._find_listed_late_charges())

    def _find_listed_late_charges(self):
        """Return the late charges of the items that the message lists and that nothing has ended, in its language."""
        self.ensure_one()
        charges = self.env["ar.late.charge"].sudo()  # for the message, whatever the user may read
        if self.notice or not self._get_accounts().sudo().policy_id.late_charge_regime_id:
            return charges
        domain = [("move_line_id", "in", self.line_ids.move_line_id.ids), ("state", "not in", (NOTHING, PAID_IN_TIME))]
        return charges.search(domain).with_context(lang=self.lang)

    @api.model
    def _filter_mentioned(self, charges):
        """Return those of the late charges that messages mention."""
        return charges.filtered(lambda charge: charge.state in MENTIONED and charge.left > 0)

    def _get_free_days(self, charges):
        """Return {charge: last day on which a payment of the whole item ends it}, of those that can still be ended.

        Where the debtor's policy charges after a reminder, and this is the first one, the days count from this message.
        """
        days = {}
        for charge in charges.filtered(lambda charge: charge.state != DUE):
            day, policy = charge.free_until, charge.policy_id
            is_first = policy.late_charge_step_id and self.step_id.days >= policy.late_charge_step_id.days
            if not day and is_first and policy.late_charge_grace_days:
                day = self.date + timedelta(days=policy.late_charge_grace_days)
            if day and day >= self.date:
                days[charge] = day
        return days
