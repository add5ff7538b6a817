from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import FALLBACKS
from ..core.quiet import Quiet


class ArCreditPolicy(models.Model):
    """When text messages may arrive, and what follows where none can be sent."""

    _inherit = "ar.credit.policy"

    _writable = {"manager": ("sms_fallback", "sms_quiet_from", "sms_quiet_until", "sms_quiet_sundays")}

    sms_fallback = fields.Selection(
        FALLBACKS,
        "Without SMS",
        required=True,
        default="email",
        tracking=True,
        help=(
            "Who gets the message of a step by SMS where the customer has no number for it, or no consent. "
            "Example: by email, a customer without a mobile number gets the email of the step."
        ),
    )
    sms_quiet_from = fields.Float(
        "No SMS from",
        default=20.0,
        tracking=True,
        help="Hour in the time zone of the reader. Example: 20:00, nobody is woken in the evening.",
    )
    sms_quiet_until = fields.Float(
        "No SMS until",
        default=8.0,
        tracking=True,
        help=(
            "Hour in the time zone of the reader. The same hour: always. Example: 08:00, messages of the "
            "night leave then."
        ),
    )
    sms_quiet_sundays = fields.Boolean(
        "No SMS on Sundays",
        default=True,
        tracking=True,
        help=(
            "Whether no text messages leave on Sundays, in the time zone of the reader. Example: a message "
            "due on Sunday leaves on Monday from 8:00 on."
        ),
    )

    @api.constrains("sms_quiet_from", "sms_quiet_until")
    def _check_sms_quiet(self):
        for policy in self:
            if not (0 <= policy.sms_quiet_from <= 24 and 0 <= policy.sms_quiet_until <= 24):
                raise ValidationError(self.env._("Quiet hours are hours of a day, from 0 to 24."))

    def _get_sms_quiet(self):
        """Return the quiet hours; the usual ones without a policy.

        :rtype: core.quiet.Quiet
        """
        return Quiet(self.sms_quiet_from, self.sms_quiet_until, self.sms_quiet_sundays) if self else Quiet()
