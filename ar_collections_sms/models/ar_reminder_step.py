from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..core.texts import PLACEHOLDERS, find_unknown


class ArReminderStep(models.Model):
    """Steps by text message: their text, and the email of those who cannot get one."""

    _inherit = "ar.reminder.step"

    _writable = {"manager": ("sms_text",)}

    channel = fields.Selection(selection_add=[("sms", "SMS")], ondelete={"sms": lambda steps: steps._leave_sms()})
    sms_text = fields.Text(
        "SMS Text",
        translate=True,
        help=(
            "Text of the message; {name}, {company}, {amount}, {deadline} and {link} are filled in. Example: "
            "“{company}: {amount} is due. Please pay by {deadline}: {link}”"
        ),
    )

    def _leave_sms(self):
        """Turn the steps into calls where this add-on is uninstalled: they may have been sent, so they stay."""
        self.write({"channel": "call"})

    @api.constrains("channel", "sms_text", "mail_template_id", "is_final_demand")
    def _check_sms_text(self):
        """Check that the text can be filled in, and that customers without SMS can get an email."""
        for step in self.filtered(lambda step: step.channel == "sms"):
            if not (step.sms_text or "").strip():
                raise ValidationError(self.env._("Enter the SMS text of step “%(step)s”.", step=step.name))
            if not step.mail_template_id:
                raise ValidationError(
                    self.env._(
                        "Choose the email of step “%(step)s” for customers who cannot get an SMS.", step=step.name
                    )
                )
            if step.is_final_demand:
                raise ValidationError(
                    self.env._("“%(step)s” is the final demand: send it by email or as a letter.", step=step.name)
                )
            step._check_sms_placeholders()

    def _check_sms_placeholders(self):
        """Check the text in all languages."""
        texts = self._fields["sms_text"]._get_stored_translations(self) or {}
        for text in texts.values():
            if unknown := find_unknown(text or ""):
                raise ValidationError(
                    self.env._(
                        "The SMS text of step “%(step)s” cannot fill in %(unknown)s. Known are: %(known)s.",
                        step=self.name,
                        unknown=" ".join(unknown),
                        known=" ".join(f"{{{name}}}" for name in PLACEHOLDERS),
                    )
                )
