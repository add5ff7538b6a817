from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_domain_extract, email_normalize_all

from ...const import FLAG_BANK_DETAILS, FLAG_LINK_NEW_ADDRESS, FLAG_NEW_CONTACT
from ...core.replies import domains, kinds
from ...messages import REPLY_FLAGS


class ArReplyFlags(models.Model):
    """What is suspicious about a reply: it is shown, and nothing is proposed until a person has checked it."""

    _inherit = "ar.reply"

    flags = fields.Json(readonly=True, help="[{code, sender, known}]: what is suspicious.")
    is_flagged = fields.Boolean("Suspicious", readonly=True, index=True)
    flag_text = fields.Text("Warning", compute="_compute_flag_text")
    checked_by_id = fields.Many2one("res.users", "Checked by", readonly=True, ondelete="restrict")
    checked_on = fields.Datetime(readonly=True)

    @api.depends("flags")
    @api.depends_context("lang")
    def _compute_flag_text(self):
        for reply in self:
            reply.flag_text = "\n".join(reply._get_flag_texts(self)) or False

    def _get_flag_texts(self, reader):
        """Return what is suspicious, a sentence for each flag.

        :param reader: records whose language is used
        """
        self.ensure_one()
        texts = []
        for flag in self.flags or ():
            text = reader.env._(REPLY_FLAGS[flag["code"]])
            values = {"sender": flag.get("sender"), "known": flag.get("known")}
            texts.append(text % values if flag.get("sender") else text)
        return texts

    def _raise_flags(self, sender):
        """Note what is suspicious about a reply that was just read.

        :param str sender: normalized address; empty for messages on the page
        """
        self.ensure_one()
        found = {row["kind"] for row in self.findings or ()}
        flags = [{"code": FLAG_BANK_DETAILS}] if kinds.BANK_DETAILS in found else []
        if sender:
            flags += self._compare_sender(sender, kinds.PAYMENT_LINK in found)
        if kinds.WRONG_CONTACT in found and self.new_address and not self._is_own_address(sender, self.new_address):
            flags.append({"code": FLAG_NEW_CONTACT, "sender": self.new_address})
        if flags:
            self.write({"flags": flags, "is_flagged": True})

    def _compare_sender(self, sender, wants_link):
        """Return the flags of a sender's address, compared with those of the customer and of ourselves.

        :param bool wants_link: the reply asks for a payment link
        """
        emails = self._get_customer_addresses()
        own = {email_domain_extract(address) for address in self._get_own_addresses(self.company_id)}
        known = {email_domain_extract(address) for address in emails} | own
        domain = email_domain_extract(sender)
        flags = []
        if sender not in emails and (found := domains.compare(domain or "", sorted(filter(None, known)))):
            how, which = found
            flags.append({"code": how, "sender": domain, "known": which})
        if wants_link and sender not in emails:
            flags.append({"code": FLAG_LINK_NEW_ADDRESS})
        return flags

    def _is_own_address(self, sender, address):
        """Return whether an address is in a domain of the customer's own, and somebody there names it.

        :param str sender: normalized address; empty for messages on the page, where whoever has the link may write
        """
        emails = self._get_customer_addresses()
        own = {email_domain_extract(email) for email in emails} - domains.SHARED
        is_known = sender in emails or email_domain_extract(sender or "") in own
        return is_known and email_domain_extract(address) in own

    def _get_customer_addresses(self):
        """Return the normalized addresses of the customer and its contacts.

        Odoo makes a contact of nobody who answers; so an address is known because somebody entered it.
        """
        self.ensure_one()
        partners = self.env["res.partner"].sudo().with_context(active_test=False)  # contacts of the account
        owners = partners.search(
            [("commercial_partner_id", "=", self.customer_id.partner_id.id), ("email", "!=", False)]
        )
        return {address for email in owners.mapped("email") for address in email_normalize_all(email)}

    def action_check(self):
        """Note that a person checked the sender by other means, so that the reply can be worked on.

        :raise UserError: where nothing is suspicious, or without the collector's role
        """
        self._require("collector")
        if any(not reply.is_flagged or reply.checked_on for reply in self):
            raise UserError(self.env._("Nothing about this reply is to be checked."))
        self.sudo().write({"checked_by_id": self.env.uid, "checked_on": self.env.cr.now()})  # the role was checked
        for reply in self:
            reply.customer_id.message_post(
                body=self.env._(
                    "The sender of a suspicious reply was checked: %(sender)s", sender=reply.email_from or ""
                ),
                subtype_xmlid="mail.mt_note",
            )

    def _check_not_suspicious(self):
        """Check that nothing suspicious is left.

        :raise UserError: with what is suspicious and what to do
        """
        self.ensure_one()
        if self.is_flagged and not self.checked_on:
            raise UserError(
                self.env._(
                    "%(warning)s\n\nCall the customer on a number that you knew before; then mark it as checked.",
                    warning=self.flag_text,
                )
            )
