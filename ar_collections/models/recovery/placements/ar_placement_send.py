from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError


class ArPlacementSend(models.Model):
    """What the agency is told: the case at the hand-over, payments that arrived here, a recall."""

    _inherit = "ar.placement"

    def action_report(self):
        """Report the payments and credits that the agency does not know of yet.

        :raise UserError: where there is nothing to report
        """
        for placement in self._allowed("collector"):
            placement._report_payments()
        return True

    def _hand_over(self):
        """Make the pack, and send it where the agency gets its cases by email.

        :raise UserError: where it cannot be made, or the agency has no address; nothing is changed then
        """
        pack = self._make_pack()
        if self.agency_id.delivery == "email":
            text = self.env._("We hand over the case %s to you; all documents are attached.", self.name)
            self._tell_agency(self.env._("New case %s", self.name), text, pack)

    def _report_payments(self):
        """Report payments in superuser mode, by email or as a note for who enters them on the agency's site."""
        self.ensure_one()
        self._judge(self.company_id._ar_today())
        rows = self.payment_ids.filtered(lambda row: not row.is_reported)
        if not rows:
            raise UserError(self.env._("The agency knows of all payments of %s already.", self.name))
        lines = Markup("").join(
            Markup("<li>%s</li>") % row._get_report_text() for row in rows.sorted(lambda row: (row.date, row.id))
        )
        text = self.env._("Payments and credits of the case %s:", self.name)
        body = Markup("<p>%s</p><ul>%s</ul>") % (text, lines)
        if self.agency_id.delivery == "email":
            self._tell_agency(self.env._("Payments of case %s", self.name), body)
        else:
            self.message_post(body=body, subtype_xmlid="mail.mt_note")
        for row in rows:
            row.write({"amount_reported": row.amount, "reported_on": self.company_id._ar_today()})

    def _tell_agency(self, subject, body, attachment=None):
        """Send a message to the agency, logged on the placement.

        :param body: text or markup
        :param attachment: `ir.attachment`
        :raise UserError: where the agency has no address
        """
        agency = self.agency_id.partner_id
        if not agency.email:
            raise UserError(
                self.env._(
                    "%(agency)s has no email address: enter one, or choose “Download” as its hand-over.",
                    agency=agency.display_name,
                )
            )
        copies = attachment.copy({"res_model": False, "res_id": False}) if attachment else attachment
        self.message_post(
            body=body,
            subject=subject,
            partner_ids=agency.ids,
            attachment_ids=copies.ids if copies else [],
            subtype_xmlid="mail.mt_comment",
            email_layout_xmlid="mail.mail_notification_light",
        )
