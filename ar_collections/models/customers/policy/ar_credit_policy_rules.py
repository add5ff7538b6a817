from odoo import api, models

from ....core.customers.differences import Tolerance
from ....core.facts import Rules
from ....core.money import to_decimal
from ....core.workdays import EVERY_DAY


class ArCreditPolicyRules(models.Model):
    """The settings of a policy as values of `core`."""

    _inherit = "ar.credit.policy"

    def _get_tolerance(self):
        """Return what may be left of a paid item without being reminded; none where no policy applies.

        :rtype: Tolerance
        """
        return Tolerance(to_decimal(self.tolerance_amount), to_decimal(self.tolerance_share))

    def _get_rules(self, today):
        """Return the policy's settings as a value of `core`, for the reminder decision.

        :param date today: holidays are read from a month before to half a year after
        :rtype: Rules
        """
        self.ensure_one()
        return Rules(
            steps=self._get_steps(self.schedule_id),
            entry_step_id=self.entry_step_id.id or None,
            minimum_balance=to_decimal(self.minimum_balance),
            minimum_share=to_decimal(self.minimum_share),
            contacts_per_day=self.contacts_per_day,
            contacts_per_7_days=self.contacts_per_7_days,
            contacts_per_30_days=self.contacts_per_30_days,
            minimum_gap_days=self.minimum_gap_days,
            calendar=self._get_work_calendar(today) if self.workdays_only else EVERY_DAY,
            review_above=to_decimal(self.review_above) if self.review_above else None,
        )

    @api.model
    def _get_steps(self, schedule):
        """Return the steps of a reminder schedule as values of `core`; the reminders domain overrides it to read them.

        :param schedule: `ar.reminder.schedule`, may be empty

        :rtype: tuple[Step, ...]
        """
        return ()
