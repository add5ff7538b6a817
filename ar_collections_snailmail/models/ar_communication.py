from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ar_collections.const import GROUP_AUDITOR

from ..core.service import find_missing


class ArCommunication(models.Model):
    """Letters that the postal service sends, and why others are printed."""

    _inherit = "ar.communication"

    snailmail_ids = fields.One2many(
        "snailmail.letter", "ar_communication_id", "Letters by Post", readonly=True, groups=GROUP_AUDITOR
    )
    post_obstacle = fields.Char(
        "Not by Post", readonly=True, help="Why the postal service does not send the letter: it waits to be printed."
    )
    post_after = fields.Datetime("Post not before", readonly=True, help="When the postal service is tried again.")
    is_posted_by_service = fields.Boolean(
        "By Post",
        compute="_compute_is_posted_by_service",
        help="Whether the letter waits for the postal service, not for somebody who prints it.",
    )

    @api.depends("state", "channel", "notice", "post_obstacle", "customer_id.policy_id.letters_by")
    def _compute_is_posted_by_service(self):
        for communication in self:
            communication.is_posted_by_service = (
                communication.state == "planned"
                and not communication.notice
                and not communication.post_obstacle
                and communication.channel == "letter"
                and communication.customer_id.policy_id.letters_by == "service"
            )

    def _compute_letter_hint(self):
        """Override to say which letters the postal service sends, or why it does not."""
        result = super()._compute_letter_hint()
        for letter in self.filtered(lambda each: each.state == "planned" and not each.letter_hint):
            if letter.post_obstacle:
                letter.letter_hint = letter.post_obstacle
            elif letter.is_posted_by_service:
                letter.letter_hint = self.env._("Sent by the postal service")
        return result

    def _find_post_obstacle(self):
        """Return why the postal service cannot send this letter as it is, as a sentence; empty: it can."""
        self.ensure_one()
        reader = self._get_post_reader()
        missing = find_missing(
            {"street": reader.street, "zip": reader.zip, "city": reader.city, "country": reader.country_id.code}
        )
        if missing:
            labels = {name: reader._fields[field]._description_string(self.env) for name, field in self._get_parts()}
            names = ", ".join(labels[name] for name in missing)
            return self.env._("The address is incomplete: %(parts)s", parts=names)
        if not reader._get_post_name():
            return self.env._("The contact has no name")
        report = self.env.ref("ar_collections.action_report_reminder_letter")
        if report.sudo().get_paperformat().format != "A4":  # whatever the user may read
            return self.env._("The postal service takes A4 only: choose it as the paper format of the company")
        return ""

    @api.model
    def _get_parts(self):
        """Return [(name of a part of an address, field)]."""
        return [("street", "street"), ("zip", "zip"), ("city", "city"), ("country", "country_id")]

    def _get_post_reader(self):
        """Return the contact that the letter goes to, as it is printed."""
        self.ensure_one()
        return (self.recipient_ids[:1] or self.partner_id).sudo()  # the address is for the letter

    def action_send_by_post(self):
        """Let the postal service try letters again that it did not take.

        :raise UserError: where none of them waits to be printed
        """
        self._require("collector")
        # Users have no write access to the log; the role was checked.
        waiting = self.sudo().filtered(lambda each: each.state == "planned" and each.post_obstacle)
        if not waiting:
            raise UserError(self.env._("None of these letters waits to be printed because the service refused it."))
        waiting.write({"post_obstacle": False, "post_after": False})
        self.env["ar.post.queue"]._trigger_queue()
        return True
