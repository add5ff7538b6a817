from odoo import models
from odoo.exceptions import UserError


class ArCustomerInvite(models.Model):
    """The invitation to automatic payments that staff send: a message with the ordinary link to the customer page."""

    _inherit = "ar.customer"

    def action_invite_autopay(self):
        """Open the message that invites the customer to automatic payments, in its language, to be read and sent.

        :raise UserError: where it would lead nowhere
        """
        self.ensure_one()
        self._require("collector")
        self.check_access("write")
        self._check_autopay_invitation()
        return self.env["ar.message.new"]._open_for(self, "autopay_invite", self.env["account.move.line"])

    def _check_autopay_invitation(self):
        """Check that the customer could agree to automatic payments on its page now.

        :raise UserError: otherwise, with what to do
        """
        if self.merged_into_id or not self.active or not self.partner_id.active:
            raise UserError(self.env._("This customer is archived: nobody can open its page."))
        if consent := self._get_live_autopay():
            raise UserError(
                self.env._(
                    "%(customer)s already pays automatically with %(method)s. The customer changes that on its page.",
                    customer=self.display_name,
                    method=consent.method,
                )
            )
        if not self._get_autopay_providers():
            raise UserError(
                self.env._(
                    "No payment provider of %(company)s can save payment methods. An administrator enables one that "
                    "does and allows to save payment methods there: Invoicing > Configuration > Payment Providers.",
                    company=self.company_id.name,
                )
            )

    def _get_autopay_providers(self):
        """Return the published providers of the company with which customers can save a payment method."""
        # sudo: providers hold secrets; only whether there are any is used here.
        providers = self.env["payment.provider"].sudo()
        if not self.env["res.company"]._ar_is_online_switched_on():
            return providers
        domain = [
            *providers._check_company_domain(self.company_id),
            ("state", "!=", "disabled"),
            ("is_published", "=", True),
            ("allow_tokenization", "=", True),
        ]
        return providers.search(domain)

    def _get_written_text(self, kind, lines):
        """Override to start the invitation with its template, in the customer's language."""
        template = self.env.ref("ar_collections.mail_template_autopay_invite", raise_if_not_found=False)
        if kind != "autopay_invite" or not template:
            return super()._get_written_text(kind, lines)
        # sudo: a collector may not read all that the template names; it is shown and sent to the customer only.
        rendered = template.sudo()
        return {
            "subject": rendered._render_field("subject", self.ids, compute_lang=True)[self.id],
            "text": rendered._render_field("body_html", self.ids, compute_lang=True)[self.id],
        }
